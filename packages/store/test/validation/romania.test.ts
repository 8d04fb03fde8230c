import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { quality } from "@energsys/metering";
import {
  acceptFinding,
  everywhere,
  importInventory,
  listFindings,
  previewAcceptance,
  readFindingDetail,
  readLoadDays,
  sql,
  storeDeliveries,
  validateChanged,
} from "@energsys/store";
import { testDatabase } from "@energsys/store/testing";
import { describe, expect, test } from "vitest";
import { delivery, inventoryOf, meterIds, profileOf } from "../field.ts";
import { startOf, zone } from "./town.ts";

/**
 * The load of the Romanian system by the hour as it was published, with its real defects. No licence is stated: it is read where it is and
 * never copied into the repository.
 */
const path = join(import.meta.dirname, "../../../../../shared/loads/romania_system_hourly_2023-2024_mw.csv");
const from = "2024-03-01";
const to = "2024-08-01";

/** Hours of a file in local time by their instant; what the clock did not show, or showed twice, is decided by the order of the rows. */
function readHours(): Map<number, number> {
  const hours = new Map<number, number>();
  for (const line of readFileSync(path, "utf8").split("\n").slice(1)) {
    const [stamp = "", consumption = ""] = line.split(",");
    if (stamp < from || stamp >= to || consumption === "") continue;
    const wall = Temporal.PlainDateTime.from(stamp.replace(" ", "T"));
    const earlier = wall.toZonedDateTime(zone, { disambiguation: "earlier" }).epochMilliseconds;
    const later = wall.toZonedDateTime(zone, { disambiguation: "later" }).epochMilliseconds;
    // An hour that is told twice and comes twice: the first row is the earlier one.
    hours.set(hours.has(earlier) ? later : earlier, Number(consumption));
  }
  return hours;
}

describe.skipIf(!existsSync(path))(
  "published hours with real defects (skipped without the folder of load curves)",
  () => {
    test("its missing hours are found, estimated, looked at and accepted", async () => {
      const { db, drop } = await testDatabase();
      try {
        await importInventory(db, inventoryOf(1));
        const [meterId = 0] = await meterIds(db);
        const nowMs = startOf(to) + 2 * 86_400_000;
        const context = { nowMs, zone };
        const hours = readHours();
        const startMs = startOf(from);
        const count = (startOf(to) - startMs) / 3_600_000;
        const values = Float64Array.from(
          { length: count },
          (_, nth) => hours.get(startMs + nth * 3_600_000) ?? Number.NaN,
        );
        const missing = values.filter(Number.isNaN).length;
        expect(missing).toBeGreaterThan(0);
        // MW as Wh of a town: the shape is what matters.
        const profile = profileOf(startMs, values, { periodSeconds: 3600 });
        await storeDeliveries(db, [await delivery(db, meterId, [profile])], context);
        while ((await validateChanged(db, context)).changes > 0);
        const list = async (states: readonly ("open" | "estimated" | "accepted")[]) =>
          (
            await listFindings(db, everywhere, {
              states,
              rules: ["V03"],
              fromDay: from,
              toDay: to,
              limit: 1000,
            })
          ).rows;
        const gaps = await list(["open", "estimated"]);
        expect(gaps.reduce((sum, { count: slots }) => sum + slots, 0)).toBe(missing);
        expect(gaps.every(({ state }) => state === "estimated")).toBe(true);
        for (const { findingId, channelId, day, count: slots, estimate } of gaps) {
          const detail = await readFindingDetail(db, everywhere, findingId, context);
          expect(detail.estimates.length).toBeGreaterThan(0);
          // An estimate of a country's hour is between half its least and twice its most.
          for (const { values: made } of detail.estimates)
            for (const value of made)
              if (value !== null) expect(value).toSatisfy((wh: number) => wh > 2_000 && wh < 20_000);
          const [stored] = await readLoadDays(
            db,
            channelId,
            day,
            Temporal.PlainDate.from(day).add({ days: 1 }).toString(),
          );
          const laid = detail.slots.map((slot) => [stored?.flags[slot], stored?.values[slot] ?? 0] as const);
          expect(laid.every(([flags]) => flags === quality.estimated)).toBe(true);
          expect(laid.reduce((sum, [, value]) => sum + value, 0)).toBe(estimate);
          expect(slots).toBe(detail.slots.length);
          await acceptFinding(
            db,
            everywhere,
            { findingId, stands: "estimate", note: "", by: "ana" },
            context,
          );
        }
        expect(await list(["open", "estimated"])).toEqual([]);
        const left = await previewAcceptance(db, everywhere, {
          rule: "V03",
          method: "E3",
          fromDay: from,
          toDay: to,
        });
        expect(left.findingIds).toEqual([]);
        while ((await validateChanged(db, context)).changes > 0);
        expect(await list(["accepted"])).toHaveLength(gaps.length);
        const { rows } = await db.query<{ slots: number }>(sql`
        select slots from load_day join channel using (channel_id) where point_id is not null and day = '2024-03-31'`);
        expect(rows[0]?.slots).toBe(23);
      } finally {
        await drop();
      }
    }, 120_000);
  },
);
