import { expect, test } from "vitest";
import { pacedClocks } from "../src/links/paced-clock.ts";

/** Works for so long. */
function work(ms: number): void {
  const untilMs = performance.now() + ms;
  while (performance.now() < untilMs);
}

test("five hundred devices that wake together, each with what it promises, leave the loop its turns", async () => {
  const clocks = pacedClocks();
  const order: number[] = [];
  const done = Promise.all(
    Array.from({ length: 500 }, (_, nth) => {
      const clock = clocks(Date.now);
      return new Promise<void>((resolve) => {
        clock.after(20, () => {
          order.push(nth);
          // What comes of it is a promise, as an answer on a line is.
          void Promise.resolve().then(() => {
            work(1);
            resolve();
          });
        });
      });
    }),
  );
  // A socket would be served in each turn: so many of them are there while half a second of work is done.
  let turns = 0;
  let over = false;
  const turn = () => {
    turns++;
    if (!over) setImmediate(turn);
  };
  setImmediate(turn);
  await new Promise((resolve) => setTimeout(resolve, 25));
  const before = turns;
  await done;
  over = true;
  expect(turns - before).toBeGreaterThan(20);
  expect(order).toEqual(Array.from({ length: 500 }, (_, nth) => nth));
});

test("what was taken back is not done, and one that fails does not keep the others", async () => {
  const clock = pacedClocks()(Date.now);
  const done: number[] = [];
  const failed: unknown[] = [];
  const hear = (error: unknown) => failed.push(error);
  const others = process.listeners("uncaughtException");
  process.removeAllListeners("uncaughtException");
  process.on("uncaughtException", hear);
  try {
    clock.after(10, () => done.push(1));
    clock.after(10, () => {
      throw new Error("of a device");
    });
    const cancel = clock.after(10, () => done.push(2));
    clock.after(10, () => done.push(3));
    cancel();
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(done).toEqual([1, 3]);
    expect(failed).toEqual([new Error("of a device")]);
    // At once is at once.
    clock.after(0, () => done.push(4));
    expect(done).toEqual([1, 3, 4]);
  } finally {
    process.removeListener("uncaughtException", hear);
    for (const other of others) process.on("uncaughtException", other);
  }
});
