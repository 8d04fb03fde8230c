import { sql } from "@energsys/store";
import { expect, test } from "vitest";
import { browserOf, firstAccount, importPoints, networkPoint, testServer } from "./harness.ts";

const server = await testServer();
const { db, clock } = server;
const call = browserOf(server, await firstAccount(server));
const point = networkPoint(1);
await importPoints(db, [point]);
const { rows } = await db.query<{ locationId: number; pointId: number; branchId: number }>(sql`
  select location_id as "locationId", point_id as "pointId", branch_id as "branchId" from location join point using (location_id)`);
const { locationId, pointId, branchId } = rows[0]!;
const at = (daysAgo: number) => new Date(clock.ms - daysAgo * 86_400_000).toISOString();
const place = {
  code: "LC-1",
  branchId,
  address: "Șoseaua Păcii 7",
  note: "",
  latitude: 44.9,
  longitude: 24.8,
  reason: "renumerotare",
};
const none = {
  pointId: null,
  label: "",
  material: null,
  wallMm: null,
  locks: null,
  keyMark: null,
  ipClass: null,
  ratedCurrentA: null,
  poles: null,
  residualCurrentMa: null,
  characteristic: null,
  number: null,
  putBy: "I. Pop",
  replaces: false,
  reason: "montare",
};
const fit = (more: object, path = `/locations/${locationId}/fittings`) =>
  call("POST", path, { ...none, at: at(20), ...more });

test("an address is changed from an instant on; a day means from its beginning in the zone of the market", async () => {
  expect(
    (await call("POST", `/locations/${locationId}/changes`, { ...place, from: "2026-03-01T22:30:00Z" })).body,
  ).toEqual({
    changed: true,
  });
  // 22:30 of UTC on the first is half past midnight on the second of March.
  const on = async (day: string) => (await call("GET", `/locations/${locationId}?on=${day}`)).body;
  expect(await on("2026-03-02")).toMatchObject({ address: point.address, on: "2026-03-01T22:00:00.000Z" });
  expect((await on("2026-03-03")).address).toBe(place.address);
  expect((await on("2026-03-01T22:30:00Z")).address).toBe(place.address);
  const ofPoint = (await call("GET", `/points/${pointId}?on=2026-03-29`)).body;
  expect(ofPoint.on).toBe("2026-03-28T22:00:00.000Z");
  expect((await call("GET", `/points/${pointId}?on=2026-03-30`)).body.on).toBe("2026-03-29T21:00:00.000Z");
  expect((await call("GET", `/points/${pointId}?on=2026-02-30`)).body.code).toBe("input.invalid");
  const later = await call("POST", `/locations/${locationId}/changes`, { ...place, from: at(-2) });
  expect(later.body.fields).toHaveProperty("/from");
});

test("a seal that is found broken is an alarm until another is in its place", async () => {
  expect((await fit({ kind: "enclosure", number: "1" })).body.fields).toEqual({
    "/number": "Not of a enclosure",
    "/material": "It is needed",
  });
  expect(
    (
      await fit({
        kind: "enclosure",
        material: "steel",
        wallMm: "2",
        locks: 2,
        keyMark: "K7",
        ipClass: "IP54",
      })
    ).status,
  ).toBe(201);
  expect(
    (await fit({ kind: "breaker", label: "F1", ratedCurrentA: "32", poles: 1, characteristic: "C", pointId }))
      .status,
  ).toBe(201);
  const { fittingId } = (await fit({ kind: "seal", number: "AB 100", label: "borne" })).body;
  const end = await call("POST", `/locations/${locationId}/fittings/${fittingId}/end`, {
    at: at(2),
    outcome: "broken",
    takenBy: "I. Pop",
    reason: "control",
  });
  expect(end.status).toBe(204);
  const active = async () => (await call("GET", "/alarms?state=active")).body.rows;
  expect(await active()).toMatchObject([{ eventName: "seal-broken", severity: "critical", pointId }]);
  expect((await call("GET", "/locations?seal=broken")).body).toMatchObject({
    total: 1,
    rows: [
      { locationId, code: "LC-1", material: "steel", wallMm: "2", ratedCurrentA: "32", sealState: "broken" },
    ],
  });
  expect((await fit({ kind: "seal", number: "AB 101", label: "borne", at: at(1) })).status).toBe(201);
  expect(await active()).toEqual([]);
  const csv = await call("GET", "/locations.csv?q=soseaua%20pacii");
  expect(csv.text).toContain("LC-1;Șoseaua Păcii 7;");
  expect(csv.text).toContain(";oțel;2;1;intacte;32");
});

test("a list of modems and cards comes in whole or not at all, and says again what it said", async () => {
  const meter = point.meter.serial;
  const text = [
    "modem;imei;type;contor;iccid;operator;apn;abonament;msisdn;pin",
    `MD-7;123456789012345;4G;${meter};8940011234567890123;Operator A;citire;50 MB;+40712345678;04293175`,
    ";;;;8940011234567890124;Operator A;;;;",
  ].join("\n");
  const bring = (more: object) =>
    call("POST", "/modems/import", { text, apply: true, reason: "lot 3", ...more });
  expect((await bring({ apply: false })).body).toEqual({
    applied: false,
    modems: 1,
    sims: 2,
    placed: 2,
    faults: [],
  });
  const wrong = await bring({ text: `${text}\nMD-8;12;4G;;;;;;;\nMD-9;;4G;404;;;;;;` });
  expect(wrong.body).toMatchObject({
    applied: false,
    faults: [
      { line: 4, code: "cell-wrong:imei" },
      { line: 5, code: "meter.not-found" },
    ],
  });
  expect((await call("GET", "/modems")).body.total).toBe(0);
  expect((await bring({})).body).toMatchObject({ applied: true, modems: 1, sims: 2, placed: 2 });
  expect((await bring({})).body).toMatchObject({ applied: true, modems: 0, sims: 0, placed: 0 });
  const { body } = await call("GET", "/sims?state=active");
  expect(body.rows).toMatchObject([
    { iccid: "8940011234567890123", msisdn: "+40712345678", hasPin: true, modem: "MD-7" },
  ]);
  expect(JSON.stringify(body)).not.toContain("04293175");
  const { modemId, simId } = body.rows[0];
  expect((await call("GET", `/modems/${modemId}`)).body).toMatchObject({ serves: meter, on: null });
  expect((await call("GET", `/modems/${modemId}?on=2026-01-01`)).body).toMatchObject({
    serves: null,
    iccid: null,
    placements: [],
    on: "2025-12-31T22:00:00.000Z",
  });
  expect((await call("GET", `/sims/${simId}?on=2026-01-01`)).status).toBe(404);
  const { rows: log } = await db.query<{ text: string }>(
    sql`select (to_jsonb(entry) - 'hash' - 'prev')::text as text from audit.log as entry`,
  );
  for (const { text: entry } of log) expect(entry).not.toMatch(/04293175|40712345678|Șoseaua/);
});

test("the palette finds locations, meters of the store, modems and cards beside the points", async () => {
  await db.query(
    sql`insert into meter (serial, manufacturer, model, phases) values ('77999', 'AEM', 'generic-dlms', 1)`,
  );
  const search = async (q: string) => (await call("GET", `/search?q=${encodeURIComponent(q)}`)).body;
  expect((await search("ab 101")).locations).toEqual([{ locationId, code: "LC-1", address: place.address }]);
  expect((await search("779")).meters).toMatchObject([{ serial: "77999", state: "unknown" }]);
  expect((await search("md-7")).modems).toMatchObject([{ serial: "MD-7", serves: point.meter.serial }]);
  expect((await search("0123")).sims).toMatchObject([{ iccid: "8940011234567890123", modem: "MD-7" }]);
});

test("a point is entered at a location, moved to another one from a day on, found as it stood, taken back, and removed while unused", async () => {
  const given = { pod: "RO001HAND000001", name: "Pompă", phases: 3, direction: "import", reason: "fișa 9" };
  const made = await call("POST", `/locations/${locationId}/points`, given);
  expect(made.status).toBe(201);
  const { pointId: mine } = made.body;
  expect((await call("POST", `/locations/${locationId}/points`, given)).body.code).toBe("point.pod-used");
  expect((await call("POST", "/locations/99999/points", { ...given, pod: "X" })).body.code).toBe(
    "location.not-found",
  );
  expect((await call("GET", `/points/${mine}`)).body).toMatchObject({
    pod: given.pod,
    name: "Pompă",
    phases: 3,
    locationId,
    installations: [],
  });
  expect((await call("GET", "/points?q=hand000001")).body.total).toBe(1);

  const { body: elsewhere } = await call("POST", "/locations", {
    ...place,
    code: "LC-9",
    address: "Altă stradă 3",
  });
  const podsAt = async (id: number, on?: string) =>
    (await call("GET", `/locations/${id}${on === undefined ? "" : `?on=${on}`}`)).body.points.map(
      ({ pod }: { pod: string }) => pod,
    );
  const move = (to: number, from: string) =>
    call("POST", `/points/${mine}/changes`, { values: { locationId: to }, from, reason: "mutat" });
  expect((await move(99_999, at(5))).body.code).toBe("location.not-found");
  const moved = await move(elsewhere.locationId, at(5));
  expect(moved.status).toBe(201);
  expect(await podsAt(elsewhere.locationId)).toEqual([given.pod]);
  expect(await podsAt(locationId)).not.toContain(given.pod);
  expect(await podsAt(locationId, at(6))).toContain(given.pod);
  expect(await podsAt(elsewhere.locationId, at(6))).toEqual([]);
  expect((await call("GET", `/points/${mine}`)).body).toMatchObject({ address: "Altă stradă 3" });
  expect((await call("GET", `/points/${mine}?on=${at(6)}`)).body).toMatchObject({ locationId });
  expect((await call("GET", `/points/${mine}/changes`)).body.rows[0].values).toMatchObject([
    { attribute: "locationId", value: elsewhere.locationId },
  ]);
  await call("POST", `/point-changes/${moved.body.changeId}/undo`, { reason: "greșit" });
  expect(await podsAt(locationId)).toContain(given.pod);

  expect((await call("POST", `/points/${pointId}/removal`, { reason: "din greșeală" })).status).toBe(409);
  expect((await call("POST", `/points/${mine}/removal`, { reason: "din greșeală" })).status).toBe(204);
  expect((await call("GET", `/points/${mine}`)).status).toBe(404);
  expect((await call("GET", `/locations/${locationId}`)).status).toBe(200);
});
