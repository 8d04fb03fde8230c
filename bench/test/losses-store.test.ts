import { rankCells, type Suspect } from "@energsys/metering";
import { everywhere, queryContext, readSuspects } from "@energsys/store";
import { testDatabase } from "@energsys/store/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type LossesTown, lossesTown } from "../losses-field.ts";
import { type StoredLosses, storeLossesTown } from "../losses-store-field.ts";
import { zone } from "../store-field.ts";

const { db, drop } = await testDatabase();
afterAll(drop);

const begin = "2026-02-01";
const nowMs = Date.UTC(2026, 2, 10);
const period = { fromDay: begin, toDay: "2026-03-01", zone, nowMs };
let town: LossesTown;
let stored: StoredLosses;

beforeAll(async () => {
  town = lossesTown({ seed: 9_001, points: 80, begin, days: 28 });
  stored = await storeLossesTown(db, town, { begin, nowMs });
});

// Modes that are as likely as one another stand in any order: the line's resistance is stored to a thousandth of an ohm.
const told = ({ id, other, modes, score }: Suspect<number>) => ({
  id,
  other,
  score,
  modes: modes.map(({ mode, likelihood }) => `${mode} ${likelihood.toFixed(3)}`).sort(),
});

test("the ranking of a town in the database names whom the ranking of its ledger and books names", async () => {
  const direct = rankCells(town.cells);
  expect(town.guilty.map(({ kind }) => kind)).toContain("not-in-group");
  for (const { name } of town.cells) {
    const found = await readSuspects(queryContext(db), everywhere, stored.groups.get(name)!, period);
    const indexOf = (id: number | undefined) => (id === undefined ? id : stored.indexOf.get(id)!);
    const ranked = found!.ranking.suspects.map((one) => ({
      ...told(one),
      id: indexOf(one.id),
      other: indexOf(one.other),
    }));
    expect([name, ranked]).toEqual([name, direct.get(name)!.suspects.map(told)]);
    expect(found!.memberIds.size).toBe(town.cells[name]!.cell.members.length);
    expect(found!.outsiders).toBe(town.cells[name]!.cell.outsiders!.length);
  }
}, 60_000);
