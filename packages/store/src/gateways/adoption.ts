import { type JournalEntry, readEntry } from "@energsys/metering";
import type { Database } from "../database.ts";
import { dropKeptEntries, type JournalContext, readKeptEntries, storeJournal } from "./journal.ts";

const entriesAtOnce = 500;

/** Stores the entries that were kept for meters that are adopted by now. Returns how many. Repeating it does nothing more. */
export async function storeKeptEntries(
  db: Database,
  gateway: { readonly gatewayId: number; readonly deviceId: number },
  context: JournalContext,
): Promise<number> {
  let stored = 0;
  for (;;) {
    const kept = await readKeptEntries(db, gateway.gatewayId, entriesAtOnce);
    if (kept.length === 0) return stored;
    const entries = kept
      .map(({ bytes }) => readEntry(bytes))
      .filter((entry): entry is JournalEntry => !("code" in entry));
    await storeJournal(
      db,
      { ...gateway, entries, poison: [], blockKind: "mc-journal", receivedAtMs: context.nowMs },
      context,
    );
    // After the rows: a crash in between stores them once more, which changes nothing.
    await dropKeptEntries(
      db,
      gateway.gatewayId,
      kept.map(({ number }) => number),
    );
    stored += kept.length;
  }
}
