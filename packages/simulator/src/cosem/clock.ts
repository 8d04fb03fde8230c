import { type DataValue, data } from "@energsys/protocols/dlms";
import { type CosemObject, done, failed, type Method } from "../dlms/cosem-object.ts";
import { dateTimeBytes, instantOf } from "../dlms/date-time.ts";
import type { MeterDevice } from "../dlms/meter-device.ts";
import { stored, storedAttributes } from "../dlms/stored.ts";
import { octets } from "../dlms/values.ts";
import type { Visit } from "../dlms/visit.ts";

const obis = "0-0:1.0.0*255";
/** Largest shift by method 6 (IEC 62056-6-2, class 8, shift_time). */
const shiftSecondsMax = 900;
const quarterMs = 900_000;
const minuteMs = 60_000;

// Last Sunday of the month, 03:00 or 04:00 of the local time before the change; deviation not specified.
const change = (month: number, hour: number) =>
  octets(Uint8Array.of(0xff, 0xff, month, 0xfe, 7, hour, 0, 0, 0, 0x80, 0, 0));

/** Octet-strings of 12 bytes are the usual carrier of a date-time; some clients send the type of its own. */
export const dateTimeIn = (value: DataValue | undefined, device: MeterDevice): number | undefined =>
  value?.type === "octet-string" || value?.type === "date-time"
    ? instantOf(value.bytes, device.meter)
    : undefined;

/** Moves the clock to the nearest multiple of a period; the meter's integration period is its quarter-hour. */
const adjustTo =
  (periodMs: number): Method =>
  ({ device: { meter } }) => {
    meter.setClock(Math.round(meter.now() / periodMs) * periodMs);
    return done;
  };

const kept = storedAttributes({
  5: stored(`${obis}/5`, "octet-string", change(3, 3)),
  6: stored(`${obis}/6`, "octet-string", change(10, 4)),
  9: stored(`${obis}/9`, "enum", data.enum(1)),
});

/** Class 8. Time zone and summer time belong to the meter's works; their dates are kept as written and change nothing. */
export const clock: CosemObject = {
  classId: 8,
  version: 0,
  obis,
  open: true,
  attributes: {
    2: ({ device: { meter } }) => octets(dateTimeBytes(meter.local(meter.now()))),
    3: ({ device: { meter } }) => data.int16(-meter.standardMinutes),
    4: ({ device: { meter } }) => data.uint8(meter.local(meter.now()).summer ? 0x80 : 0),
    7: () => data.int8(60),
    8: ({ device: { meter } }) => data.boolean(meter.description.followsSummerTime),
    ...kept.attributes,
  },
  writes: {
    2: (visit, value) => {
      if (value.type !== "octet-string" && value.type !== "date-time") return "type-unmatched";
      const instant = dateTimeIn(value, visit.device);
      if (instant === undefined) return "other-reason";
      visit.device.meter.setClock(instant);
      return "success";
    },
    ...kept.writes,
  },
  methods: {
    1: adjustTo(quarterMs),
    2: adjustTo(quarterMs),
    3: adjustTo(minuteMs),
    4: (visit) => {
      const [preset, start, end] = presetOf(visit.device.kept(`${obis}/preset`), visit);
      if (preset === undefined || start === undefined || end === undefined) return failed("other-reason");
      const now = visit.device.meter.now();
      if (now < start || now > end) return failed("other-reason");
      visit.device.meter.setClock(preset);
      return done;
    },
    5: (visit, parameters) => {
      if (!parameters || presetOf(parameters, visit).some((instant) => instant === undefined)) {
        return failed("type-unmatched");
      }
      visit.device.keep(`${obis}/preset`, parameters);
      return done;
    },
    6: ({ device: { meter } }, parameters) => {
      if (parameters?.type !== "int16") return failed("type-unmatched");
      if (Math.abs(parameters.value) > shiftSecondsMax) return failed("other-reason");
      meter.setClock(meter.now() + parameters.value * 1000);
      return done;
    },
  },
};

/** {preset time, validity from, validity to} of preset_adjusting_time. */
const presetOf = (value: DataValue | undefined, visit: Visit): (number | undefined)[] =>
  value?.type === "structure" && value.items.length === 3
    ? value.items.map((item) => dateTimeIn(item, visit.device))
    : [undefined];
