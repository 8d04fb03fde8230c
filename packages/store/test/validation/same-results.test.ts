import { type Database, sql, validateChanged } from "@energsys/store";
import { testDatabase } from "@energsys/store/testing";
import { expect, test } from "vitest";
import { liveThrough, resultsOf } from "./defective-town.ts";
import { zone } from "./town.ts";

/** The round ends as when its process is killed before the commit. */
function dying(db: Database): Database {
  return {
    query: (statement) => db.query(statement),
    withClient: (work) => db.withClient(work),
    listen: (...given) => db.listen(...given),
    close: () => db.close(),
    transaction: (work, options) =>
      // Partitions are made without a lock, before the round.
      options?.first === undefined
        ? db.transaction(work, options)
        : db.transaction(async (...given) => {
            await work(...given);
            throw new Error("killed");
          }, options),
  };
}

test("a network in which everything goes wrong comes to the findings, estimates and versions that are written down, also when validation is killed before it commits", async () => {
  const { db, drop } = await testDatabase();
  let killed = false;
  try {
    await liveThrough(db, async (nowMs) => {
      const context = { nowMs, zone };
      if (!killed) {
        await expect(validateChanged(dying(db), context)).rejects.toThrow("killed");
        killed = true;
        const { rows } = await db.query<{ n: number }>(sql`select count(*)::int as n from finding`);
        expect(rows[0]?.n).toBe(0);
      }
      while ((await validateChanged(db, context)).changes > 0);
    });
    await expect(await resultsOf(db)).toMatchFileSnapshot("same-results.txt");
  } finally {
    await drop();
  }
}, 180_000);
