import {
  addAccount,
  addPhoto,
  decideRatios,
  everywhere,
  finishExchanges,
  listExchanges,
  listRatioRequests,
  photoBytesMax,
  readPhoto,
  sql,
  undoExchange,
} from "@energsys/store";
import { testDatabase } from "@energsys/store/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { kwh, localAt, Street, startOf, total } from "./street.ts";

const { db, drop } = await testDatabase();
afterAll(drop);

const nowhere = { parts: [] };
const date = "2026-09-15";
const start = startOf(date);
const at = localAt(date, "13:07");
const nowMs = Date.UTC(2026, 8, 16, 9);

let street: Street;
let ana = 0;
let bob = 0;
beforeAll(async () => {
  street = await Street.make(db, 10, nowMs);
  const account = async (name: string) =>
    (await addAccount(db, { name, displayName: name, passwordHash: "none", language: "en" }))!.accountId;
  ana = await account("ana");
  bob = await account("bob");
  for (const meter of street.meters) {
    await street.deliver(meter, start, new Float64Array(53).fill(100));
    await street.readRegister(meter, start, "100.000");
  }
});

const wordsOf = async (asked: Parameters<Street["preview"]>[0]) =>
  (await street.preview(asked)).findings.map(({ word }) => word);

test("what cannot be is refused before anything is written", async () => {
  const asked = street.asked(0, at, "R1", "101");
  expect(await wordsOf(asked)).toEqual([]);
  expect(await wordsOf({ ...asked, atMs: nowMs + 1 })).toEqual(["future"]);
  expect(await wordsOf({ ...asked, atMs: Date.UTC(2019, 0, 1) })).toContain("before-installation");
  expect(await wordsOf({ ...asked, meter: { serial: "R1" } })).toEqual(["unknown-meter"]);
  expect(await wordsOf({ ...asked, meter: { serial: "1", manufacturer: "TST" } })).toContain("same-meter");
  expect(await wordsOf({ ...asked, meter: { serial: "2", manufacturer: "TST" } })).toContain("elsewhere");
  expect(await wordsOf({ ...asked, identity: "TST3" })).toEqual(["exists"]);
  expect(await wordsOf({ ...asked, first: [{ obis: total, value: "1000000", unit: "kWh" }] })).toEqual([
    "digits",
  ]);
  expect(await wordsOf({ ...asked, last: [{ obis: total, value: "101000", unit: "Wh" }] })).toEqual(["unit"]);
  expect(await wordsOf({ ...asked, pointId: 999 })).toEqual(["no-meter"]);
  const { rows: spares } = await db.query<{ meterId: number }>(sql`
    insert into meter (serial, manufacturer, model, phases, index_digits) values ('SP1', 'TST', 'generic-dlms', 1, 6)
    returning meter_id as "meterId"`);
  const spare = { ...asked, meter: { serial: "SP1", manufacturer: "TST" } };
  expect(await wordsOf(spare)).not.toContain("not-installable");
  await db.query(sql`
    insert into meter_state (meter_id, at, state, reason, made_by)
    values (${spares[0]!.meterId}, '2026-01-10T00:00:00Z', 'stock', 'bought', 'ana'),
      (${spares[0]!.meterId}, '2026-02-10T00:00:00Z', 'repair', 'display', 'ana')`);
  expect(await wordsOf(spare)).toContain("not-installable");
  await db.query(sql`delete from meter_state where meter_id = ${spares[0]!.meterId}`);
  await db.query(sql`delete from meter where meter_id = ${spares[0]!.meterId}`);
  const before = await street.state();
  await expect(street.exchange({ ...asked, atMs: nowMs + 1 })).rejects.toMatchObject({
    code: "exchange.refused",
  });
  expect(await street.state()).toBe(before);
});

test("what is doubtful is written only when whoever enters it says so", async () => {
  expect(await wordsOf(street.asked(1, at, "D1", "99.5"))).toEqual(["below-last"]);
  // 60 A × 230 V × 13.12 h are 181 kWh.
  const asked = street.asked(1, at, "D1", "350");
  const { findings, doubts } = await street.preview(asked);
  expect(findings).toMatchObject([{ word: "above-possible", obis: total, value: "181.01", unit: "kWh" }]);
  expect(await wordsOf({ ...asked, last: [] })).toEqual(["register-missing"]);
  await expect(street.exchange(asked)).rejects.toMatchObject({ code: "exchange.doubtful" });
  await expect(street.exchange(asked, { accepted: ["below-last"] })).rejects.toMatchObject({
    code: "exchange.doubtful",
  });
  await street.exchange(asked, { accepted: doubts });
  expect(await listExchanges(db, street.pointIds[1]!)).toMatchObject([
    {
      oldSerial: "2",
      newSerial: "D1",
      doubts: [`above-possible ${total}`],
      madeBy: "ana",
      days: expect.any(Number),
    },
  ]);
});

test("readings of the old meter after the instant are told, and a meter of the stock that showed more before", async () => {
  await street.readRegister(street.meters[2]!, at + 3_600_000, "103.000");
  const asked = street.asked(2, at, "A1", "102");
  expect((await street.preview(asked)).findings).toMatchObject([
    { word: "readings-after", value: "1", atMs: at + 3_600_000 },
  ]);
  // Meter of the eighth point is taken down: then it lies in the stock, with what it showed.
  await street.exchange(street.asked(7, at - 60_000, "A2", "100.5"));
  const stock = { ...street.asked(2, at, "8", "102", "99"), meter: { serial: "8", manufacturer: "TST" } };
  expect((await wordsOf({ ...stock, identity: "TST8" })).sort()).toEqual([
    "new-below-last",
    "readings-after",
  ]);
});

test("a meter whose verification is over on the day is doubtful, and on the last day of it is not", async () => {
  const { rows } = await db.query<{ meterId: number }>(sql`
    insert into meter (serial, manufacturer, model, phases, index_digits) values ('V1', 'TST', 'generic-dlms', 1, 6)
    returning meter_id as "meterId"`);
  const asked = { ...street.asked(6, at, "V1", "101"), meter: { serial: "V1", manufacturer: "TST" } };
  const { identity: _, ...known } = asked;
  expect(await wordsOf(known)).toEqual([]);
  const verify = (until: string, document: string) =>
    db.query(sql`
      insert into meter_verification (meter_id, verified_on, kind, passed, laboratory, document, valid_until, made_by)
      values (${rows[0]!.meterId}, '2016-09-15', 'first', true, 'BRML', ${document}, ${until}::date, 'ana')`);
  await verify("2026-09-14", "B1");
  expect((await street.preview(known)).findings).toMatchObject([
    { word: "verification-over", refused: false, value: "2026-09-14" },
  ]);
  await verify("2026-09-15", "B2");
  expect(await wordsOf(known)).toEqual([]);
});

test("undo puts back exactly what was: installations, readings, devices, meters and every stored day", async () => {
  const before = await street.state();
  const { exchangeId } = await street.exchange(street.asked(3, at, "U1", "101.300"));
  expect(await street.state()).not.toBe(before);
  const place = { pointId: street.pointIds[3]!, exchangeId };
  await undoExchange(db, everywhere, place.exchangeId, { by: "bob", reason: "alt punct" }, street.context);
  expect(await street.state()).toBe(before);
  expect(await listExchanges(db, place.pointId)).toMatchObject([
    { undoneBy: "bob", undoReason: "alt punct", newSerial: "U1", days: expect.any(Number) },
  ]);
  await expect(
    undoExchange(db, everywhere, place.exchangeId, { by: "bob", reason: "alt punct" }, street.context),
  ).rejects.toMatchObject({ code: "exchange.undone" });
  // And it can be entered anew, at the same instant.
  await street.exchange(street.asked(3, at, "U1", "101.300"));
});

test("a meter that was read in the meantime stays in the stock with what it delivered when its exchange is taken back", async () => {
  const { exchangeId } = await street.exchange(street.asked(4, at, "U2", "101.300"));
  const fresh = await street.meterOf("U2");
  await street.deliver(fresh, start + 52 * 900_000, new Float64Array(10).fill(40));
  const place = { pointId: street.pointIds[4]!, exchangeId };
  await undoExchange(db, everywhere, place.exchangeId, { by: "bob", reason: "greșit" }, street.context);
  const { rows } = await db.query(sql`
    select (select count(*)::int from load_day join channel using (channel_id) where meter_id = ${fresh}) as days,
      (select enabled from device where meter_id = ${fresh}) as enabled`);
  // It was called already: it stays, and is not called any more.
  expect(rows).toEqual([{ days: 1, enabled: false }]);
  expect((await street.days(4)).get(date)!.sumWh).toBe(5_300);
});

test("a meter of the stock that was not called is not called any more when its exchange is taken back", async () => {
  await db.query(sql`
    with spare as (insert into meter (serial, manufacturer, model, phases, index_digits)
      values ('SP9', 'TST', 'generic-dlms', 1, 6) returning meter_id)
    insert into device (identity, model, url, direction, meter_id, enabled)
    select 'SPARE9', 'generic-dlms', 'dlms+tcp://127.0.0.1:4059', 'dial', meter_id, false from spare`);
  const before = await street.state();
  const asked = {
    ...street.asked(8, at, "SP9", "101.300"),
    meter: { serial: "SP9", manufacturer: "TST" },
    identity: "SPARE9",
  };
  const { exchangeId } = await street.exchange(asked);
  const enabled = () => db.query(sql`select enabled from device where identity = 'SPARE9'`);
  expect((await enabled()).rows).toEqual([{ enabled: true }]);
  await undoExchange(db, everywhere, exchangeId, { by: "bob", reason: "greșit" }, street.context);
  expect((await enabled()).rows).toEqual([{ enabled: false }]);
  expect(await street.state()).toBe(before);
});

test("an exchange that something builds on cannot be taken back", async () => {
  const pointId = street.pointIds[5]!;
  const first = await street.exchange(street.asked(5, at, "B1", "101.300"));
  await street.exchange({ ...street.asked(5, at + 7_200_000, "B2", "0.300"), pointId });
  const undo = (exchangeId: number) =>
    undoExchange(db, everywhere, exchangeId, { by: "bob", reason: "greșit" }, street.context);
  await expect(undo(first.exchangeId)).rejects.toMatchObject({ code: "exchange.used" });
  // The meter that went lies in a store by now.
  const stored = await street.exchange(street.asked(9, at + 7_200_000, "B4", "101.300"));
  await db.query(sql`
    insert into meter_state (meter_id, at, state, reason, made_by)
    values (${street.meters[9]!}::int, ${new Date(at + 10_800_000)}, 'stock', 'came back', 'ana')`);
  await expect(undo(stored.exchangeId)).rejects.toMatchObject({ code: "exchange.used" });
  // A month that it changed was closed for billing.
  const billed = await street.exchange(street.asked(7, at + 7_200_000, "B3", "0.300"));
  await db.query(sql`
    with close as (
      insert into billing_close (month, reason, requested_by, requested_at, state) values ('2026-09-01', 'over', 'ana', now(), 'waiting')
      returning billing_close_id
    )
    insert into billing_value (billing_close_id, point_id, month, scale, expected, present, good, estimated, billable, basis, obis, unit, seen)
    select billing_close_id, ${street.pointIds[7]!}, '2026-09-01', 0, 0, 0, 0, 0, true, 'register', '1-0:1.29.0*255', 'Wh', 1 from close`);
  // Entered into such a month, an exchange is doubtful; into one after it, it is not.
  const late = street.asked(7, at + 7_300_000, "B5", "0.310");
  expect(await wordsOf(late)).toContain("month-closed");
  await expect(undo(billed.exchangeId)).rejects.toMatchObject({ code: "exchange.used" });
  await expect(
    undoExchange(db, nowhere, first.exchangeId, { by: "bob", reason: "x" }, street.context),
  ).rejects.toMatchObject({ code: "exchange.not-found" });
});

test("other ratios with the new meter wait for a second person, and then hold from the exchange on", async () => {
  const pointId = street.pointIds[6]!;
  const ratios = { ctRatio: "40", vtRatio: "1", primaryValues: false };
  const by = { name: "ana", accountId: ana };
  const { requestId, exchangeId } = await street.exchange(street.asked(6, at, "C1", "101.300"), {
    by,
    ratios,
  });
  const fresh = await street.meterOf("C1");
  await street.deliver(fresh, start + 53 * 900_000, new Float64Array(43).fill(10));
  expect((await street.days(6)).get(date)!.values[60]).toBe(10);
  expect(await listRatioRequests(db, everywhere, { pointId, openOnly: true, nowMs, limit: 9 })).toMatchObject(
    [{ requestId, fromMs: at, before: { ctRatio: "1" }, after: { ctRatio: "40" } }],
  );
  await decideRatios(
    db,
    everywhere,
    requestId!,
    { accountId: bob, approve: true, note: "" },
    { ...street.context, because: () => db },
  );
  const day = (await street.days(6)).get(date)!;
  expect([day.values[50], day.values[60]]).toEqual([100, 400]);
  await expect(
    undoExchange(db, everywhere, exchangeId, { by: "bob", reason: "greșit" }, street.context),
  ).rejects.toMatchObject({ code: "exchange.used" });
});

test("taken back before anybody decided, an exchange takes its request for other ratios along", async () => {
  const pointId = street.pointIds[8]!;
  const ratios = { ctRatio: "40", vtRatio: "1", primaryValues: false };
  const asked = street.asked(8, at, "C2", "101.300");
  await expect(street.exchange(asked, { ratios })).rejects.toMatchObject({ code: "ratios.nobody" });
  const { exchangeId } = await street.exchange(asked, { by: { name: "ana", accountId: ana }, ratios });
  await undoExchange(db, everywhere, exchangeId, { by: "ana", reason: "greșit" }, street.context);
  expect(
    await listRatioRequests(db, everywhere, { pointId, openOnly: false, nowMs, limit: 9 }),
  ).toMatchObject([{ state: "overtaken" }]);
});

test("the new meter is read at the old one's address, and the old one is not called any more", async () => {
  const asked = { ...street.asked(0, at, "E1", "101"), ledPulsesPerKwh: "1000", outputPulseWh: "0.5" };
  await street.exchange(asked);
  const { rows } = await db.query(sql`
    select identity, url, enabled, trim_scale(led_pulses_per_kwh)::text as led, trim_scale(output_pulse_wh)::text as output
    from device join installation using (meter_id) where point_id = ${asked.pointId} order by device_id`);
  expect(rows).toEqual([
    { identity: "TST1", url: "dlms+tcp://127.0.0.1:4059", enabled: false, led: null, output: null },
    { identity: "NEWE1", url: "dlms+tcp://127.0.0.1:4059", enabled: true, led: "1000", output: "0.5" },
  ]);
});

test("two people who enter the same exchange: one is made", async () => {
  const asked = street.asked(4, at + 60_000, "T1", kwh(101_400));
  const other = street.asked(4, at + 60_000, "T2", kwh(101_400));
  const both = await Promise.allSettled([street.exchange(asked), street.exchange(other)]);
  expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  const standing = await db.query(
    sql`select from installation where point_id = ${asked.pointId} and upper_inf(during)`,
  );
  expect(standing.rows).toHaveLength(1);
});

test("a picture is kept with its hash, once, and what is none is refused", async () => {
  const pointId = street.pointIds[0]!;
  const { exchangeId } = (await listExchanges(db, pointId))[0]!;
  const given = { by: "ana", nowMs };
  const jpeg = Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]);
  const first = await addPhoto(db, everywhere, exchangeId, { fileName: "contor.jpg", bytes: jpeg }, given);
  expect(await addPhoto(db, everywhere, exchangeId, { fileName: "same.jpg", bytes: jpeg }, given)).toEqual(
    first,
  );
  const kept = await readPhoto(db, everywhere, first.photoId);
  expect([kept?.media, kept?.fileName, kept && [...kept.bytes]]).toEqual([
    "image/jpeg",
    "contor.jpg",
    [...jpeg],
  ]);
  expect(await readPhoto(db, nowhere, first.photoId)).toBeUndefined();
  const add = (bytes: Uint8Array) => addPhoto(db, everywhere, exchangeId, { fileName: "x", bytes }, given);
  await expect(add(new TextEncoder().encode("<svg onload=alert(1)>"))).rejects.toMatchObject({
    code: "photo.unreadable",
  });
  const large = new Uint8Array(photoBytesMax + 1);
  large.set(jpeg);
  await expect(add(large)).rejects.toMatchObject({ code: "photo.too-large" });
  for (let nth = 0; nth < 5; nth++) await add(Uint8Array.from([...jpeg, nth]));
  await expect(add(Uint8Array.from([...jpeg, 9]))).rejects.toMatchObject({ code: "photo.too-many" });
  expect((await listExchanges(db, pointId))[0]!.photos).toHaveLength(6);
});

test("what a server that ended in between did not derive is derived later", async () => {
  const { exchangeId } = (await listExchanges(db, street.pointIds[0]!))[0]!;
  await db.query(sql`update meter_exchange set days = null where meter_exchange_id = ${exchangeId}`);
  expect(await finishExchanges(db, { ...street.context, nowMs: nowMs + 600_000 })).toBe(1);
  expect(await finishExchanges(db, { ...street.context, nowMs: nowMs + 600_000 })).toBe(0);
});
