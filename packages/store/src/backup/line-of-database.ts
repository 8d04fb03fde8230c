import { existsSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import type { Database } from "../database.ts";
import { StoreError, sqlState } from "../errors.ts";
import { sql } from "../sql.ts";
import { Line, newLine } from "./archive.ts";
import type { SystemIdentity } from "./replication.ts";
import { type Lsn, parseLsn } from "./wal-names.ts";

export const slotName = "energsys_backup";

interface LineSetting {
  readonly line: string;
  readonly systemIdentifier: string;
  readonly timeline: number;
  readonly keyId: string;
}

export interface DatabaseLine {
  readonly line: Line;
  /** WAL is to be received from here. */
  readonly from: Lsn;
  /** Another process receives it now. */
  readonly active: boolean;
  /** The slot was made by this call. */
  readonly made: boolean;
}

/**
 * The line that this database writes to. A new one begins when there is none, when the database was restored or promoted since, when
 * the folder or the key is another, and when the server could not keep the WAL until it was fetched: what follows would not join on.
 * @throws StoreError `backup.not-allowed`
 */
export async function findLine(
  db: Database,
  backups: string,
  identity: SystemIdentity,
  keyId: string,
  nowMs: number,
): Promise<DatabaseLine> {
  const { rows } = await db.query<{ line: LineSetting | null }>(sql`select backup_line() as line`);
  const setting = rows[0]?.line;
  const slot = await readSlot(db);
  if (slot && !slot.lost && setting) {
    const line = new Line(backups, setting.line);
    const same =
      setting.systemIdentifier === identity.systemIdentifier &&
      setting.timeline === identity.timeline &&
      setting.keyId === keyId;
    if (same && existsSync(line.folder)) return { line, from: slot.lsn, active: slot.active, made: false };
  }
  if (slot?.active) throw new StoreError("backup.busy", "another process receives the WAL of this database");
  if (slot) await db.query(sql`select pg_drop_replication_slot(${slotName})`);
  const line = new Line(backups, newLine(nowMs));
  line.prepare();
  const from = await makeSlot(db);
  const value: LineSetting = {
    line: line.name,
    systemIdentifier: identity.systemIdentifier,
    timeline: identity.timeline,
    keyId,
  };
  await db.query(sql`select set_backup_line(${JSON.stringify(value)}::jsonb)`);
  return { line, from, active: false, made: true };
}

/**
 * The server keeps WAL for the archive no longer: nobody would fetch it. What follows begins a new line. A receiver that has just gone
 * holds the slot for a moment more; one that came since keeps it.
 */
export async function endLine(db: Database): Promise<void> {
  for (let tries = 0; tries < 20; tries++) {
    const { rowCount } = await db.query(sql`
      select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = ${slotName} and not active`);
    if (rowCount > 0 || (await readSlot(db)) === undefined) return;
    await wait(100);
  }
}

async function readSlot(db: Database): Promise<{ lsn: Lsn; lost: boolean; active: boolean } | undefined> {
  const { rows } = await db.query<{ lsn: string | null; status: string | null; active: boolean }>(sql`
    select restart_lsn::text as lsn, wal_status as status, active from pg_replication_slots
    where slot_name = ${slotName}`);
  const row = rows[0];
  if (!row) return undefined;
  const lost = row.lsn === null || row.status === "lost";
  return { lsn: row.lsn === null ? 0n : parseLsn(row.lsn), lost, active: row.active };
}

async function makeSlot(db: Database): Promise<Lsn> {
  try {
    const { rows } = await db.query<{ lsn: string }>(
      sql`select lsn::text as lsn from pg_create_physical_replication_slot(${slotName}, true)`,
    );
    return parseLsn(rows[0]!.lsn);
  } catch (cause) {
    const state = sqlState(cause);
    if (state === "42501" || state === "55000" || state === "53400")
      throw new StoreError("backup.not-allowed", (cause as Error).message, cause);
    throw cause;
  }
}

/** WAL that the server keeps for the archive. */
export async function readSlotLag(db: Database): Promise<number | null> {
  const { rows } = await db.query<{ bytes: string | null }>(sql`
    select pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::text as bytes from pg_replication_slots
    where slot_name = ${slotName}`);
  return rows[0]?.bytes == null ? null : Number(rows[0].bytes);
}
