import { validateChanged } from "@energsys/store";
import { testDatabase } from "@energsys/store/testing";
import { expect, test } from "vitest";
import { liveThrough, resultsOf } from "./defective-town.ts";
import { zone } from "./town.ts";

test("a network in which everything goes wrong comes to the findings, estimates and versions that are written down", async () => {
  const { db, drop } = await testDatabase();
  try {
    await liveThrough(db, async (nowMs) => {
      while ((await validateChanged(db, { nowMs, zone })).changes > 0);
    });
    await expect(await resultsOf(db)).toMatchFileSnapshot("same-results.txt");
  } finally {
    await drop();
  }
}, 180_000);
