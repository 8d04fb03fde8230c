import { expect, test } from "vitest";
import { balanceMeters } from "../src/town/balance-meters.ts";
import { GridTown } from "../src/town/grid-town.ts";
import { groupsOf } from "../src/town/town-groups.ts";

test("every point that somebody entered is in one transformer, each of these below its feeder, and each group has the balance meter of its own branch", () => {
  const town = new GridTown({ points: 2000, seed: 1, begin: "2026-10-20" });
  const balances = balanceMeters(town, 30);
  const { groups, classes } = groupsOf(town, balances);
  const transformers = groups.filter(({ kind }) => kind === "transformer");
  const feeders = groups.filter(({ kind }) => kind === "feeder");
  expect([transformers.length, feeders.length]).toEqual([town.transformers.length, town.feeders.length]);
  const forgotten = town.points.filter(({ bookError }) => bookError?.kind === "not-in-group");
  expect(forgotten.length).toBeGreaterThan(0);
  expect(transformers.flatMap(({ members }) => members)).toEqual(
    town.points.filter((point) => !forgotten.includes(point)).map(({ pod }) => pod),
  );
  const keys = new Set(feeders.map(({ key }) => key));
  expect(transformers.every(({ parent }) => keys.has(parent ?? ""))).toBe(true);
  for (const { balance, branch, name } of groups) {
    expect(balance).toHaveLength(1);
    const meter = balances.find(({ pod }) => pod === balance[0]);
    expect([meter?.branch, meter?.name]).toEqual([branch, `Balanță ${name}`]);
  }
  expect(groups.every(({ from }) => Date.parse(from) % 900_000 === 0)).toBe(true);
  expect(classes).toHaveLength(town.points.length + balances.length);
  const lit = classes.filter(({ category }) => category === "lighting").map(({ pod }) => pod);
  expect(lit.length).toBeGreaterThan(0);
  expect(lit).toEqual(town.points.filter(({ name }) => name.startsWith("Iluminat")).map(({ pod }) => pod));
});
