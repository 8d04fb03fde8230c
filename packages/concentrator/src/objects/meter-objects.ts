import { type DataValue, data, decodeData, integerOf } from "@energsys/protocols/dlms";
import { associationObject } from "./association-object.ts";
import { clockAttributes, stampBytes } from "./concentrator-objects.ts";
import { type Answer, type CosemObject, done, failed, plain, refused, type Visit } from "./cosem-object.ts";
import { eventLogObject } from "./event-log-object.ts";
import { newestProfile, profileObject, wholeNumber } from "./profile-object.ts";
import {
  entryKinds,
  meterStates,
  type RegisterValue,
  type ServedCore,
  type ServedMeter,
} from "./served-core.ts";
import { type LocalOffset, obisIn, octets, text } from "./values.ts";

const eventsMax = 500;
/** The schedule reads registers once a day at the least. */
const registersBackMs = 2 * 86_400_000;
const foreverMs = Number.MAX_SAFE_INTEGER;
const disconnectObis = "0-0:96.3.10*255";
/** Remote disconnection and reconnection only, no manual one (IEC 62056-6-2, class 70, control_mode 4 has no local part either way). */
const controlMode = 4;

/** Objects of a meter's logical device, whatever it speaks below (section 5 of the agreement). */
export function meterObjects(
  core: ServedCore,
  logicalDevice: number,
  offset: (ms: number) => LocalOffset,
): readonly CosemObject[] {
  const meter = core.meter(logicalDevice);
  if (!meter) return [];
  const list = () => meterObjects(core, logicalDevice, offset);
  return [
    plain("0-0:42.0.0*255", () => text(meter.name)),
    associationObject(logicalDevice, list),
    clockObject(core, logicalDevice, offset),
    plain("0-0:96.1.0*255", () => text(meter.serial)),
    plain("0-128:96.12.0*255", () => placeOf(meter, offset)),
    ...(meter.isModule ? [] : readings(core, logicalDevice, offset)),
    eventLogObject(core.journal, logicalDevice, offset, eventsMax),
    ...(meter.hasSwitch ? [disconnectControl(core, logicalDevice)] : []),
  ];
}

const placeOf = (meter: ServedMeter, offset: (ms: number) => LocalOffset): DataValue =>
  data.structure(
    text(meter.model),
    text(meter.line),
    text(meter.address),
    data.enum(meterStates.indexOf(meter.state)),
    octets(stampBytes(meter.lastContactMs, offset)),
  );

/** Of the store it is the concentrator's clock, by which the meter's is set; read through, the meter's own. */
function clockObject(
  core: ServedCore,
  logicalDevice: number,
  offset: (ms: number) => LocalOffset,
): CosemObject {
  const attributes = clockAttributes(() => core.now(), offset);
  return {
    classId: 8,
    version: 0,
    obis: "0-0:1.0.0*255",
    attributes: {
      ...attributes,
      2: async (visit) => {
        if (visit.client !== "through") return octets(stampBytes(core.now(), offset));
        const answer = await core.readThrough(logicalDevice, { what: "clock" });
        if (!answer.ok) return refused(answer.refused);
        return "clockMs" in answer
          ? octets(stampBytes(answer.clockMs, offset))
          : refused("temporary-failure");
      },
    },
  };
}

/** Registers and load profile. What a profile has in its columns is a register too, so that a client finds its scaler. */
function readings(
  core: ServedCore,
  logicalDevice: number,
  offset: (ms: number) => LocalOffset,
): readonly CosemObject[] {
  const known = registersOf(core, logicalDevice);
  const profile = newestProfile(core.journal, logicalDevice, offset);
  for (const [index, { obis, scaler, unit }] of (profile?.columns ?? []).entries()) {
    if (!profile || known.has(obis) || profile.intervals === 0) continue;
    known.set(obis, { value: profile.valueAt(index, profile.intervals - 1), scaler, unit });
  }
  const registers = [...known].map(([obis, kept]) => registerObject(core, logicalDevice, obis, kept));
  return [...registers, profileObject(core.journal, logicalDevice, offset)];
}

/** Registers as last read. */
export function registersOf({ journal }: ServedCore, logicalDevice: number): Map<string, RegisterValue> {
  const known = new Map<string, RegisterValue>();
  const last = journal.findLast(logicalDevice, entryKinds.registers);
  // What was read through singly is newer, and hides none of what was read with the others.
  const entries = last
    ? journal.readOf(logicalDevice, entryKinds.registers, last.writtenMs - registersBackMs, foreverMs)
    : [];
  for (const entry of entries) {
    const value = decodeData(entry.body);
    const list = value.type === "structure" ? value.items[1] : undefined;
    for (const item of list?.type === "array" ? list.items : []) {
      const [name, number, scaler, unit] = item.type === "structure" ? item.items : [];
      const obis = obisIn(name);
      const whole = number && integerOf(number);
      if (obis === undefined || whole === undefined) continue;
      known.set(obis, {
        value: whole,
        scaler: Number((scaler && integerOf(scaler)) ?? 0n),
        unit: Number((unit && integerOf(unit)) ?? 255n),
      });
    }
  }
  return known;
}

/** Scaler and unit are those of the store for every client: they do not change from one reading to the next. */
function registerObject(
  core: ServedCore,
  logicalDevice: number,
  obis: string,
  kept: RegisterValue,
): CosemObject {
  const read = async (visit: Visit): Promise<Answer> => {
    if (visit.client !== "through") return wholeNumber(kept.value);
    const answer = await core.readThrough(logicalDevice, { what: "register", obis });
    if (!answer.ok) return refused(answer.refused);
    if (!("register" in answer)) return refused("temporary-failure");
    return scaledTo(answer.register, kept.scaler);
  };
  return {
    classId: 3,
    version: 0,
    obis,
    attributes: { 2: read, 3: () => data.structure(data.int8(kept.scaler), data.enum(kept.unit)) },
  };
}

/** A value in the scaler that the object says; one that has more digits than it is refused rather than cut. */
function scaledTo({ value, scaler }: RegisterValue, wanted: number): Answer {
  if (scaler >= wanted) return wholeNumber(value * 10n ** BigInt(scaler - wanted));
  const factor = 10n ** BigInt(wanted - scaler);
  return value % factor === 0n ? wholeNumber(value / factor) : refused("other-reason");
}

/** Class 70. `success` of a method means that the output was seen in that state; an order that waits is a `temporary-failure`. */
function disconnectControl(core: ServedCore, logicalDevice: number): CosemObject {
  const order = async (command: "disconnect" | "reconnect") => {
    const outcome = await core.order(logicalDevice, command);
    return outcome === "confirmed" ? done : failed("temporary-failure");
  };
  return {
    classId: 70,
    version: 0,
    obis: disconnectObis,
    attributes: {
      2: async (visit) => {
        if (visit.client === "through") {
          const answer = await core.readThrough(logicalDevice, { what: "switch" });
          if (!answer.ok) return refused(answer.refused);
          return "output" in answer ? data.boolean(answer.output) : refused("temporary-failure");
        }
        const known = core.switchOf(logicalDevice);
        return known ? data.boolean(known.output) : refused("temporary-failure");
      },
      // The state that is wanted: an order that waits goes before what was seen.
      3: () => {
        const known = core.switchOf(logicalDevice);
        if (!known) return refused("temporary-failure");
        const closed = known.waiting ? known.waiting === "reconnect" : known.output;
        return data.enum(closed ? 1 : 0);
      },
      4: () => data.enum(controlMode),
    },
    methods: { 1: () => order("disconnect"), 2: () => order("reconnect") },
  };
}
