import { afterAll, expect, test } from "vitest";
import {
  addFitting,
  addLocation,
  changeLocation,
  endFitting,
  everywhere,
  type FittingFacts,
  findLocation,
  findLocationIds,
  findPoint,
  fittingOf,
  importInventory,
  type LocationFacts,
  listAlarms,
  readLocationRows,
  resealRetired,
  retireDataKeys,
  type Scope,
  sql,
  undoLocationChange,
  withdrawFitting,
} from "../src/index.ts";
import { testDatabase, testKeyRing } from "../src/testing.ts";
import { inventoryOf } from "./planning-inventory.ts";

const { db, drop } = await testDatabase();
afterAll(drop);
const ring = testKeyRing(db);
const inventory = inventoryOf(2);
await importInventory(db, {
  ...inventory,
  branches: [],
  points: inventory.points.map((point, nth) => ({
    ...point,
    address: `Șoseaua Păcii ${nth + 1}`,
    branch: [nth === 0 ? "Pitești" : "Câmpulung"],
  })),
});
const { rows } = await db.query<{ pointId: number; locationId: number; branchId: number }>(sql`
  select point_id as "pointId", location_id as "locationId", branch_id as "branchId" from point join location using (location_id)
  order by point_id`);
const [first, second] = rows as [(typeof rows)[0], (typeof rows)[0]];
const pitesti: Scope = { parts: [{ branchIds: [first.branchId], supplierId: null }] };
const day = (text: string) => Date.parse(`${text}T08:00:00Z`);
const who = { reason: "inspection", by: "ana" };
const facts: LocationFacts = {
  code: "LC-1",
  branchId: first.branchId,
  address: "Șoseaua Păcii 1A",
  note: "cheia la administrator",
  latitude: 44.86,
  longitude: 24.87,
};
const change = (more: Partial<LocationFacts> = {}, from = "2026-03-01") =>
  changeLocation(db, everywhere, first.locationId, { ...facts, ...more }, { ...who, fromMs: day(from) });
const fit = (
  given: Pick<FittingFacts, "kind"> & Partial<FittingFacts>,
  from = "2026-02-01",
  replaces = false,
) =>
  addFitting(db, everywhere, first.locationId, {
    ...fittingOf(given),
    fromMs: day(from),
    putBy: "I. Pop",
    replaces,
    nowMs: day("2026-06-03"),
    ...who,
  });
const page = (on?: string) =>
  findLocation(db, everywhere, first.locationId, on === undefined ? {} : { onMs: day(on) });

test("an address that changes is dated: the page of a day shows what it was then", async () => {
  expect(await change()).toBe(true);
  expect(await change()).toBe(false);
  expect(await change({ address: "Strada Nouă 4" }, "2026-05-01")).toBe(true);
  await expect(change({ address: "Alta" }, "2026-04-01")).rejects.toMatchObject({
    code: "location.too-early",
  });
  expect((await page("2026-02-01"))?.address).toBe("Șoseaua Păcii 1");
  expect(await page("2026-04-01")).toMatchObject({ address: "Șoseaua Păcii 1A", code: "LC-1" });
  expect(await page()).toMatchObject({ address: "Strada Nouă 4", from: day("2026-05-01") });
  // The point has no address of its own.
  expect((await findPoint(db, everywhere, first.pointId, { nowMs: day("2026-06-01") }))?.address).toBe(
    "Strada Nouă 4",
  );
});

test("a change is taken back: what was before holds again, and both stay to be seen", async () => {
  await undoLocationChange(db, everywhere, first.locationId, { reason: "by mistake", by: "dan" });
  const now = await page();
  expect(now).toMatchObject({ address: "Șoseaua Păcii 1A", from: day("2026-03-01") });
  expect(now?.versions.map(({ address, withdrawn, endedBy }) => ({ address, withdrawn, endedBy }))).toEqual([
    { address: "Strada Nouă 4", withdrawn: true, endedBy: "dan" },
    { address: "Șoseaua Păcii 1A", withdrawn: true, endedBy: "ana" },
    { address: "Șoseaua Păcii 1", withdrawn: false, endedBy: "ana" },
  ]);
  expect((await page("2026-06-01"))?.address).toBe("Șoseaua Păcii 1A");
});

test("an import that knows another address keeps the one of before, the note and the place on the map", async () => {
  await importInventory(db, {
    ...inventory,
    branches: [],
    points: [{ ...inventory.points[0]!, branch: ["Pitești"] }],
  });
  const now = await page();
  expect(now).toMatchObject({ address: inventory.points[0]!.address, note: facts.note, latitude: 44.86 });
  expect(now?.versions[0]).toMatchObject({ address: facts.address, withdrawn: false });
  // Sealed by a new key, what was opens as before.
  await retireDataKeys(db, "personal");
  expect(await resealRetired(db, ring, "personal")).toMatchObject({ left: 0 });
  expect((await page())?.versions).toEqual(now?.versions);
});

test("the database refuses two enclosures of one name at a time, and a number of a seal twice", async () => {
  await fit({ kind: "enclosure", material: "steel", wallMm: "2", locks: 2, keyMark: "K7", ipClass: "IP54" });
  await expect(fit({ kind: "enclosure", material: "plastic" }, "2026-04-01")).rejects.toMatchObject({
    code: "fitting.taken",
  });
  await fit({ kind: "enclosure", material: "plastic" }, "2026-04-01", true);
  await fit({ kind: "seal", number: "AB 100", label: "borne" });
  await expect(fit({ kind: "seal", number: "ab 100", label: "capac" })).rejects.toMatchObject({
    code: "fitting.seal-used",
  });
  await expect(fit({ kind: "rcd", label: "F1", pointId: second.pointId })).rejects.toMatchObject({
    code: "point.not-found",
  });
  await fit({
    kind: "rcd",
    label: "F1",
    pointId: first.pointId,
    ratedCurrentA: "40",
    poles: 2,
    residualCurrentMa: 30,
    characteristic: "A",
  });
  const then = await page("2026-03-01");
  expect(then?.fittings.map(({ kind, material, wallMm }) => ({ kind, material, wallMm }))).toContainEqual({
    kind: "enclosure",
    material: "steel",
    wallMm: "2",
  });
  expect((await page())?.fittings.find(({ material }) => material === "steel")).toMatchObject({
    outcome: "replaced",
    to: day("2026-04-01"),
    endedBy: "ana",
  });
});

test("a seal found broken is an alarm of the meter that stands there, until another is put", async () => {
  const seal = (await page())?.fittings.find(({ number }) => number === "AB 100");
  const at = { locationId: first.locationId, fittingId: seal!.fittingId };
  const found = {
    atMs: day("2026-06-01"),
    outcome: "broken",
    takenBy: "I. Pop",
    nowMs: day("2026-06-03"),
    ...who,
  } as const;
  await expect(endFitting(db, pitesti, at, { ...found, atMs: day("2026-01-01") })).rejects.toMatchObject({
    code: "fitting.too-early",
  });
  await endFitting(db, pitesti, at, found);
  const alarms = async () =>
    (await listAlarms(db, everywhere, { state: "active", fromMs: 0, limit: 10 })).rows.map(
      ({ code, pointId, detail }) => ({ code, pointId, detail }),
    );
  expect(await alarms()).toEqual([
    { code: "location:1", pointId: first.pointId, detail: { seal: "AB 100", on: "borne" } },
  ]);
  const list = async (seal: "broken" | "intact") =>
    (
      await findLocationIds(
        db,
        everywhere,
        { seal },
        { sort: "address", descending: false },
        { offset: 0, limit: 9 },
      )
    ).locationIds;
  expect(await list("broken")).toEqual([first.locationId]);
  await fit({ kind: "seal", number: "AB 101", label: "borne" }, "2026-06-02");
  expect(await alarms()).toEqual([]);
  expect(await list("broken")).toEqual([]);
  expect(await list("intact")).toEqual([first.locationId]);
});

test("what was entered by mistake is withdrawn, stays to be seen, and its number may be used", async () => {
  const fittingId = await fit({ kind: "seal", number: "AB 102", label: "uşă" });
  const at = { locationId: first.locationId, fittingId };
  await withdrawFitting(db, everywhere, at, { why: "other number", by: "ana" });
  await expect(withdrawFitting(db, everywhere, at, { why: "again", by: "ana" })).rejects.toMatchObject({
    code: "fitting.not-found",
  });
  await fit({ kind: "seal", number: "AB 102", label: "capac" });
  const all = (await page())?.fittings.filter(({ number }) => number === "AB 102");
  expect(all?.map(({ withdrawnBy }) => withdrawnBy).sort()).toEqual(["ana", null]);
});

test("locations are found without diacritics, by seal, key, note and by what is known of their points", async () => {
  const found = async (text: string, scope = everywhere) =>
    (
      await findLocationIds(
        db,
        scope,
        { text },
        { sort: "address", descending: false },
        { offset: 0, limit: 9 },
      )
    ).locationIds;
  for (const text of ["ab 101", "administrator", "k7", "lc-1", inventory.points[0]!.pod])
    expect(await found(text), text).toEqual([first.locationId]);
  expect(await found("soseaua pacii 2")).toEqual([second.locationId]);
  expect(await found("soseaua pacii 2", pitesti)).toEqual([]);
  expect(await findLocation(db, pitesti, second.locationId)).toBeUndefined();
  const [row] = await readLocationRows(db, everywhere, [first.locationId]);
  expect(row).toMatchObject({ points: 1, material: "plastic", sealState: "intact", branch: ["Pitești"] });
});

test("a location without a point is made in a branch of one's own", async () => {
  const added = { ...facts, code: "LC-2", address: "Post trafo 12" };
  await expect(addLocation(db, pitesti, { ...added, branchId: second.branchId })).rejects.toMatchObject({
    code: "branch.not-found",
  });
  await expect(addLocation(db, pitesti, { ...added, code: "LC-1" })).rejects.toMatchObject({
    code: "location.code-used",
  });
  const locationId = await addLocation(db, pitesti, added);
  expect(await findLocation(db, pitesti, locationId)).toMatchObject({ points: [], address: "Post trafo 12" });
});
