import { readFileSync } from "node:fs";
import { everywhere, findPulseFigures, importFieldFile, sql } from "@energsys/store";
import { testDatabase } from "@energsys/store/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { localAt, Street, zone } from "./street.ts";

// The worked examples of pulses, by the way that they take through the product: a file of pulses, the constants of the installation, the point.
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

const { db, drop } = await testDatabase();
afterAll(drop);
const date = "2026-09-15";
const context = { nowMs: Date.UTC(2026, 8, 16, 9), zone };
let street: Street;
beforeAll(async () => {
  street = await Street.make(db, 4, context.nowMs);
});

const constants = (point: number, led: string | null, output: string | null) =>
  db.query(sql`
    update installation set led_pulses_per_kwh = ${led}::numeric, output_pulse_wh = ${output}::numeric
    where meter_id = ${street.meters[point]!}`);

async function take(
  point: number,
  unit: string,
  values: readonly (readonly [time: string, value: number])[],
) {
  const { rows } = await db.query<{ serial: string }>(
    sql`select serial from meter where meter_id = ${street.meters[point]!}`,
  );
  const lines = values.map(([time, value]) => `${rows[0]!.serial};${date} ${time};${value};${unit}`);
  return importFieldFile(
    db,
    new TextEncoder().encode(["serial;start;value;unit", ...lines].join("\n")),
    { fileName: "pulses.csv", by: "ana", scope: everywhere, dryRun: false },
    context,
  );
}

/** Exact sum of the point's day, and its first quarter-hour, in kWh. */
async function dayOf(point: number) {
  const { rows } = await db.query<{ sum: string; first: string }>(sql`
    select trim_scale(sum(value_in_unit) / 1000)::text as sum,
      trim_scale((array_agg(value_in_unit order by starts_at))[1] / 1000)::text as first
    from load_interval join channel using (channel_id)
    where point_id = ${street.pointIds[point]!} and day = ${date}::date and value is not null`);
  return rows[0]!;
}

test("TV-7: pulses in a quarter-hour are the point's energy by the constant of the output, and of the light", async () => {
  const { given, expect: wanted } = vector("TV-7");
  const [output, light] = given.cases;
  await constants(0, light.constant_pulses_per_kWh, output.weight_Wh_per_pulse);
  await constants(1, light.constant_pulses_per_kWh, null);
  await take(0, "imp", [["00:00", output.pulses]]);
  await take(1, "imp-led", [["00:00", light.pulses]]);
  const [byOutput, byLight] = [await dayOf(0), await dayOf(1)];
  expect(Number(byOutput.first)).toBe(Number(wanted.cases[0].energy_kWh));
  expect(Number(byOutput.first) * 4).toBe(Number(wanted.cases[0].mean_power_kW));
  expect(Number(byLight.first)).toBe(Number(wanted.cases[1].energy_kWh));
  // Nobody said what the output of the second stands for.
  expect((await take(1, "imp", [["00:15", 3]]).catch(({ code }) => code)) as unknown).toBe("import.nothing");
});

test("TV-8: a counter of 16 bits that turned over counted what lies through its end", async () => {
  const { given, expect: wanted } = vector("TV-8");
  await constants(2, null, given.weight_Wh_per_pulse);
  const { entries, refused } = await take(2, `imp${given.counter_bits}`, [
    ["00:00", given.counter_from],
    ["00:15", given.counter_to],
    ["00:30", 2 ** given.counter_bits],
  ]);
  expect({ entries, refused: refused.map(({ line, reason }) => ({ line, reason })) }).toEqual({
    entries: 1,
    refused: [{ line: 4, reason: "value" }],
  });
  expect(Number((await dayOf(2)).sum)).toBe(Number(wanted.energy_kWh));
});

test("TV-9: the time between two pulses is a power by the constant that the installation has", async () => {
  const { given, expect: wanted } = vector("TV-9");
  await constants(3, given.constant_pulses_per_kWh, null);
  const found = await findPulseFigures(db, {
    pointId: street.pointIds[3]!,
    atMs: localAt(date, "12:00"),
    gapSeconds: given.gap_s,
  });
  expect(found?.figures.map(({ of, powerW }) => ({ of, powerW }))).toEqual([
    { of: "led", powerW: String(Number(wanted.power_kW) * 1000) },
  ]);
});

test("TV-10: a module counts what the light and the output give at the most that the meter carries, and is said not to where it does not", async () => {
  const { given, expect: wanted } = vector("TV-10");
  const [output, light] = given.constants_pulses_per_kWh;
  const ask = async () =>
    (await findPulseFigures(db, { pointId: street.pointIds[3]!, atMs: context.nowMs }))!;
  // 230 V × 60 A of one phase.
  await db.query(sql`update meter set phases = 1, max_current_a = 60 where meter_id = ${street.meters[3]!}`);
  await constants(3, light, String(1000 / Number(output)));
  const { mostW, figures } = await ask();
  expect(mostW).toBe(Number(given.max_power_kW) * 1000);
  expect(figures.map(({ mostPerSecond }) => mostPerSecond)).toEqual([...wanted.pulse_rate_per_s].reverse());
  expect(figures.map(({ shortestGapSeconds }) => shortestGapSeconds)).toEqual(
    [...wanted.pulse_gap_s].reverse(),
  );
  expect(figures.every(({ counted }) => counted)).toBe(true);
  // 20,000 pulses for a kWh are 76 a second at that power: a contact that must stay closed for 30 ms cannot give them.
  await constants(3, "20000", null);
  expect((await ask()).figures).toMatchObject([{ of: "led", counted: false }]);
});
