import { type Database, sql, storeDeliveries, validateChanged } from "@energsys/store";
import { atLeast, type Bench, type BenchContext, type Metric, median } from "./bench.ts";
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
/** Days that are delivered and validated one after the other with the history before them. */
const measuredDays = 5;

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
  /** Of these: reading the days, what is laid over them, the days around and before them, and what else rules look at. */
  readonly loadingSeconds: number;
}

async function measure(db: Database, context: BenchContext): Promise<{ metrics: Metric[] }> {
  const points = context.points ?? pointsUsual;
  const dates = daysFrom(firstDay, historyDays + measuredDays);
  const meters = await makeMeters(db, "V", points, { installed: true });
  const random = randomFrom(3);
  const curves = meters.map(() => curvesOf(random, dates));
  // Around noon of the day after: the day is over for twelve hours, and the next one is not.
  const noonAfter = (day: number) => Date.parse(`${dates[day - 1]}T00:00:00Z`) + 35 * 3_600_000;
  const deliver = async (from: number, to: number) => {
    for (let start = 0; start < meters.length; start += atOnce) {
      const part = meters.slice(start, start + atOnce);
      const deliveries = part.map((meter, nth) =>
        deliveryOf(meter, dates.slice(from, to), curves[start + nth]!.slice(from, to)),
      );
      await storeDeliveries(db, deliveries, { nowMs: noonAfter(to), zone });
    }
  };
  const validate = async (nowMs: number): Promise<Worked> => {
    const sum = { days: 0, written: 0, seconds: 0, loadingSeconds: 0 };
    for (;;) {
      const began = performance.now();
      const round = await validateChanged(db, { nowMs, zone });
      sum.seconds += (performance.now() - began) / 1000;
      if (round.changes === 0) return sum;
      sum.days += round.days;
      sum.written += round.daysWritten;
      sum.loadingSeconds += round.loadingMs / 1000;
    }
  };
  for (let day = 0; day < historyDays; day += 5) await deliver(day, day + 5);
  const history = await validate(noonAfter(historyDays));
  context.log(`${history.days} days of history validated in ${history.seconds.toFixed(1)} s`);
  await db.query(sql`vacuum analyze load_day`);
  const delivered: number[] = [];
  const worked: Worked[] = [];
  for (let day = historyDays; day < dates.length; day++) {
    delivered.push(await timed(() => deliver(day, day + 1)));
    worked.push(await validate(noonAfter(day + 1)));
  }
  const channelDays = points * 2;
  const { rows } = await db.query<{ findings: number }>(sql`select count(*)::int as findings from finding`);
  const rate = (seconds: (day: Worked) => number) => channelDays / median(worked.map(seconds));
  const written = worked.reduce((sum, day) => sum + day.written, 0);
  return {
    metrics: [
      { name: "channel-days of a day stored", value: channelDays / median(delivered), unit: "1/s" },
      {
        name: "channel-days of a day validated",
        value: rate(({ seconds }) => seconds),
        unit: "1/s",
      },
      atLeast(
        "the same, loading not counted",
        rate(({ seconds, loadingSeconds }) => seconds - loadingSeconds),
        "1/s",
        33_333,
      ),
      { name: "channel-days of history validated", value: history.days / history.seconds, unit: "1/s" },
      { name: "days estimated, of so many", value: written, unit: `of ${channelDays * measuredDays}` },
      { name: "findings", value: rows[0]?.findings ?? 0, unit: "" },
    ],
  };
}
