import { type DataValue, data, integerOf, type Selection } from "@energsys/protocols/dlms";
import { slotMs } from "../calendar.ts";
import { plain } from "../cosem/plain.ts";
import type { Happening } from "../load/happenings.ts";
import type { VirtualMeter } from "../meter/virtual-meter.ts";
import { type Answer, type CosemObject, done, type Method, refused } from "./cosem-object.ts";
import { dateTimeBytes, instantOf } from "./date-time.ts";
import { type EventLog, entriesOf, eventCodes } from "./event-logs.ts";
import { encodeRows, loadProfileColumns, type ProfileColumn } from "./profile-buffer.ts";
import { nameOctets, obisIn, octets } from "./values.ts";
import type { Visit } from "./visit.ts";

const clockColumn = { classId: 8, obis: "0-0:1.0.0*255", attribute: 2 };
const typeUnmatched = refused("type-unmatched");

/** Load profile with what its buffer holds at the moment of asking (class 7). */
export function loadProfile(hold: "index" | "delta"): CosemObject {
  const columns = loadProfileColumns(hold);
  const obis = "1-0:99.1.0*255";
  const buffer = ({ device }: Visit, selection?: Selection): Answer => {
    const { meter } = device;
    const since = device.clearedMs(obis);
    const rowsFrom = (fromMs: number, toMs: number, now = meter.now()) =>
      meter.profileRows(Math.max(fromMs, since), toMs, now);
    if (!selection) return encodeRows(meter, columns, rowsFrom(-Infinity, Infinity));
    const chosen = chooseRange(selection, meter);
    if (chosen) {
      const wanted = chooseColumns(columns, chosen.columns);
      if (!wanted) return typeUnmatched;
      return encodeRows(meter, wanted, rowsFrom(chosen.range.fromMs, chosen.range.toMs));
    }
    const entries = chooseEntries(selection);
    if (!entries) return typeUnmatched;
    const now = meter.now();
    const cleared = rowsBefore(meter, since, now);
    const inUse = meter.rowsInUse(now) - cleared;
    const last = entries.to === 0 ? inUse : Math.min(entries.to, inUse);
    if (entries.from < 1 || entries.from > last) return encodeRows(meter, columns, rowsFrom(0, -1, now));
    const rows = rowsFrom(
      meter.endOfRow(entries.from + cleared, now),
      meter.endOfRow(last + cleared, now),
      now,
    );
    return encodeRows(meter, cutColumns(columns, entries), rows);
  };
  return profileObject(obis, columns, 900, buffer, {
    inUse: ({ device }) =>
      device.meter.rowsInUse() - rowsBefore(device.meter, device.clearedMs(obis), device.meter.now()),
    capacity: ({ device }) => device.meter.description.profile.capacityRows,
  });
}

/** Rows that the profile would still hold if it had not been cleared. */
function rowsBefore(meter: VirtualMeter, sinceMs: number, now: number): number {
  if (sinceMs === -Infinity) return 0;
  return meter.profileRows(-Infinity, sinceMs - 1, now).endsMs.length;
}

/** Registers at the meter's midnights (class 7). */
export function dailyProfile(): CosemObject {
  const obis = "1-0:99.2.0*255";
  const columns = [
    clockColumn,
    { classId: 3, obis: "1-0:1.8.0*255", attribute: 2 },
    { classId: 3, obis: "1-0:2.8.0*255", attribute: 2 },
  ];
  const all = ({ device }: Visit) => device.meter.dailyRows(device.clearedMs(obis), Infinity);
  const row = ({ device: { meter } }: Visit, { endMs, registers }: ReturnType<typeof all>[number]) => [
    octets(dateTimeBytes(meter.local(endMs))),
    data.uint32(meter.shown(registers.importWh)),
    data.uint32(meter.shown(registers.exportWh)),
  ];
  return profileObject(obis, columns, 86_400, selectRows(all, row, columns), {
    inUse: (visit) => all(visit).length,
    capacity: ({ device }) =>
      Math.ceil((device.meter.description.profile.capacityRows * slotMs) / 86_400_000) + 1,
  });
}

/** One event log and the object with its last code. */
export function eventLogObjects(log: EventLog): CosemObject[] {
  const code = { classId: 1, obis: log.codeObis, attribute: 2 };
  const columns = [clockColumn, code];
  const all = (visit: Visit) =>
    entriesOf(log, visit).map((happening) => ({ ...happening, endMs: happening.atMs }));
  const row = (visit: Visit, { atMs, kind }: Happening) => [
    octets(dateTimeBytes(visit.device.meter.local(atMs))),
    data.uint8(eventCodes[kind]),
  ];
  const reset: Method = ({ device }) => {
    device.clear(log.obis);
    device.meter.record("log-cleared");
    return done;
  };
  const profile = profileObject(log.obis, columns, 0, selectRows(all, row, columns), {
    inUse: (visit) => all(visit).length,
    capacity: () => 500,
  });
  return [
    { ...profile, methods: { 1: reset } },
    plain(log.codeObis, (visit) => {
      const last = all(visit).at(-1);
      return data.uint8(last ? eventCodes[last.kind] : 0);
    }),
  ];
}

/** Buffer of a short profile: all rows, those of a range of time, or those of a range of entries. */
function selectRows<Row extends { readonly endMs: number }>(
  all: (visit: Visit) => Row[],
  rowOf: (visit: Visit, row: Row) => DataValue[],
  columns: readonly Column[],
) {
  return (visit: Visit, selection?: Selection): Answer => {
    const rows = all(visit);
    const encode = (some: readonly Row[], wanted: readonly number[]) =>
      data.array(
        ...some.map((row) => {
          const cells = rowOf(visit, row);
          return data.structure(...wanted.map((column) => cells[column] as DataValue));
        }),
      );
    const every = columns.map((_, column) => column);
    if (!selection) return encode(rows, every);
    const chosen = chooseRange(selection, visit.device.meter);
    if (chosen) {
      const wanted = chooseColumns(columns, chosen.columns);
      if (!wanted) return typeUnmatched;
      const { fromMs, toMs } = chosen.range;
      return encode(
        rows.filter(({ endMs }) => endMs >= fromMs && endMs <= toMs),
        wanted.map((column) => columns.indexOf(column)),
      );
    }
    const entries = chooseEntries(selection);
    if (!entries) return typeUnmatched;
    const { from, to } = entries;
    return encode(rows.slice(Math.max(0, from - 1), to === 0 ? undefined : to), cutColumns(every, entries));
  };
}

interface Column {
  readonly classId: number;
  readonly obis: string;
  readonly attribute: number;
}

function profileObject(
  obis: string,
  columns: readonly Column[],
  periodSeconds: number,
  buffer: (visit: Visit, selection?: Selection) => Answer,
  entries: { readonly inUse: (visit: Visit) => number; readonly capacity: (visit: Visit) => number },
): CosemObject {
  return {
    classId: 7,
    version: 1,
    obis,
    selectors: [1, 2],
    attributes: {
      2: buffer,
      3: () => data.array(...columns.map(captureObject)),
      4: () => data.uint32(periodSeconds),
      5: () => data.enum(1),
      6: () => captureObject(clockColumn),
      7: (visit) => data.uint32(entries.inUse(visit)),
      8: (visit) => data.uint32(entries.capacity(visit)),
    },
    // Capture (2) is the meter's own business, at the end of each period.
    methods: {
      1: ({ device }) => {
        device.clear(obis);
        return done;
      },
    },
  };
}

const captureObject = ({ classId, obis, attribute }: Column): DataValue =>
  data.structure(data.uint16(classId), nameOctets(obis), data.int8(attribute), data.uint16(0));

/** Range descriptor: {restricting object, from, to, columns}. `undefined` when the selection is another one. */
function chooseRange(
  { selector, parameters }: Selection,
  meter: VirtualMeter,
): { range: { fromMs: number; toMs: number }; columns: readonly DataValue[] } | undefined {
  if (selector !== 1 || parameters.type !== "structure" || parameters.items.length !== 4) return undefined;
  const [, from, to, columns] = parameters.items as [DataValue, DataValue, DataValue, DataValue];
  const instant = (value: DataValue) =>
    value.type === "octet-string" || value.type === "date-time" ? instantOf(value.bytes, meter) : undefined;
  const fromMs = instant(from);
  const toMs = instant(to);
  if (fromMs === undefined || toMs === undefined || columns.type !== "array") return undefined;
  return { range: { fromMs, toMs }, columns: columns.items };
}

/** Entry descriptor: {from, to, first column, last column}; to and last column 0 = the last there is. */
function chooseEntries({ selector, parameters }: Selection) {
  if (selector !== 2 || parameters.type !== "structure" || parameters.items.length !== 4) return undefined;
  const numbers = parameters.items.map((item) => integerOf(item));
  if (numbers.some((number) => number === undefined)) return undefined;
  const [from = 0, to = 0, firstColumn = 0, lastColumn = 0] = numbers.map(Number);
  return { from, to, firstColumn, lastColumn };
}

function cutColumns<One>(
  columns: readonly One[],
  { firstColumn, lastColumn }: { firstColumn: number; lastColumn: number },
): readonly One[] {
  return columns.slice(Math.max(0, firstColumn - 1), lastColumn === 0 ? undefined : lastColumn);
}

/** The columns that a range descriptor names, in its order; none named = all. */
function chooseColumns<One extends Column | ProfileColumn>(
  columns: readonly One[],
  named: readonly DataValue[],
): readonly One[] | undefined {
  if (named.length === 0) return columns;
  const chosen: One[] = [];
  for (const name of named) {
    const wanted = name.type === "structure" ? obisIn(name.items[1]) : undefined;
    const column = columns.find(({ obis }) => obis === wanted);
    if (!column) return undefined;
    chosen.push(column);
  }
  return chosen;
}
