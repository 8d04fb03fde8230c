import { type DataValue, data, decodeData } from "@energsys/protocols/dlms";
import type { JournalEntry, ServedCore } from "../objects/served-core.ts";
import { text } from "../objects/values.ts";

/** The agreement that this side keeps, as it is announced. */
export const agreement = "ENERGSYS-MC/1";

/** What a concentrator says of itself first on a line and as its heartbeat (section 2). */
export function announcementOf(core: ServedCore): DataValue {
  const { journal } = core;
  const meters = core.meters().filter(({ state, isModule }) => state !== "removed" && !isModule).length;
  return data.structure(
    text(core.identity),
    text(agreement),
    text(core.firmware),
    data.uint16(Math.min(meters, 0xffff)),
    data.uint32(journal.newest),
    data.uint32(journal.oldest),
    data.uint32(journal.taken),
    data.enum(core.state().supply),
  );
}

/** Entries that are sent at once: who sends, and the entries as they stand in the journal. */
export const pushBodyOf = ({ identity, journal }: ServedCore, entries: readonly JournalEntry[]): DataValue =>
  data.structure(text(identity), data.array(...entries.map((entry) => decodeData(journal.encode(entry)))));
