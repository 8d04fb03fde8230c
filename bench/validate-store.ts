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
/** Days that are delivered and validated one after the other, with the history before them. */
const measuredDays = 3;

/** Validation in the database: deliveries stored, then the server's rounds until the change list is empty. */
export const bench: Bench = {
  name: "validate-store",
  about:
    "a day of 1,000 points (--points) × 2 channels delivered, then validated and estimated in the database",
  run: (context) => withServer(({ open }) => measure(open(1), context)),
};

async function measure(db: Database, context: BenchContext): Promise<{ metrics: Metric[] }> {
  const points = context.points ?? pointsUsual;
  const dates = daysFrom(firstDay, historyDays + measuredDays);
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
  const validate = async () => {
    const sum = { days: 0, written: 0 };
    for (;;) {
      const round = await validateChanged(db, { nowMs, zone });
      if (round.changes === 0) return sum;
      sum.days += round.days;
      sum.written += round.daysWritten;
    }
  };
  for (let day = 0; day < historyDays; day += 5) await deliver(day, day + 5);
  const history = { seconds: 0, days: 0 };
  history.seconds = await timed(async () => {
    history.days = (await validate()).days;
  });
  context.log(`${history.days} days of history validated in ${history.seconds.toFixed(1)} s`);
  await db.query(sql`vacuum analyze load_day`);
  const delivered: number[] = [];
  const validated: number[] = [];
  let written = 0;
  for (let day = historyDays; day < historyDays + measuredDays; day++) {
    delivered.push(await timed(() => deliver(day, day + 1)));
    validated.push(
      await timed(async () => {
        written += (await validate()).written;
      }),
    );
  }
  const channelDays = points * 2;
  const { rows } = await db.query<{ findings: number }>(sql`select count(*)::int as findings from finding`);
  return {
    metrics: [
      { name: "channel-days of a day stored", value: channelDays / median(delivered), unit: "1/s" },
      {
        name: "channel-days of a day validated, one connection",
        value: channelDays / median(validated),
        unit: "1/s",
      },
      { name: "channel-days of history validated", value: history.days / history.seconds, unit: "1/s" },
      { name: "days estimated, of so many", value: written, unit: `of ${channelDays * measuredDays}` },
      { name: "findings", value: rows[0]?.findings ?? 0, unit: "" },
    ],
  };
}
