import type { CaptureObject } from "@energsys/protocols/cosem";
import { decodeEntrySelection, decodeRangeSelection, encodeCaptureObjects } from "@energsys/protocols/cosem";
import {
  concatBytes,
  type DataValue,
  data,
  encodeData,
  integerOf,
  type Selection,
} from "@energsys/protocols/dlms";
import { type Answer, type CosemObject, refused } from "./cosem-object.ts";
import type { JournalEntry, ServedJournal } from "./served-core.ts";
import { countBytes, dateTimeBytes, type LocalOffset, nameOctets, octets } from "./values.ts";

/** Longest value that one answer carries (section 3 of the agreement), and what its array begins with at most. */
export const answerBytesMax = 512 * 1024;
const arrayHeadBytes = 6;

export const journalObis = "0-128:99.1.0*255";

const column = (classId: number, obis: string): CaptureObject => ({
  classId,
  obis,
  attribute: 2,
  dataIndex: 0,
});

export const numberColumn = column(1, "0-128:96.8.0*255");
const columns: readonly CaptureObject[] = [
  numberColumn,
  column(8, "0-0:1.0.0*255"),
  column(17, "0-0:41.0.0*255"),
  column(1, "0-128:96.8.1*255"),
  column(1, "0-128:96.8.2*255"),
];
const numberMax = 0xffff_ffff;
const fifo = 1;

/** Class 7: the journal by number and by place; sorted by number, which is the order in which it was written. */
export function journalObject(journal: ServedJournal, offset: (ms: number) => LocalOffset): CosemObject {
  return {
    classId: 7,
    version: 1,
    obis: journalObis,
    selectors: [1, 2],
    attributes: {
      2: (_, selection) => readBuffer(journal, offset, selection),
      3: () => encodeCaptureObjects(columns),
      4: () => data.uint32(0),
      5: () => data.enum(fifo),
      // Its entries stand in the order of their numbers, which a range is asked by.
      6: () => data.structure(data.uint16(1), nameOctets("0-128:96.8.0*255"), data.int8(2), data.uint16(0)),
      7: () => data.uint32(entriesInUse(journal)),
      8: () => data.uint32(numberMax),
    },
  };
}

const entriesInUse = ({ newest, oldest }: ServedJournal): number => (newest === 0 ? 0 : newest - oldest + 1);

function readBuffer(
  journal: ServedJournal,
  offset: (ms: number) => LocalOffset,
  selection: Selection | undefined,
): Answer {
  if (!selection) return readWhole(journal, 1, numberMax);
  try {
    return selection.selector === 1
      ? byRange(journal, offset, selection.parameters)
      : byEntry(journal, offset, selection.parameters);
  } catch {
    // Parameters of another shape than the class has them.
    return refused("type-unmatched");
  }
}

function byRange(journal: ServedJournal, offset: (ms: number) => LocalOffset, parameters: DataValue): Answer {
  const { restricting, from, to, columns: wanted } = decodeRangeSelection(parameters);
  if (restricting.obis !== numberColumn.obis || restricting.attribute !== 2)
    return refused("scope-of-access-violated");
  const [first, last] = [integerOf(from), integerOf(to)];
  if (first === undefined || last === undefined) return refused("type-unmatched");
  const chosen = placesOf(wanted);
  if (!chosen) return refused("scope-of-access-violated");
  return readColumns(journal, Number(first), Number(last), chosen, offset);
}

/** Places count from 1, the oldest that is held; 0 as the end is the last one. */
function byEntry(journal: ServedJournal, offset: (ms: number) => LocalOffset, parameters: DataValue): Answer {
  const { fromEntry, toEntry, fromColumn, toColumn } = decodeEntrySelection(parameters);
  const lastColumn = toColumn === 0 ? columns.length : Math.min(toColumn, columns.length);
  if (fromEntry < 1 || fromColumn < 1 || fromColumn > lastColumn) return refused("scope-of-access-violated");
  const first = journal.oldest + fromEntry - 1;
  const last = toEntry === 0 ? numberMax : journal.oldest + toEntry - 1;
  const chosen = columns.flatMap((_, place) =>
    place + 1 >= fromColumn && place < lastColumn ? [place] : [],
  );
  return readColumns(journal, first, last, chosen, offset);
}

/** Places of the columns that a range names, in its order; none named = all. */
function placesOf(wanted: readonly CaptureObject[]): readonly number[] | undefined {
  if (wanted.length === 0) return columns.map((_, place) => place);
  const places = wanted.map(({ obis }) => columns.findIndex((one) => one.obis === obis));
  return places.includes(-1) ? undefined : places;
}

/** Whole entries, as many as fit in one answer and at least one (section 3, Reading). */
function readWhole(journal: ServedJournal, from: number, to: number): Uint8Array {
  const { count, bytes } = journal.read(from, Math.min(to, journal.newest), answerBytesMax - arrayHeadBytes);
  return concatBytes(Uint8Array.of(1), countBytes(count), bytes);
}

function readColumns(
  journal: ServedJournal,
  from: number,
  to: number,
  places: readonly number[],
  offset: (ms: number) => LocalOffset,
): Uint8Array {
  if (places.length === columns.length && places.every((place, at) => place === at))
    return readWhole(journal, from, to);
  const rows: Uint8Array[] = [];
  let length = arrayHeadBytes;
  for (const entry of journal.entries(Math.max(from, journal.oldest), Math.min(to, journal.newest))) {
    const cells = places.map((place) => encodeCell(entry, place, offset));
    const row = concatBytes(Uint8Array.of(2, places.length), ...cells);
    length += row.length;
    if (rows.length > 0 && length > answerBytesMax) break;
    rows.push(row);
  }
  return concatBytes(Uint8Array.of(1), countBytes(rows.length), ...rows);
}

function encodeCell(entry: JournalEntry, place: number, offset: (ms: number) => LocalOffset): Uint8Array {
  switch (place) {
    case 0:
      return encodeData(data.uint32(entry.number));
    case 1:
      return encodeData(octets(dateTimeBytes(entry.writtenMs, offset(entry.writtenMs))));
    case 2:
      return encodeData(data.uint16(entry.logicalDevice));
    case 3:
      return encodeData(data.enum(entry.kind));
    default:
      return entry.body;
  }
}
