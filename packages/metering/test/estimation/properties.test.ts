import {
  type EstimationInput,
  estimate,
  estimateIndexes,
  forwardIndex,
  marketDay,
  maximumDemand,
  overlaid,
  quality,
  seriesDay,
  shareOut,
  slotsOf,
} from "@energsys/metering";
import { describe, expect, test } from "vitest";

const zone = "Europe/Bucharest";

/** Numbers from a seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/** Some days of random energies with random gaps and refused values, days before them, registers at midnights, perhaps an outage. */
function randomInput(seed: number) {
  const random = randomFrom(seed);
  const whole = (below: number) => Math.floor(random() * below);
  // Around both clock changes and an ordinary week.
  const first = Temporal.PlainDate.from(["2026-03-27", "2026-10-23", "2026-06-10"][whole(3)] ?? "2026-06-10");
  const day = (nth: number, gaps: boolean) => {
    const market = marketDay(first.add({ days: nth }).toString(), zone);
    const slots = slotsOf(market, 900);
    const values = Float64Array.from({ length: slots }, () => whole(5) * whole(300));
    const flags = new Uint16Array(slots);
    const truth = values.slice();
    for (let gap = gaps ? whole(4) : 0; gap > 0; gap--) {
      const from = whole(slots);
      const to = Math.min(slots, from + 1 + whole(random() < 0.5 ? 8 : 96));
      if (random() < 0.7) values.fill(Number.NaN, from, to);
      else flags.fill(quality.suspect, from, to);
    }
    return { ...seriesDay(market, { values, flags }), truth };
  };
  const days = Array.from({ length: 1 + whole(4) }, (_, nth) => day(nth, true));
  const history = Array.from({ length: whole(12) }, (_, nth) => day(-1 - nth, random() < 0.3));
  const registers: { atMs: number; value: number }[] = [];
  let index = whole(1_000_000);
  for (const { startMs, truth } of days) {
    if (random() < 0.8) registers.push({ atMs: startMs, value: index });
    for (const value of truth) index += value;
  }
  const last = days.at(-1);
  registers.push({ atMs: (last?.startMs ?? 0) + (last?.truth.length ?? 0) * 900_000, value: index });
  const outageMs = (days[0]?.startMs ?? 0) + whole(96) * 700_000;
  const outages = random() < 0.3 ? [{ fromMs: outageMs, toMs: outageMs + whole(8) * 800_000 }] : [];
  const input: EstimationInput = {
    kind: "delta",
    periodSeconds: 900,
    zone,
    days,
    history,
    registers,
    outages,
  };
  return { input, registers };
}

const seeds = Array.from({ length: 300 }, (_, seed) => seed);

describe("whatever is missing", () => {
  test("nothing is negative or broken, measured values stay, every gap is filled where anything is known", () => {
    for (const seed of seeds) {
      const { input } = randomInput(seed);
      const { days, left } = estimate(input);
      let empty = 0;
      days.forEach(({ values, methods }, nth) => {
        const measured = input.days[nth];
        values.forEach((value, slot) => {
          const good = !Number.isNaN(measured?.values[slot]) && measured?.flags[slot] === 0;
          expect(Number.isNaN(value)).toBe(methods[slot] === 0);
          if (good) expect(methods[slot]).toBe(0);
          else if (Number.isNaN(value)) empty++;
          else expect(Number.isSafeInteger(value) && value >= 0).toBe(true);
        });
      });
      expect(empty).toBe(left);
    }
  });

  test("between two readings of the register the sum is what it counted, or what was measured where that is more", () => {
    let compared = 0;
    for (const seed of seeds) {
      const { input, registers } = randomInput(seed);
      const { days, left } = estimate(input);
      if (left > 0) continue;
      const total = (fromMs: number, toMs: number) => {
        let sum = 0;
        let measuredSum = 0;
        let guessed = 0;
        input.days.forEach((measured, nth) => {
          const made = days[nth];
          for (let slot = 0; slot < measured.values.length; slot++) {
            const atMs = measured.startMs + slot * 900_000;
            if (atMs < fromMs || atMs >= toMs) continue;
            if (made?.methods[slot] === 0) measuredSum += measured.values[slot] ?? 0;
            else sum += made?.values[slot] ?? 0;
            if ((made?.methods[slot] ?? 0) % 16 !== 0 && (made?.methods[slot] ?? 0) % 16 !== 2) guessed++;
          }
        });
        return { all: sum + measuredSum, measuredSum, guessed };
      };
      for (let nth = 1; nth < registers.length; nth++) {
        const [from, to] = [registers[nth - 1], registers[nth]];
        if (!from || !to) continue;
        const { all, measuredSum, guessed } = total(from.atMs, to.atMs);
        if (guessed === 0) continue;
        compared++;
        expect(all).toBe(Math.max(to.value - from.value, measuredSum));
      }
    }
    expect(compared).toBeGreaterThan(200);
  });

  test("estimating what is estimated already changes nothing", () => {
    for (const seed of seeds) {
      const { input } = randomInput(seed);
      const once = estimate(input);
      const laid = input.days.map((day, nth) => {
        const made = once.days[nth];
        if (!made) throw new Error("a day is missing");
        return { ...day, ...overlaid(day, { ...made, marks: new Uint16Array(day.values.length) }) };
      });
      const twice = estimate({ ...input, days: laid });
      twice.days.forEach(({ values, methods }, nth) => {
        methods.forEach((method, slot) => {
          // A zero of an outage counts as measured from then on.
          if (method === 0) return;
          expect([method, values[slot]]).toEqual([
            once.days[nth]?.methods[slot],
            once.days[nth]?.values[slot],
          ]);
        });
      });
    }
  });
});

test("shares add up to the total exactly, keep the order of the weights, and differ by less than one from the exact ones", () => {
  const random = randomFrom(5);
  for (let run = 0; run < 500; run++) {
    const weights = Array.from({ length: 1 + Math.floor(random() * 40) }, () =>
      BigInt(Math.floor(random() * 1000) * Math.floor(random() * 3)),
    );
    const total = BigInt(Math.floor(random() * 100_000));
    const shares = shareOut(weights, total);
    expect(shares.reduce((sum, share) => sum + share, 0n)).toBe(total);
    const sum = weights.reduce((all, weight) => all + weight, 0n);
    if (sum === 0n) continue;
    shares.forEach((share, nth) => {
      const off = share * sum - (weights[nth] ?? 0n) * total;
      expect(off < sum && off > -sum).toBe(true);
    });
  }
  expect(shareOut([0n, 0n, 0n], 5n)).toEqual([2n, 2n, 1n]);
});

test("indexes between two readings never fall and never pass the second one", () => {
  const random = randomFrom(9);
  for (let run = 0; run < 300; run++) {
    const weights = Array.from({ length: 2 + Math.floor(random() * 60) }, () =>
      BigInt(Math.floor(random() * 500)),
    );
    const before = Math.floor(random() * 1e9);
    const after = before + Math.floor(random() * 10_000);
    const indexes = estimateIndexes(before, after, weights);
    expect(indexes).toHaveLength(weights.length - 1);
    expect([before, ...indexes, after]).toEqual([before, ...indexes, after].toSorted((a, b) => a - b));
  }
  expect(() => estimateIndexes(5, 4, [1n])).toThrow(RangeError);
  expect(forwardIndex(1000, { consumed: 310, weights: [10n, 21n] }, [10n])).toBe(1100);
});

test("a demand is never estimated, and an estimated interval never makes a maximum", () => {
  const { input } = randomInput(1);
  const demand = estimate({ ...input, kind: "demand" });
  expect(demand.days.every(({ methods }) => methods.every((method) => method === 0))).toBe(true);
  const flags = Uint16Array.of(0, quality.estimated, 0, quality.suspect);
  expect(maximumDemand(Float64Array.of(5, 9, 7, 100), flags)).toEqual({
    max: 7,
    at: 2,
    leftOut: 2,
    toConfirm: true,
  });
  expect(maximumDemand(Float64Array.of(5, 6, 7, Number.NaN), flags)).toMatchObject({
    max: 7,
    toConfirm: false,
  });
});
