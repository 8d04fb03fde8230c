import { type DataValue, data } from "@energsys/protocols/dlms";
import type { CosemObject } from "../dlms/cosem-object.ts";
import { instantOf } from "../dlms/date-time.ts";
import type { MeterDevice } from "../dlms/meter-device.ts";
import { hasShape, type Shape } from "../dlms/shape.ts";
import { type Stored, stored, storedAttributes } from "../dlms/stored.ts";
import { nameOctets, octets } from "../dlms/values.ts";
import { disconnectScript } from "./scripts.ts";

const obis = "0-0:17.0.0*255";
const place = (attribute: number) => `${obis}/${attribute}`;

const emergencyShape: Shape = { structure: ["uint16", "octet-string", "uint32"] };
const actionShape: Shape = { structure: ["octet-string", "uint16"] };
const unspecified = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x80, 0, 0xff);

const numberIn = (device: MeterDevice, attribute: number): number => {
  const value = device.kept(place(attribute));
  return value?.type === "uint32" ? value.value : 0;
};

/** Whether the emergency profile holds now: its group is one of the meter's, and its time has come and not passed. */
function isEmergency(device: MeterDevice): boolean {
  const profile = device.kept(place(8));
  const groups = device.kept(place(9));
  if (!profile || !hasShape(profile, emergencyShape) || profile.type !== "structure") return false;
  const [id, begins, duration] = profile.items;
  if (id?.type !== "uint16" || begins?.type !== "octet-string" || duration?.type !== "uint32") return false;
  const member =
    groups?.type === "array" &&
    groups.items.some((group) => group.type === "uint16" && group.value === id.value);
  const fromMs = instantOf(begins.bytes, device.meter);
  if (!member || fromMs === undefined) return false;
  const now = device.meter.now();
  return now >= fromMs && now < fromMs + duration.value * 1000;
}

/** W; 0 limits nothing. */
const thresholdOf = (device: MeterDevice): number => numberIn(device, isEmergency(device) ? 5 : 4);

/** What a limiter remembers between two looks at the load. */
interface Watch {
  side: "over" | "under";
  sinceMs: number;
  acted: boolean;
}
const watches = new WeakMap<MeterDevice, Watch>();

/**
 * Looks at the load: after the minimum time over the threshold the relay opens (state 2, ready for reconnection), after the
 * minimum time under it closes again by itself where the control mode knows that.
 */
function watchLimit(device: MeterDevice): void {
  const threshold = thresholdOf(device);
  const { meter } = device;
  if (threshold === 0) {
    watches.delete(device);
    return;
  }
  const now = meter.now();
  const side = meter.instant().importW > threshold ? "over" : "under";
  const watch = watches.get(device) ?? { side: "under", sinceMs: now, acted: true };
  watches.set(device, watch);
  if (watch.side !== side) {
    watch.side = side;
    watch.sinceMs = now;
    watch.acted = false;
  }
  if (watch.acted || now - watch.sinceMs < numberIn(device, side === "over" ? 6 : 7) * 1000) return;
  watch.acted = true;
  meter.record(side === "over" ? "limit-exceeded" : "limit-kept");
  meter.switchRelay("local", side === "over" ? "disconnect" : "reconnect");
}

const scriptAction = (selector: number): DataValue =>
  data.structure(nameOctets(disconnectScript), data.uint16(selector));

/** A written limit takes effect at once and is logged. */
const limiting = (attribute: number, shape: Shape, initial: DataValue): Stored => {
  const kept = stored(place(attribute), shape, initial);
  return {
    read: kept.read,
    write: (visit, value) => {
      const result = kept.write(visit, value);
      if (result === "success") {
        visit.device.meter.record("limiter-changed");
        visit.device.watch(watchLimit);
      }
      return result;
    },
  };
};

const kept = storedAttributes({
  4: limiting(4, "uint32", data.uint32(0)),
  5: limiting(5, "uint32", data.uint32(0)),
  6: limiting(6, "uint32", data.uint32(0)),
  7: limiting(7, "uint32", data.uint32(0)),
  8: limiting(8, emergencyShape, data.structure(data.uint16(0), octets(unspecified), data.uint32(0))),
  9: limiting(9, { arrayOf: "uint16" }, data.array()),
  11: stored(
    place(11),
    { structure: [actionShape, actionShape] },
    data.structure(scriptAction(1), scriptAction(2)),
  ),
});

/** Class 71 on the imported power; thresholds in W, times in s. */
export const limiter: CosemObject = {
  classId: 71,
  version: 0,
  obis,
  attributes: {
    2: () => data.structure(data.uint16(3), nameOctets("1-0:1.7.0*255"), data.int8(2)),
    3: ({ device }) => data.uint32(thresholdOf(device)),
    10: ({ device }) => data.boolean(isEmergency(device)),
    ...kept.attributes,
  },
  writes: kept.writes,
  recall: (device) => device.watch(watchLimit),
};
