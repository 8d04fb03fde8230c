import type { Database, Queryable } from "../database.ts";
import { StoreError } from "../errors.ts";
import type { Scope } from "../scope.ts";
import type { KeyRing } from "../secrets/key-ring.ts";
import { keyRingOf } from "../secrets/ring-of.ts";
import { sql } from "../sql.ts";
import { addModem, type DatedAct, type ModemFacts, placeModemWithin, type Served } from "./modem.ts";
import { type GivenSim, insertSim, placeSimWithin, simKeys } from "./sim.ts";

/** A line of a list of modems and cards: a modem, a card, or a modem with its card. */
export interface ImportedModem {
  /** Of the file, for what is wrong with it. */
  readonly line: number;
  readonly modem: ModemFacts | null;
  /** Identity of the concentrator, or serial number of the meter, that the modem serves. */
  readonly gateway: string | null;
  readonly meter: string | null;
  readonly sim: GivenSim | null;
}

export interface ModemImportFault {
  readonly line: number;
  readonly code: string;
}

export interface ModemImportOutcome {
  readonly modems: number;
  readonly sims: number;
  /** Placements that came: a card in a modem, a modem at a device. */
  readonly placed: number;
  /** Nothing is written while there are some. */
  readonly faults: readonly ModemImportFault[];
}

class Undone extends Error {}

/**
 * Takes a list of modems and cards in: what is known stays as it is, and is placed where the list says; cards that are placed become active.
 * All of it or nothing: with a fault, and without `apply`, it only says what it would do.
 */
export async function importModems(
  db: Database,
  scope: Scope,
  rows: readonly ImportedModem[],
  { apply, ...act }: DatedAct & { readonly apply: boolean },
  keyRing?: KeyRing,
): Promise<ModemImportOutcome> {
  const ring = keyRing ?? keyRingOf(db);
  await ring.prepare(simKeys);
  let outcome: ModemImportOutcome = { modems: 0, sims: 0, placed: 0, faults: [] };
  try {
    await db.transaction(async (transaction) => {
      const counted = { modems: 0, sims: 0, placed: 0 };
      const faults: ModemImportFault[] = [];
      const held = ring.within(transaction);
      for (const row of rows) {
        await transaction.query(sql`savepoint line`);
        try {
          await importLine(transaction, held, scope, row, act, counted);
        } catch (error) {
          if (!(error instanceof StoreError)) throw error;
          await transaction.query(sql`rollback to savepoint line`);
          faults.push({ line: row.line, code: error.code });
        }
      }
      outcome = { ...counted, faults };
      if (!apply || faults.length > 0) throw new Undone();
    });
  } catch (error) {
    if (!(error instanceof Undone)) throw error;
  }
  return outcome;
}

async function importLine(
  transaction: Queryable,
  ring: KeyRing,
  scope: Scope,
  { modem, gateway, meter, sim }: ImportedModem,
  act: DatedAct,
  counted: { modems: number; sims: number; placed: number },
): Promise<void> {
  const modemId = modem && (await modemOf(transaction, modem, counted));
  const served = await findServed(transaction, gateway, meter);
  if (modemId && served && !(await serves(transaction, modemId, served))) {
    await placeModemWithin(transaction, scope, modemId, served, act);
    counted.placed++;
  }
  if (!sim) return;
  const { rows } = await transaction.query<{ id: number }>(
    sql`select sim_id as id from sim where iccid = ${sim.iccid}`,
  );
  const simId =
    rows[0]?.id ?? (await insertSim(transaction, ring, sim, { ...act, state: modemId ? "active" : "stock" }));
  if (!rows[0]) counted.sims++;
  if (!modemId) return;
  const { rows: sits } = await transaction.query(sql`
    select from sim_placement where sim_id = ${simId}::int and modem_id = ${modemId}::int and upper_inf(during)`);
  if (sits.length > 0) return;
  await placeSimWithin(transaction, scope, simId, modemId, act);
  counted.placed++;
}

async function modemOf(
  transaction: Queryable,
  modem: ModemFacts,
  counted: { modems: number },
): Promise<number> {
  const { rows } = await transaction.query<{ id: number }>(
    sql`select modem_id as id from modem where serial = ${modem.serial}`,
  );
  if (rows[0]) return rows[0].id;
  counted.modems++;
  return addModem(transaction, modem);
}

async function findServed(
  transaction: Queryable,
  gateway: string | null,
  meter: string | null,
): Promise<Served | null> {
  if (gateway !== null) {
    const { rows } = await transaction.query<{ gatewayId: number }>(
      sql`select gateway_id as "gatewayId" from gateway where identity = ${gateway} or name = ${gateway} limit 2`,
    );
    if (rows.length !== 1) throw new StoreError("gateway.not-found", "no one concentrator has that name");
    return rows[0]!;
  }
  if (meter === null) return null;
  const { rows } = await transaction.query<{ meterId: number }>(
    sql`select meter_id as "meterId" from meter where serial = ${meter} limit 2`,
  );
  if (rows.length !== 1) throw new StoreError("meter.not-found", "no one meter has that serial number");
  return rows[0]!;
}

async function serves(transaction: Queryable, modemId: number, served: Served): Promise<boolean> {
  const { rows } = await transaction.query(sql`
    select from modem_placement where modem_id = ${modemId}::int and upper_inf(during)
      and gateway_id is not distinct from ${"gatewayId" in served ? served.gatewayId : null}::int
      and meter_id is not distinct from ${"meterId" in served ? served.meterId : null}::int`);
  return rows.length > 0;
}
