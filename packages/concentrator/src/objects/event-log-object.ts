import { decodeEntrySelection, decodeRangeSelection, encodeCaptureObjects } from "@energsys/protocols/cosem";
import { type DataValue, data, type Selection } from "@energsys/protocols/dlms";
import { type Answer, type CosemObject, refused } from "./cosem-object.ts";
import { eventsIn, type KeptEvent } from "./events.ts";
import { entryKinds, foreverMs, type ServedJournal } from "./served-core.ts";
import { dateTimeBytes, instantIn, type LocalOffset, nameOctets, octets, text } from "./values.ts";

const clock = "0-0:1.0.0*255";
const columns = [
  { classId: 8, obis: clock, attribute: 2, dataIndex: 0 },
  { classId: 1, obis: "0-0:96.11.0*255", attribute: 2, dataIndex: 0 },
  { classId: 1, obis: "0-0:96.11.128*255", attribute: 2, dataIndex: 0 },
];
const fifo = 1;

/** Class 7: time, code and detail of the newest events of one logical device, oldest first; made of the journal. */
export function eventLogObject(
  journal: ServedJournal,
  logicalDevice: number,
  offset: (ms: number) => LocalOffset,
  entriesMax: number,
): CosemObject {
  const events = (): KeptEvent[] => {
    const found: KeptEvent[] = [];
    for (const entry of journal.readOf(logicalDevice, entryKinds.events, 0, foreverMs))
      found.push(...eventsIn(entry, offset));
    return found.slice(-entriesMax);
  };
  const row = ({ atMs, code, detail }: KeptEvent): DataValue[] => [
    octets(dateTimeBytes(atMs, offset(atMs))),
    data.uint16(code),
    text(detail),
  ];
  return {
    classId: 7,
    version: 1,
    obis: "0-0:99.98.0*255",
    selectors: [1, 2],
    attributes: {
      2: (_, selection) => {
        const chosen = choose(events(), selection, offset);
        if (!("places" in chosen)) return chosen;
        const { places, rows } = chosen;
        return data.array(
          ...rows.map((event) => {
            const cells = row(event);
            return data.structure(...places.map((place) => cells[place]!));
          }),
        );
      },
      3: () => encodeCaptureObjects(columns),
      4: () => data.uint32(0),
      5: () => data.enum(fifo),
      // Rows stand in the order of the clock. Clients of other houses take the sort object for the restricting object of a range.
      6: () => data.structure(data.uint16(8), nameOctets(clock), data.int8(2), data.uint16(0)),
      7: () => data.uint32(events().length),
      8: () => data.uint32(entriesMax),
    },
  };
}

interface Chosen {
  readonly rows: readonly KeptEvent[];
  /** Columns by their place. */
  readonly places: readonly number[];
}

function choose(
  events: KeptEvent[],
  selection: Selection | undefined,
  offset: (ms: number) => LocalOffset,
): Chosen | Exclude<Answer, Uint8Array> {
  const every = [...columns.keys()];
  if (!selection) return { rows: events, places: every };
  try {
    if (selection.selector === 2) {
      const { fromEntry, toEntry, fromColumn, toColumn } = decodeEntrySelection(selection.parameters);
      return {
        rows: events.slice(Math.max(fromEntry, 1) - 1, toEntry === 0 ? undefined : toEntry),
        places: every.slice(Math.max(fromColumn, 1) - 1, toColumn === 0 ? undefined : toColumn),
      };
    }
    const { restricting, from, to, columns: wanted } = decodeRangeSelection(selection.parameters);
    const [fromMs, toMs] = [instantIn(from, offset), instantIn(to, offset)];
    const places =
      wanted.length === 0 ? every : wanted.map(({ obis }) => columns.findIndex((one) => one.obis === obis));
    if (restricting.obis !== clock || fromMs === undefined || toMs === undefined || places.includes(-1))
      return refused("scope-of-access-violated");
    // Events have hundredths and clients ask by whole seconds: such an end is the whole of its second.
    const endMs = toMs % 1000 === 0 ? toMs + 999 : toMs;
    return { rows: events.filter(({ atMs }) => atMs >= fromMs && atMs <= endMs), places };
  } catch {
    return refused("type-unmatched");
  }
}
