import { createHash } from "node:crypto";
import { DumpError, type JournalDump, parseDump } from "@energsys/metering";
import type { Database } from "../database.ts";
import { StoreError } from "../errors.ts";
import { sql } from "../sql.ts";
import { type JournalContext, storeJournal } from "./journal.ts";
import { findGatewayLine } from "./registry.ts";

const entriesAtOnce = 500;

export interface DumpImport {
  readonly fileName: string;
  readonly by: string;
  /** Only says what would be stored. */
  readonly dryRun?: boolean;
}

export interface DumpImportOutcome {
  readonly identity: string;
  readonly made: string;
  readonly first: number;
  readonly last: number;
  readonly entries: number;
  /** Entries beyond those that came over the line already. */
  readonly beyondCursor: number;
  readonly unreadable: number;
  /** What changed; absent after a dry run. */
  readonly stored?: {
    readonly intervals: number;
    readonly registers: number;
    readonly events: number;
    readonly kept: number;
  };
}

/**
 * Takes in a dump of an adopted concentrator's store, in full or not at all checked before anything is stored. The cursor stays where
 * it is: what the line brings later is the same again and changes nothing.
 * @throws StoreError `import.unreadable`, `import.hash`, `import.unknown-gateway`
 */
export async function importDump(
  db: Database,
  file: Uint8Array,
  { fileName, by, dryRun }: DumpImport,
  context: JournalContext,
): Promise<DumpImportOutcome> {
  const dump = dumpOf(file);
  const line = await findGatewayLine(db, dump.identity);
  if (line?.state !== "adopted" || line.deviceId === null)
    throw new StoreError("import.unknown-gateway", `${dump.identity} is no concentrator that was adopted`);
  const { gatewayId, deviceId, cursor } = line;
  const { identity, made, first, last, entries, poison } = dump;
  const outcome = {
    identity,
    made,
    first,
    last,
    entries: entries.length + poison.length,
    beyondCursor: entries.filter(({ number }) => number > cursor).length,
    unreadable: poison.length,
  };
  if (dryRun) return outcome;
  const stored = { intervals: 0, registers: 0, events: 0, kept: 0 };
  for (let from = 0; from === 0 || from < entries.length; from += entriesAtOnce) {
    const part = await storeJournal(
      db,
      {
        gatewayId,
        deviceId,
        entries: entries.slice(from, from + entriesAtOnce),
        poison: from === 0 ? poison : [],
        blockKind: "mc-dump",
        receivedAtMs: context.nowMs,
      },
      context,
    );
    for (const name of ["intervals", "registers", "events", "kept"] as const) stored[name] += part[name];
  }
  await db.query(sql`
    insert into reading_import (sha256, file_name, kind, gateway_id, first_entry, last_entry, intervals, registers, events,
      refused, imported_by)
    values (${createHash("sha256").update(file).digest()}, ${fileName.slice(0, 200)}, 'concentrator-dump', ${gatewayId}::int,
      ${first}::bigint, ${last}::bigint, ${stored.intervals}::int, ${stored.registers}::int, ${stored.events}::int,
      ${poison.length}::int, ${by})
    on conflict do nothing`);
  return { ...outcome, stored };
}

function dumpOf(file: Uint8Array): JournalDump {
  let dump: JournalDump;
  try {
    dump = parseDump(file);
  } catch (error) {
    if (error instanceof DumpError) throw new StoreError("import.unreadable", error.message, error);
    throw error;
  }
  if (createHash("sha256").update(dump.hashed).digest("hex") !== dump.sha256)
    throw new StoreError("import.hash", "the file is not what the concentrator wrote: its hash differs");
  return dump;
}
