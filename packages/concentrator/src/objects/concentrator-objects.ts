import { type DataValue, data, integerOf } from "@energsys/protocols/dlms";
import { associationObject } from "./association-object.ts";
import { type CosemObject, done, failed, plain } from "./cosem-object.ts";
import { eventLogObject } from "./event-log-object.ts";
import { journalObject } from "./journal-object.ts";
import {
  meterStates,
  type Script,
  type ServedConfiguration,
  type ServedCore,
  type ServedMeter,
} from "./served-core.ts";
import {
  dateTimeBytes,
  instantIn,
  type LocalOffset,
  nameOctets,
  noDateTime,
  octets,
  text,
  textIn,
} from "./values.ts";

export const concentratorDevice = 1;

const scripts: readonly Script[] = ["scan", "read", "clocks"];
const scriptTableObis = "0-0:10.0.128*255";
/** Stamps of the concentrator's log stay below what one answer may hold. */
const logEntriesMax = 1000;

/** Objects of logical device 1 (section 4 of the agreement). */
export function concentratorObjects(
  core: ServedCore,
  configuration: ServedConfiguration,
  offset: (ms: number) => LocalOffset,
): readonly CosemObject[] {
  const stamp = (ms: number | undefined) => octets(stampBytes(ms, offset));
  const objects: CosemObject[] = [
    plain("0-0:42.0.0*255", () => text(core.identity)),
    associationObject(concentratorDevice, () => objects),
    {
      classId: 17,
      version: 0,
      obis: "0-0:41.0.0*255",
      attributes: { 2: () => sapList(core) },
    },
    clockObject(core, offset),
    plain("0-0:96.1.0*255", () => text(core.serial)),
    plain("1-0:0.2.0*255", () => text(core.firmware)),
    eventLogObject(core.journal, concentratorDevice, offset, logEntriesMax),
    journalObject(core.journal, offset),
    plain(
      "0-128:96.9.0*255",
      () => data.uint32(core.journal.taken),
      (value) => setTaken(core, value),
    ),
    plain("0-128:96.10.0*255", () => stateOf(core, stamp)),
    plain("0-128:96.11.0*255", () =>
      data.array(...core.meters().map((meter) => meterElement(meter, offset))),
    ),
    scriptTable(core),
    plain("0-128:96.20.0*255", () => text(configuration.inForce())),
    plain(
      "0-128:96.21.0*255",
      () => text(configuration.proposed()),
      (value) => {
        const json = textIn(value);
        if (json === undefined) return "type-unmatched";
        return configuration.propose(json) === "" ? "success" : "other-reason";
      },
    ),
    plain(
      "0-128:96.22.0*255",
      () => data.boolean(configuration.confirmed()),
      (value, { lineOpenedMs }) => {
        if (value.type !== "boolean") return "type-unmatched";
        return value.value && configuration.confirm(lineOpenedMs) ? "success" : "other-reason";
      },
    ),
    plain("0-128:96.23.0*255", () => text(configuration.problem())),
  ];
  return objects;
}

export const stampBytes = (ms: number | undefined, offset: (ms: number) => LocalOffset): Uint8Array =>
  ms === undefined ? noDateTime : dateTimeBytes(ms, offset(ms));

const sapList = (core: ServedCore): DataValue =>
  data.array(
    data.structure(data.uint16(concentratorDevice), text(core.identity)),
    ...core
      .meters()
      .filter(({ state }) => state !== "removed")
      .map(({ logicalDevice, name }) => data.structure(data.uint16(logicalDevice), text(name))),
  );

function clockObject(core: ServedCore, offset: (ms: number) => LocalOffset): CosemObject {
  return {
    classId: 8,
    version: 0,
    obis: "0-0:1.0.0*255",
    attributes: clockAttributes(() => core.now(), offset),
    writes: {
      2: (value) => {
        const ms = instantIn(value, offset);
        if (ms === undefined) return "type-unmatched";
        core.setClock(ms, "centre");
        return "success";
      },
    },
  };
}

/** Time, time zone (UTC minus local of now), status, deviation in summer, whether summer time is kept, clock base. */
export function clockAttributes(
  now: () => number,
  offset: (ms: number) => LocalOffset,
): CosemObject["attributes"] {
  return {
    2: () => octets(stampBytes(now(), offset)),
    3: () => data.int16(standardDeviation(offset(now()))),
    4: () => data.uint8(offset(now()).summer ? 0x80 : 0),
    7: () => data.int8(summerMinutes),
    8: () => data.boolean(true),
    9: () => data.enum(1),
  };
}

const summerMinutes = 60;
/** Winter's deviation, as attribute 3 has it whatever the season. */
const standardDeviation = ({ minutes, summer }: LocalOffset): number =>
  -(summer ? minutes - summerMinutes : minutes) || 0;

function setTaken({ journal }: ServedCore, value: DataValue): string {
  const number = integerOf(value);
  if (number === undefined) return "type-unmatched";
  return journal.setTaken(Number(number)) ? "success" : "other-reason";
}

function stateOf(core: ServedCore, stamp: (ms: number | undefined) => DataValue): DataValue {
  const state = core.state();
  return data.structure(
    data.enum(state.supply),
    data.uint8(state.batteryPercent),
    data.uint16(Math.min(state.daysLeft, 0xffff)),
    data.uint32(Math.min(state.storeBytes, 0xffff_ffff)),
    data.uint32(state.entriesNotTaken),
    data.uint16(Math.min(state.starts, 0xffff)),
    stamp(state.lastStartMs),
    data.enum(state.modem),
    data.int8(Math.max(state.signalDbm, -128)),
  );
}

/** A meter as the list of meters and the journal's entries of kind 4 have it. */
export const meterElement = (meter: ServedMeter, offset: (ms: number) => LocalOffset): DataValue =>
  data.structure(
    data.uint16(meter.logicalDevice),
    text(meter.name),
    text(meter.model),
    text(meter.line),
    text(meter.address),
    data.uint16(meter.module),
    data.uint8(meter.input),
    data.enum(meterStates.indexOf(meter.state)),
    octets(stampBytes(meter.lastContactMs, offset)),
  );

/** Class 9. Each script stands in the table as the call of itself: what it does has no object of the standard. */
function scriptTable(core: ServedCore): CosemObject {
  return {
    classId: 9,
    version: 0,
    obis: scriptTableObis,
    attributes: {
      2: () =>
        data.array(
          ...scripts.map((_, index) =>
            data.structure(
              data.uint16(index + 1),
              data.array(
                data.structure(
                  data.enum(2),
                  data.uint16(9),
                  nameOctets(scriptTableObis),
                  data.int8(1),
                  data.uint16(index + 1),
                ),
              ),
            ),
          ),
        ),
    },
    methods: {
      1: (parameters) => {
        if (parameters?.type !== "uint16") return failed("type-unmatched");
        const script = scripts[parameters.value - 1];
        if (!script) return failed("other-reason");
        core.run(script);
        return done;
      },
    },
  };
}
