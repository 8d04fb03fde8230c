import { afterAll, beforeEach, expect, test } from "vitest";
import {
  addMeter,
  addMeterState,
  addMeterType,
  addMeterTypeCertificate,
  addMeterVerification,
  changeMeterType,
  everywhere,
  findLooseMeters,
  findMeter,
  findMeterType,
  importInventory,
  importMeters,
  listMeters,
  listMeterTypes,
  type MeterTypeFacts,
  type Scope,
  setMeterType,
  sql,
  undoMeterState,
  withdrawMeterVerification,
} from "../src/index.ts";
import { testDatabase, testKeyRing } from "../src/testing.ts";
import { inventoryOf } from "./planning-inventory.ts";

const { db, drop } = await testDatabase();
afterAll(drop);
testKeyRing(db);
const inventory = inventoryOf(2);
await importInventory(db, {
  ...inventory,
  branches: [],
  points: inventory.points.map((point, nth) => ({ ...point, branch: [nth === 0 ? "Pitești" : "Câmpulung"] })),
});
const { rows: branches } = await db.query<{ branchId: number }>(
  sql`select branch_id as "branchId" from branch where name = 'Pitești'`,
);
const pitesti: Scope = { parts: [{ branchIds: [branches[0]!.branchId], supplierId: null }] };

const cst: MeterTypeFacts = {
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
const at = (day: string) => Date.parse(`${day}T08:00:00Z`);
const who = { reason: "lot 14", by: "ana" };
const typeId = await addMeterType(db, {
  manufacturer: "AEM",
  name: "CST 0410",
  facts: cst,
  fromMs: at("2020-01-01"),
  ...who,
});

let serial = 100;
let meterId: number;
const newMeter = () =>
  addMeter(db, {
    meterTypeId: typeId,
    serial: `M${++serial}`,
    midYear: 2026,
    state: "stock",
    atMs: at("2026-02-02"),
    place: "Store 3",
    ...who,
  });
beforeEach(async () => {
  meterId = await newMeter();
});
const become = (state: Parameters<typeof addMeterState>[3]["state"], day: string) =>
  addMeterState(db, everywhere, meterId, { state, atMs: at(day), place: "Lab", ...who });
const verify = (document: string, more: { passed?: boolean; validUntil?: string | null } = {}) =>
  addMeterVerification(db, everywhere, meterId, {
    verifiedOn: "2026-03-01",
    kind: "first",
    passed: true,
    laboratory: "BRML Pitești",
    document,
    validUntil: "2036-03-01",
    note: "",
    by: "ana",
    ...more,
  });
const install = (pointId: number, from: string, to: string | null = null) =>
  db.query(sql`
    insert into installation (point_id, meter_id, during)
    values (${pointId}::int, ${meterId}::int, tstzrange(${from}::timestamptz, ${to}::timestamptz))`);
const { rows: places } = await db.query<{ locationId: number }>(
  sql`select location_id as "locationId" from location order by 1`,
);
/** A point without a meter, in Pitești or in Câmpulung. */
async function barePoint(nth: 0 | 1): Promise<number> {
  const { rows } = await db.query<{ id: number }>(sql`
    insert into point (location_id, phases) values (${places[nth]!.locationId}::int, 1) returning point_id as id`);
  return rows[0]!.id;
}

test("a type keeps what was known of it before a change, and reads as it was on any day", async () => {
  const own = await addMeterType(db, {
    manufacturer: "AEM",
    name: "CTT",
    facts: cst,
    fromMs: at("2021-01-01"),
    ...who,
  });
  await changeMeterType(db, own, {
    facts: { ...cst, outputPulseWh: "2.5", verificationYears: null },
    fromMs: at("2026-05-01"),
    reason: "new lot",
    by: "ion",
  });
  const type = await findMeterType(db, own);
  expect(type?.versions).toMatchObject([
    { outputPulseWh: "2.5", ledPulsesPerKwh: "1600", from: at("2026-05-01"), to: null, by: "ion" },
    { outputPulseWh: "5", verificationYears: 10, from: at("2021-01-01"), to: at("2026-05-01") },
  ]);
  const constants = async (day: string) =>
    (await listMeterTypes(db, at(day))).find((row) => row.meterTypeId === own)?.outputPulseWh;
  expect([await constants("2026-04-30"), await constants("2026-05-02")]).toEqual(["5", "2.5"]);
  await expect(
    changeMeterType(db, own, { facts: cst, fromMs: at("2026-05-01"), ...who }),
  ).rejects.toMatchObject({ code: "meter-type.too-early" });
});

test("the same type of the same manufacturer is in the catalogue once", async () => {
  await expect(
    addMeterType(db, { manufacturer: "AEM", name: "CST 0410", facts: cst, fromMs: 0, ...who }),
  ).rejects.toMatchObject({ code: "meter-type.known" });
});

test("a new certificate ends the open one; two that are valid at once are refused", async () => {
  const kema = { body: "KEMA (0122)", year: 2010, validTo: null };
  await addMeterTypeCertificate(db, typeId, { ...kema, number: "T10201", validFrom: "2010-06-01" });
  await addMeterTypeCertificate(db, typeId, {
    ...kema,
    number: "T10201 rev. 1",
    year: 2020,
    validFrom: "2020-06-01",
    validTo: "2030-06-01",
  });
  expect((await findMeterType(db, typeId))?.certificates).toMatchObject([
    { number: "T10201 rev. 1", validFrom: "2020-06-01", validTo: "2030-06-01" },
    { number: "T10201", validFrom: "2010-06-01", validTo: "2020-06-01" },
  ]);
  await expect(
    addMeterTypeCertificate(db, typeId, { ...kema, number: "T9", validFrom: "2029-01-01" }),
  ).rejects.toMatchObject({ code: "meter-type.certificate-overlaps" });
  expect((await listMeterTypes(db, at("2026-01-01")))[0]?.certificate?.number).toBe("T10201 rev. 1");
});

test("a meter takes from its type what its plate says", async () => {
  expect(await findMeter(db, everywhere, meterId)).toMatchObject({
    manufacturer: "AEM",
    typeName: "CST 0410",
    maxCurrentA: "60",
    indexDigits: 6,
    state: "stock",
    dueOn: "2036-12-31",
    next: ["repair", "scrapped", "testing", "verification"],
  });
});

test("from the factory over the laboratory to the point, back and to scrap: one life, installations included", async () => {
  await become("verification", "2026-02-20");
  await verify("B-1");
  await become("verified", "2026-03-02");
  const pointId = await barePoint(0);
  await install(pointId, "2026-03-10T00:00:00Z", "2026-04-01T00:00:00Z");
  // Another ratio is no removal.
  await install(pointId, "2026-04-01T00:00:00Z", "2026-05-01T00:00:00Z");
  await become("repair", "2026-05-03");
  await become("scrapped", "2026-05-20");
  const meter = await findMeter(db, everywhere, meterId);
  expect(meter?.life.map(({ state }) => state)).toEqual([
    "scrapped",
    "repair",
    "removed",
    "installed",
    "verified",
    "verification",
    "stock",
  ]);
  const then = (at: string) => findMeter(db, everywhere, meterId, Date.parse(at));
  // While it stood there nobody had taken it down, and on the way to the laboratory it was not verified.
  expect(await then("2026-04-15T00:00:00Z")).toMatchObject({
    state: "installed",
    next: [],
    dueOn: "2036-03-01",
    life: [
      { state: "installed", pointId, to: null },
      { state: "verified" },
      { state: "verification" },
      { state: "stock" },
    ],
  });
  expect(await then("2026-02-21T00:00:00Z")).toMatchObject({
    state: "verification",
    verifications: [],
    dueOn: "2036-12-31",
  });
  expect(await then("2019-01-01T00:00:00Z")).toMatchObject({ state: "unknown", life: [] });
  expect(meter?.life[3]).toMatchObject({
    pointId,
    from: Date.parse("2026-03-10T00:00:00Z"),
    to: Date.parse("2026-05-01T00:00:00Z"),
  });
  expect(meter).toMatchObject({ state: "scrapped", next: [] });
});

test.each([
  ["a state that cannot follow", () => become("verified", "2026-02-20"), "meter.no-transition"],
  ["a state before the last one", () => become("repair", "2026-02-01"), "meter.too-early"],
  [
    "verified without a verification",
    async () => {
      await become("verification", "2026-02-20");
      await become("verified", "2026-03-02");
    },
    "meter.not-verified",
  ],
  [
    "verified by a verification that failed",
    async () => {
      await become("verification", "2026-02-20");
      await verify("B-2", { passed: false, validUntil: null });
      await become("verified", "2026-03-02");
    },
    "meter.not-verified",
  ],
  [
    "anything while it stands at a point",
    async () => {
      await install(await barePoint(0), "2026-03-01T00:00:00Z");
      await become("repair", "2026-03-02");
    },
    "meter.no-transition",
  ],
  [
    "a bulletin twice",
    async () => {
      await verify("B-3");
      await verify("B-3");
    },
    "meter.verification-known",
  ],
  [
    "a type of other phases",
    async () => {
      const three = await addMeterType(db, {
        manufacturer: "AEM",
        name: "CTT 3",
        facts: { ...cst, phases: 3 },
        fromMs: 0,
        ...who,
      });
      await setMeterType(db, everywhere, meterId, { meterTypeId: three, midYear: null });
    },
    "meter.type-differs",
  ],
])("refused: %s", async (_, act, code) => {
  await expect(act()).rejects.toMatchObject({ code });
});

test("the database puts up no meter that is in repair or scrapped, nor one of which something was told later", async () => {
  const refused = { constraint: "installation_meter_state" };
  const pointId = await barePoint(0);
  await become("repair", "2026-03-01");
  await expect(install(pointId, "2026-03-02T00:00:00Z")).rejects.toMatchObject(refused);
  await expect(install(pointId, "2026-02-10T00:00:00Z")).rejects.toMatchObject(refused);
  await install(pointId, "2026-02-10T00:00:00Z", "2026-02-20T00:00:00Z");
  // Putting it back up to a time when it was in repair.
  await expect(
    db.query(
      sql`update installation set during = tstzrange(lower(during), null) where meter_id = ${meterId}::int`,
    ),
  ).rejects.toMatchObject(refused);
});

test("what two people do to a meter at once happens one after the other", async () => {
  const outcomes = await Promise.allSettled([
    become("repair", "2026-03-01"),
    become("scrapped", "2026-03-01"),
  ]);
  expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
});

test("a state that was a mistake is taken back as long as it is the last thing, and never the first", async () => {
  const undo = () => undoMeterState(db, everywhere, meterId);
  await expect(undo()).rejects.toMatchObject({ code: "meter.no-state" });
  await become("scrapped", "2026-03-01");
  await undo();
  expect(await findMeter(db, everywhere, meterId)).toMatchObject({
    state: "stock",
    life: [{ state: "stock", to: null }],
  });
  const pointId = await barePoint(0);
  await install(pointId, "2026-04-01T00:00:00Z", "2026-05-01T00:00:00Z");
  await expect(undo()).rejects.toMatchObject({ code: "meter.no-state" });
  await become("repair", "2026-05-03");
  await undo();
  expect((await findMeter(db, everywhere, meterId))?.state).toBe("removed");
});

test("a withdrawn verification stays to be seen and holds no more", async () => {
  const meterVerificationId = await verify("B-4");
  const withdraw = () =>
    withdrawMeterVerification(db, everywhere, meterId, {
      meterVerificationId,
      why: "other meter",
      by: "ion",
    });
  expect((await findMeter(db, everywhere, meterId))?.dueOn).toBe("2036-03-01");
  await withdraw();
  expect(await findMeter(db, everywhere, meterId)).toMatchObject({
    dueOn: "2036-12-31",
    verifications: [{ document: "B-4", withdrawnBy: "ion", withdrawnWhy: "other meter" }],
  });
  await expect(withdraw()).rejects.toMatchObject({ code: "meter.verification-not-found" });
});

test("the work list has what no verification covers at that day: due, failed, unknown; nothing that is scrapped", async () => {
  const due = async (day: string) =>
    (
      await listMeters(
        db,
        everywhere,
        { dueBefore: day, text: `M${serial}` },
        { sort: "dueOn", descending: false },
        { offset: 0, limit: 10 },
      )
    ).total;
  await verify("B-5", { validUntil: "2030-01-01" });
  expect([await due("2030-01-01"), await due("2030-01-02")]).toEqual([0, 1]);
  await verify("B-6", { passed: false, validUntil: null });
  expect(await due("2027-01-01")).toBe(1);
  await become("scrapped", "2026-06-01");
  expect(await due("2031-01-01")).toBe(0);
});

test("the list says the same state as the meter's own page", async () => {
  await become("repair", "2026-03-01");
  const { rows } = await listMeters(
    db,
    everywhere,
    {},
    { sort: "serial", descending: false },
    { offset: 0, limit: 500 },
  );
  for (const row of rows) {
    const meter = await findMeter(db, everywhere, row.meterId);
    expect([row.serial, row.state, row.dueOn]).toEqual([meter?.serial, meter?.state, meter?.dueOn]);
    expect(row.since).toBe(meter?.life[0]?.from ?? null);
  }
  expect(rows.length).toBeGreaterThan(3);
});

test("a meter at a point of another branch is none; what lies in the store is everybody's", async () => {
  expect(await findMeter(db, pitesti, meterId)).toBeDefined();
  const pointId = await barePoint(1);
  await install(pointId, "2026-03-01T00:00:00Z");
  expect(await findMeter(db, pitesti, meterId)).toBeUndefined();
  const page = { sort: "serial", descending: false } as const;
  const window = { offset: 0, limit: 10 };
  expect((await listMeters(db, pitesti, { text: `M${serial}` }, page, window)).total).toBe(0);
  await expect(
    addMeterState(db, pitesti, meterId, { state: "repair", atMs: at("2026-04-01"), place: "", ...who }),
  ).rejects.toMatchObject({ code: "meter.not-found" });
  // Nor does a list of the laboratory reach it.
  const bulletin = {
    ...{ line: 2, manufacturer: "AEM", type: "CST 0410", serial: `M${serial}`, midYear: null, place: "" },
    verification: {
      ...{ verifiedOn: "2026-03-10", kind: "periodic" as const, passed: false, validUntil: null },
      ...{ laboratory: "AEM", document: `E-${serial}` },
    },
  } as const;
  const options = { apply: true, atMs: at("2026-03-15"), ...who };
  const { faults } = await importMeters(db, pitesti, [bulletin], options);
  expect(faults).toEqual([{ line: 2, code: "elsewhere" }]);
  expect((await findMeter(db, everywhere, meterId))?.verifications).toEqual([]);
  await db.query(sql`
    update installation set during = tstzrange(lower(during), '2026-04-01T00:00:00Z') where meter_id = ${meterId}::int`);
  // It came back; where it was is not theirs to see.
  expect((await findMeter(db, pitesti, meterId))?.life.map(({ pointId: at }) => at)).toEqual([
    null,
    null,
    null,
  ]);
});

test("a serial number's beginning finds what stands nowhere", async () => {
  expect(await findLooseMeters(db, `m${serial}`, 5)).toMatchObject([{ meterId, state: "stock" }]);
  await install(await barePoint(0), "2026-03-01T00:00:00Z");
  expect(await findLooseMeters(db, `m${serial}`, 5)).toEqual([]);
});

test("a list of meters comes in whole or not at all, and says which lines are wrong", async () => {
  const line = (nth: number, type: string, serial: string, validUntil: string | null) => ({
    line: nth,
    manufacturer: "AEM",
    type,
    serial,
    midYear: 2026,
    place: "Store 1",
    verification:
      validUntil === null
        ? null
        : {
            verifiedOn: "2026-01-15",
            kind: "first" as const,
            passed: true,
            laboratory: "AEM",
            document: `L-${serial}`,
            validUntil,
          },
  });
  const options = { apply: true, atMs: at("2026-06-01"), reason: "lot 20", by: "ana" };
  const wrong = await importMeters(
    db,
    everywhere,
    [line(2, "CST 0410", "L1", null), line(3, "CST 9999", "L2", null), line(4, "CST 0410", "L1", null)],
    options,
  );
  expect(wrong.faults).toEqual([
    { line: 3, code: "type-unknown" },
    { line: 4, code: "serial-twice" },
  ]);
  expect(await findLooseMeters(db, "L1", 5)).toEqual([]);
  const good = [
    line(2, "CST 0410", "L1", null),
    line(3, "CST 0410", "L2", "2036-01-15"),
    line(4, "CST 0410", "L3", "2026-05-01"),
  ];
  expect(await importMeters(db, everywhere, good, options)).toEqual({
    added: 3,
    known: 0,
    verifications: 2,
    faults: [],
  });
  expect((await findLooseMeters(db, "l", 5)).map(({ serial, state }) => [serial, state])).toEqual([
    ["L1", "stock"],
    ["L2", "verified"],
    ["L3", "stock"],
  ]);
  expect((await importMeters(db, everywhere, good, options)).faults).toEqual([
    { line: 3, code: "verification-known" },
    { line: 4, code: "verification-known" },
  ]);
});
