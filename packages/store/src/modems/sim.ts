import type { Database, Queryable } from "../database.ts";
import { StoreError, sqlState } from "../errors.ts";
import { openRows, sealRows } from "../personal/sealed-rows.ts";
import { isEverywhere, type Scope } from "../scope.ts";
import type { KeyRing } from "../secrets/key-ring.ts";
import { keyRingOf } from "../secrets/ring-of.ts";
import { instant, type Sql, sql, trusted } from "../sql.ts";
import { endHolding, lasting, rowsOn } from "./dated.ts";
import { type DatedAct, lockModem, modemInScope, withWords } from "./modem.ts";

export const simStates = ["stock", "active", "suspended", "ended"] as const;
export type SimState = (typeof simStates)[number];

export interface SimFacts {
  /** 18 to 20 digits, as on the card. */
  readonly iccid: string;
  readonly operator: string;
  readonly apn: string;
  readonly dataPlan: string;
}
/** A card as it is written. `msisdn`: its number in the telephone network; `pin`: null: none; absent: it stays. */
export interface GivenSim extends SimFacts {
  readonly msisdn: string;
  readonly pin?: string | null;
}

/** One line of the list of cards. Instants are epoch ms. */
export interface SimRow extends SimFacts {
  readonly simId: number;
  readonly msisdn: string;
  readonly hasPin: boolean;
  readonly state: SimState;
  readonly modemId: number | null;
  readonly modem: string | null;
  readonly since: number | null;
}

export interface Sim extends SimRow {
  readonly states: readonly {
    readonly state: SimState;
    readonly from: number;
    readonly to: number | null;
    readonly reason: string;
    readonly by: string;
  }[];
  readonly placements: readonly {
    readonly modemId: number;
    readonly modem: string;
    readonly from: number;
    readonly to: number | null;
    readonly reason: string;
    readonly by: string;
    readonly endedBy: string | null;
  }[];
}

/** Condition on `sim as s`: the modem in which it sits is of the scope, or it sits in none. */
const simInScope = (scope: Scope): Sql =>
  isEverywhere(scope)
    ? trusted("true")
    : sql`not exists (
        select from sim_placement as sits join modem as o using (modem_id)
        where sits.sim_id = s.sim_id and upper_inf(sits.during) and not ${modemInScope(scope)})`;

const columns = trusted(`
  s.sim_id as "simId", s.iccid, s.operator, s.apn, s.data_plan as "dataPlan", s.sealed, s.sealed_pin is not null as "hasPin",
  its.state, modem.modem_id as "modemId", modem.serial as modem, lower(sits.during) as since
  from sim as s join sim_state as its on its.sim_id = s.sim_id and upper_inf(its.during)
  left join sim_placement as sits on sits.sim_id = s.sim_id and upper_inf(sits.during)
  left join modem on modem.modem_id = sits.modem_id`);

type Sealed = Omit<SimRow, "msisdn"> & { readonly sealed: Buffer | null };
async function opened<Row extends Sealed>(db: Queryable, rows: readonly Row[]) {
  const numbers = await openRows<{ msisdn: string }>(
    keyRingOf(db),
    "sim",
    rows.map(({ simId, sealed }) => ({ row: simId, sealed })),
    { msisdn: "" },
  );
  return rows.map(({ sealed: _, ...row }, nth) => ({ ...row, msisdn: numbers[nth]!.msisdn }));
}

/** A window of the cards within the scope, by ICCID, and how many there are in all. */
export async function listSims(
  db: Queryable,
  scope: Scope,
  { text, state }: { readonly text?: string; readonly state?: SimState },
  { offset, limit }: { readonly offset: number; readonly limit: number },
): Promise<{ total: number; rows: SimRow[] }> {
  const conditions = [
    simInScope(scope),
    ...(state === undefined ? [] : [sql`its.state = ${state}`]),
    ...withWords(text, "concat_ws(' ', s.iccid, s.operator, s.apn, modem.serial)"),
  ].reduce((all, one) => sql`${all} and ${one}`);
  const { rows } = await db.query<Sealed & { total: number }>(sql`
    select count(*) over ()::int as total, ${columns} where ${conditions}
    order by s.iccid offset ${offset}::int limit ${limit}::int`);
  if (rows.length === 0 && offset > 0) {
    const filter = { ...(text === undefined ? {} : { text }), ...(state === undefined ? {} : { state }) };
    return { total: (await listSims(db, scope, filter, { offset: 0, limit: 1 })).total, rows: [] };
  }
  const shown = await opened(db, rows);
  return { total: rows[0]?.total ?? 0, rows: shown.map(({ total: _, ...row }) => row) };
}

/**
 * One card with its states and the modems that it sat in, or `undefined` outside the scope. `onMs`: the state in which it was and the modem
 * in which it sat then, and all that had been by then, `undefined` before it had a state; what is on the card is of now.
 */
export async function findSim(
  db: Queryable,
  scope: Scope,
  simId: number,
  onMs?: number,
): Promise<Sim | undefined> {
  const { rows } = await db.query<Sealed>(sql`
    select ${columns} where s.sim_id = ${simId}::int and ${simInScope(scope)}`);
  const [sim] = await opened(db, rows);
  if (!sim) return undefined;
  const [{ rows: states }, { rows: placements }] = await Promise.all([
    db.query<Sim["states"][number]>(sql`
      select state, lower(during) as "from", upper(during) as "to", reason, made_by as by from sim_state
      where sim_id = ${simId}::int order by lower(during) desc`),
    db.query<Sim["placements"][number]>(sql`
      select o.modem_id as "modemId", o.serial as modem, lower(during) as "from", upper(during) as "to", reason, made_by as by,
        ended_by as "endedBy"
      from sim_placement join modem as o using (modem_id)
      where sim_id = ${simId}::int and ${modemInScope(scope)} order by lower(during) desc`),
  ]);
  if (onMs === undefined) return { ...sim, states, placements };
  const [were, sat] = [rowsOn(states, onMs), rowsOn(placements, onMs)];
  const [was, at] = [lasting(were), lasting(sat)];
  if (!was) return undefined;
  return {
    ...sim,
    state: was.state,
    modemId: at?.modemId ?? null,
    modem: at?.modem ?? null,
    since: at?.from ?? null,
    states: were,
    placements: sat,
  };
}

const pinPlace = (row: number) => ({ table: "sim", row, kind: "device-password" }) as const;

/** Where the PIN is as it was, `undefined`. */
async function sealed(ring: KeyRing, simId: number, { msisdn, pin }: Pick<GivenSim, "msisdn" | "pin">) {
  const [row] =
    msisdn === "" ? [] : await sealRows(ring, "sim", [{ row: simId, text: JSON.stringify({ msisdn }) }]);
  const sealedPin = typeof pin === "string" ? await ring.sealField(pinPlace(simId), pin) : pin;
  return { number: row?.sealed ?? null, pin: sealedPin };
}

/**
 * A card that came from its operator. Its number is sealed as personal data, its PIN as a secret that no call gives back.
 * @throws StoreError `sim.known`
 */
export async function addSim(
  db: Database,
  given: GivenSim,
  act: DatedAct & { readonly state: SimState },
): Promise<number> {
  const ring = keyRingOf(db);
  await ring.prepare(simKeys);
  return known(() =>
    db.transaction((transaction) => insertSim(transaction, ring.within(transaction), given, act)),
  );
}

/** Kinds of data keys that a card is sealed by. */
export const simKeys = ["personal", "personal-index", "device-password"] as const;

/** As `addSim`, within a transaction, by a key ring that is prepared for `simKeys`. */
export async function insertSim(
  transaction: Queryable,
  ring: KeyRing,
  given: GivenSim,
  { state, ...act }: DatedAct & { readonly state: SimState },
): Promise<number> {
  const { rows } = await transaction.query<{ id: number }>(
    sql`select nextval(pg_get_serial_sequence('sim', 'sim_id'))::int as id`,
  );
  const simId = rows[0]!.id;
  const { number, pin } = await sealed(ring, simId, given);
  await transaction.query(sql`
    insert into sim (sim_id, iccid, operator, apn, data_plan, sealed, sealed_pin) overriding system value
    values (${simId}::int, ${given.iccid}, ${given.operator}, ${given.apn}, ${given.dataPlan}, ${number}, ${pin ?? null})`);
  await insertState(transaction, simId, state, act);
  return simId;
}

/** @throws StoreError `sim.not-found` outside the scope, `sim.known` */
export async function changeSim(db: Database, scope: Scope, simId: number, given: GivenSim): Promise<void> {
  const { number, pin } = await sealed(keyRingOf(db), simId, given);
  await known(() =>
    db.transaction(async (transaction) => {
      await lockSim(transaction, scope, simId);
      await transaction.query(sql`
        update sim set iccid = ${given.iccid}, operator = ${given.operator}, apn = ${given.apn}, data_plan = ${given.dataPlan},
          sealed = ${number}, sealed_pin = case when ${pin === undefined} then sealed_pin else ${pin ?? null}::bytea end
        where sim_id = ${simId}::int`);
    }),
  );
}

/** @throws StoreError `sim.not-found` outside the scope, `modem.too-early`, `sim.ended` for a card that its operator took back */
export async function setSimState(
  db: Database,
  scope: Scope,
  simId: number,
  state: SimState,
  given: DatedAct,
): Promise<void> {
  await db.transaction(async (transaction) => {
    await lockSim(transaction, scope, simId);
    await endHolding(transaction, "sim_state", { column: "sim_id", id: simId }, given);
    await insertState(transaction, simId, state, given);
    if (state === "ended")
      await endHolding(transaction, "sim_placement", { column: "sim_id", id: simId }, given);
  });
}

/**
 * A card sits in a modem from an instant on, or (null) in none. What sat in the modem and where it sat end there.
 * @throws StoreError `sim.not-found`, `modem.not-found` outside the scope, `modem.too-early`, `sim.ended`
 */
export async function placeSim(
  db: Database,
  scope: Scope,
  simId: number,
  modemId: number | null,
  given: DatedAct,
): Promise<void> {
  await db.transaction((transaction) => placeSimWithin(transaction, scope, simId, modemId, given));
}

/** As `placeSim`, within a transaction. */
export async function placeSimWithin(
  transaction: Queryable,
  scope: Scope,
  simId: number,
  modemId: number | null,
  given: DatedAct,
): Promise<void> {
  await lockSim(transaction, scope, simId);
  await endHolding(transaction, "sim_placement", { column: "sim_id", id: simId }, given);
  if (modemId === null) return;
  await lockModem(transaction, scope, modemId);
  await endHolding(transaction, "sim_placement", { column: "modem_id", id: modemId }, given);
  await transaction.query(sql`
      insert into sim_placement (sim_id, modem_id, during, reason, made_by)
      values (${simId}::int, ${modemId}::int, tstzrange(${instant(given.atMs)}::timestamptz, null), ${given.reason}, ${given.by})`);
}

const insertState = (
  transaction: Queryable,
  simId: number,
  state: SimState,
  { atMs, reason, by }: DatedAct,
) =>
  transaction.query(sql`
    insert into sim_state (sim_id, state, during, reason, made_by)
    values (${simId}::int, ${state}, tstzrange(${instant(atMs)}::timestamptz, null), ${reason}, ${by})`);

async function lockSim(transaction: Queryable, scope: Scope, simId: number): Promise<void> {
  const { rows } = await transaction.query<{ ended: boolean }>(sql`
    select exists (select from sim_state as its where its.sim_id = s.sim_id and upper_inf(during) and state = 'ended') as ended
    from sim as s where s.sim_id = ${simId}::int and ${simInScope(scope)} for no key update`);
  if (!rows[0]) throw new StoreError("sim.not-found", "there is no such card");
  if (rows[0].ended) throw new StoreError("sim.ended", "its operator has taken the card back");
}

async function known<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (sqlState(error) === "23505")
      throw new StoreError("sim.known", "a card of that ICCID is known", error);
    throw error;
  }
}
