import type { Database, Queryable } from "../database.ts";
import { StoreError, sqlState } from "../errors.ts";
import { meterInScope } from "../meters/in-scope.ts";
import { deviceInScope, gatewayInScope, isEverywhere, type Scope } from "../scope.ts";
import { searchText } from "../search-text.ts";
import { instant, type Sql, sql, trusted } from "../sql.ts";
import { endHolding, lasting, rowsOn } from "./dated.ts";

export interface ModemFacts {
  readonly serial: string;
  /** 15 digits; null: not known. */
  readonly imei: string | null;
  readonly type: string;
  readonly note: string;
}

/** What a modem serves: a concentrator, or a meter that has its own. */
export type Served = { readonly gatewayId: number } | { readonly meterId: number };

/** One line of the list of modems. Instants are epoch ms. */
export interface ModemRow extends ModemFacts {
  readonly modemId: number;
  readonly gatewayId: number | null;
  readonly meterId: number | null;
  /** Name or identity of the concentrator, or serial number of the meter; null: it lies in the store. */
  readonly serves: string | null;
  readonly since: number | null;
  readonly simId: number | null;
  readonly iccid: string | null;
}

/** Where a modem was. */
export interface ModemPlacement {
  readonly gatewayId: number | null;
  readonly meterId: number | null;
  readonly serves: string;
  readonly from: number;
  readonly to: number | null;
  readonly reason: string;
  readonly by: string;
  readonly endedBy: string | null;
}

/** Which card sat in it. */
export interface ModemCard {
  readonly simId: number;
  readonly iccid: string;
  readonly from: number;
  readonly to: number | null;
  readonly reason: string;
  readonly by: string;
  readonly endedBy: string | null;
}

export interface Modem extends ModemRow {
  readonly placements: readonly ModemPlacement[];
  readonly cards: readonly ModemCard[];
}

const served = (scope: Scope): Sql => sql`(
  exists (select from gateway as g where g.gateway_id = placed.gateway_id and ${gatewayInScope(scope)})
  or exists (select from device where device.meter_id = placed.meter_id and ${deviceInScope(scope, "device.device_id")}))`;

/** Condition on `modem as o`: it serves something of the scope, or lies in the store. */
export const modemInScope = (scope: Scope): Sql =>
  isEverywhere(scope)
    ? trusted("true")
    : sql`not exists (
        select from modem_placement as placed where placed.modem_id = o.modem_id and upper_inf(placed.during) and not ${served(scope)})`;

const columns = trusted(`
  o.modem_id as "modemId", o.serial, o.imei, o.type, o.note, placed.gateway_id as "gatewayId", placed.meter_id as "meterId",
  coalesce(nullif(g.name, ''), g.identity, m.serial) as serves, lower(placed.during) as since, s.sim_id as "simId", s.iccid
  from modem as o
  left join modem_placement as placed on placed.modem_id = o.modem_id and upper_inf(placed.during)
  left join gateway as g on g.gateway_id = placed.gateway_id
  left join meter as m on m.meter_id = placed.meter_id
  left join sim_placement as card on card.modem_id = o.modem_id and upper_inf(card.during)
  left join sim as s on s.sim_id = card.sim_id`);

/** Words that must all occur, as conditions on a folded text. */
export const withWords = (text: string | undefined, folded: string): Sql[] =>
  searchText(text ?? "")
    .split(" ")
    .filter((word) => word.length > 0)
    .slice(0, 8)
    .map((word) => sql`position(${word} in lower(${trusted(folded)})) > 0`);

const conditionsOf = (scope: Scope, text: string | undefined): Sql => {
  const conditions = [
    modemInScope(scope),
    ...withWords(text, "concat_ws(' ', o.serial, o.imei, o.type, g.name, g.identity, m.serial, s.iccid)"),
  ];
  return conditions.reduce((all, one) => sql`${all} and ${one}`);
};

/** A window of the modems within the scope, by serial number, and how many there are in all. */
export async function listModems(
  db: Queryable,
  scope: Scope,
  { text }: { readonly text?: string },
  { offset, limit }: { readonly offset: number; readonly limit: number },
): Promise<{ total: number; rows: ModemRow[] }> {
  const { rows } = await db.query<ModemRow & { total: number }>(sql`
    select count(*) over ()::int as total, ${columns} where ${conditionsOf(scope, text)}
    order by o.serial offset ${offset}::int limit ${limit}::int`);
  if (rows.length === 0 && offset > 0) {
    const { total } = await listModems(db, scope, text === undefined ? {} : { text }, {
      offset: 0,
      limit: 1,
    });
    return { total, rows: [] };
  }
  return { total: rows[0]?.total ?? 0, rows: rows.map(({ total: _, ...row }) => row) };
}

/**
 * One modem with where it was and which cards sat in it, or `undefined` outside the scope. `onMs`: what it served and which card sat in it
 * then, and all that had been by then; what is on its plate is of now.
 */
export async function findModem(
  db: Queryable,
  scope: Scope,
  modemId: number,
  onMs?: number,
): Promise<Modem | undefined> {
  const { rows } = await db.query<ModemRow>(sql`
    select ${columns} where o.modem_id = ${modemId}::int and ${modemInScope(scope)}`);
  if (!rows[0]) return undefined;
  const [{ rows: placements }, { rows: cards }] = await Promise.all([
    // Where it was in another branch is not told.
    db.query<ModemPlacement>(sql`
      select placed.gateway_id as "gatewayId", placed.meter_id as "meterId", coalesce(nullif(g.name, ''), g.identity, m.serial) as serves,
        lower(placed.during) as "from", upper(placed.during) as "to", placed.reason, placed.made_by as by, placed.ended_by as "endedBy"
      from modem_placement as placed left join gateway as g using (gateway_id) left join meter as m using (meter_id)
      where modem_id = ${modemId}::int and ${isEverywhere(scope) ? trusted("true") : served(scope)}
      order by lower(placed.during) desc`),
    db.query<ModemCard>(sql`
      select sim_id as "simId", iccid, lower(during) as "from", upper(during) as "to", reason, made_by as by, ended_by as "endedBy"
      from sim_placement join sim using (sim_id) where modem_id = ${modemId}::int order by lower(during) desc`),
  ]);
  if (onMs === undefined) return { ...rows[0], placements, cards };
  const [stood, sat] = [rowsOn(placements, onMs), rowsOn(cards, onMs)];
  const [at, card] = [lasting(stood), lasting(sat)];
  return {
    ...rows[0],
    gatewayId: at?.gatewayId ?? null,
    meterId: at?.meterId ?? null,
    serves: at?.serves ?? null,
    since: at?.from ?? null,
    simId: card?.simId ?? null,
    iccid: card?.iccid ?? null,
    placements: stood,
    cards: sat,
  };
}

/** @throws StoreError `modem.known` */
export async function addModem(db: Queryable, { serial, imei, type, note }: ModemFacts): Promise<number> {
  try {
    const { rows } = await db.query<{ id: number }>(sql`
      insert into modem (serial, imei, type, note) values (${serial}, ${imei}, ${type}, ${note}) returning modem_id as id`);
    return rows[0]!.id;
  } catch (error) {
    throw knownModem(error);
  }
}

/** @throws StoreError `modem.not-found` outside the scope, `modem.known` */
export async function changeModem(
  db: Queryable,
  scope: Scope,
  modemId: number,
  { serial, imei, type, note }: ModemFacts,
): Promise<void> {
  try {
    const { rowCount } = await db.query(sql`
      update modem as o set serial = ${serial}, imei = ${imei}, type = ${type}, note = ${note}
      where o.modem_id = ${modemId}::int and ${modemInScope(scope)}`);
    if (rowCount === 0) throw new StoreError("modem.not-found", "there is no such modem");
  } catch (error) {
    throw knownModem(error);
  }
}

const knownModem = (error: unknown): unknown =>
  sqlState(error) === "23505"
    ? new StoreError("modem.known", "another modem has that serial number or IMEI", error)
    : error;

/** Who does it, since when, and why. */
export interface DatedAct {
  readonly atMs: number;
  readonly reason: string;
  readonly by: string;
}

/**
 * A modem serves a device from an instant on, or (null) lies in the store. What it served and what served the device end there.
 * @throws StoreError `modem.not-found`, `gateway.not-found`, `meter.not-found` outside the scope, `modem.too-early`
 */
export async function placeModem(
  db: Database,
  scope: Scope,
  modemId: number,
  to: Served | null,
  given: DatedAct,
): Promise<void> {
  await db.transaction((transaction) => placeModemWithin(transaction, scope, modemId, to, given));
}

/** As `placeModem`, within a transaction. */
export async function placeModemWithin(
  transaction: Queryable,
  scope: Scope,
  modemId: number,
  to: Served | null,
  given: DatedAct,
): Promise<void> {
  await lockModem(transaction, scope, modemId);
  await endHolding(transaction, "modem_placement", { column: "modem_id", id: modemId }, given);
  if (to === null) return;
  const [column, id] =
    "gatewayId" in to ? (["gateway_id", to.gatewayId] as const) : (["meter_id", to.meterId] as const);
  await needServed(transaction, scope, to);
  await endHolding(transaction, "modem_placement", { column, id }, given);
  await transaction.query(sql`
      insert into modem_placement (modem_id, gateway_id, meter_id, during, reason, made_by)
      values (${modemId}::int, ${"gatewayId" in to ? to.gatewayId : null}::int, ${"meterId" in to ? to.meterId : null}::int,
        tstzrange(${instant(given.atMs)}::timestamptz, null), ${given.reason}, ${given.by})`);
}

export async function lockModem(transaction: Queryable, scope: Scope, modemId: number): Promise<void> {
  const { rows } = await transaction.query(sql`
    select from modem as o where o.modem_id = ${modemId}::int and ${modemInScope(scope)} for no key update`);
  if (rows.length === 0) throw new StoreError("modem.not-found", "there is no such modem");
}

async function needServed(transaction: Queryable, scope: Scope, to: Served): Promise<void> {
  const { rows } = await transaction.query(
    "gatewayId" in to
      ? sql`select from gateway as g where g.gateway_id = ${to.gatewayId}::int and ${gatewayInScope(scope)} for no key update`
      : sql`select from meter as m where m.meter_id = ${to.meterId}::int and ${meterInScope(scope)} for no key update`,
  );
  if (rows.length > 0) return;
  if ("gatewayId" in to) throw new StoreError("gateway.not-found", "there is no such concentrator");
  throw new StoreError("meter.not-found", "there is no such meter");
}
