import { type Database, sql, storeDeliveries, validateChanged } from "@energsys/store";
import { type Bench, type BenchContext, type Metric, median } from "./bench.ts";
import {
  curvesOf,
  daysFrom,
  deliveryOf,
  makeMeters,
  randomFrom,
  timed,
  withServer,
  zone,
} from "./store-field.ts";

const pointsUsual = 1000;
const atOnce = 100;
const firstDay = "2026-09-01";
const historyDays = 30;
/** Days that are delivered and validated one after the other by each number of connections, with the history before them. */
const measuredDays = 3;

/** Validation in the database: deliveries stored, then the server's rounds until the change list is empty. */
export const bench: Bench = {
  name: "validate-store",
  about:
    "a day of 1,000 points (--points) × 2 channels delivered, then validated and estimated in the database",
  run: (context) => withServer(({ open }) => measure(open(2), context)),
};

/** What rounds did, until the list was empty. */
interface Worked {
  readonly days: number;
  readonly written: number;
  readonly seconds: number;
  /** Of these: reading the days, the days before them, and what else rules look at. */
  readonly loadingSeconds: number;
}

async function measure(db: Database, context: BenchContext): Promise<{ metrics: Metric[] }> {
  const points = context.points ?? pointsUsual;
  const dates = daysFrom(firstDay, historyDays + 2 * measuredDays);
  const meters = await makeMeters(db, "V", points, { installed: true });
  const random = randomFrom(3);
  const curves = meters.map(() => curvesOf(random, dates));
  const nowMs = Date.parse(`${dates.at(-1)}T00:00:00Z`) + 3 * 86_400_000;
  const deliver = async (from: number, to: number) => {
    for (let start = 0; start < meters.length; start += atOnce) {
      const part = meters.slice(start, start + atOnce);
      const deliveries = part.map((meter, nth) =>
        deliveryOf(meter, dates.slice(from, to), curves[start + nth]!.slice(from, to)),
      );
      await storeDeliveries(db, deliveries, { nowMs, zone });
    }
  };
  const validate = async (connections: number): Promise<Worked> => {
    const sum = { days: 0, written: 0, seconds: 0, loadingSeconds: 0 };
    for (;;) {
      const began = performance.now();
      const round = await validateChanged(db, { nowMs, zone, connections });
      sum.seconds += (performance.now() - began) / 1000;
      if (round.changes === 0) return sum;
      sum.days += round.days;
      sum.written += round.daysWritten;
      sum.loadingSeconds += round.loadingMs / 1000;
    }
  };
  for (let day = 0; day < historyDays; day += 5) await deliver(day, day + 5);
  const history = await validate(1);
  context.log(`${history.days} days of history validated in ${history.seconds.toFixed(1)} s`);
  await db.query(sql`vacuum analyze load_day`);
  const delivered: number[] = [];
  const worked = new Map<number, Worked[]>([
    [1, []],
    [2, []],
  ]);
  // By turns, so that both ways meet the same state of the machine and of the month.
  for (let nth = 0; nth < measuredDays; nth++)
    for (const [connections, days] of worked) {
      const day = historyDays + 2 * nth + connections - 1;
      delivered.push(await timed(() => deliver(day, day + 1)));
      days.push(await validate(connections));
    }
  const channelDays = points * 2;
  const { rows } = await db.query<{ findings: number }>(sql`select count(*)::int as findings from finding`);
  const rates = [...worked].flatMap(([connections, days]): Metric[] => {
    const by = connections === 1 ? "one connection" : `${connections} connections`;
    const rate = (seconds: (day: Worked) => number) => channelDays / median(days.map(seconds));
    return [
      {
        name: `channel-days of a day validated, ${by}`,
        value: rate(({ seconds }) => seconds),
        unit: "1/s",
      },
      {
        name: `the same, loading not counted, ${by}`,
        value: rate(({ seconds, loadingSeconds }) => seconds - loadingSeconds),
        unit: "1/s",
      },
    ];
  });
  const written = [...worked.values()].flat().reduce((sum, day) => sum + day.written, 0);
  return {
    metrics: [
      { name: "channel-days of a day stored", value: channelDays / median(delivered), unit: "1/s" },
      ...rates,
      { name: "channel-days of history validated", value: history.days / history.seconds, unit: "1/s" },
      { name: "days estimated, of so many", value: written, unit: `of ${channelDays * 2 * measuredDays}` },
      { name: "findings", value: rows[0]?.findings ?? 0, unit: "" },
    ],
  };
}
