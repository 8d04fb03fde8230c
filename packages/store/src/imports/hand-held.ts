import { type HandHeldRow, parseHandHeldFile, quality, type RefusedLine } from "@energsys/metering";
import type { Database } from "../database.ts";
import { type Delivery, type StoreContext, storeDeliveries } from "../deliveries.ts";
import { StoreError } from "../errors.ts";
import { noteRegisters } from "../gateways/dump-import.ts";
import type { Scope } from "../scope.ts";
import { sql } from "../sql.ts";
import { findMetersBySerial } from "./meters-by-serial.ts";
import { beginImport, fileHash, findImportOf, finishImport } from "./record.ts";

/** What a file holds of one meter. */
export interface HandHeldMeter {
  readonly serial: string;
  readonly meterId: number;
  readonly readings: number;
  /** Not stored yet; stored with another value. */
  readonly added: number;
  readonly differ: number;
  /** Lower than the reading before: stored, and marked as suspect. */
  readonly lower: number;
}

export interface HandHeldOutcome {
  readonly readings: number;
  readonly meters: readonly HandHeldMeter[];
  readonly refused: readonly RefusedLine[];
  readonly before: number | null;
  /** What changed; absent after a dry run. */
  readonly stored?: { readonly importId: number; readonly registers: number };
}

interface Matched extends HandHeldRow {
  readonly meterId: number;
  readonly deviceId: number;
}

/**
 * Takes in a file of a hand-held: readings of registers, by serial number of the meter. Lines that cannot be used are refused alone and told.
 * What it changes can be taken back (`undoImport`).
 * @throws StoreError `import.unreadable`, `import.nothing` when no line can be used
 */
export async function importHandHeld(
  db: Database,
  file: Uint8Array,
  given: { readonly fileName: string; readonly by: string; readonly scope: Scope; readonly dryRun?: boolean },
  context: StoreContext,
): Promise<HandHeldOutcome> {
  const parsed = parseHandHeldFile(new TextDecoder().decode(file), context);
  if (!parsed)
    throw new StoreError(
      "import.unreadable",
      "no file of a hand-held: serial, obis, time and value are needed",
    );
  const { rows, refused } = await matchMeters(db, given.scope, parsed.rows);
  const sha256 = fileHash(
    file,
    rows.map(({ meterId }) => meterId),
  );
  const before = (await findImportOf(db, sha256)) ?? null;
  const { meters, suspect } = await compare(db, rows);
  const outcome = {
    readings: rows.length,
    meters,
    refused: [...parsed.refused, ...refused].sort((a, b) => a.line - b.line),
    before,
  };
  if (given.dryRun) return outcome;
  if (rows.length === 0) throw new StoreError("import.nothing", "no line of the file can be used");
  const importId =
    before ??
    (await beginImport(db, {
      sha256,
      fileName: given.fileName,
      kind: "hand-held",
      refused: outcome.refused.length,
      by: given.by,
      spans: [],
    }));
  const { registers } = await storeDeliveries(db, deliveriesOf(rows, suspect, file, context.nowMs), context);
  if (before === null) {
    await noteRegisters(db, importId, rows, context.nowMs);
    await db.query(
      sql`update reading_import set meters = ${meters.length}::int where reading_import_id = ${importId}::int`,
    );
    await finishImport(db, importId, [], { intervals: 0, registers, events: 0 });
  }
  return { ...outcome, stored: { importId, registers } };
}

function deliveriesOf(
  rows: readonly Matched[],
  suspect: ReadonlySet<number>,
  file: Uint8Array,
  nowMs: number,
): Delivery[] {
  return [...Map.groupBy(rows, ({ meterId }) => meterId)].map(([meterId, its], nth) => ({
    deviceId: its[0]!.deviceId,
    meterId,
    receivedAtMs: nowMs,
    // The whole file once: it is the trail of all its readings.
    blocks: nth === 0 ? [{ kind: "hand-held", bytes: file }] : [],
    profiles: [],
    registers: its.map(({ line, obis, measuredAtMs, value, unit }) => ({
      obis,
      measuredAtMs,
      value,
      unit,
      flags: suspect.has(line) ? quality.suspect : 0,
    })),
    events: [],
  }));
}

async function matchMeters(
  db: Database,
  scope: Scope,
  rows: readonly HandHeldRow[],
): Promise<{ rows: Matched[]; refused: RefusedLine[] }> {
  const { found, unknown } = await findMetersBySerial(
    db,
    scope,
    rows.map(({ serial }) => serial),
  );
  const matched: Matched[] = [];
  const refused: RefusedLine[] = [];
  for (const row of rows) {
    const meter = found.get(row.serial);
    if (meter) matched.push({ ...row, ...meter });
    else {
      const reason = unknown.get(row.serial) ?? "unknown-meter";
      refused.push({ line: row.line, reason, text: `${row.serial} ${row.obis} ${row.value}` });
    }
  }
  return { rows: matched, refused };
}

/** What is new, what differs, and what runs backwards: a register that is lower than before it was read last. */
async function compare(
  db: Database,
  rows: readonly Matched[],
): Promise<{ meters: HandHeldMeter[]; suspect: Set<number> }> {
  const { rows: stored } = await db.query<{ n: number; same: boolean | null; lower: boolean }>(sql`
    select n::int as n, (select value = given.value and unit = given.unit from register_reading as r
        where (r.meter_id, r.obis, r.measured_at) = (given.meter_id, given.obis, given.measured_at)
        order by version desc limit 1) as same,
      coalesce(given.value < (select value from register_reading as r where r.meter_id = given.meter_id and r.obis = given.obis
        and r.measured_at < given.measured_at and r.unit = given.unit order by measured_at desc, version desc limit 1), false) as lower
    from unnest(${rows.map(({ meterId }) => meterId)}::int[], ${rows.map(({ obis }) => obis)}::text[],
      ${rows.map(({ measuredAtMs }) => new Date(measuredAtMs).toISOString())}::timestamptz[],
      ${rows.map(({ value }) => value)}::numeric[], ${rows.map(({ unit }) => unit)}::text[])
      with ordinality as given (meter_id, obis, measured_at, value, unit, n)`);
  const suspect = new Set<number>();
  const meters = new Map<number, { -readonly [Name in keyof HandHeldMeter]: HandHeldMeter[Name] }>();
  for (const { n, same, lower } of stored) {
    const { meterId, serial, line } = rows[n - 1]!;
    const meter = meters.get(meterId) ?? { serial, meterId, readings: 0, added: 0, differ: 0, lower: 0 };
    meters.set(meterId, meter);
    meter.readings++;
    if (same === null) meter.added++;
    else if (!same) meter.differ++;
    if (lower) {
      meter.lower++;
      suspect.add(line);
    }
  }
  return { meters: [...meters.values()], suspect };
}
