import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { GridTown, TownLedger } from "../src/index.ts";
import { readLedgerConfig, writeLedger } from "../src/town/ledger-command.ts";
import { capacityOf, stepOf } from "../src/town/registers.ts";

const begin = "2026-10-20";
const town = new GridTown({ points: 600, seed: 3, begin });
const ledger = new TownLedger(town);
const dayOf = (date: string) => {
  const index = town.calendar.dayAt(Date.parse(`${date}T12:00:00Z`));
  return [town.calendar.day(index).startMs, town.calendar.day(index + 1).startMs] as const;
};
const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);

describe("the network of a town", () => {
  test("has transformers of 25 to 150 points, but for the last, eight on a feeder, and every point once", () => {
    expect(sum(town.transformers.map(({ points }) => points))).toBe(600);
    for (const { points } of town.transformers.slice(0, -1)) {
      expect(points).toBeGreaterThanOrEqual(25);
      expect(points).toBeLessThanOrEqual(150);
    }
    expect(Math.max(...town.feeders.map(({ transformers }) => transformers))).toBeLessThanOrEqual(8);
    expect(new Set(town.points.map(({ pod }) => pod)).size).toBe(600);
  });

  test("of 50,000 points has about 1,600 concentrators, and large consumers that are called directly", () => {
    const whole = new GridTown({ points: 50_000, seed: 1, begin });
    expect(whole.concentrators).toBeGreaterThan(1500);
    expect(whole.concentrators).toBeLessThan(1750);
    const used = new Set(
      whole.points.flatMap(({ attachment }) =>
        "concentrator" in attachment ? [attachment.concentrator] : [],
      ),
    );
    expect(used.size).toBe(whole.concentrators);
    const count = (kind: string) =>
      whole.points.filter(({ attachment }) => attachment.kind === kind).length / 500;
    expect(count("pulses")).toBeGreaterThan(60);
    expect(count("direct")).toBeGreaterThan(0.5);
    expect(count("direct")).toBeLessThan(5);
    for (const { attachment, ratio } of whole.points) expect(attachment.kind === "direct").toBe(ratio > 1);
    expect(new Set(whole.points.map(({ meter }) => meter.serial)).size).toBe(50_000);
  });

  test("gives no two meters of a concentrator one place", () => {
    const places = town.points.map(({ attachment, index }) =>
      attachment.kind === "direct" ? `direct ${index}` : JSON.stringify(attachment),
    );
    expect(new Set(places).size).toBe(600);
  });
});

describe("the ledger of a town", () => {
  test.each([
    ["2026-10-25", 100],
    ["2026-10-26", 96],
    ["2027-03-28", 92],
  ])("balances every transformer and feeder on %s, a day of %d quarter-hours", (date, slots) => {
    const [fromMs, toMs] = dayOf(date);
    for (const { number, firstPoint, points } of town.transformers) {
      const cell = ledger.transformer(number, fromMs, toMs);
      const truths = Array.from({ length: points }, (_, n) => ledger.point(firstPoint + n, fromMs, toMs));
      expect(cell.netWh.length).toBe(slots);
      for (let i = 0; i < slots; i++) {
        const flows = sum(truths.map((t) => t.meteredWh[i]! + t.stolenWh[i]! - t.exportWh[i]!));
        expect(cell.netWh[i]).toBe(flows + cell.lossWh[i]!);
      }
      expect(sum(cell.stolenWh)).toBe(sum(truths.map((t) => sum(t.stolenWh))));
      expect(sum(cell.lossWh)).toBeGreaterThan(0);
    }
    for (const { number, firstTransformer, transformers } of town.feeders) {
      const cell = ledger.feeder(number, fromMs, toMs);
      const below = Array.from({ length: transformers }, (_, n) =>
        ledger.transformer(firstTransformer + n, fromMs, toMs),
      );
      for (let i = 0; i < slots; i++) {
        expect(cell.netWh[i]).toBe(sum(below.map(({ netWh }) => netWh[i]!)) + cell.lossWh[i]!);
      }
    }
  });

  test("has technical losses of some per cent", () => {
    const [fromMs, toMs] = dayOf("2026-11-10");
    for (const { number, points } of town.transformers) {
      if (points < 25) continue;
      const { netWh, lossWh } = ledger.transformer(number, fromMs, toMs);
      const share = sum(lossWh) / sum(netWh);
      expect(share).toBeGreaterThan(0.005);
      expect(share).toBeLessThan(0.15);
    }
  });

  test("has registers that rise by what was metered, within one step, through a DST day, an exchange and a roll-over", () => {
    const fromMs = dayOf(begin)[0];
    const toMs = dayOf("2026-11-06")[0];
    let exchanged = 0;
    let rolled = 0;
    for (const point of town.points) {
      const { index, ratio } = point;
      const truth = ledger.point(index, fromMs, toMs);
      const step = stepOf(point);
      const capacity = capacityOf(point);
      const rise = (from: number, to: number) => {
        if (to < from) rolled++;
        return to < from ? to - from + capacity : to - from;
      };
      const first = ledger.register(index, fromMs);
      const last = truth.registerWh.at(-1)!;
      const change = ledger.exchange(index);
      let steps: number;
      if (change && change.atMs > fromMs && change.atMs <= toMs) {
        exchanged++;
        expect(change.newWh).toBe(0);
        expect(ledger.meterAt(index, change.atMs - 1)).toBe(change.oldSerial);
        expect(ledger.meterAt(index, change.atMs)).toBe(change.newSerial);
        steps = rise(first, change.oldWh) + rise(change.newWh, last);
        expect(Math.abs(steps * ratio - sum(truth.meteredWh))).toBeLessThan(2 * step * ratio);
      } else {
        steps = rise(first, last);
        expect(Math.abs(steps * ratio - sum(truth.meteredWh))).toBeLessThan(step * ratio);
      }
      expect(truth.registerWh.every((shown) => shown % step === 0)).toBe(true);
    }
    expect(exchanged).toBeGreaterThan(0);
    expect(rolled).toBeGreaterThan(0);
  });

  test("knows what happened: outages of transformers and feeders, lost phases and neutrals, doors, exchanges, clocks that run away", () => {
    const large = new GridTown({ points: 4000, seed: 5, begin });
    const truth = new TownLedger(large);
    const [fromMs, toMs] = [dayOf(begin)[0], dayOf("2026-12-20")[0]];
    const happenings = [...truth.happenings(fromMs, toMs)];
    const of = (kind: string) => happenings.filter((one) => one.kind === kind);
    for (const kind of ["transformer-outage", "feeder-outage", "phase-fault", "neutral-loss", "exchange"]) {
      expect(of(kind).length).toBeGreaterThan(0);
    }
    // In the dark of a whole transformer, or of its own neutral, a point is without supply for as long; nothing is metered.
    const [outage] = of("transformer-outage").filter((one) => one.toMs - one.fromMs > 1_900_000);
    const behind = large.points.filter(({ transformer }) => transformer === outage!.transformer);
    const lost = of("neutral-loss")[0]!;
    for (const [index, { fromMs: startMs, toMs: endMs }] of [
      ...behind.map(({ index: point }) => [point, outage!] as const),
      [lost.point!, lost] as const,
    ]) {
      const dark = [...truth.outages(index, startMs, endMs)];
      expect(dark.some((one) => one.fromMs <= startMs && one.toMs >= endMs)).toBe(true);
      const first = Math.ceil(startMs / 900_000) * 900_000;
      const flows = truth.point(index, first, Math.floor(endMs / 900_000) * 900_000);
      expect(sum(flows.meteredWh) + sum(flows.exportWh)).toBe(0);
    }
    const doors = of("door");
    const days = (toMs - fromMs) / 86_400_000;
    expect(doors.length / large.concentrators / days).toBeGreaterThan(0.03);
    expect(doors.length / large.concentrators / days).toBeLessThan(0.07);
    const uninvited = doors.filter(({ workOrder }) => !workOrder).length / doors.length;
    expect(uninvited).toBeGreaterThan(0.05);
    expect(uninvited).toBeLessThan(0.35);
    // A clock that runs away moves energy between quarter-hours, and loses none.
    const drifting = of("clock-drift");
    expect(drifting.length).toBeGreaterThan(20);
    for (const { point, ppm } of drifting.slice(0, 5)) {
      const [own, real] = [truth.recorded(point!, fromMs, toMs), truth.point(point!, fromMs, toMs)];
      expect(Math.abs(ppm!)).toBeGreaterThanOrEqual(40);
      expect([...own.importWh]).not.toEqual([...real.meteredWh]);
      const spread = Math.abs(sum(own.importWh) - sum(real.meteredWh) / large.points[point!]!.ratio);
      expect(spread).toBeLessThan(0.01 * sum(real.meteredWh) + 1000);
    }
  });

  test("knows who is guilty: sizes within their bounds, and energy past the meter only of those", () => {
    const guilty = [...ledger.guilty()];
    const kinds = new Set(guilty.map(({ kind }) => kind));
    for (const kind of ["part-bypass", "full-bypass", "magnet", "tap", "swapped", "not-in-group"]) {
      expect(kinds).toContain(kind);
    }
    const [fromMs, toMs] = dayOf("2026-11-10");
    const thieves = new Set(guilty.filter(({ from }) => from !== undefined).map(({ point }) => point));
    let stolenOf = 0;
    for (const { index } of town.points) {
      const stolen = sum(ledger.point(index, fromMs, toMs).stolenWh);
      if (!thieves.has(index)) expect(stolen).toBe(0);
      if (stolen > 0) stolenOf++;
    }
    expect(stolenOf).toBeGreaterThan(2);
    for (const { kind, share } of guilty) {
      if (kind !== "part-bypass") continue;
      expect(share).toBeGreaterThanOrEqual(0.2);
      expect(share).toBeLessThanOrEqual(0.8);
    }
    for (const { kind, point, otherPod } of guilty) {
      if (kind !== "swapped") continue;
      const other = guilty.find((one) => one.pod === otherPod && one.kind === "swapped");
      expect(other?.otherPod).toBe(town.points[point]!.pod);
    }
  });

  test("has wrong factors of current transformers in a large town, never the true one", () => {
    const large = new TownLedger(new GridTown({ points: 20_000, seed: 2, begin }));
    const wrong = [...large.guilty()].filter(({ kind }) => kind === "wrong-ct-factor");
    expect(wrong.length).toBeGreaterThan(0);
    for (const { enteredRatio, trueRatio } of wrong) expect(enteredRatio).not.toBe(trueRatio);
  });

  test("is the same for a seed whatever was asked before, and another for another seed", () => {
    const [fromMs, toMs] = dayOf("2026-11-03");
    const again = new TownLedger(new GridTown({ points: 600, seed: 3, begin }));
    const other = new TownLedger(new GridTown({ points: 600, seed: 4, begin }));
    for (const index of [3, 41, 300, 599]) {
      expect(again.point(index, fromMs, toMs)).toEqual(ledger.point(index, fromMs, toMs));
    }
    expect(other.transformer(0, fromMs, toMs).netWh).not.toEqual(ledger.transformer(0, fromMs, toMs).netWh);
    expect([...other.guilty()]).not.toEqual([...ledger.guilty()]);
  });

  test("lights the streets by night and never at noon", () => {
    const [fromMs, toMs] = dayOf("2026-11-10");
    const { meteredWh, startsMs } = ledger.point(0, fromMs, toMs);
    expect(town.points[0]?.name).toMatch(/^Iluminat public/);
    const at = (hour: number) => startsMs.indexOf(fromMs + hour * 3_600_000);
    expect(meteredWh[at(12)]).toBe(0);
    expect(meteredWh[at(23)]).toBeGreaterThan(100);
  });
});

test("energsys simulate ledger writes what the ledger says", async () => {
  const out = mkdtempSync(join(tmpdir(), "energsys-ledger-"));
  try {
    const args = `--out ${out} --points 40 --seed 3 --from 2026-10-25 --to 2026-10-26 --begin ${begin}`;
    await writeLedger(readLedgerConfig(args.split(" ")));
    const read = (name: string): Record<string, unknown>[] =>
      readFileSync(join(out, `${name}.ndjson`), "utf8")
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line));
    const small = new TownLedger(new GridTown({ points: 40, seed: 3, begin }));
    const [fromMs, toMs] = dayOf("2026-10-25");
    const flows = read("flows");
    expect(flows.length).toBe(40);
    expect(flows[3]).toMatchObject({
      date: "2026-10-25",
      stolenWh: [...small.point(3, fromMs, toMs).stolenWh],
    });
    expect(read("cells")[0]).toMatchObject({ netWh: [...small.transformer(0, fromMs, toMs).netWh] });
    expect(read("guilty").length).toBe([...small.guilty()].length);
    expect(read("points").length).toBe(40);
  } finally {
    rmSync(out, { recursive: true });
  }
  expect(existsSync(out)).toBe(false);
});

test.each([
  ["", /--out.*--from/],
  ["--out x --from 2026-02-01 --to 2026-01-01", /--to later/],
  ["--out x --from 2026-01-01 --to 2026-02-01 --points 50001", /--points/],
  ["--out x --from 2026-01-01 --to 2026-02-01 --begin 2023-01-01", /2024-01-01/],
])("what is wrong on the command line is said: %s", (args, wrong) => {
  expect(() => readLedgerConfig(args === "" ? [] : args.split(" "))).toThrow(wrong);
});
