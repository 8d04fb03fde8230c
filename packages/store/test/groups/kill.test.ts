import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { marketDay } from "@energsys/metering";
import {
  addGroup,
  applyGroupChange,
  everywhere,
  foldGroups,
  importInventory,
  readFoldState,
  sql,
  storeDeliveries,
} from "@energsys/store";
import { testDatabase } from "@energsys/store/testing";
import { expect, test } from "vitest";
import { delivery, inventoryOf, meterIds, profileOf } from "../field.ts";
import { slotsByIntervals, slotsBySums } from "./truth.ts";

const zone = "Europe/Bucharest";
const context = { nowMs: Date.UTC(2026, 10, 23, 12), zone };
const program = fileURLToPath(new URL("./folding.ts", import.meta.url));

test("a process that is killed while it sums, again and again, leaves sums that become right", async () => {
  const { db, url, drop } = await testDatabase();
  try {
    await importInventory(db, inventoryOf(20));
    const { rows } = await db.query<{ id: number }>(sql`select point_id as id from point order by point_id`);
    const fromMs = marketDay("2026-10-01", zone).startMs;
    for (const [nth, kind] of (["transformer", "feeder", "riser"] as const).entries()) {
      const groupId = await addGroup(db, { kind, name: kind, branchId: null });
      const add = rows.slice(nth * 5).map(({ id }) => ({ pointId: id, sign: 1 as const }));
      await applyGroupChange(
        db,
        everywhere,
        { groupId, side: "members", fromMs, add },
        { by: "test", reason: "" },
      );
    }
    const meters = await meterIds(db);
    const feed = async (nth: number) => {
      const { startMs } = marketDay(`2026-10-${String(1 + (nth % 28)).padStart(2, "0")}`, zone);
      const values = Float64Array.from({ length: 96 }, (_, slot) => (slot * (nth + 7)) % 251);
      await storeDeliveries(
        db,
        [await delivery(db, meters[nth % 20]!, [profileOf(startMs, values)])],
        context,
      );
    };
    let unfinished = 0;
    for (let kill = 0; kill < Number(process.env["ENERGSYS_TIMES"] ?? 3); kill++) {
      await db.query(sql`
        insert into group_due (group_id, from_day, to_day)
        select group_id, day::date, day::date + 1
        from point_group, generate_series('2026-10-01'::date, '2026-10-28', '1 day') as day`);
      const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", program, url], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      await once(child.stdout!, "data");
      for (let nth = 0; nth < 8; nth++) await feed(kill * 8 + nth);
      await wait(kill * 7);
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
      const { changes, due } = await readFoldState(db);
      if (changes + due > 0) unfinished++;
    }
    // Most kills came in the middle, or the test would show nothing.
    expect(unfinished).toBeGreaterThan(0);
    // The server lets the killed connections go, and with them the lock, when it notices.
    for (let idle = 0; idle < 3; ) {
      const outcome = await foldGroups(db, context);
      idle = outcome.changes + outcome.days === 0 ? idle + 1 : 0;
      await wait(5);
    }
    expect(await readFoldState(db)).toEqual({ changes: 0, due: 0, since: null });
    expect(await slotsBySums(db)).toEqual(await slotsByIntervals(db));
    expect((await slotsBySums(db)).length).toBeGreaterThan(1000);
  } finally {
    await drop();
  }
}, 120_000);
