import { type DataValue, data, integerOf } from "@energsys/protocols/dlms";
import type { Happening, HappeningKind } from "../load/happenings.ts";
import type { VirtualMeter } from "../meter/virtual-meter.ts";
import { type Answer, type CosemObject, refused, type SelectiveAccess } from "./cosem-object.ts";
import { dateTimeBytes, instantOf } from "./date-time.ts";
import { encodeRows, loadProfileColumns, type ProfileColumn } from "./profile-buffer.ts";
import { nameOctets, octets } from "./values.ts";

/** Event codes of the IDIS family for what our meters log. */
const eventCodes: Readonly<Record<HappeningKind, number>> = {
  "power-down": 1,
  "power-up": 2,
  "summer-time-change": 3,
  "clock-old": 4,
  "clock-new": 5,
  "terminal-cover-removed": 40,
  "terminal-cover-closed": 41,
  "meter-cover-removed": 44,
  "meter-cover-closed": 45,
};

/** Load profile, daily registers and event log, with what their buffers hold at the moment of asking. */
export function buildProfiles(meter: VirtualMeter): CosemObject[] {
  const code = { classId: 1, obis: "0-0:96.11.0*255", attribute: 2 };
  return [
    loadProfile(meter),
    dailyProfile(meter),
    eventLog(meter, code),
    {
      classId: 1,
      version: 0,
      obis: code.obis,
      open: false,
      attributes: {
        2: () => {
          const last = meter.events(-Infinity, Infinity).at(-1);
          return data.uint8(last ? eventCodes[last.kind] : 0);
        },
      },
    },
  ];
}

const clockColumn = { classId: 8, obis: "0-0:1.0.0*255", attribute: 2 };

function loadProfile(meter: VirtualMeter): CosemObject {
  const columns = loadProfileColumns(meter);
  const all = () => meter.profileRows(-Infinity, Infinity);
  const buffer = (selection?: SelectiveAccess): Answer => {
    if (!selection) return encodeRows(meter, columns, all());
    const chosen = chooseRange(selection, meter);
    if (chosen && "range" in chosen) {
      const wanted = chooseColumns(columns, chosen.columns);
      if (!wanted) return refused.typeUnmatched;
      return encodeRows(meter, wanted, meter.profileRows(chosen.range.fromMs, chosen.range.toMs));
    }
    const entries = chooseEntries(selection);
    if (!entries) return refused.typeUnmatched;
    const now = meter.now();
    const inUse = meter.rowsInUse(now);
    const last = entries.to === 0 ? inUse : Math.min(entries.to, inUse);
    if (entries.from < 1 || entries.from > last)
      return encodeRows(meter, columns, meter.profileRows(0, -1, now));
    const rows = meter.profileRows(meter.endOfRow(entries.from, now), meter.endOfRow(last, now), now);
    return encodeRows(meter, cutColumns(columns, entries), rows);
  };
  return profileObject("1-0:99.1.0*255", columns, 900, buffer, {
    inUse: () => meter.rowsInUse(),
    capacity: meter.description.profile.capacityRows,
  });
}

function dailyProfile(meter: VirtualMeter): CosemObject {
  const columns = [
    clockColumn,
    { classId: 3, obis: "1-0:1.8.0*255", attribute: 2 },
    { classId: 3, obis: "1-0:2.8.0*255", attribute: 2 },
  ];
  const all = () => meter.dailyRows(-Infinity, Infinity);
  const rowsOf = (rows: ReturnType<typeof all>) =>
    data.array(
      ...rows.map(({ endMs, registers }) =>
        data.structure(
          octets(dateTimeBytes(meter.local(endMs))),
          data.uint32(registers.importWh),
          data.uint32(registers.exportWh),
        ),
      ),
    );
  return profileObject("1-0:99.2.0*255", columns, 86_400, selectRows(meter, all, rowsOf, columns.length), {
    inUse: () => all().length,
    capacity: Math.ceil(meter.description.profile.capacityRows / 96) + 1,
  });
}

function eventLog(meter: VirtualMeter, code: Column): CosemObject {
  const columns = [clockColumn, code];
  const all = () =>
    meter.events(-Infinity, Infinity).map((happening) => ({ ...happening, endMs: happening.atMs }));
  const rowsOf = (rows: readonly Happening[]) =>
    data.array(
      ...rows.map(({ atMs, kind }) =>
        data.structure(octets(dateTimeBytes(meter.local(atMs))), data.uint8(eventCodes[kind])),
      ),
    );
  return profileObject("0-0:99.98.0*255", columns, 0, selectRows(meter, all, rowsOf, columns.length), {
    inUse: () => all().length,
    capacity: 500,
  });
}

/** Buffer of a short profile: all rows, those of a range of time, or those of a range of entries; all columns. */
function selectRows<Row extends { readonly endMs: number }>(
  meter: VirtualMeter,
  all: () => Row[],
  rowsOf: (rows: Row[]) => DataValue,
  columnCount: number,
) {
  return (selection?: SelectiveAccess): Answer => {
    const rows = all();
    if (!selection) return rowsOf(rows);
    const chosen = chooseRange(selection, meter);
    if (chosen && "range" in chosen) {
      if (chosen.columns.length > 0 && chosen.columns.length !== columnCount) return refused.typeUnmatched;
      const { fromMs, toMs } = chosen.range;
      return rowsOf(rows.filter(({ endMs }) => endMs >= fromMs && endMs <= toMs));
    }
    const entries = chooseEntries(selection);
    if (!entries) return refused.typeUnmatched;
    return rowsOf(rows.slice(Math.max(0, entries.from - 1), entries.to === 0 ? undefined : entries.to));
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
  buffer: (selection?: SelectiveAccess) => Answer,
  entries: { readonly inUse: () => number; readonly capacity: number },
): CosemObject {
  return {
    classId: 7,
    version: 1,
    obis,
    open: false,
    selectors: [1, 2],
    attributes: {
      2: buffer,
      3: () => data.array(...columns.map(captureObject)),
      4: () => data.uint32(periodSeconds),
      5: () => data.enum(1),
      6: () => captureObject(clockColumn),
      7: () => data.uint32(entries.inUse()),
      8: () => data.uint32(entries.capacity),
    },
  };
}

const captureObject = ({ classId, obis, attribute }: Column): DataValue =>
  data.structure(data.uint16(classId), nameOctets(obis), data.int8(attribute), data.uint16(0));

/** Range descriptor: {restricting object, from, to, columns}. `undefined` when the selection is another one. */
function chooseRange(
  { selector, parameters }: SelectiveAccess,
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
function chooseEntries({ selector, parameters }: SelectiveAccess) {
  if (selector !== 2 || parameters.type !== "structure" || parameters.items.length !== 4) return undefined;
  const numbers = parameters.items.map((item) => integerOf(item));
  if (numbers.some((number) => number === undefined)) return undefined;
  const [from = 0, to = 0, firstColumn = 0, lastColumn = 0] = numbers.map(Number);
  return { from, to, firstColumn, lastColumn };
}

function cutColumns(
  columns: readonly ProfileColumn[],
  { firstColumn, lastColumn }: { firstColumn: number; lastColumn: number },
): readonly ProfileColumn[] {
  return columns.slice(Math.max(0, firstColumn - 1), lastColumn === 0 ? undefined : lastColumn);
}

/** The columns that a range descriptor names, in its order; none named = all. */
function chooseColumns(
  columns: readonly ProfileColumn[],
  named: readonly DataValue[],
): readonly ProfileColumn[] | undefined {
  if (named.length === 0) return columns;
  const chosen: ProfileColumn[] = [];
  for (const name of named) {
    if (name.type !== "structure" || name.items[1]?.type !== "octet-string") return undefined;
    const wanted = nameText(name.items[1].bytes);
    const column = columns.find(({ obis }) => obis === wanted);
    if (!column) return undefined;
    chosen.push(column);
  }
  return chosen;
}

const nameText = (bytes: Uint8Array) => {
  const [a, b, c, d, e, f] = bytes;
  return `${a}-${b}:${c}.${d}.${e}*${f}`;
};
