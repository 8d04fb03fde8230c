import {
  addGroup,
  applyGroupChange,
  type Database,
  editValues,
  everywhere,
  foldGroups,
  sql,
  storeDeliveries,
  validateChanged,
  validateNow,
} from "@energsys/store";
import { atMost, type Bench, type BenchContext, type Metric, median } from "./bench.ts";
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

const pointsUsual = 120;
const firstDay = "2026-09-01";
const dayCount = 45;
const editCount = 30;
const groupSize = 60;

/** One value that a person edits: the edit, the validation of the day and of what used it, the sums of the groups above it. */
export const bench: Bench = {
  name: "edit",
  about:
    "one value edited in a month of 120 points (--points): validated and summed anew, until everything is true again",
  run: (context) => withServer(({ open }) => measure(open(2), context)),
};

async function measure(db: Database, context: BenchContext): Promise<{ metrics: Metric[] }> {
  const count = context.points ?? pointsUsual;
  const dates = daysFrom(firstDay, dayCount);
  const meters = await makeMeters(db, "E", count, { installed: true });
  const random = randomFrom(5);
  const nowMs = Date.parse(`${dates.at(-1)}T00:00:00Z`) + 3 * 86_400_000;
  const clock = { zone, nowMs };
  const days = dates.slice(0, -1);
  for (let start = 0; start < meters.length; start += 20) {
    const batch = meters
      .slice(start, start + 20)
      .map((meter) => deliveryOf(meter, days, curvesOf(random, days)));
    await storeDeliveries(db, batch, clock);
  }
  const { rows: points } = await db.query<{ id: number }>(
    sql`select point_id as id from installation order by point_id`,
  );
  for (let start = 0; start < points.length; start += groupSize) {
    const groupId = await addGroup(db, { kind: "transformer", name: `T${start}`, branchId: null });
    const add = points.slice(start, start + groupSize).map(({ id }) => ({ pointId: id, sign: 1 as const }));
    const change = { groupId, side: "members" as const, fromMs: Date.UTC(2026, 0, 1), add };
    await applyGroupChange(db, everywhere, change, { by: "bench", reason: "" });
  }
  const settle = async () => {
    while ((await validateChanged(db, clock)).changes > 0);
    for (;;) {
      const { changes, days: due } = await foldGroups(db, clock);
      if (changes + due === 0) return;
    }
  };
  context.log(
    `${days.length} days of ${count} points stored; settled in ${(await timed(settle)).toFixed(1)} s`,
  );
  for (const table of ["load_day", "group_day", "finding", "channel"] as const)
    await db.query({ text: `vacuum analyze ${table}`, values: [] });
  // Beside it, on the same machine at the same time: a day of one meter stored.
  const stored: number[] = [];
  for (const meter of meters.slice(0, editCount)) {
    const last = dates.slice(-1);
    const delivery = deliveryOf(meter, last, curvesOf(random, last));
    stored.push(1000 * (await timed(() => storeDeliveries(db, [delivery], clock))));
  }
  await settle();
  const { rows: channels } = await db.query<{ channelId: number; pointId: number }>(sql`
    select channel_id as "channelId", point_id as "pointId" from channel
    where point_id is not null and obis = '1-0:1.29.0*255' order by channel_id limit ${editCount}`);
  const parts = { edit: [] as number[], validate: [] as number[], sum: [] as number[], all: [] as number[] };
  for (const [nth, { channelId, pointId }] of channels.entries()) {
    // In the middle of the history: rules of a month of later days look back at it.
    const day = dates[10 + (nth % 5)]!;
    const request = {
      channelId,
      day,
      values: [{ slot: 40, value: 400 + nth }],
      reason: "misreading" as const,
      comment: "bench",
      by: "bench",
    };
    const edit = 1000 * (await timed(() => editValues(db, everywhere, request, clock)));
    const validate = 1000 * (await timed(() => validateNow(db, [{ channelId, pointId, date: day }], clock)));
    const sum = 1000 * (await timed(() => foldGroups(db, clock)));
    parts.edit.push(edit);
    parts.validate.push(validate);
    parts.sum.push(sum);
    parts.all.push(edit + validate + sum);
    await settle();
  }
  const sorted = parts.all.toSorted((a, b) => a - b);
  return {
    metrics: [
      atMost("one value edited, validated and summed, median", median(parts.all), "ms", 200),
      {
        name: "the same, the slowest of twenty",
        value: sorted[Math.floor(sorted.length * 0.95)]!,
        unit: "ms",
      },
      { name: "of it: the edit and its day", value: median(parts.edit), unit: "ms" },
      {
        name: "of it: validating the day and those that look at it",
        value: median(parts.validate),
        unit: "ms",
      },
      { name: "of it: sums of the groups", value: median(parts.sum), unit: "ms" },
      { name: "a day of one meter stored, beside it", value: median(stored), unit: "ms" },
      { name: "an edit to a stored day", value: median(parts.all) / median(stored), unit: "ratio" },
    ],
  };
}
