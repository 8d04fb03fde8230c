import { marketDay, quality } from "@energsys/metering";
import { sql, storeDeliveries } from "@energsys/store";
import { expect, test } from "vitest";
import { addTransformer } from "./add-transformer.ts";
import { foldAll } from "./fold-all.ts";
import { browserOf, firstAccount, importPoints, networkPoint, testServer } from "./harness.ts";
import { readPaper } from "./paper.ts";
import { meterAt } from "./stored-days.ts";

// A transformer over the day of 100 quarter-hours: at the first point a meter behind a ratio of 20 is exchanged at 13:07 for one behind 40,
// three hours of the next night are lost and an hour is estimated; the second point is whole; the third is the balance meter.
const server = await testServer();
const { db, clock } = server;
const call = browserOf(server, await firstAccount(server));
await importPoints(db, [
  networkPoint(1, { installedAt: "2025-01-01T00:00:00Z", ctRatio: "20" }),
  ...[2, 3, 4].map((n) => networkPoint(n, { installedAt: "2025-01-01T00:00:00Z" })),
]);
const zone = "Europe/Bucharest";
const { rows: points } = await db.query<{ id: number }>(
  sql`select point_id as id from point order by point_id`,
);
const [first, second, balance, spare] = points.map(({ id }) => id) as [number, number, number, number];
const [oldMeter, newMeter] = [await meterAt(db, first), await meterAt(db, spare)];
// 13:00 of that day is slot 56: an hour came twice.
const sharedSlot = 56;
const begin = marketDay("2026-10-24", zone).startMs;
const changed = marketDay("2026-10-25", zone).startMs;
const after = marketDay("2026-10-26", zone).startMs;
const exchangeAt = new Date(changed + sharedSlot * 900_000 + 7 * 60_000).toISOString();
// Nothing is validated here, so that no estimate closes the gap meanwhile.
await db.query(sql`create function unnoted() returns trigger language plpgsql as 'begin return null; end'`);
await db.query(
  sql`create trigger unnoted before insert on validation_change for each row execute function unnoted()`,
);
await db.query(sql`delete from installation where point_id = ${spare}`);
await db.query(sql`delete from point where point_id = ${spare}`);
await db.query(
  sql`update installation set during = tstzrange(lower(during), ${exchangeAt}::timestamptz) where meter_id = ${oldMeter}`,
);
await db.query(sql`
  insert into installation (point_id, meter_id, during, ct_ratio)
  values (${first}, ${newMeter}, tstzrange(${exchangeAt}::timestamptz, null), 40)`);

/** Quarter-hours of `wh` each from an instant on, as a meter counts them. */
async function deliver(
  meterId: number,
  startMs: number,
  count: number,
  wh: (slot: number) => number,
  flags: (slot: number) => number = () => 0,
): Promise<void> {
  const { rows } = await db.query<{ id: number }>(
    sql`select device_id as id from device where meter_id = ${meterId}`,
  );
  const columns = [{ obis: "1-0:1.29.0*255", kind: "delta" as const, unit: "Wh", scale: 0 }];
  const slots = Array.from({ length: count }, (_, slot) => slot);
  await storeDeliveries(
    db,
    [
      {
        ...{ deviceId: rows[0]!.id, meterId, receivedAtMs: clock.ms, registers: [], events: [], blocks: [] },
        profiles: [
          {
            ...{ obis: "1-0:99.1.0*255", periodSeconds: 900, columns },
            startsMs: Float64Array.from(slots, (slot) => startMs + slot * 900_000),
            values: [Float64Array.from(slots, wh)],
            flags: Uint16Array.from(slots, flags),
          },
        ],
      },
    ],
    { nowMs: clock.ms, zone },
  );
}
await deliver(oldMeter, begin, 96 + sharedSlot + 1, () => 10);
await deliver(newMeter, changed + sharedSlot * 900_000, 100 - sharedSlot + 8, () => 3);
await deliver(
  newMeter,
  after + 20 * 900_000,
  76,
  (slot) => (slot >= 20 && slot < 24 ? 5 : 3),
  (slot) => (slot >= 20 && slot < 24 ? quality.estimated : 0),
);
await deliver(await meterAt(db, second), begin, 292, () => 100);
await deliver(await meterAt(db, balance), begin, 292, () => 400);
const groupId = await addTransformer(db, "PT 1 Țițești", { members: [first, second], balance: [balance] });
await foldAll(db, { zone, nowMs: clock.ms });
const days = "from=2026-10-24&to=2026-10-27";

// By hand. The first point: 96 × 200; 56 × 200 + (10 × 20 + 3 × 40) + 43 × 120; 80 × 120 + 4 × 200.
const ofFirst = [19_200, 16_680, 10_400];
const ofSecond = [9_600, 10_000, 9_600];
const known = { expected: 292, present: 280, good: 280, estimated: 4 };

test("consumption counts each meter by its ratio, and says what is missing and estimated", async () => {
  const point = await call("GET", `/analysis/consumption?of=p${first}&energy=A%2B&${days}&by=day`);
  expect(point.body.rows.map((row: { energy: string }) => Number(row.energy))).toEqual(ofFirst);
  expect(point.body.rows[2].coverage).toEqual({ expected: 96, present: 84, good: 84, estimated: 4 });
  expect(point.body.total).toMatchObject({ energy: "46280", coverage: known });
  const group = await call("GET", `/analysis/consumption?of=g${groupId}&energy=A%2B&${days}&by=day`);
  expect(group.body.rows.map((row: { energy: string }) => Number(row.energy))).toEqual(
    ofFirst.map((own, nth) => own + ofSecond[nth]!),
  );
  expect(group.body.total.coverage).toEqual({ expected: 584, present: 572, good: 572, estimated: 4 });
});

test("so do its files: a day is a date, and what is known stands at the head and in each row", async () => {
  const asked = `of=p${first}&energy=A%2B&${days}&by=day`;
  const lines = String((await call("GET", `/analysis/consumption.csv?${asked}`)).text).split("\r\n");
  expect(lines).toContain("2026-10-25;16680;100;100;100;0");
  expect(lines).toContain("2026-10-26;10400;96;84;84;4");
  expect(lines).toContain("Total;46280;292;280;280;4");
  expect(lines.filter((line) => line.startsWith("Acoperire;"))).toEqual([
    "Acoperire;intervale prezente: 280 din 292, bune: 280, estimate: 4",
  ]);
  const paper = await call("GET", `/analysis/consumption.pdf?${asked}`);
  const text = (await readPaper(paper.bytes)).pages.map((page) => page.text).join(" ");
  for (const part of ["2026-10-25", "16680", "intervale prezente: 280 din 292", "estimate: 4"])
    expect(text).toContain(part);
});

test("the curve shows the shared quarter-hour as what it is, and the statistics and peaks rest on what is good", async () => {
  const { body } = await call("GET", `/analysis/series?of=p${first}&energy=A%2B&${days}`);
  const [series] = body.series;
  expect([95 + 1 + 55, 152, 153].map((slot) => series.values[slot])).toEqual([200, 320, 120]);
  expect(series.flags).toEqual([
    [96 + sharedSlot, 1, quality.exchange],
    [196 + 40, 4, quality.estimated],
  ]);
  expect(series.values.slice(196 + 8, 196 + 20)).toEqual(new Array(12).fill(null));
  const statistics = (await call("GET", `/analysis/statistics?of=g${groupId}&${days}`)).body.rows[0];
  const at = new Date(changed + sharedSlot * 900_000).toISOString();
  expect(statistics).toMatchObject({
    ...{ energy: "A+", total: "75480", max: { value: 420, start: at } },
    coverage: { expected: 584, present: 572, good: 572, estimated: 4 },
  });
  const peaks = await call("GET", `/analysis/peaks?of=p${first}&energy=A%2B&${days}`);
  expect(peaks.body).toMatchObject({ coverage: known, points: [{ value: 320, start: at }] });
  const lines = String((await call("GET", `/analysis/peaks.csv?of=p${first}&energy=A%2B&${days}`)).text);
  // 320 Wh in a quarter of an hour are 1.28 kW, at 13:00 by the clock.
  expect(lines).toContain(";1,280;320;900;2026-10-25T13:00:00;UTC+02:00;");
  expect(lines).toContain("intervale prezente: 280 din 292");
});

test("the loss stands on the quarter-hours in which both sides are known, and says so", async () => {
  const { body } = await call("GET", `/analysis/balance/${groupId}?${days}`);
  // 280 of 292: 280 × 400 in; 46 280 + 280 × 100 counted.
  expect(body.total).toMatchObject({
    ...{ input: "112000", counted: "74280", loss: "37720", alignedSlots: 280, slots: 292 },
    members: { expected: 584, present: 572 },
  });
});

test("a report of somebody's own has the same sums and the same gap", async () => {
  const definition = {
    rows: "day",
    inputs: [{ name: "A+", of: `p${first}`, energy: "A+" }],
    columns: [
      { title: "Energie", formula: "sum([A+])" },
      { title: "Maxim", formula: "maxof(power([A+]))" },
    ],
    period: { kind: "fixed", fromDay: "2026-10-24", toDay: "2026-10-27" },
    chart: "bar",
  };
  const { body } = await call("POST", "/report-previews", { definition });
  expect(body.rows.map(({ cells }: { cells: string[] }) => cells)).toEqual([
    ["19.200", "0.800"],
    ["16.680", "1.280"],
    ["10.400", "0.800"],
  ]);
  expect([body.total, body.coverage]).toEqual([["46.280", "1.280"], known]);
  // Missing and estimated in the last one.
  expect(body.rows[2].flags.map((flags: number) => flags & 0x40)).toEqual([0x40, 0x40]);
  expect(body.rows[2].flags[0] & quality.estimated).toBe(quality.estimated);
});
