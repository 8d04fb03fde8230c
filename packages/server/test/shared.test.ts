import { expect, test } from "vitest";
import { shared } from "../src/shared.ts";

const whole = {};
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test("who asks while an answer is being made gets the same one, and a failure is not remembered", async () => {
  let made = 0;
  const answer = shared({ times: 1, msMin: 1_000, msMax: 1_000 }, async () => {
    made++;
    await wait(5);
    if (made === 1) throw new Error("away");
    return made;
  });
  const first = [answer(whole), answer(whole)];
  for (const each of first) await expect(each).rejects.toThrow("away");
  expect(await Promise.all([answer(whole), answer(whole)])).toEqual([2, 2]);
  expect(await answer(whole)).toBe(2);
});

test("an answer that is a little late is given while a newer one is made, once", async () => {
  let made = 0;
  let go: (() => void) | undefined;
  const answer = shared({ times: 0, msMin: 0, msMax: 0, msLate: 60_000 }, async () => {
    const mine = ++made;
    if (mine > 1)
      await new Promise<void>((resolve) => {
        go = resolve;
      });
    if (mine === 2) throw new Error("away");
    return mine;
  });
  expect(await answer(whole)).toBe(1);
  await wait(1);
  expect(await Promise.all([answer(whole), answer(whole)])).toEqual([1, 1]);
  expect(made).toBe(2);
  // The newer one failed: the old one stands, and it is tried again.
  go!();
  await wait(1);
  expect(await answer(whole)).toBe(1);
  expect(made).toBe(3);
  go!();
  await expect.poll(() => answer(whole)).toBe(3);
});
