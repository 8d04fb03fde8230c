import type { ExchangeAsked, ExchangeMadeBody, Point } from "../api/client.ts";

/** A register of the exchange as it is typed; an empty field is one that nobody read. */
export interface TypedRegister {
  readonly obis: string;
  readonly unit: ExchangeAsked["last"][number]["unit"];
  readonly last: string;
  readonly first: string;
}

/** What is typed; decimals with comma or point. */
export interface ExchangeForm {
  /** As a field for date and time holds it. */
  readonly at: string;
  readonly registers: readonly TypedRegister[];
  readonly manufacturer: string;
  readonly serial: string;
  readonly isNew: boolean;
  readonly model: string;
  readonly phases: "1" | "3";
  readonly maxCurrentA: string;
  readonly indexDigits: string;
  readonly led: string;
  readonly output: string;
  readonly ctRatio: string;
  readonly vtRatio: string;
  readonly primaryValues: boolean;
  readonly isReadHere: boolean;
  readonly identity: string;
  readonly fittedBy: string;
  readonly reason: string;
}

type Field =
  | "at"
  | "serial"
  | "manufacturer"
  | "model"
  | "maxCurrentA"
  | "indexDigits"
  | "led"
  | "output"
  | "ctRatio"
  | "vtRatio"
  | "identity"
  | "fittedBy"
  | "reason"
  | `last ${string}`
  | `first ${string}`;
/** What is wrong with a field. */
export type Fault = "missing" | "number" | "instant";

const units = ["Wh", "kWh", "varh", "kvarh", "VAh", "kVAh"] as const;
const energyRegister = /^1-\d+:\d+\.8\.\d+\*255$/;
const index = /^\d{1,12}(\.\d{1,6})?$/;
const constant = /^\d{1,8}(\.\d{1,6})?$/;

/** A decimal as the API takes it: "12 345,6" is "12345.6". */
export const plain = (text: string): string => text.replaceAll(/[\s\u00a0\u202f]/g, "").replace(",", ".");

/** The form of a point before anybody typed: the registers of the meter that stands there, and its plate for the new one. */
export function formOf(point: Point, at: string): ExchangeForm {
  const standing = point.installations.find(({ to }) => to === null);
  const read = point.now.flatMap(({ obis, unit }) => {
    const known = units.find((one) => one === unit);
    return energyRegister.test(obis) && known ? [{ obis, unit: known, last: "", first: "0" }] : [];
  });
  return {
    at,
    registers: read.length > 0 ? read : [{ obis: "1-0:1.8.0*255", unit: "kWh", last: "", first: "0" }],
    manufacturer: standing?.manufacturer ?? "",
    serial: "",
    isNew: true,
    model: standing?.model ?? "",
    phases: point.phases === 3 ? "3" : "1",
    maxCurrentA: "",
    indexDigits: "6",
    led: standing?.ledPulsesPerKwh ?? "",
    output: standing?.outputPulseWh ?? "",
    ctRatio: standing?.ctRatio ?? "1",
    vtRatio: standing?.vtRatio ?? "1",
    primaryValues: standing?.primaryValues ?? false,
    isReadHere: point.device !== null && point.chain === null,
    identity: "",
    fittedBy: "",
    reason: "",
  };
}

/** Fields that cannot be sent as they are. Who and why are asked for only when it is made. */
export function faultsOf(
  form: ExchangeForm,
  instant: string | undefined,
  making: boolean,
): Partial<Record<Field, Fault>> {
  const faults: Partial<Record<Field, Fault>> = {};
  if (instant === undefined) faults.at = "instant";
  for (const { obis, last, first } of form.registers) {
    if (last.trim() !== "" && !index.test(plain(last))) faults[`last ${obis}`] = "number";
    if (first.trim() !== "" && !index.test(plain(first))) faults[`first ${obis}`] = "number";
  }
  const needed: readonly (keyof ExchangeForm & Field)[] = [
    "serial",
    ...(form.isNew ? (["manufacturer", "model"] as const) : []),
    ...(form.isReadHere ? (["identity"] as const) : []),
    ...(making ? (["fittedBy"] as const) : []),
  ];
  for (const field of needed) if (form[field].trim() === "") faults[field] = "missing";
  if (making && form.reason.trim().length < 3) faults.reason = "missing";
  for (const field of ["led", "output", "maxCurrentA"] as const) {
    const typed = form[field].trim();
    if (typed !== "" && !(constant.test(plain(typed)) && Number(plain(typed)) > 0)) faults[field] = "number";
  }
  if (form.isNew && !/^\d{1,2}$/.test(form.indexDigits.trim())) faults.indexDigits = "number";
  for (const field of ["ctRatio", "vtRatio"] as const) {
    const typed = plain(form[field]);
    if (!/^\d{1,6}(\.\d{1,6})?$/.test(typed) || Number(typed) <= 0) faults[field] = "number";
  }
  return faults;
}

/** What is asked of the server, of a form without faults. */
export function askedOf(form: ExchangeForm, instant: string): ExchangeAsked {
  const side = (of: "last" | "first") =>
    form.registers.flatMap(({ obis, unit, ...typed }) =>
      typed[of].trim() === "" ? [] : [{ obis, unit, value: plain(typed[of]) }],
    );
  const text = (name: "manufacturer", value: string) => (value.trim() === "" ? {} : { [name]: value.trim() });
  return {
    at: instant,
    meter: {
      serial: form.serial.trim(),
      ...text("manufacturer", form.manufacturer),
      ...(form.isNew
        ? {
            model: form.model.trim(),
            phases: form.phases === "3" ? 3 : 1,
            indexDigits: Number(form.indexDigits),
            ...(form.maxCurrentA.trim() === "" ? {} : { maxCurrentA: Number(plain(form.maxCurrentA)) }),
          }
        : {}),
    },
    last: side("last"),
    first: side("first"),
    ...(form.led.trim() === "" ? {} : { ledPulsesPerKwh: plain(form.led) }),
    ...(form.output.trim() === "" ? {} : { outputPulseWh: plain(form.output) }),
    ...(form.isReadHere ? { identity: form.identity.trim() } : {}),
  };
}

/** Other ratios than those that hold, or nothing. */
export function ratiosOf(
  form: ExchangeForm,
  standing: Point["installations"][number],
): Pick<ExchangeMadeBody, "ratios"> {
  const ratios = {
    ctRatio: plain(form.ctRatio),
    vtRatio: plain(form.vtRatio),
    primaryValues: form.primaryValues,
  };
  const same =
    Number(ratios.ctRatio) === Number(standing.ctRatio) &&
    Number(ratios.vtRatio) === Number(standing.vtRatio) &&
    ratios.primaryValues === standing.primaryValues;
  return same ? {} : { ratios };
}
