import {
  type BalancePart,
  balanceOf,
  balanceUncertaintyWh,
  compareLosses,
  correlateDaily,
  findWrongMultiplier,
  technicalLossByPeak,
  technicalLossOfCurve,
} from "@energsys/metering";
import { expect, test } from "vitest";
import { wh } from "../vectors.ts";
import { lossVector } from "./losses-vectors.ts";

// biome-ignore lint/suspicious/noExplicitAny: parts of a vector
function balanceGiven(given: any) {
  const balanceMeters: BalancePart[] = given.balance_meters.map(
    // biome-ignore lint/suspicious/noExplicitAny: parts of a vector
    ({ index_from_MWh, index_to_MWh, sign }: any) => ({
      energyWh: Math.round(Number(index_to_MWh) * 1e6) - Math.round(Number(index_from_MWh) * 1e6),
      sign,
    }),
  );
  // biome-ignore lint/suspicious/noExplicitAny: parts of a vector
  const members: BalancePart[] = given.points.map(({ delta_index_kWh, ct_factor, sign }: any) => ({
    energyWh: wh(delta_index_kWh) * Number(ct_factor),
    sign,
  }));
  return { balanceMeters, members };
}

test("TV-32: a week's balance of a group", () => {
  const { given, expect: wanted } = lossVector("TV-32");
  const balance = balanceOf(balanceGiven(given));
  expect(balance.inputWh).toBe(wh(wanted.balance_energy_kWh));
  expect(balance.membersWh).toBe(wh(wanted.sum_points_kWh));
  expect(balance.lossWh).toBe(wh(wanted.loss_kWh));
  expect(balance.lossPercent?.toFixed(2)).toBe(wanted.loss_percent);
});

test("TV-33: what a transformer must lose, and what is left", () => {
  const { given, expect: wanted } = lossVector("TV-33");
  const { transformer } = given;
  const technical = technicalLossByPeak({
    energyWh: wh(given.energy_kWh),
    hours: Number(given.window_h),
    peakW: Number(given.peak_kW) * 1000,
    cosPhi: Number(given.cos_phi),
    transformer: {
      ratedKva: Number(transformer.rated_kVA),
      noLoadLossW: Number(transformer.no_load_loss_kW) * 1000,
      loadLossW: Number(transformer.load_loss_kW) * 1000,
    },
  });
  expect((technical.ironWh / 1000).toFixed(2)).toBe(wanted.iron_kWh);
  expect(technical.loadFactor.toFixed(4)).toBe(wanted.load_factor);
  expect(technical.lossFactor.toFixed(4)).toBe(wanted.loss_factor);
  expect((technical.copperWh / 1000).toFixed(2)).toBe(wanted.copper_kWh);
  expect((technical.totalWh / 1000).toFixed(2)).toBe(wanted.technical_kWh);
  expect(((wh(given.loss_kWh) - technical.totalWh) / 1000).toFixed(2)).toBe(wanted.non_technical_kWh);
});

test("TV-34: the point with the wrong multiplier is named by the rise of the loss, and no other", () => {
  const { given, expect: wanted } = lossVector("TV-34");
  const parts = balanceGiven(given);
  const { lossWh, lossPercent } = balanceOf(parts);
  expect(lossWh).toBe(wh(wanted.loss_kWh));
  expect(lossPercent?.toFixed(2)).toBe(wanted.loss_percent);
  const rise = lossWh - wh(given.loss_before_kWh);
  expect(rise).toBe(wh(wanted.loss_rise_kWh));
  const found = findWrongMultiplier(
    rise,
    // biome-ignore lint/suspicious/noExplicitAny: parts of a vector
    given.points.map(({ id }: any, nth: number) => ({ id, enteredWh: parts.members[nth]!.energyWh })),
    { ratios: given.usual_ct_factors },
  );
  expect(found).toEqual([
    {
      id: wanted.suspect,
      factor: Number(wanted.suspect_factor),
      explainedWh: wh(wanted.explained_kWh),
      leftWh: 0,
    },
  ]);
});

test("TV-35: points by how their days go with the loss", () => {
  const { given, expect: wanted } = lossVector("TV-35");
  const points = Object.entries(given.points_daily_kWh as Record<string, string[]>).map(([id, days]) => ({
    id,
    dailyWh: days.map(wh),
  }));
  const loss = (given.balance_daily_kWh as string[]).map(
    (kwh, day) => wh(kwh) - points.reduce((sum, { dailyWh }) => sum + dailyWh[day]!, 0),
  );
  expect(loss).toEqual((wanted.loss_daily_kWh as string[]).map(wh));
  const ranked = correlateDaily(loss, points);
  expect(ranked.map(({ id }) => id)).toEqual(wanted.ranking);
  for (const { id, r } of ranked) expect(r.toFixed(3)).toBe(wanted.pearson_r[id]);
});

test("TV-36: a loss beside what the meters may be wrong by", () => {
  const { given, expect: wanted } = lossVector("TV-36");
  const balance = {
    energyWh: wh(given.balance_energy_kWh),
    relative: Number(given.balance_relative_uncertainty),
  };
  const relative = Number(given.point_relative_uncertainty);
  const points = (given.points_energy_kWh as string[]).map((kwh) => ({ energyWh: wh(kwh), relative }));
  const uncertainty = balanceUncertaintyWh([balance, ...points]);
  expect((uncertainty / 1000).toFixed(2)).toBe(wanted.uncertainty_kWh);
  expect(wh(given.loss_kWh) > uncertainty).toBe(wanted.significant);
  const whole = balanceOf({
    balanceMeters: [{ energyWh: balance.energyWh, sign: 1 }],
    members: points.map(({ energyWh }) => ({ energyWh, sign: 1 })),
  });
  expect((whole.uncertaintyWh / 1000).toFixed(2)).toBe(wanted.uncertainty_kWh);
  expect(whole.significant).toBe(true);
});

test("a loss below what the meters may be wrong by is not significant, and one side that is not complete says so", () => {
  const side = { expected: 1000, present: 990, good: 940, estimated: 50 };
  const balance = balanceOf({
    balanceMeters: [{ energyWh: 1_000_000, sign: 1 }],
    members: [{ energyWh: 995_000, sign: 1 }],
    coverage: { balance: { expected: 96, present: 96, good: 96, estimated: 0 }, members: side },
  });
  expect(balance).toMatchObject({ significant: false, completeness: 0.94, reportable: false });
});

test("interval by interval a constant load loses what its peak says, and an uneven one more than its mean", () => {
  const transformer = { ratedKva: 250, noLoadLossW: 430, loadLossW: 3250 };
  const line = { ohm: 0.01, volts: 400 };
  const even = technicalLossOfCurve(new Float64Array(96).fill(10_000), 900, transformer, line);
  const peak = technicalLossByPeak({ energyWh: 960_000, hours: 24, peakW: 40_000, transformer, line });
  expect(even.totalWh).toBeCloseTo(peak.totalWh, 6);
  const uneven = technicalLossOfCurve(
    Float64Array.from({ length: 96 }, (_, i) => (i % 2 ? 20_000 : 0)),
    900,
    transformer,
    line,
  );
  expect(uneven.copperWh).toBeCloseTo(2 * even.copperWh, 6);
  expect(uneven.ironWh).toBe(even.ironWh);
});

test("before and after: what is saved is counted at the load after, and small changes are not significant", () => {
  const of = (input: number, counted: number) =>
    balanceOf({
      balanceMeters: [{ energyWh: input, sign: 1 }],
      members: Array.from({ length: 50 }, () => ({ energyWh: counted / 50, sign: 1 as const })),
    });
  const better = compareLosses(of(1_000_000, 800_000), of(2_000_000, 1_860_000));
  expect(better.changePoints).toBeCloseTo(-13);
  expect(better.savedWh).toBeCloseTo(260_000);
  expect(better.significant).toBe(true);
  expect(compareLosses(of(1_000_000, 900_000), of(1_000_000, 903_000)).significant).toBe(false);
});
