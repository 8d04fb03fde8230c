import { setTimeout as wait } from "node:timers/promises";
import { type Ranking, rankSuspects } from "@energsys/metering";
import { RankingRunner } from "@energsys/server/losses";
import {
  addGroup,
  applyGroupChange,
  type Database,
  energies,
  everywhere,
  foldGroups,
  importLoadDays,
  lossTree,
  type Period,
  readLosses,
  readSuspects,
  setRating,
  sql,
} from "@energsys/store";
import { atLeast, atMost, type Bench, type BenchContext, type Metric, median } from "./bench.ts";
import { LongestTurn } from "./longest-turn.ts";
import { lossesTown } from "./losses-field.ts";
import { storeLossesTown } from "./losses-store-field.ts";
import { curvesOf, daysFrom, makeMeters, randomFrom, withServer, zone } from "./store-field.ts";

const transformersUsual = 400;
const membersEach = 25;
const dates = daysFrom("2026-07-01", 31);
const nowMs = Date.UTC(2026, 10, 23);
const month: Period = { fromDay: dates[0]!, toDay: "2026-08-01", zone, nowMs };
/** Lost of what goes in. */
const lostPart = 0.06;
/** So many transformers are summed from their points, for the naive way. */
const naiveOf = 20;
/** The town whose suspects are ranked: a month, and the longest period that a page takes. */
const townPoints = 120;
const begin = "2025-01-01";
const yearDays = 400;

export const bench: Bench = {
  name: "losses-store",
  about:
    "losses of 400 transformers for a month from the store beside the sum of their points (--points, 25 a transformer); suspects of one transformer ranked through the store, a month and 400 days",
  async run(context) {
    const losses = await withServer(({ open }) => measureLosses(open(4), context));
    const ranking = await withServer(({ open }) => measureRanking(open(4), context));
    return { metrics: [...losses, ...ranking] };
  },
};

async function measureLosses(db: Database, context: BenchContext): Promise<Metric[]> {
  const count = Math.max(
    naiveOf,
    Math.round((context.points ?? transformersUsual * membersEach) / membersEach),
  );
  const cells = await makeCells(db, count, context);
  const turn = new LongestTurn();
  const runs: number[] = [];
  let nodes = 0;
  turn.take();
  for (let run = 0; run < 5; run++) {
    const start = performance.now();
    // Without a cache: nothing of the run before is remembered.
    nodes = lossTree(await readLosses({ db }, everywhere, month)).nodes.length;
    runs.push(performance.now() - start);
  }
  const { workedMs } = turn.take();
  turn.stop();
  if (nodes !== count) throw new Error(`${nodes} groups instead of ${count}`);
  const start = performance.now();
  for (const { members, balance } of cells.slice(0, naiveOf)) {
    for (const channels of [members, balance]) await sumByRow(db, channels);
  }
  const naiveMs = ((performance.now() - start) * count) / naiveOf;
  return [
    atMost(`losses of ${count} transformers, a month`, median(runs), "ms", 2_000),
    {
      name: `the same, their points summed by the server (${naiveOf} of them, times ${count / naiveOf})`,
      value: naiveMs,
      unit: "ms",
    },
    atLeast("summed points to losses", naiveMs / median(runs), "ratio", 5),
    atMost("processor time of the longest turn meanwhile", workedMs, "ms", 50),
  ];
}

/** The naive way: each quarter-hour a row, added up by the server. */
async function sumByRow(db: Database, channels: readonly number[]): Promise<void> {
  const { rows } = await db.query<{ slots: number }>(sql`
    select count(*)::int as slots from (
      select starts_at, sum(value) as value from load_interval
      where channel_id = any(${channels}::int[]) and day >= ${month.fromDay}::date and day < ${month.toDay}::date
      group by starts_at) as summed`);
  if (rows[0]?.slots !== dates.length * 96) throw new Error(`${rows[0]?.slots} quarter-hours summed`);
}

interface Cell {
  readonly members: readonly number[];
  readonly balance: readonly number[];
}

/** Transformers with their points and a balance meter that lets a little more in, and the plate of each. */
async function makeCells(db: Database, count: number, context: BenchContext): Promise<Cell[]> {
  const points = await makeMeters(db, "L", count * (membersEach + 1), { installed: true });
  const { rows } = await db.query<{ pointId: number; channelId: number }>(sql`
    with added as (
      insert into channel (point_id, obis, kind, unit, scale, period_s)
      select point_id, ${energies["A+"]}, 'delta', 'Wh', 0, 900 from installation
      where meter_id = any(${points.map(({ meterId }) => meterId)}::int[]) returning point_id, channel_id)
    select point_id as "pointId", channel_id as "channelId" from added order by point_id`);
  const random = randomFrom(11);
  const fromMs = Date.UTC(2026, 0, 1);
  const given = { by: "bench", reason: "" };
  const cells: Cell[] = [];
  for (let nth = 0; nth < count; nth++) {
    const [balance, ...members] = rows.slice(nth * (membersEach + 1), (nth + 1) * (membersEach + 1));
    const curves = members.map(() =>
      curvesOf(random, dates).map(({ active }) => active.map((wh) => wh || 0)),
    );
    const input = dates.map((_, day) =>
      curves[0]![day]!.map((_, slot) =>
        Math.round(curves.reduce((sum, curve) => sum + curve[day]![slot]!, 0) * (1 + lostPart)),
      ),
    );
    await importLoadDays(
      db,
      [balance!, ...members].flatMap(({ channelId }, at) =>
        dates.map((date, day) => {
          const values = at === 0 ? input[day]! : curves[at - 1]![day]!;
          return {
            channel: { channelId, kind: "delta" as const },
            date,
            values,
            flags: new Uint16Array(values.length),
          };
        }),
      ),
      { nowMs },
    );
    const groupId = await addGroup(db, { kind: "transformer", name: `PT ${nth}`, branchId: null });
    const add = (side: "members" | "balance", list: readonly { readonly pointId: number }[]) =>
      applyGroupChange(
        db,
        everywhere,
        { groupId, side, fromMs, add: list.map(({ pointId }) => ({ pointId, sign: 1 as const })) },
        given,
      );
    await add("members", members);
    await add("balance", [balance!]);
    const transformer = { ratedVa: 250_000, noLoadLossW: "430", loadLossW: "3250" };
    const rating = { transformer, line: { ohm: "0.02", volts: 400 }, cosPhi: "0.95" };
    await setRating(db, everywhere, { groupId, fromMs, rating }, given);
    cells.push({ members: members.map(({ channelId }) => channelId), balance: [balance!.channelId] });
    if (nth % 100 === 99) context.log(`${nth + 1} transformers stored`);
  }
  for (;;) {
    const { changes, days } = await foldGroups(db, { zone, nowMs });
    if (changes + days === 0) break;
  }
  await db.query(sql`vacuum analyze load_day`);
  await db.query(sql`vacuum analyze group_day`);
  return cells;
}

async function measureRanking(db: Database, context: BenchContext): Promise<Metric[]> {
  const town = lossesTown({ seed: 9_001, points: townPoints, begin, days: yearDays });
  const at = { begin, nowMs };
  const stored = await storeLossesTown(db, town, at);
  context.log(`${townPoints} points of a town stored, ${yearDays} days`);
  // The first transformer of every town has the most that explains its loss, so that its ranking takes longest.
  const { name, cell } = town.cells[0]!;
  const group = stored.groups.get(name)!;
  const runner = new RankingRunner();
  const turn = new LongestTurn();
  const ask = async (days: number, rank: Parameters<typeof readSuspects>[4]) => {
    const toDay = Temporal.PlainDate.from(begin).add({ days }).toString();
    turn.take();
    const start = performance.now();
    const found = await readSuspects({ db }, everywhere, group, { fromDay: begin, toDay, zone, nowMs }, rank);
    const ms = performance.now() - start;
    // The turn that ended with the answer is seen by the next look.
    await wait(20);
    return { found: found!.ranking, ms, workedMs: turn.take().workedMs };
  };
  const inThread = (of: Parameters<RankingRunner["rank"]>[0]) => runner.rank(of);
  try {
    // The first one starts the thread.
    await ask(31, inThread);
    const [month, year] = [await ask(31, inThread), await ask(yearDays, inThread)];
    const here = await ask(31, (of) => rankSuspects(of));
    same(month.found, here.found);
    const members = cell.members.length;
    return [
      atMost(`suspects of ${members} members, a month`, month.ms, "ms", 3_000),
      atMost("processor time of the longest turn meanwhile", month.workedMs, "ms", 50),
      { name: "the same, ranked in the thread that answers calls", value: here.workedMs, unit: "ms" },
      { name: `suspects of ${members} members, ${yearDays} days`, value: year.ms, unit: "ms" },
      atMost("processor time of the longest turn meanwhile", year.workedMs, "ms", 50),
    ];
  } finally {
    turn.stop();
    await runner.close();
  }
}

function same(one: Ranking<number>, other: Ranking<number>): void {
  if (JSON.stringify(one) !== JSON.stringify(other)) throw new Error("the thread ranks otherwise");
}
