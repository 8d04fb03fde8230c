import {
  type CaptureObject,
  decodeEntrySelection,
  decodeRangeSelection,
  encodeCaptureObjects,
} from "@energsys/protocols/cosem";
import { concatBytes, type DataValue, data, encodeData, type Selection } from "@energsys/protocols/dlms";
import { type Answer, type CosemObject, refused } from "./cosem-object.ts";
import { type ProfileColumn, type ProfileEntry, profileIn } from "./profile-entries.ts";
import { entryKinds, foreverMs, type ServedJournal } from "./served-core.ts";
import { countBytes, dateTimeBytes, instantIn, type LocalOffset, nameOctets, octets } from "./values.ts";

export const loadProfileObis = "1-0:99.1.0*255";

const clockColumn: CaptureObject = { classId: 8, obis: "0-0:1.0.0*255", attribute: 2, dataIndex: 0 };
const statusColumn: CaptureObject = { classId: 1, obis: "0-0:96.10.1*255", attribute: 2, dataIndex: 0 };
const fifo = 1;
/** 60 days of quarter-hours, with room for a day of hours counted twice. */
const rowsMax = 6000;

/** Bits of our quality that have a bit of the usual status byte of load profiles. */
const statusBits: readonly (readonly [quality: number, status: number])[] = [
  [0x01, 0x04],
  [0x02, 0x80],
  [0x04, 0x20],
  [0x08, 0x02],
  [0x10, 0x01],
  [0x20, 0x04],
  [0x40, 0x04],
];

export const statusOf = (quality: number): number =>
  statusBits.reduce((status, [bit, sent]) => (quality & bit ? status | sent : status), 0);

interface Row {
  readonly endMs: number;
  readonly entry: ProfileEntry;
  readonly interval: number;
}

/**
 * Class 7: intervals as a meter's own load profile has them, stamped at their end. Made of the journal, where an interval that came
 * again counts as it came last; the columns are those of the newest entry.
 */
export function profileObject(
  journal: ServedJournal,
  logicalDevice: number,
  offset: (ms: number) => LocalOffset,
): CosemObject {
  const kept = () => keptProfile(journal, logicalDevice, offset);
  return {
    classId: 7,
    version: 1,
    obis: loadProfileObis,
    selectors: [1, 2],
    attributes: {
      2: (_, selection) => readRows(kept(), offset, selection),
      3: () => encodeCaptureObjects(captureObjects(newestColumns(journal, logicalDevice, offset))),
      4: () => data.uint32(newestProfile(journal, logicalDevice, offset)?.periodSeconds ?? 0),
      5: () => data.enum(fifo),
      // Rows stand in the order of the clock. Clients of other houses take the sort object for the restricting object of a range.
      6: () => data.structure(data.uint16(8), nameOctets("0-0:1.0.0*255"), data.int8(2), data.uint16(0)),
      7: () => data.uint32(kept().rows.length),
      8: () => data.uint32(rowsMax),
    },
  };
}

/** The newest entry of the load profile of a meter. */
export function newestProfile(
  journal: ServedJournal,
  logicalDevice: number,
  offset: (ms: number) => LocalOffset,
): ProfileEntry | undefined {
  const entry = journal.findLast(logicalDevice, entryKinds.profile);
  const profile = entry && profileIn(entry, offset);
  if (!profile || profile.profile === loadProfileObis) return profile;
  // A meter with more than one profile writes them one after the other.
  const entries = journal.readOf(logicalDevice, entryKinds.profile, 0, foreverMs).toReversed();
  for (const other of entries) {
    const found = profileIn(other, offset);
    if (found?.profile === loadProfileObis) return found;
  }
  return undefined;
}

const newestColumns = (
  journal: ServedJournal,
  logicalDevice: number,
  offset: (ms: number) => LocalOffset,
): readonly ProfileColumn[] => newestProfile(journal, logicalDevice, offset)?.columns ?? [];

const captureObjects = (columns: readonly ProfileColumn[]): CaptureObject[] => [
  clockColumn,
  statusColumn,
  ...columns.map(({ obis }) => ({ classId: 3, obis, attribute: 2, dataIndex: 0 })),
];

interface KeptProfile {
  readonly columns: readonly ProfileColumn[];
  /** Oldest first, the newest `rowsMax`. */
  readonly rows: readonly Row[];
}

function keptProfile(
  journal: ServedJournal,
  logicalDevice: number,
  offset: (ms: number) => LocalOffset,
): KeptProfile {
  const byEnd = new Map<number, Row>();
  let columns: readonly ProfileColumn[] = [];
  for (const entry of journal.readOf(logicalDevice, entryKinds.profile, 0, foreverMs)) {
    const profile = profileIn(entry, offset);
    if (profile?.profile !== loadProfileObis) continue;
    columns = profile.columns;
    for (let interval = 0; interval < profile.intervals; interval++) {
      const endMs = profile.startMs + (interval + 1) * profile.periodSeconds * 1000;
      byEnd.set(endMs, { endMs, entry: profile, interval });
    }
  }
  const rows = [...byEnd.values()].sort((a, b) => a.endMs - b.endMs);
  return { columns, rows: rows.slice(-rowsMax) };
}

function readRows(
  { columns, rows }: KeptProfile,
  offset: (ms: number) => LocalOffset,
  selection: Selection | undefined,
): Answer {
  const all = captureObjects(columns);
  if (!selection) return encodeRows(rows, all, columns, offset);
  try {
    if (selection.selector === 2) {
      const { fromEntry, toEntry, fromColumn, toColumn } = decodeEntrySelection(selection.parameters);
      const chosen = all.slice(Math.max(fromColumn, 1) - 1, toColumn === 0 ? undefined : toColumn);
      const some = rows.slice(Math.max(fromEntry, 1) - 1, toEntry === 0 ? undefined : toEntry);
      return encodeRows(some, chosen, columns, offset);
    }
    const { restricting, from, to, columns: wanted } = decodeRangeSelection(selection.parameters);
    const [fromMs, toMs] = [instantIn(from, offset), instantIn(to, offset)];
    if (restricting.obis !== clockColumn.obis || fromMs === undefined || toMs === undefined)
      return refused("scope-of-access-violated");
    if (wanted.some(({ obis }) => !all.some((one) => one.obis === obis)))
      return refused("scope-of-access-violated");
    const some = rows.filter(({ endMs }) => endMs >= fromMs && endMs <= toMs);
    return encodeRows(some, wanted.length > 0 ? wanted : all, columns, offset);
  } catch {
    return refused("type-unmatched");
  }
}

function encodeRows(
  rows: readonly Row[],
  chosen: readonly CaptureObject[],
  columns: readonly ProfileColumn[],
  offset: (ms: number) => LocalOffset,
): Uint8Array {
  const parts: Uint8Array[] = [Uint8Array.of(1), countBytes(rows.length)];
  for (const row of rows) {
    parts.push(encodeData(data.structure(...chosen.map(({ obis }) => cellOf(row, obis, columns, offset)))));
  }
  return concatBytes(...parts);
}

/** A value is null where its interval is missing: a zero could be taken for one. */
function cellOf(
  { endMs, entry, interval }: Row,
  obis: string,
  columns: readonly ProfileColumn[],
  offset: (ms: number) => LocalOffset,
): DataValue {
  if (obis === clockColumn.obis) return octets(dateTimeBytes(endMs, offset(endMs)));
  const quality = entry.qualityAt(interval);
  if (obis === statusColumn.obis) return data.uint8(statusOf(quality));
  const column = entry.columns.findIndex((one) => one.obis === obis);
  if (column < 0 || quality & 1) return data.null;
  const shown = columns.find((one) => one.obis === obis);
  // An older entry whose scaler was another one: its number would mean something else below the scaler of today.
  if (shown?.scaler !== entry.columns[column]?.scaler) return data.null;
  return wholeNumber(entry.valueAt(column, interval));
}

/** The shortest usual type of a counter's value; clients of meters expect these. */
export function wholeNumber(value: bigint): DataValue {
  if (value >= 0n && value <= 0xffff_ffffn) return data.uint32(Number(value));
  if (value < 0n && value >= -0x8000_0000n) return data.int32(Number(value));
  return data.int64(value);
}
