import { unpackDay } from "@energsys/metering";
import { editValues, everywhere, queueDays, sql, undoEdit } from "@energsys/store";
import { testDatabase } from "@energsys/store/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { dateOf, quiet, startOf, TestPoint, zone } from "./town.ts";

const first = "2026-10-01";
/** The day of 100 quarter-hours, and those around it. */
const clockDay = "2026-10-25";
const dates = [dateOf(clockDay, -1), clockDay, dateOf(clockDay, 1), dateOf(clockDay, 2)];
const span = { fromDay: first, toDay: dateOf(clockDay, 4) };

/** One thing that happens to a day: values come, late or other ones; a person edits; validation runs. */
const act = fc.record({
  what: fc.constantFrom("deliver", "deliver", "edit", "edit", "validate"),
  nth: fc.nat(3),
  slot: fc.nat(91),
  count: fc.integer({ min: 1, max: 40 }),
  level: fc.constantFrom(100, 130, 2_000),
});
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;

class Kept {
  readonly point: TestPoint;
  readonly #db: Awaited<ReturnType<typeof testDatabase>>["db"];
  readonly edits: number[] = [];
  #replaced = new Map<string, string>();
  readonly #shown: Version[] = [];

  constructor(db: Awaited<ReturnType<typeof testDatabase>>["db"], point: TestPoint) {
    this.#db = db;
    this.point = point;
  }

  get context() {
    return { nowMs: this.point.nowMs, zone };
  }

  async apply({ what, nth, slot, count, level }: Act): Promise<void> {
    const date = dates[nth]!;
    this.point.nowMs += 3_600_000;
    if (what === "validate") await this.point.validate();
    else if (what === "deliver")
      await this.point.deliver(date, quiet(date, level).subarray(slot, slot + count), { fromSlot: slot });
    else {
      const asked = { channelId: this.point.channelId, day: date, values: [{ slot, value: level + count }] };
      const words = { reason: "misreading", comment: "x", by: "ana" } as const;
      const { editId } = await editValues(this.#db, everywhere, { ...asked, ...words }, this.context);
      this.edits.push(editId);
    }
  }

  async undo(editId: number): Promise<void> {
    this.point.nowMs += 60_000;
    await undoEdit(this.#db, everywhere, { editId, comment: "x", by: "dan" }, this.context);
  }

  async validateAll(): Promise<Awaited<ReturnType<TestPoint["validate"]>>> {
    await queueDays(this.#db, { pointIds: [this.point.pointId], ...span });
    return this.point.validate();
  }

  /** What the days show now. */
  async days() {
    return Promise.all(
      dates.map(async (date) => {
        const day = await this.point.day(date);
        return day && { date, values: day.values, flags: day.flags };
      }),
    );
  }

  /**
   * Versions that were replaced stay as they are, and whatever a day once showed stands in one of its versions. A delivery that only fills
   * a gap makes a version of its own and leaves none behind (the filled one says when each value came).
   */
  async nothingIsLost(): Promise<void> {
    const { rows } = await this.#db.query<{ key: string; value: string }>(sql`
      select concat_ws(' ', 'day', channel_id, day, ver) as key,
        md5(v || coalesce(q, '') || coalesce(arrivals, '')) as value from load_day_hist
      union all
      select concat_ws(' ', 'overlay', channel_id, day, ver), md5(v || coalesce(methods, '')) from point_overlay`);
    const now = new Map(rows.map(({ key, value }) => [key, value]));
    for (const [key, value] of this.#replaced) expect([key, now.get(key)]).toEqual([key, value]);
    this.#replaced = now;
    const versions = await this.#versions();
    for (const shown of this.#shown) expect(versions.some((version) => holds(version, shown))).toBe(true);
    this.#shown.push(...versions.filter(({ replaced }) => !replaced));
  }

  async #versions(): Promise<Version[]> {
    const { rows } = await this.#db.query<Stored>(sql`
      select channel_id || ' ' || day as of, ver, slots, v, q, false as replaced from load_day
        where day >= ${dates[0]!}::date
      union all
      select h.channel_id || ' ' || h.day, h.ver, d.slots, h.v, h.q, true from load_day_hist as h
        join load_day as d using (channel_id, day) where h.day >= ${dates[0]!}::date`);
    return rows.map(({ v, q, slots, ...row }) => ({ ...row, ...unpackDay(v, q, slots) }));
  }
}

interface Stored {
  readonly of: string;
  readonly ver: number;
  readonly slots: number;
  readonly v: Buffer;
  readonly q: Buffer | null;
  readonly replaced: boolean;
}
type Version = Pick<Stored, "of" | "ver" | "replaced"> & ReturnType<typeof unpackDay>;

const holds = (version: Version, shown: Version): boolean =>
  version.of === shown.of &&
  version.ver >= shown.ver &&
  shown.values.every(
    (value, slot) =>
      Number.isNaN(value) || (version.values[slot] === value && version.flags[slot] === shown.flags[slot]),
  );

test("whatever came and was edited: validating twice is once, undo restores what would be without the edits, no version is lost", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(act, { minLength: 8, maxLength: 10 }),
      fc.infiniteStream(fc.nat(1_000)),
      async (acts, draws) => {
        const [one, two] = await Promise.all([testDatabase(), testDatabase()]);
        try {
          const edited = new Kept(one.db, await TestPoint.make(one.db, first, 24));
          const plain = new Kept(two.db, await TestPoint.make(two.db, first, 24));
          edited.point.nowMs = plain.point.nowMs = startOf(dateOf(clockDay, 5));
          for (const given of acts) {
            await edited.apply(given);
            await edited.nothingIsLost();
            if (given.what !== "edit") await plain.apply(given);
          }
          await edited.validateAll();
          const once = await edited.days();
          const again = await edited.validateAll();
          expect(again).toMatchObject({ overlaid: 0, daysWritten: 0, added: 0, cleared: 0 });
          expect(await edited.days()).toEqual(once);
          while (edited.edits.length > 0) {
            const nth = draws.next().value! % edited.edits.length;
            await edited.undo(edited.edits.splice(nth, 1)[0]!);
            await edited.nothingIsLost();
          }
          await edited.validateAll();
          plain.point.nowMs = edited.point.nowMs;
          await plain.validateAll();
          expect(await edited.days()).toEqual(await plain.days());
        } finally {
          await Promise.all([one.drop(), two.drop()]);
        }
      },
    ),
    { numRuns: 2, seed: 20261025, endOnFailure: true },
  );
}, 120_000);
