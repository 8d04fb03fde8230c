import { setImmediate as nextTurn } from "node:timers/promises";
import { Turns } from "@energsys/store";
import { expect, test } from "vitest";

const workFor = (ms: number) => {
  for (const start = performance.now(); performance.now() - start < ms; );
};

test("long work leaves a turn of the loop to others each few milliseconds", async () => {
  let others = 0;
  let going = true;
  const other = (async () => {
    for (; going; others++) await nextTurn();
  })();
  const turns = new Turns();
  expect(turns.isLong).toBe(false);
  for (let part = 0; part < 20; part++) {
    workFor(7);
    if (turns.isLong) await turns.next();
  }
  going = false;
  await other;
  expect(others).toBeGreaterThanOrEqual(9);
});
