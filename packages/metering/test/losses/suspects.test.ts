import { type LossCell, type LossMember, rankCells, rankSuspects } from "@energsys/metering";
import { describe, expect, test } from "vitest";
import { cellOf, daySlots, days, honest, household, member, randomFrom } from "./households.ts";

describe("suspects of a transformer", () => {
  test("where nothing is wrong nobody is suspected", () => {
    expect(rankSuspects(cellOf(1, honest)).suspects).toEqual([]);
  });

  test("one whose meter counts half of what flows comes first, with the ratio and what it explains", () => {
    const cell = cellOf(2, (truth, id) => (id === 7 ? truth.map((wh) => Math.round(wh / 2)) : truth));
    const [first, ...others] = rankSuspects(cell).suspects;
    expect(first).toMatchObject({ id: 7, fromDay: 0, toDay: days });
    expect(first?.modes.map(({ mode }) => mode)).toContain("part-bypass");
    const ratio = first?.reasons.find(({ code }) => code === "follows-consumption");
    expect(ratio && "ratio" in ratio ? ratio.ratio : 0).toBeCloseTo(1, 1);
    const stolen = household(2007).reduce((sum, wh) => sum + wh, 0) / 2;
    expect(Math.abs((first?.explainedWh ?? 0) / stolen - 1)).toBeLessThan(0.06);
    expect(others).toEqual([]);
  });

  test("one that began within the window is found, and the day of it", () => {
    const from = 18 * 96;
    const cell = cellOf(3, (truth, id) =>
      id === 4 ? truth.map((wh, i) => (i >= from ? Math.round(wh * 0.4) : wh)) : truth,
    );
    const [first] = rankSuspects(cell).suspects;
    expect(first).toMatchObject({ id: 4, toDay: days });
    expect(Math.abs((first?.fromDay ?? 0) - 18)).toBeLessThanOrEqual(1);
    expect(first?.reasons.map(({ code }) => code)).toContain("began");
  });

  test("one whose meter stands still for hours while energy is lost is a full bypass", () => {
    const random = randomFrom(5);
    const bridged = daySlots.flatMap(() => {
      const begins = 10 + Math.floor(random() * 40);
      const bridges = random() < 0.5;
      return Array.from({ length: 96 }, (_, slot) => bridges && slot >= begins && slot < begins + 30);
    });
    const cell = cellOf(4, (truth, id) => (id === 11 ? truth.map((wh, i) => (bridged[i] ? 0 : wh)) : truth));
    const [first] = rankSuspects(cell).suspects;
    expect(first).toMatchObject({ id: 11, modes: [{ mode: "full-bypass" }] });
  });

  test("a wrong factor is worked out from the ratio, too small and too large", () => {
    for (const [entered, likely] of [
      [1, 20],
      [40, 20],
    ] as const) {
      const cell = cellOf(
        6,
        (truth, id) => (id === 9 ? truth.map((wh) => Math.round(wh / 20) * entered) : truth),
        (members) => members.map((one) => (one.id === 9 ? { ...one, indirect: true, factor: entered } : one)),
      );
      const [first] = rankSuspects(cell).suspects;
      expect(first).toMatchObject({ id: 9, modes: [{ mode: "wrong-ct-factor" }] });
      expect(first?.reasons).toContainEqual({ code: "factor", entered, likely });
    }
  });

  test("a point that is in no group is found where it hangs", () => {
    const cell = cellOf(7, honest);
    const outsiders = [cell.members[3]!, member(99, household(12345))];
    const { suspects } = rankSuspects({
      ...cell,
      members: cell.members.filter(({ id }) => id !== 3),
      outsiders,
    });
    expect(suspects[0]).toMatchObject({ id: 3, modes: [{ mode: "not-in-group" }] });
  });

  test("two points that were swapped between transformers are found on both sides, each with the other", () => {
    const [a, b] = [cellOf(8, honest), cellOf(9, honest)];
    const replaced = (cell: LossCell<number>, prefix: number, with_: LossMember<number>) => ({
      ...cell,
      members: cell.members.map((one) => (one.id === 5 ? with_ : { ...one, id: prefix + one.id })),
    });
    const rankings = rankCells([
      { name: "a", neighbourhood: "f", cell: replaced(a, 100, { ...b.members[5]!, id: 205 }) },
      { name: "b", neighbourhood: "f", cell: replaced(b, 200, { ...a.members[5]!, id: 105 }) },
    ]);
    for (const name of ["a", "b"]) {
      const named = rankings.get(name)?.suspects.slice(0, 2) ?? [];
      expect(named.map(({ id }) => id).sort()).toEqual([105, 205]);
      for (const { modes, other, id } of named) {
        expect(modes[0]?.mode).toBe("swapped");
        expect(other).toBe(id === 105 ? 205 : 105);
      }
    }
  });

  test("what a meter says of itself tells ways past it apart", () => {
    const slowed = (truth: Float64Array, id: number) =>
      id === 2 ? truth.map((wh) => Math.round(wh * 0.65)) : truth;
    const withEvidence = (evidence: NonNullable<LossMember<number>["evidence"]>, phases: 1 | 3) =>
      rankSuspects(
        cellOf(10, slowed, (members) =>
          members.map((one) => (one.id === 2 ? { ...one, phases, evidence } : one)),
        ),
      ).suspects[0];
    expect(withEvidence({ events: [{ kind: "magnet", atMs: 5 }] }, 1)?.modes[0]?.mode).toBe("magnet");
    const empty = { phaseAmps: [3, 0.01, 2.5], phaseVolts: [231, 230, 229] };
    expect(withEvidence(empty, 3)?.modes[0]?.mode).toBe("phase-bypass");
    expect(withEvidence({ voltageGapV: -3 }, 1)?.modes[0]?.mode).toBe("tap");
    const neutral = withEvidence({ phaseAmps: [4], neutralAmps: 6.1 }, 1);
    expect(neutral?.modes[0]?.mode).toBe("part-bypass");
    expect(neutral?.reasons.map(({ code }) => code)).toContain("neutral-carries-more");
  });

  test("a clock that is off by minutes makes nobody a suspect", () => {
    const cell = cellOf(11, (truth, id) =>
      id === 6 ? truth.map((wh, i) => Math.round(0.4 * wh + 0.6 * (truth[i + 1] ?? wh))) : truth,
    );
    expect(rankSuspects(cell).suspects).toEqual([]);
  });

  test("panels that nobody counts at noon do not hide who passes the meter", () => {
    const cell = cellOf(12, (truth, id) => (id === 7 ? truth.map((wh) => Math.round(wh / 2)) : truth));
    const sunny = cell.balanceWh.map((wh, i) => {
      const height = Math.max(0, Math.cos(((i % 96) - 50) / 12));
      return Math.abs((i % 96) - 50) < 18 ? wh - 2500 * height * (0.5 + 0.5 * Math.sin(i / 96)) ** 2 : wh;
    });
    expect(rankSuspects({ ...cell, balanceWh: sunny }).suspects[0]).toMatchObject({ id: 7 });
  });

  test("gaps are filled for the fit alone, and the suspect says how many of its own", () => {
    const cell = cellOf(13, (truth, id) => (id === 7 ? truth.map((wh) => Math.round(wh / 2)) : truth));
    for (const { id, netWh } of cell.members)
      for (let i = id * 40; i < id * 40 + 12; i++) netWh[i] = Number.NaN;
    const [first] = rankSuspects(cell).suspects;
    expect(first).toMatchObject({ id: 7 });
    expect(first?.reasons).toContainEqual({ code: "filled", intervals: 12 });
  });

  test("several who pass their meters behind one transformer are all found, whoever takes most", () => {
    const counts = new Map([
      [2, 0.6],
      [8, 0.5],
      [11, 0.88],
      [17, 0.3],
      [23, 0.75],
    ]);
    const cell = cellOf(14, (truth, id) => truth.map((wh) => Math.round(wh * (counts.get(id) ?? 1))));
    const { suspects } = rankSuspects(cell);
    expect(suspects.map(({ id }) => id).sort((a, b) => a - b)).toEqual([...counts.keys()]);
  });

  test("clocks that run away hide nobody who takes little", () => {
    const counted = (truth: Float64Array, id: number) => {
      if (id === 20) return truth.map((wh) => Math.round(wh * 0.9));
      if (id > 4) return truth;
      const part = (i: number) => (0.4 * i) / truth.length;
      return truth.map((wh, i) => Math.round((1 - part(i)) * wh + part(i) * (truth[i + 1] ?? wh)));
    };
    const { suspects } = rankSuspects(cellOf(15, counted));
    expect(suspects.map(({ id }) => id)).toEqual([20]);
  });

  test("steps of registers hide nobody who takes a tenth", () => {
    const inSteps = (wh: Float64Array) => {
      let sum = 0;
      return wh.map((value) => {
        const before = Math.floor(sum / 10);
        sum += value;
        return (Math.floor(sum / 10) - before) * 10;
      });
    };
    const cell = cellOf(16, (truth, id) => inSteps(id === 9 ? truth.map((wh) => wh * 0.9) : truth));
    expect(rankSuspects(cell).suspects.map(({ id }) => id)).toEqual([9]);
  });

  test("an outage makes nobody a suspect, though the iron loses nothing then", () => {
    const dark = (i: number) => i >= 1000 && i < 1016;
    const cell = cellOf(17, (truth) => truth.map((wh, i) => (dark(i) ? 0 : wh)));
    const { suspects } = rankSuspects({
      ...cell,
      balanceWh: cell.balanceWh.map((wh, i) => (dark(i) ? 0 : wh)),
    });
    expect(suspects).toEqual([]);
  });
});
