import { type LossCell, rankSuspects } from "@energsys/metering";
import { afterAll, expect, test } from "vitest";
import { RankingRunner, rankingLimits } from "../src/losses/ranking-runner.ts";

const days = 14;
const wave = (seed: number, i: number): number => {
  const x = Math.sin(seed * 12.9898 + Math.floor(i / (3 + (seed % 5))) * 78.233) * 43_758.5453;
  return 30 + Math.floor((x - Math.floor(x)) ** 3 * 900);
};
const member = (id: number, part = 1) => ({
  id,
  netWh: Float64Array.from({ length: days * 96 }, (_, i) => Math.round(wave(id, i) * part)),
  factor: 1,
  indirect: false,
  phases: 1 as const,
});
/** Of the third only a half is counted. */
const cell: LossCell<number> = {
  daySlots: Array.from({ length: days }, () => 96),
  startMs: Date.UTC(2026, 1, 1),
  balanceWh: Float64Array.from({ length: days * 96 }, (_, i) =>
    [1, 2, 3, 4].reduce((sum, id) => sum + wave(id, i), 20),
  ),
  members: [member(1), member(2), member(3, 0.5), member(4)],
};
const runner = new RankingRunner();
afterAll(() => runner.close());

test("a thread ranks as the function does, one after the other", async () => {
  const direct = rankSuspects(cell);
  expect(direct.suspects[0]?.id).toBe(3);
  expect(await Promise.all([runner.rank(cell), runner.rank(cell)])).toEqual([direct, direct]);
});

test("one that takes too long is ended, and the next gets another thread", async () => {
  const hasty = new RankingRunner({ ...rankingLimits, taskMs: 1, waitingMax: 1 });
  const late = hasty.rank(cell);
  const waiting = hasty.rank(cell);
  await expect(hasty.rank(cell)).rejects.toMatchObject({ code: "losses.busy" });
  await expect(late).rejects.toMatchObject({ code: "losses.too-long" });
  await expect(waiting).rejects.toMatchObject({ code: "losses.too-long" });
  await hasty.close();
});

test("a cell that cannot be ranked says so, and the thread after it ranks", async () => {
  await expect(runner.rank({ ...cell, daySlots: [96] })).rejects.toThrow(/intervals in days/);
  expect((await runner.rank(cell)).suspects[0]?.id).toBe(3);
});
