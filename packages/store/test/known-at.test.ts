import { arrivalsAfterFill, arrivedAtOnce, unpackArrivals, unpackDay } from "@energsys/metering";
import {
  editValues,
  everywhere,
  listChannelDays,
  listChannelDaysAt,
  listRegisterReadingsAt,
  sql,
  undoEdit,
} from "@energsys/store";
import { testDatabase } from "@energsys/store/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { dateOf, quiet, startOf, TestPoint, zone } from "./validation/town.ts";

const first = "2026-10-01";
const days = 26;
const clockDay = "2026-10-25";

/** What a screen shows of these days, without the digests of days that hold nothing. */
const shown = (rows: Awaited<ReturnType<typeof listChannelDays>>) =>
  rows
    .map(({ day, slots, v, q, sum, max, maxAt, ok }) => ({
      day,
      sum,
      max,
      maxAt,
      ok,
      ...unpackDay(v, q, slots),
    }))
    .filter(({ values }) => values.some((value) => !Number.isNaN(value)));

test("whatever came, was estimated, edited and taken back, each past instant shows what a reader saw then", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(1_000_000), { minLength: 12, maxLength: 12 }), async (seeds) => {
      const { db, drop } = await testDatabase();
      try {
        const point = await TestPoint.make(db, first, days);
        const span = { fromDay: clockDay, toDay: dateOf(clockDay, 3) };
        const channels = await db.query<{ channelId: number }>(
          sql`select channel_id as "channelId" from channel order by 1`,
        );
        const seen: { atMs: number; channelId: number; rows: ReturnType<typeof shown> }[] = [];
        const look = async () => {
          // A first value counts from the end of the second in which it was written.
          const atMs = point.nowMs + 1_000;
          for (const { channelId } of channels.rows)
            seen.push({ atMs, channelId, rows: shown(await listChannelDays(db, { channelId, ...span })) });
        };
        await look();
        let editId: number | undefined;
        for (const seed of seeds) {
          point.nowMs += 60_000 + (seed % 7_200_000);
          const date = dateOf(clockDay, seed % 3);
          const slot = seed % 92;
          switch (seed % 5) {
            case 0:
              await point.validate();
              break;
            case 1: {
              const values = [{ slot, value: seed % 900 }];
              const edit = await editValues(
                db,
                everywhere,
                {
                  channelId: point.channelId,
                  day: date,
                  values,
                  reason: "misreading",
                  comment: "x",
                  by: "ana",
                },
                { nowMs: point.nowMs, zone },
              );
              editId = edit.editId;
              break;
            }
            case 2:
              if (editId !== undefined)
                await undoEdit(
                  db,
                  everywhere,
                  { editId, comment: "x", by: "ana" },
                  { nowMs: point.nowMs, zone },
                ).catch((error: { code?: string }) => expect(error.code).toBe("edit.not-applied"));
              break;
            default: {
              const values = quiet(date, seed % 4 === 0 ? 100 : 130).subarray(slot, slot + 1 + (seed % 40));
              await point.deliver(date, values, { fromSlot: slot });
            }
          }
          await look();
        }
        for (const { atMs, channelId, rows } of seen)
          expect(shown(await listChannelDaysAt(db, { channelId, ...span, knownAtMs: atMs }))).toEqual(rows);
      } finally {
        await drop();
      }
    }),
    { numRuns: 5, endOnFailure: true },
  );
}, 120_000);

test("what fills a gap later is not shown before it came, on a day of 100 quarter-hours too", async () => {
  const { db, drop } = await testDatabase();
  try {
    const point = await TestPoint.make(db, first, 24);
    const channelId = point.channelId;
    const at = async (knownAtMs: number) => {
      const span = { fromDay: clockDay, toDay: dateOf(clockDay, 1) };
      const [day] = shown(await listChannelDaysAt(db, { channelId, ...span, knownAtMs }));
      return day ? day.values.reduce((count, value) => (Number.isNaN(value) ? count : count + 1), 0) : 0;
    };
    const whole = quiet(clockDay);
    const morning = startOf(dateOf(clockDay, 1)) + 3_600_000;
    point.nowMs = morning;
    await point.deliver(clockDay, whole.subarray(0, 40));
    point.nowMs = morning + 86_400_000;
    await point.deliver(clockDay, whole.subarray(60), { fromSlot: 60 });
    point.nowMs = morning + 2 * 86_400_000;
    await point.deliver(clockDay, whole);
    expect(await at(morning - 1)).toBe(0);
    expect(await at(morning)).toBe(40);
    expect(await at(morning + 86_400_000)).toBe(80);
    expect(await at(morning + 2 * 86_400_000)).toBe(100);
    const { rows } = await db.query(sql`
      select 1 from load_day_hist join channel using (channel_id) where point_id is not null and day = ${clockDay}`);
    expect(rows).toEqual([]);
  } finally {
    await drop();
  }
});

test("a day of the release before this one is known ever since; what fills it afterwards is not", async () => {
  const { db, drop } = await testDatabase();
  try {
    const point = await TestPoint.make(db, first, 10);
    const date = dateOf(first, 10);
    point.nowMs = startOf(dateOf(date, 1));
    await point.deliver(date, quiet(date).subarray(0, 50));
    await db.query(sql`update load_day set arrivals = null`);
    point.nowMs = startOf(dateOf(date, 2));
    await point.deliver(date, quiet(date).subarray(50), { fromSlot: 50 });
    const span = { channelId: point.channelId, fromDay: date, toDay: dateOf(date, 1) };
    const [before] = await listChannelDaysAt(db, { ...span, knownAtMs: point.nowMs - 1 });
    const [after] = await listChannelDaysAt(db, { ...span, knownAtMs: point.nowMs });
    expect([before?.ok, after?.ok]).toEqual([50, 96]);
  } finally {
    await drop();
  }
});

test("a register is shown with the value that was known, corrections only from when they came", async () => {
  const { db, drop } = await testDatabase();
  try {
    const point = await TestPoint.make(db, first, 3);
    const registers = (value: string) => [point.register(dateOf(first, 1), value)];
    const one = Date.UTC(2026, 9, 5);
    const two = Date.UTC(2026, 9, 9);
    await point.deliver(first, new Float64Array(), { registers: registers("100.5"), receivedAtMs: one });
    await point.deliver(first, new Float64Array(), { registers: registers("110.5"), receivedAtMs: two });
    const at = async (knownAtMs: number) =>
      (await listRegisterReadingsAt(db, { pointId: point.pointId, limit: 10, knownAtMs })).map(
        ({ value, version }) => `${value} ${version}`,
      );
    expect(await at(one - 1)).toEqual([]);
    expect(await at(two - 1)).toEqual(["100.5 1"]);
    expect(await at(two)).toEqual(["110.5 2"]);
  } finally {
    await drop();
  }
});

test("arrivals come back as they were written, and a meter that is read each quarter-hour costs two bytes for one", () => {
  const date = "2026-10-25";
  const dayStartS = Date.parse("2026-10-24T21:00:00Z") / 1000;
  const values = new Float64Array(100).fill(Number.NaN);
  let arrivals: Uint8Array | null = null;
  const expected: number[] = [];
  for (let slot = 0; slot < 100; slot++) {
    const before: Parameters<typeof arrivalsAfterFill>[1] = { values: values.slice(), arrivals };
    values[slot] = slot;
    const atS = dayStartS + (slot + 1) * 900 + 20 + ((slot * 7) % 30);
    arrivals = slot === 0 ? arrivedAtOnce(date, 100, atS) : arrivalsAfterFill(date, before, { values }, atS);
    expected.push(atS);
  }
  expect([...unpackArrivals(date, 100, arrivals)]).toEqual(expected);
  expect(arrivals?.length).toBeLessThanOrEqual(203);
  expect(arrivedAtOnce(date, 96, dayStartS + 90_000).length).toBeLessThanOrEqual(4);
  expect(() => unpackArrivals(date, 96, Uint8Array.of(97, 0))).toThrow("past the day");
});
