import { expect, test } from "vitest";
import { eventCodes } from "../src/dlms/event-logs.ts";
import { usualLikelihood } from "../src/load/happenings.ts";
import { phaseShares } from "../src/load/phases.ts";
import { VirtualMeter } from "../src/meter/virtual-meter.ts";
import { GridTown } from "../src/town/grid-town.ts";
import { TownLedger } from "../src/town/town-ledger.ts";

// A blown fuse behind a transformer: a customer with one phase on it is dark, one with three goes on with two.

const options = { points: 400, seed: 5, begin: "2026-10-20" } as const;
const quarterMs = 900_000;
const town = new GridTown(options);
const ledger = new TownLedger(town);
/** The same town in which nothing is lost. */
const whole = new GridTown({
  ...options,
  likelihood: { ...usualLikelihood, plannedOutage: 0, faultOutage: 0 },
});
const fromMs = town.calendar.day(town.beginDay).startMs;
const faults = [...ledger.happenings(fromMs, fromMs + 120 * 86_400_000)].filter(
  ({ kind, transformer, fromMs: startMs, toMs }) =>
    kind === "phase-fault" &&
    ![...ledger.outages(town.transformers[transformer!]!.firstPoint, startMs - quarterMs, toMs + quarterMs)]
      .length,
);
const threePhase = (transformer: number) =>
  town.points.filter(
    ({ transformer: its, meter }) => its === transformer && meter.phases === 3 && !meter.drift,
  );
const fault = faults.find(({ transformer }) => threePhase(transformer!).length > 3)!;
const points = threePhase(fault.transformer!);
const phase = fault.phase!;

test("a meter with three phases has no voltage and no current on the lost one, and the power of the others", () => {
  for (const { index, meter } of points) {
    const description = { ...meter, clockOffsetMs: 0 };
    const at = (ms: number) =>
      new VirtualMeter(description, town.surroundings, () => ms, town.curveOf(index)).instant();
    const middleMs = Math.floor((fault.fromMs + fault.toMs) / 2);
    const { volts, amps, importW, exportW, powerFactor } = at(middleMs);
    expect(volts[phase]).toBe(0);
    expect(amps[phase]).toBe(0);
    const others = [0, 1, 2].filter((one) => one !== phase);
    for (const one of others) expect(volts[one]).toBeGreaterThan(200);
    const apparent = others.reduce((sum, one) => sum + volts[one]! * amps[one]!, 0);
    expect(Math.abs(apparent * powerFactor - importW - exportW)).toBeLessThan(5 + 0.01 * importW);
    for (const ms of [fault.fromMs - 1000, fault.toMs + 1000])
      for (const volt of at(ms).volts) expect(volt).toBeGreaterThan(200);
  }
});

test("its energy is what the other two phases take, in the curve, the register and the balance of the transformer", () => {
  let less = 0;
  for (const { index, meter, ratio } of points) {
    const part = phaseShares(meter.key, 3)[phase]!;
    const first = Math.ceil(fault.fromMs / quarterMs) * quarterMs;
    const last = Math.floor(fault.toMs / quarterMs) * quarterMs;
    const truth = ledger.point(index, first, last);
    const full = new TownLedger(whole).point(index, first, last);
    truth.meteredWh.forEach((wh, n) => {
      const expected = Math.floor((full.meteredWh[n]! / ratio) * (1 - part)) * ratio;
      // What a thief takes past the meter is a part of what still flows.
      if (!meter.customer.diversion) expect(wh).toBe(expected);
      less += full.meteredWh[n]! - wh;
    });
    // Around the fault it is whole, and the register rises by the sum.
    const before = ledger.point(index, first - 8 * quarterMs, first - 4 * quarterMs);
    if (!meter.customer.diversion)
      expect([...before.meteredWh]).toEqual([
        ...new TownLedger(whole).point(index, first - 8 * quarterMs, first - 4 * quarterMs).meteredWh,
      ]);
    const curve = town.curveOf(index);
    const rise = curve.cumulatedAt(last).importWh - curve.cumulatedAt(first).importWh;
    expect(rise * ratio).toBe(truth.meteredWh.reduce((sum, wh) => sum + wh, 0));
  }
  expect(less).toBeGreaterThan(0);
  const from = Math.floor(fault.fromMs / quarterMs) * quarterMs;
  const { netWh, lossWh } = ledger.transformer(fault.transformer!, from, from + 4 * quarterMs);
  const { firstPoint, points: count } = town.transformers[fault.transformer!]!;
  netWh.forEach((net, n) => {
    let flows = 0;
    for (let index = firstPoint; index < firstPoint + count; index++) {
      const own = ledger.point(index, from + n * quarterMs, from + (n + 1) * quarterMs);
      flows += own.meteredWh[0]! + own.stolenWh[0]! - own.exportWh[0]!;
    }
    expect(net).toBe(flows + lossWh[n]!);
  });
});

test("its log says which phase is gone and when it is back; one with a log of its own for that says it there", () => {
  for (const { index, meter } of points) {
    const nowMs = fault.toMs + 3_600_000;
    const logged = new VirtualMeter(
      { ...meter, clockOffsetMs: 0 },
      town.surroundings,
      () => nowMs,
      town.curveOf(index),
    );
    for (const entries of [
      logged.events(fault.fromMs - 1000, fault.toMs + 1000),
      logged.quality(fault.fromMs - 1000, fault.toMs + 1000),
    ]) {
      const codes = entries
        .map(({ atMs, kind }) => [atMs, eventCodes[kind]] as const)
        .filter(([, code]) => code >= 82 && code <= 87);
      expect(codes).toContainEqual([fault.fromMs, 82 + phase]);
      expect(codes).toContainEqual([fault.toMs, 85 + phase]);
    }
  }
});
