import { readFileSync } from "node:fs";
import { quality } from "@energsys/metering";
import { addAccount, decideRatios, everywhere, sql } from "@energsys/store";
import { testDatabase } from "@energsys/store/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { indexColumn, Street, startOf } from "./street.ts";

// The worked examples of metering arithmetic, by the way that readings take through the product: delivered, exchanged, derived, stored.
interface Vector {
  readonly id: string;
  // biome-ignore lint/suspicious/noExplicitAny: each vector has a shape of its own
  readonly given: any;
  // biome-ignore lint/suspicious/noExplicitAny: each vector has a shape of its own
  readonly expect: any;
}
const vectors = JSON.parse(
  readFileSync(new URL("../../../metering/test/fixtures/metering-vectors.json", import.meta.url), "utf8"),
) as Vector[];
const vector = (id: string) => vectors.find((one) => one.id === id)!;
const wh = (kwh: string) => Math.round(Number(kwh) * 1000);

const { db, drop } = await testDatabase();
afterAll(drop);
const date = "2026-09-15";
const start = startOf(date);
/** 13:07 local, in the quarter-hour that begins at 13:00. */
const at = start + (13 * 60 + 7) * 60_000;
const nowMs = Date.UTC(2026, 8, 16, 9);
let street: Street;
let ana = 0;
let bob = 0;
beforeAll(async () => {
  street = await Street.make(db, 7, nowMs, ["1", "20", "20", "1", "1", "1", "1"]);
  const account = async (name: string) =>
    (await addAccount(db, { name, displayName: name, passwordHash: "none", language: "en" }))!.accountId;
  [ana, bob] = [await account("ana"), await account("bob")];
});

/** Rises evenly, in whole Wh. */
const rise = (from: number, to: number, count: number) =>
  Float64Array.from({ length: count }, (_, nth) => Math.round(from + ((to - from) * (nth + 1)) / count));

async function exchanged(point: number, id: string): Promise<{ sumWh: number; flags: number }> {
  const [old, fresh] = vector(id).given.segments;
  const serial = id.replace("-", "");
  const meter = street.meters[point]!;
  // The last interval of the old meter that is whole ends at 13:00; what it counted after is in its final index.
  const [first, final] = [wh(old.index_from_kWh), wh(old.index_to_kWh)];
  await street.deliver(meter, start - 900_000, Float64Array.of(first), indexColumn);
  await street.deliver(meter, start, rise(first, final - 100, 52), indexColumn);
  const asked = street.asked(point, at, serial, old.index_to_kWh, fresh.index_from_kWh);
  const { doubts } = await street.preview(asked);
  const ratio = fresh.ct_primary_A ? Number(fresh.ct_primary_A) / Number(fresh.ct_secondary_A) : 1;
  const own = old.ct_primary_A ? Number(old.ct_primary_A) / Number(old.ct_secondary_A) : 1;
  const { requestId } = await street.exchange(asked, {
    accepted: doubts,
    by: { name: "ana", accountId: ana },
    ...(ratio === own ? {} : { ratios: { ctRatio: String(ratio), vtRatio: "1", primaryValues: false } }),
  });
  const [begin, end] = [wh(fresh.index_from_kWh), wh(fresh.index_to_kWh)];
  await street.deliver(await street.meterOf(serial), start + 52 * 900_000, rise(begin, end, 44), indexColumn);
  if (requestId !== null) {
    const decision = { accountId: bob, approve: true, note: "" };
    await decideRatios(db, everywhere, requestId, decision, { ...street.context, because: () => db });
  }
  const day = (await street.days(point)).get(date)!;
  return { sumWh: day.sumWh, flags: day.flags[52]! };
}

test.each([
  ["TV-2", 0],
  ["TV-3", 1],
])(
  "%s: the energy of a point across an exchange is what both registers counted, each by its factor",
  async (id, point) => {
    expect(await exchanged(point, id)).toEqual({
      sumWh: wh(vector(id).expect.energy_kWh),
      flags: quality.exchange,
    });
  },
);

test("TV-4: a difference of the index is multiplied by both ratios, and by neither where the meter shows primary values", async () => {
  const { given, expect: wanted } = vector("TV-4");
  const ratio = (top: string, bottom: string) => String(Number(top) / Number(bottom));
  for (const [point, primary] of [
    [2, false],
    [3, true],
  ] as const) {
    await db.query(sql`
      update installation set ct_ratio = ${ratio(given.ct_primary_A, given.ct_secondary_A)}::numeric,
        vt_ratio = ${ratio(given.vt_primary_V, given.vt_secondary_V)}::numeric, primary_values = ${primary}
      where meter_id = ${street.meters[point]!}`);
    await street.deliver(street.meters[point]!, start - 900_000, Float64Array.of(500_000), indexColumn);
    const last = 500_000 + wh(given.delta_index_kWh);
    await street.deliver(street.meters[point]!, start, rise(500_000, last, 96), indexColumn);
    const kwh = primary ? wanted.energy_if_primary_values_kWh : wanted.energy_kWh;
    expect((await street.days(point)).get(date)!.sumWh).toBe(wh(kwh));
  }
});

test.each([
  ["TV-5", 4],
  ["TV-6", 5],
])("%s: a register that went back has turned over, or is told and has no energy", async (id, point) => {
  const { given, expect: wanted } = vector(id);
  const meter = street.meters[point]!;
  await db.query(sql`
    update meter set index_digits = ${given.integer_digits}, phases = ${given.phases}, max_current_a = ${given.max_current_A}::numeric
    where meter_id = ${meter}`);
  const before = at - Number(given.hours_h) * 3_600_000;
  await street.readRegister(meter, before, given.index_from_kWh);
  // What a fitter reads at the exchange is judged by the same rule.
  const { findings, steps } = await street.preview(
    street.asked(point, at, id, String(Number(given.index_to_kWh))),
  );
  expect(findings.map(({ word }) => word)).toEqual([wanted.rollover ? "roll-over" : "below-last"]);
  expect(steps[0]!.energy === null ? null : Number(steps[0]!.energy)).toBe(
    wanted.rollover ? Number(wanted.delta_kWh) : null,
  );
  // And the curve: the same two indices at the ends of an interval that is long enough.
  const turn = 10 ** (given.integer_digits + 3);
  const from = wh(given.index_from_kWh);
  const delta = wanted.rollover ? wh(wanted.delta_kWh) : 0;
  await street.deliver(meter, start - 900_000, Float64Array.of(from), indexColumn);
  const curve = wanted.rollover
    ? rise(from, from + delta, 96).map((value) => value % turn)
    : new Float64Array(96).fill(wh(given.index_to_kWh));
  await street.deliver(meter, start, curve, indexColumn);
  const day = (await street.days(point)).get(date)!;
  expect(day.sumWh).toBe(delta);
  expect((day.flags[0]! & quality.decreased) !== 0).toBe(wanted.flag !== null);
});
