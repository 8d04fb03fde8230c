import { type DataValue, data } from "@energsys/protocols/dlms";
import { type CosemObject, done } from "../dlms/cosem-object.ts";
import type { MeterDevice } from "../dlms/meter-device.ts";
import type { Shape } from "../dlms/shape.ts";
import { stored, storedAttributes } from "../dlms/stored.ts";
import { nameOctets, octets, octetText } from "../dlms/values.ts";
import { dateTimeIn } from "./clock.ts";

const obis = "0-0:13.0.0*255";
const tariffScript = "0-0:10.0.100*255";

const seasons: Shape = { arrayOf: { structure: ["octet-string", "octet-string", "octet-string"] } };
const weeks: Shape = { arrayOf: { structure: ["octet-string", ...Array<Shape>(7).fill("uint8")] } };
const days: Shape = {
  arrayOf: {
    structure: ["uint8", { arrayOf: { structure: ["octet-string", "octet-string", "uint16"] } }],
  },
};

const everyYear = Uint8Array.of(0xff, 0xff, 1, 1, 0xff, 0, 0, 0, 0, 0x80, 0, 0xff);
const never = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x80, 0, 0xff);
const switchAt = (hour: number, script: number): DataValue =>
  data.structure(octets(Uint8Array.of(hour, 0, 0, 0)), nameOctets(tariffScript), data.uint16(script));

/** One season, one week, one day: rate 2 at night, as the meter counts. */
const initial: readonly DataValue[] = [
  octetText("2-RATE"),
  data.array(data.structure(octetText("S1"), octets(everyYear), octetText("W1"))),
  data.array(data.structure(octetText("W1"), ...Array.from({ length: 7 }, () => data.uint8(1)))),
  data.array(data.structure(data.uint8(1), data.array(switchAt(0, 2), switchAt(6, 1), switchAt(22, 2)))),
];
const shapes: readonly Shape[] = ["octet-string", seasons, weeks, days];
const activeName = 2;
const passiveName = 6;
const parts = [0, 1, 2, 3];
const placeOf = (attribute: number) => `${obis}/${attribute}`;

/** The passive calendar takes the place of the active one. */
function activate(device: MeterDevice): void {
  for (const part of parts) {
    const passive = device.kept(placeOf(passiveName + part)) ?? (initial[part] as DataValue);
    device.keep(placeOf(activeName + part), passive);
  }
  device.keep(placeOf(10), octets(never));
  device.meter.record("calendar-activated");
}

const activateAt = (device: MeterDevice, time: DataValue): void =>
  device.schedule(obis, dateTimeIn(time, device), () => activate(device));

const active = storedAttributes(
  Object.fromEntries(
    parts.map((part) => [
      activeName + part,
      stored(placeOf(activeName + part), shapes[part] as Shape, initial[part] as DataValue),
    ]),
  ),
);
const passive = storedAttributes({
  ...Object.fromEntries(
    parts.map((part) => [
      passiveName + part,
      stored(placeOf(passiveName + part), shapes[part] as Shape, initial[part] as DataValue),
    ]),
  ),
  10: stored(placeOf(10), "octet-string", octets(never), (_, value) =>
    value.type === "octet-string" && value.bytes.length === 12 ? undefined : "type-unmatched",
  ),
});

/** Class 20. Its tables are kept, checked by reading and activated; the rates of the load stay those of the customer. */
export const activityCalendar: CosemObject = {
  classId: 20,
  version: 0,
  obis,
  attributes: { ...active.attributes, ...passive.attributes },
  writes: {
    ...passive.writes,
    6: (visit, value) => {
      const result = passive.writes[6]?.(visit, value) ?? "object-undefined";
      if (result === "success") visit.device.meter.record("calendar-programmed");
      return result;
    },
    10: (visit, value) => {
      const result = passive.writes[10]?.(visit, value) ?? "object-undefined";
      if (result !== "success") return result;
      activateAt(visit.device, value);
      return result;
    },
  },
  recall: (device) => {
    const kept = device.kept(placeOf(10));
    if (kept) activateAt(device, kept);
  },
  methods: {
    1: ({ device }) => {
      activate(device);
      return done;
    },
  },
};

const specialDaysObis = "0-0:11.0.0*255";
const specialDay: Shape = { structure: ["uint16", "octet-string", "uint8"] };
const entries = stored(`${specialDaysObis}/2`, { arrayOf: specialDay, most: 100 }, data.array());
const indexOf = (value: DataValue) =>
  value.type === "structure" && value.items[0]?.type === "uint16" ? value.items[0].value : undefined;

/** Class 11: days on which another day table holds. */
export const specialDays: CosemObject = {
  classId: 11,
  version: 0,
  obis: specialDaysObis,
  attributes: { 2: entries.read },
  writes: { 2: entries.write },
  methods: {
    1: (visit, parameters) => {
      const known = entries.read(visit);
      if (!parameters || known.type !== "array") return { actionResult: "type-unmatched" };
      const others = known.items.filter((item) => indexOf(item) !== indexOf(parameters));
      return { actionResult: entries.write(visit, data.array(...others, parameters)) };
    },
    2: (visit, parameters) => {
      const known = entries.read(visit);
      if (parameters?.type !== "uint16" || known.type !== "array") return { actionResult: "type-unmatched" };
      const others = known.items.filter((item) => indexOf(item) !== parameters.value);
      return { actionResult: entries.write(visit, data.array(...others)) };
    },
  },
};
