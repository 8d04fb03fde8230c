import { type DataValue, integerOf, textOf } from "../dlms/data.ts";
import type { ObisCode } from "../obis.ts";

/** What one place of a list without OBIS codes means. */
export interface ListField {
  readonly obis: ObisCode;
  readonly is: "text" | "number" | "stamp";
  readonly scaler?: number;
  readonly unit?: string;
}

/** A push that is a bare list: its values are told only by their place. */
export interface ListLayout {
  readonly name: string;
  readonly manufacturer: string;
  readonly fields: readonly ListField[];
}

const text = (obis: ObisCode): ListField => ({ obis, is: "text" });
const number = (obis: ObisCode, unit: string, scaler = 0): ListField => ({
  obis,
  is: "number",
  unit,
  scaler,
});

// Lists of the Norwegian customer interface as Kaifa meters send them (published HAN object lists).
export const listVersion: ObisCode = "1-1:0.2.129*255";
const identity = [text(listVersion), text("0-0:96.1.0*255"), text("0-0:96.1.7*255")];
const power = [
  number("1-0:1.7.0*255", "W"),
  number("1-0:2.7.0*255", "W"),
  number("1-0:3.7.0*255", "var"),
  number("1-0:4.7.0*255", "var"),
];
const currents = ["1-0:31.7.0*255", "1-0:51.7.0*255", "1-0:71.7.0*255"].map((obis) => number(obis, "A", -3));
const voltages = ["1-0:32.7.0*255", "1-0:52.7.0*255", "1-0:72.7.0*255"].map((obis) => number(obis, "V", -1));
const totals: readonly ListField[] = [
  { obis: "0-0:1.0.0*255", is: "stamp" },
  number("1-0:1.8.0*255", "Wh"),
  number("1-0:2.8.0*255", "Wh"),
  number("1-0:3.8.0*255", "varh"),
  number("1-0:4.8.0*255", "varh"),
];
const onePhase = [...identity, ...power, ...currents.slice(0, 1), ...voltages.slice(0, 1)];
const threePhases = [...identity, ...power, ...currents, ...voltages];

// The consumer interface of Slovenian Iskra meters (list 1 quarter-hourly power, list 2 registers).
const iskraPhases = ["21", "41", "61", "22", "42", "62"].map((group) => number(`1-0:${group}.7.0*255`, "W"));
const iskraCurrents = currents.map((field) => ({ ...field, scaler: -2 }));

export const listLayouts: readonly ListLayout[] = [
  { name: "kaifa-list-1", manufacturer: "Kaifa", fields: power.slice(0, 1) },
  { name: "kaifa-list-2-one-phase", manufacturer: "Kaifa", fields: onePhase },
  { name: "kaifa-list-2", manufacturer: "Kaifa", fields: threePhases },
  { name: "kaifa-list-3-one-phase", manufacturer: "Kaifa", fields: [...onePhase, ...totals] },
  { name: "kaifa-list-3", manufacturer: "Kaifa", fields: [...threePhases, ...totals] },
  {
    name: "iskra-list-1",
    manufacturer: "Iskraemeco",
    fields: [
      text("0-0:42.0.0*255"),
      text("0-0:96.1.2*255"),
      ...power,
      ...voltages,
      ...iskraCurrents,
      ...iskraPhases,
    ],
  },
];

const fits = (value: DataValue, field: ListField): boolean =>
  field.is === "number"
    ? integerOf(value) !== undefined
    : value.type === "octet-string" || textOf(value) !== undefined;

/** The layout whose places all fit the values. Lists of one length are told apart by the types of their values. */
export function findLayout(items: readonly DataValue[]): ListLayout | undefined {
  return listLayouts.find(
    ({ fields }) =>
      fields.length === items.length &&
      fields.every((field, index) => fits(items[index] as DataValue, field)),
  );
}

/** Makers by the list version or product name that their pushes start with. */
const makers: readonly (readonly [RegExp, string])[] = [
  [/^AIDON/i, "Aidon"],
  [/^KFM|^1?KFM/i, "Kaifa"],
  [/^Kamstrup/i, "Kamstrup"],
  [/^EMBRIQ/i, "Landis+Gyr"],
  [/^ISK/i, "Iskraemeco"],
];

export function makerOf(name: string): string | undefined {
  return makers.find(([pattern]) => pattern.test(name))?.[1];
}

/** Scalers that Kamstrup lists leave out: current in 10 mA (1 mA for CT meters), energy in 10 Wh. */
export function kamstrupScale(
  obis: ObisCode,
  meterType: string,
): { scaler: number; unit: string } | undefined {
  const group = /^1-1:(\d+)\.(\d+)\.0\*255$/.exec(obis);
  if (!group) return undefined;
  const c = Number(group[1]);
  const d = Number(group[2]);
  const reactive = c % 20 === 3 || c % 20 === 4;
  if (d === 8) return { scaler: 1, unit: reactive ? "varh" : "Wh" };
  if (d !== 7) return undefined;
  if (c === 31 || c === 51 || c === 71) return { scaler: meterType.startsWith("685") ? -3 : -2, unit: "A" };
  if (c === 32 || c === 52 || c === 72) return { scaler: 0, unit: "V" };
  return { scaler: 0, unit: reactive ? "var" : "W" };
}
