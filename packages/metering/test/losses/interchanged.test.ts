import { type LossCell, type LossMember, rankSuspects, suspectsOfVisits } from "@energsys/metering";
import { describe, expect, test } from "vitest";
import { cellOf, honest } from "./households.ts";

const sum = (values: Float64Array) => values.reduce((total, wh) => total + wh, 0);
type Books = NonNullable<LossMember<number>["books"]>;

/** Each place was billed what its own household takes in a year, but for some per cent; `change` books it otherwise. */
function booked(seed: number, change: (id: number) => Books = () => ({})): LossCell<number> {
  const cell = cellOf(seed, honest);
  return {
    ...cell,
    members: cell.members.map((one) => ({
      ...one,
      books: {
        phases: 1 as const,
        household: true,
        mayExport: false,
        expectedYearWh: 12 * sum(one.netWh) * (0.85 + ((one.id * 7) % 30) / 100),
        ...change(one.id),
      },
    })),
  };
}

/** The meters of two members stand at each other's point: energies and phases move, the books stay. */
function interchanged(cell: LossCell<number>, a: number, b: number): LossCell<number> {
  const other = (id: number) => cell.members[id === a ? b : id === b ? a : id]!;
  return {
    ...cell,
    members: cell.members.map((one) => ({
      ...one,
      netWh: other(one.id).netWh,
      phases: other(one.id).phases,
    })),
  };
}

describe("meters that were interchanged behind one transformer", () => {
  test("where the books fit nobody is named", () => {
    for (const seed of [21, 22, 23]) expect(rankSuspects(booked(seed)).suspects).toEqual([]);
  });

  test("two neighbours are named with one another when phases and former energy fit crosswise", () => {
    const cell = booked(24);
    const three = {
      ...cell,
      members: cell.members.map((one) =>
        one.id === 8
          ? {
              ...one,
              phases: 3 as const,
              netWh: one.netWh.map((wh) => 4 * wh),
              books: { ...one.books, phases: 3 as const, expectedYearWh: 48 * sum(one.netWh) },
            }
          : one,
      ),
    };
    const balanceWh = three.balanceWh.map((wh, i) => wh + 3 * cell.members[8]!.netWh[i]!);
    const { suspects } = rankSuspects(interchanged({ ...three, balanceWh }, 8, 9));
    expect(suspects.map(({ id, other, modes }) => [id, other, modes[0]?.mode])).toEqual([
      [8, 9, "swapped"],
      [9, 8, "swapped"],
    ]);
    expect(suspects[0]?.reasons[0]).toMatchObject({ code: "fits-other" });
  });

  test("energy of former years alone names no pair unless it differs far", () => {
    const { suspects } = rankSuspects(interchanged(booked(25), 4, 5));
    expect(suspects).toEqual([]);
  });

  test("a point that is booked wrongly by itself is no interchange", () => {
    const cell = booked(26, (id) => (id === 3 ? { phases: 3, mayExport: true } : {}));
    expect(rankSuspects(cell).suspects).toEqual([]);
  });

  test("two that were interchanged are one visit", () => {
    const suspect = (id: number, other?: number) => ({
      id,
      score: 50,
      explainedWh: 0,
      modes: [],
      reasons: [],
      fromDay: 0,
      toDay: 1,
      ...(other !== undefined && { other }),
    });
    const list = [suspect(1), suspect(2, 3), suspect(3, 2), suspect(4), suspect(5)];
    expect(suspectsOfVisits(list, 3).map(({ id }) => id)).toEqual([1, 2, 3, 4]);
    expect(suspectsOfVisits(list, 2).map(({ id }) => id)).toEqual([1, 2, 3]);
  });
});

describe("what must not change a ranking", () => {
  const half = (truth: Float64Array, id: number) =>
    id === 7 ? truth.map((wh) => Math.round(wh / 2)) : truth;

  test("its unit: ten times all energies give the same suspects and ratios", () => {
    const { technical: _, ...cell } = cellOf(31, half);
    const times = (wh: Float64Array) => wh.map((value) => 10 * value);
    const larger = {
      ...cell,
      balanceWh: times(cell.balanceWh),
      members: cell.members.map((one) => ({ ...one, netWh: times(one.netWh) })),
    };
    const shown = (of: LossCell<number>) =>
      rankSuspects(of).suspects.map(({ id, score, modes }) => [id, score, modes[0]?.mode]);
    expect(shown(cell)[0]?.[0]).toBe(7);
    expect(shown(larger)).toEqual(shown(cell));
  });

  test("gaps of the honest: they accuse nobody, whoever has them", () => {
    for (const seed of [32, 33]) {
      const cell = cellOf(seed, honest);
      for (const { id, netWh } of cell.members) netWh.fill(Number.NaN, id * 70, id * 70 + 96);
      expect(rankSuspects(cell).suspects).toEqual([]);
    }
  });

  test("events of the honest: a cover that was opened makes no thief", () => {
    const cell = cellOf(34, honest);
    const members = cell.members.map((one) => ({
      ...one,
      evidence: { events: [{ kind: "cover" as const, atMs: 0 }] },
    }));
    expect(rankSuspects({ ...cell, members }).suspects).toEqual([]);
  });
});
