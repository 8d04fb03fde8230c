import { sql } from "@energsys/store";
import { expect, test } from "vitest";
import { browserOf, firstAccount, importPoints, networkPoint, testServer } from "./harness.ts";

const server = await testServer();
const { db } = server;
const call = browserOf(server, await firstAccount(server));
await importPoints(db, [networkPoint(1)]);

const facts = {
  model: "generic-dlms",
  phases: 1,
  connection: "direct",
  accuracyClass: "B",
  ledPulsesPerKwh: "1600",
  outputPulseWh: "5",
  referenceVoltageV: "230",
  maxVoltageV: "400",
  referenceCurrentA: "5",
  maxCurrentA: "60",
  indexDigits: 6,
  indexDecimals: 2,
  relay: true,
  loadProfile: true,
  tariffs: 4,
  verificationYears: 10,
};
const added = await call("POST", "/meter-types", {
  manufacturer: "AEM",
  name: "CST 0410",
  ...facts,
  reason: "new type",
});
const { meterTypeId } = added.body;
const stock = (serial: string) =>
  call("POST", "/meters", {
    meterTypeId,
    serial,
    midYear: 2026,
    state: "stock",
    at: "2026-02-02T08:00:00.000Z",
    place: "Magazia 3",
    reason: "lot 14",
  });
const first = (await stock("77001")).body.meterId;

test("a type is added, changed from now on and read as it was; both constants are kept exactly", async () => {
  const before = new Date(server.clock.ms).toISOString();
  server.clock.ms += 60_000;
  const { ledPulsesPerKwh: _, ...rest } = facts;
  const changed = await call("POST", `/meter-types/${meterTypeId}/versions`, {
    ...rest,
    ledPulsesPerKwh: "6400",
    outputPulseWh: "0.5",
    reason: "another lot",
  });
  expect([added.status, changed.status]).toEqual([201, 204]);
  const { body } = await call("GET", `/meter-types/${meterTypeId}`);
  expect(body.versions).toMatchObject([
    { ledPulsesPerKwh: "6400", outputPulseWh: "0.5", to: null, reason: "another lot" },
    { ledPulsesPerKwh: "1600", outputPulseWh: "5", reason: "new type" },
  ]);
  const then = await call("GET", `/meter-types?at=${encodeURIComponent(before)}`);
  expect(then.body.rows).toMatchObject([{ name: "CST 0410", outputPulseWh: "5", meters: 1 }]);
});

test("a type has the voltages and currents of its plate, and a highest value below its reference is refused at its field", async () => {
  const { body } = await call("GET", "/meter-types");
  expect(body.rows[0]).toMatchObject({ referenceVoltageV: "230", maxVoltageV: "400" });
  const refused = await call("POST", "/meter-types", {
    manufacturer: "AEM",
    name: "CTT 0420",
    ...facts,
    phases: 3,
    maxVoltageV: "229.9",
    maxCurrentA: "4.999",
    reason: "a slip",
  });
  expect(refused.status).toBe(400);
  expect(Object.keys(refused.body.fields)).toEqual(["/maxVoltageV", "/maxCurrentA"]);
});

test("a certificate of the notified body stands beside the type", async () => {
  const given = {
    number: "T10201",
    body: "KEMA (0122)",
    year: 2010,
    validFrom: "2010-06-01",
    validTo: null,
  };
  expect((await call("POST", `/meter-types/${meterTypeId}/certificates`, given)).status).toBe(204);
  const { body } = await call("GET", "/meter-types");
  expect(body.rows[0].certificate).toEqual(given);
});

test("the life of a meter, its verification and the log of both", async () => {
  const to = (state: string, at: string) =>
    call("POST", `/meters/${first}/states`, { state, at, place: "BRML", reason: "due" });
  expect((await to("verified", "2026-03-01T08:00:00.000Z")).body.code).toBe("meter.no-transition");
  expect((await to("verification", "2026-03-01T08:00:00.000Z")).status).toBe(204);
  const verified = await call("POST", `/meters/${first}/verifications`, {
    verifiedOn: "2026-03-02",
    kind: "first",
    passed: true,
    laboratory: "BRML Pitești",
    document: "B-17",
    validUntil: "2036-03-02",
    note: "",
  });
  expect(verified.status).toBe(201);
  expect((await to("verified", "2026-03-03T08:00:00.000Z")).status).toBe(204);
  const { body } = await call("GET", `/meters/${first}`);
  expect(body).toMatchObject({ state: "verified", typeName: "CST 0410", dueOn: "2036-03-02" });
  expect(body.life.map(({ state }: { state: string }) => state)).toEqual([
    "verified",
    "verification",
    "stock",
  ]);
  const log = await call("GET", `/log?objectType=meter&objectId=${first}`);
  const added = log.body.rows.filter(({ action }: { action: string }) => action === "add");
  expect(added.map((row: { objectType: string }) => row.objectType).sort()).toEqual([
    "meter",
    "meter_state",
    "meter_state",
    "meter_state",
    "meter_verification",
  ]);
  const { meterVerificationId } = verified.body;
  const path = `/meters/${first}/verifications/${meterVerificationId}/withdrawal`;
  expect((await call("POST", path, { reason: "wrong meter" })).status).toBe(204);
  expect((await call("POST", path, { reason: "wrong meter" })).body.code).toBe(
    "meter.verification-not-found",
  );
});

test("the work list is filtered and goes out as a file", async () => {
  await stock("77002");
  const due = await call("GET", "/meters?dueBefore=2037-01-01&sort=dueOn&state=stock");
  expect(due.body.rows).toMatchObject([{ serial: "77002", dueOn: "2036-12-31", place: "Magazia 3" }]);
  const csv = await call("GET", "/meters.csv?q=77002");
  expect(csv.text).toContain("77002;AEM;CST 0410;2026;în stoc;2026-02-02T08:00:00.000Z;Magazia 3;2036-12-31");
  const { rows } = await db.query<{ records: number }>(
    sql`select records from audit.log where action = 'export' and object_type = 'meter'`,
  );
  expect(rows).toEqual([{ records: 1 }]);
});

test.each([
  [
    "a model that nothing can read",
    () =>
      call("POST", "/meter-types", {
        manufacturer: "X",
        name: "Y",
        ...facts,
        model: "abacus",
        reason: "new",
      }),
    400,
    "input.invalid",
  ],
  [
    "a constant of nothing",
    () =>
      call("POST", "/meter-types", {
        manufacturer: "X",
        name: "Y",
        ...facts,
        outputPulseWh: "0",
        reason: "new",
      }),
    400,
    "input.invalid",
  ],
  [
    "a type that is there",
    () => call("POST", "/meter-types", { manufacturer: "AEM", name: "CST 0410", ...facts, reason: "new" }),
    409,
    "meter-type.known",
  ],
  ["a type that is not there", () => call("GET", "/meter-types/999"), 404, "meter-type.not-found"],
  ["a serial number that is there", () => stock("77001"), 409, "meter.known"],
  ["a meter that is not there", () => call("GET", "/meters/99999"), 404, "meter.not-found"],
  [
    "a verification that passed and never ends",
    () =>
      call("POST", `/meters/${first}/verifications`, {
        verifiedOn: "2026-03-02",
        kind: "first",
        passed: true,
        laboratory: "L",
        document: "D",
        validUntil: null,
        note: "",
      }),
    400,
    "input.invalid",
  ],
] as const)("refused: %s", async (_, ask, status, code) => {
  const answer = await ask();
  expect([answer.status, answer.body.code]).toEqual([status, code]);
});

test("a list of meters is checked line by line and comes in whole", async () => {
  const head = "Producător;Tip;Serie;An;Loc;Verificat la;Laborator;Buletin;Valabil până";
  const bring = (lines: string[], apply: boolean) =>
    call("POST", "/meters/import", { text: [head, ...lines].join("\n"), apply, reason: "lot 20" });
  const wrong = await bring(
    [
      "AEM;CST 0410;L1;2026;M1;;;;",
      "AEM;CST 0410;L2;1899;M1;2026-02-31;AEM;1;2036-01-01",
      "AEM;None;L3;;;;;;",
    ],
    true,
  );
  expect(wrong.body).toMatchObject({
    applied: false,
    faults: [
      { line: 3, code: "cell-wrong:year" },
      { line: 3, code: "cell-wrong:verified_on" },
      { line: 4, code: "type-unknown" },
    ],
  });
  const good = ["AEM;CST 0410;L1;2026;M1;;;;", "AEM;CST 0410;L2;2026;M1;2026-02-03;AEM;77;2036-02-03"];
  expect((await bring(good, false)).body).toEqual({
    applied: false,
    added: 2,
    known: 0,
    verifications: 1,
    faults: [],
  });
  expect((await bring(good, true)).body).toMatchObject({ applied: true, added: 2 });
  expect((await call("GET", "/meters?q=L")).body.rows.map((row: { state: string }) => row.state)).toContain(
    "verified",
  );
  expect((await bring(['"open'], false)).body.code).toBe("points-import.file-unreadable");
});

test("what lies in the future, and days that no month has, are refused: they would bar what happens until then", async () => {
  const { meterId } = (await stock("77091")).body;
  const later = new Date(server.clock.ms + 86_400_000).toISOString();
  const state = { state: "verification", place: "", reason: "due" };
  const bulletin = {
    kind: "first",
    passed: true,
    laboratory: "BRML",
    document: "F-1",
    note: "",
    validUntil: "2096-01-01",
  };
  const asked = [
    call("POST", `/meters/${meterId}/states`, { ...state, at: later }),
    call("POST", `/meter-types/${meterTypeId}/versions`, { ...facts, from: later, reason: "another lot" }),
    call("POST", "/meters", {
      meterTypeId,
      serial: "77092",
      midYear: 2026,
      state: "stock",
      at: later,
      place: "",
      reason: "lot",
    }),
    ...["2095-01-01", "2026-02-30", "0000-01-01"].map((verifiedOn) =>
      call("POST", `/meters/${meterId}/verifications`, { ...bulletin, verifiedOn }),
    ),
    call("GET", `/meters/${meterId}?on=2026-02-30`),
  ];
  expect((await Promise.all(asked)).map(({ status, body }) => [status, body.code])).toEqual(
    asked.map(() => [400, "input.invalid"]),
  );
  expect(
    (await call("POST", `/meters/${meterId}/states`, { ...state, at: "2026-03-01T00:00:00Z" })).status,
  ).toBe(204);
  const undo = () => call("POST", `/meters/${meterId}/states/undo`, { reason: "another meter" });
  expect((await undo()).status).toBe(204);
  expect((await undo()).body.code).toBe("meter.no-state");
  expect((await call("GET", `/meters/${meterId}`)).body.life).toMatchObject([{ state: "stock", to: null }]);
  const { rows } = await db.query(sql`
    select reason, before->>'state' as state from audit.log where reason = 'another meter' and before->>'state' is not null`);
  expect(rows).toEqual([{ reason: "another meter", state: "verification" }]);
});
