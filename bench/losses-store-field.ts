import { findMeterModel, noticedBy } from "@energsys/metering/models";
import { balanceMeters, booksOf, labels } from "@energsys/simulator";
import {
  type Database,
  energies,
  foldGroups,
  type ImportDay,
  importGroups,
  importInventory,
  importLoadDays,
  makePartitions,
  sql,
} from "@energsys/store";
import { historyMs, type LossesTown, lineDataPart } from "./losses-field.ts";
import { zone } from "./store-field.ts";

export interface StoredLosses {
  /** Groups of the database by the number of their transformer, and the town's points by those of the database. */
  readonly groups: ReadonlyMap<number, { readonly groupId: number; readonly branchId: number | null }>;
  readonly indexOf: ReadonlyMap<number, number>;
}

/** So many days of channels are written in one transaction. */
const daysAtOnce = 5_000;

/**
 * A town's month in the database, on the ways of the product: its books as an inventory, its energies as days of points, its meters' logs
 * as events, sums of groups folded. `begin` is the month's first day, `nowMs` lies behind its last.
 */
export async function storeLossesTown(
  db: Database,
  { cells, town, ledger }: LossesTown,
  { begin, nowMs }: { readonly begin: string; readonly nowMs: number },
): Promise<StoredLosses> {
  const { daySlots, startMs: fromMs } = cells[0]!.cell;
  const toMs = fromMs + daySlots.reduce((sum, slots) => sum + slots, 0) * 900_000;
  const balances = balanceMeters(town, daySlots.length);
  const facts = { host: "127.0.0.1", ports: new Map(), direct: balances, everySeconds: 900 };
  const books = booksOf(town, { ...facts, days: daySlots.length, enteredUntilMs: fromMs });
  // Known for half a year, as their logs are in the field of the ranking alone.
  const installedAt = new Date(fromMs - historyMs).toISOString();
  const earlier = (at: string) => (Date.parse(at) > fromMs - historyMs ? installedAt : at);
  await importInventory(db, {
    ...books,
    points: books.points.map((point) =>
      point.before ? point : { ...point, installedAt: earlier(point.installedAt) },
    ),
  });
  const { groups = [], classes = [] } = books.groups ?? {};
  await importGroups(db, {
    classes,
    groups: groups.map(({ rating, key, from, ...group }) => {
      const number = Number(key.split(" ")[1]);
      return {
        ...group,
        key,
        from: earlier(from),
        ...(rating && {
          rating: {
            ...rating,
            line: {
              ...rating.line,
              ohm: (town.transformers[number]!.lineOhm * lineDataPart(number)).toFixed(6),
            },
          },
        }),
      };
    }),
  });
  const { rows: points } = await db.query<{ id: number }>(
    sql`select point_id as id from point order by point_id`,
  );
  const pointIds = points.map(({ id }) => id);
  await storeEnergies(db, pointIds, { cells, town, begin, nowMs });
  await storeLogs(db, pointIds, { town, ledger, fromMs: fromMs - historyMs, toMs });
  for (;;) {
    const { changes, days } = await foldGroups(db, { zone, nowMs });
    if (changes + days === 0) break;
  }
  const { rows: named } = await db.query<{ groupId: number; branchId: number | null; name: string }>(sql`
    select group_id as "groupId", branch_id as "branchId", name from point_group where kind = 'transformer'`);
  const numberOf = new Map(town.transformers.map(({ name, number }) => [name, number]));
  return {
    groups: new Map(named.map(({ name, ...group }) => [numberOf.get(name)!, group])),
    indexOf: new Map(points.map(({ id }, nth) => [id, nth])),
  };
}

/** Points of the inventory come in the town's order, behind them its balance meters, those of transformers first. */
async function storeEnergies(
  db: Database,
  pointIds: readonly number[],
  {
    cells,
    town,
    begin,
    nowMs,
  }: Pick<LossesTown, "cells" | "town"> & { readonly begin: string; readonly nowMs: number },
): Promise<void> {
  const { daySlots } = cells[0]!.cell;
  const dates = daySlots.map((_, day) => Temporal.PlainDate.from(begin).add({ days: day }).toString());
  const members = new Map(
    cells.flatMap(({ cell }) => [...cell.members, ...(cell.outsiders ?? [])]).map((one) => [one.id, one]),
  );
  const curves = [...members.values()].flatMap(({ id, netWh, takenWh }) => {
    const fed = takenWh ? takenWh.map((wh, i) => wh - netWh[i]!) : undefined;
    return [
      { pointId: pointIds[id]!, obis: energies["A+"], wh: takenWh ?? netWh },
      ...(fed?.some((wh) => wh !== 0) ? [{ pointId: pointIds[id]!, obis: energies["A-"], wh: fed }] : []),
    ];
  });
  for (const { name, cell } of cells) {
    const pointId = pointIds[town.points.length + name]!;
    curves.push({ pointId, obis: energies["A+"], wh: cell.balanceWh.map((wh) => Math.max(0, wh)) });
    curves.push({ pointId, obis: energies["A-"], wh: cell.balanceWh.map((wh) => Math.max(0, -wh)) });
  }
  const { rows: channels } = await db.query<{ id: number; pointId: number; obis: string }>(sql`
    insert into channel (point_id, obis, kind, unit, scale, period_s)
    select point_id, obis, 'delta', 'Wh', 0, 900
    from unnest(${curves.map(({ pointId }) => pointId)}::int[], ${curves.map(({ obis }) => obis)}::text[]) as wanted (point_id, obis)
    returning channel_id as id, point_id as "pointId", obis`);
  const channelOf = new Map(channels.map(({ id, pointId, obis }) => [`${pointId} ${obis}`, id]));
  let waiting: ImportDay[] = [];
  for (const { pointId, obis, wh } of curves) {
    let at = 0;
    daySlots.forEach((slots, day) => {
      const values = wh.subarray(at, at + slots);
      at += slots;
      const channel = { channelId: channelOf.get(`${pointId} ${obis}`)!, kind: "delta" as const };
      waiting.push({ channel, date: dates[day]!, values, flags: new Uint16Array(slots) });
    });
    if (waiting.length < daysAtOnce) continue;
    await importLoadDays(db, waiting, { nowMs });
    waiting = [];
  }
  await importLoadDays(db, waiting, { nowMs });
}

/** What concentrators and logs tell: which meters give pulses of a module, and covers and magnets of the others. */
async function storeLogs(
  db: Database,
  pointIds: readonly number[],
  {
    town,
    ledger,
    fromMs,
    toMs,
  }: Pick<LossesTown, "town" | "ledger"> & { readonly fromMs: number; readonly toMs: number },
): Promise<void> {
  const since = new Date(fromMs).toISOString();
  await makePartitions(db, { from: since.slice(0, 10), to: new Date(toMs).toISOString().slice(0, 10) });
  await db.query(sql`update device set created_at = ${since}::timestamptz`);
  const { rows: devices } = await db.query<{
    pointId: number;
    deviceId: number;
    gatewayId: number | null;
  }>(sql`
    select point_id as "pointId", device_id as "deviceId", gateway_id as "gatewayId"
    from installation join device using (meter_id) where upper_inf(during)`);
  const deviceOf = new Map(devices.map((device) => [device.pointId, device]));
  // The meter of a point in the books; of two that were swapped, the other's.
  const bookedOf = (index: number) => {
    const other = town.points[index]!.bookError?.other;
    return other !== undefined && town.points[other]!.bookError?.other === index ? other : index;
  };
  const pulses = town.points.filter(
    ({ index }) => town.points[bookedOf(index)]!.attachment.kind === "pulses",
  );
  const pulsing = pulses.map(({ index }) => deviceOf.get(pointIds[index]!)!);
  await db.query(sql`
    insert into gateway_meter (gateway_id, logical_device, name, input, state, device_id)
    select gateway_id, 100 + row_number() over (partition by gateway_id), device_id::text, 1, 'known', device_id
    from unnest(${pulsing.map(({ gatewayId }) => gatewayId)}::int[], ${pulsing.map(({ deviceId }) => deviceId)}::int[])
      as told (gateway_id, device_id)`);
  // What a log has no codes for, no reader tells.
  const logging = town.points.filter(
    ({ index }) =>
      noticedBy(findMeterModel(labels[town.points[bookedOf(index)]!.meter.kind].model)!).length > 0,
  );
  const events = logging.flatMap(({ index }) =>
    [...ledger.tampering(bookedOf(index), fromMs, toMs)].flatMap(({ kind, atMs }) => {
      const code = kind === "magnet-on" ? "idis:42" : kind.endsWith("-removed") ? "idis:40" : undefined;
      return code ? [{ deviceId: deviceOf.get(pointIds[index]!)!.deviceId, code, at: new Date(atMs) }] : [];
    }),
  );
  await db.query(sql`
    insert into event (at, device_id, code)
    select * from unnest(${events.map(({ at }) => at.toISOString())}::timestamptz[],
      ${events.map(({ deviceId }) => deviceId)}::int[], ${events.map(({ code }) => code)}::text[])
    on conflict do nothing`);
}
