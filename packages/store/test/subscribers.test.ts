import { afterAll, beforeEach, expect, test } from "vitest";
import {
  changeSubscriber,
  countSubscribers,
  endContract,
  everywhere,
  findSubscriber,
  findSubscriberIds,
  importInventory,
  listContracts,
  type NewSubscriber,
  readSubscribers,
  reindexPersonal,
  type Scope,
  sql,
  startContract,
  takeBackContract,
} from "../src/index.ts";
import { testDatabase, testKeyRing } from "../src/testing.ts";
import { inventoryOf } from "./planning-inventory.ts";

const { db, drop } = await testDatabase();
afterAll(drop);
const ring = testKeyRing(db);
const inventory = inventoryOf(4);
await importInventory(db, {
  ...inventory,
  branches: [],
  points: inventory.points.map((point, nth) => ({
    ...point,
    branch: ["Argeș", nth < 2 ? "Pitești" : "Câmpulung"],
  })),
});
const { rows: branches } = await db.query<{ branchId: number }>(
  sql`select branch_id as "branchId" from branch where name = 'Pitești'`,
);
const pitesti: Scope = { parts: [{ branchIds: [branches[0]!.branchId], supplierId: null }] };

const household = (number: string, name: string): NewSubscriber => ({
  kind: "household",
  number,
  name,
  phone: "+40 248 111 222",
  email: "cineva@exemplu.ro",
  address: "Str. Lungă 4, Țițești",
});
const march = Date.parse("2026-02-28T22:00:00Z");
const april = Date.parse("2026-03-31T21:00:00Z");
const may = Date.parse("2026-04-30T21:00:00Z");

beforeEach(async () => {
  await db.query(sql`delete from contract`);
  await db.query(sql`delete from subscriber`);
});

const moveIn = (pointId: number, number: string, fromMs: number, subscriber: number | NewSubscriber) =>
  startContract(db, everywhere, { pointId, number, fromMs, subscriber });

test("who moves in ends the contract of who was there, at the same instant", async () => {
  const first = await moveIn(1, "C-1", march, household("A-1", "Popescu Ion"));
  const second = await moveIn(1, "C-2", april, household("A-2", "Ștefănescu Ana"));
  expect(second.endedContractId).toBe(first.contractId);
  expect(await listContracts(db, everywhere, { pointId: 1 })).toMatchObject([
    { number: "C-2", subscriber: "Ștefănescu Ana", pod: "RO001", from: april, to: null },
    { number: "C-1", subscriber: "Popescu Ion", pod: "RO001", from: march, to: april },
  ]);
});

test("one subscriber has several points, and each point's history is its own", async () => {
  const { subscriberId } = await moveIn(1, "C-1", march, household("A-1", "Popescu Ion"));
  await moveIn(2, "C-2", march, subscriberId);
  expect(
    (await findSubscriber(db, everywhere, subscriberId))?.contracts.map(({ pointId }) => pointId),
  ).toEqual([2, 1]);
  expect(await readSubscribers(db, everywhere, [subscriberId])).toMatchObject([
    { running: 2, number: "A-1" },
  ]);
});

test.each([
  [
    "at an instant before the running one began",
    () => moveIn(1, "C-9", march - 1, household("A-9", "X")),
    "contract.too-early",
  ],
  [
    "at the very instant that it began",
    () => moveIn(1, "C-9", march, household("A-9", "X")),
    "contract.too-early",
  ],
  [
    "under a number that another contract has",
    () => moveIn(2, "C-1", april, household("A-9", "X")),
    "contract.known",
  ],
  [
    "under a customer number that is another's",
    () => moveIn(1, "C-9", april, household("A-1", "X")),
    "subscriber.known",
  ],
  ["of somebody who is not there", () => moveIn(1, "C-9", april, 999_999), "subscriber.not-found"],
  ["at a point that is not there", () => moveIn(999, "C-9", april, household("A-9", "X")), "point.not-found"],
])("a contract %s is refused and leaves nothing", async (_, act, code) => {
  await moveIn(1, "C-1", march, household("A-1", "Popescu Ion"));
  await expect(act()).rejects.toMatchObject({ code });
  expect(await countSubscribers(db, everywhere)).toBe(1);
  expect(await listContracts(db, everywhere, { pointId: 1 })).toMatchObject([{ number: "C-1", to: null }]);
});

test("the subscriber who is there already does not move in again", async () => {
  const { subscriberId } = await moveIn(1, "C-1", march, household("A-1", "Popescu Ion"));
  await expect(moveIn(1, "C-2", april, subscriberId)).rejects.toMatchObject({ code: "contract.same" });
});

test("two who move in at once: one does, the other is told, and no time is lost or doubled", async () => {
  const outcomes = await Promise.allSettled([
    moveIn(1, "C-1", march, household("A-1", "Popescu Ion")),
    moveIn(1, "C-2", march, household("A-2", "Ionescu Maria")),
  ]);
  expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(await listContracts(db, everywhere, { pointId: 1 })).toHaveLength(1);
});

test("a contract ends, the flat is empty, and the next one leaves the gap as it is", async () => {
  const { contractId } = await moveIn(1, "C-1", march, household("A-1", "Popescu Ion"));
  await expect(endContract(db, everywhere, { contractId, atMs: march })).rejects.toMatchObject({
    code: "contract.too-early",
  });
  await endContract(db, everywhere, { contractId, atMs: april });
  await expect(endContract(db, everywhere, { contractId, atMs: may })).rejects.toMatchObject({
    code: "contract.ended",
  });
  const next = await moveIn(1, "C-2", may, household("A-2", "Ionescu Maria"));
  expect(next.endedContractId).toBeNull();
  expect((await listContracts(db, everywhere, { pointId: 1 })).map(({ from, to }) => [from, to])).toEqual([
    [may, null],
    [march, april],
  ]);
});

test("the newest contract is taken back as if it had never been; an older one is not", async () => {
  const first = await moveIn(1, "C-1", march, household("A-1", "Popescu Ion"));
  const second = await moveIn(1, "C-2", april, household("A-2", "Ionescu Maria"));
  await expect(takeBackContract(db, everywhere, first.contractId)).rejects.toMatchObject({
    code: "contract.not-newest",
  });
  await takeBackContract(db, everywhere, second.contractId);
  expect(await listContracts(db, everywhere, { pointId: 1 })).toMatchObject([{ number: "C-1", to: null }]);
  expect(await findSubscriber(db, everywhere, second.subscriberId)).toBeUndefined();
});

test("a contract that was ended for itself stays ended when the one that followed at once is taken back", async () => {
  const first = await moveIn(1, "C-1", march, household("A-1", "Popescu Ion"));
  await endContract(db, everywhere, { contractId: first.contractId, atMs: april });
  const second = await moveIn(1, "C-2", april, household("A-2", "Ionescu Maria"));
  await takeBackContract(db, everywhere, second.contractId);
  expect(await listContracts(db, everywhere, { pointId: 1 })).toMatchObject([{ number: "C-1", to: april }]);
});

test("who is entitled to one branch sees and changes only whoever has a contract there", async () => {
  const here = await moveIn(1, "C-1", march, household("A-1", "Popescu Ion"));
  const there = await moveIn(3, "C-3", march, household("A-3", "Dumitru Radu"));
  await moveIn(4, "C-4", march, here.subscriberId);
  expect(
    await findSubscriberIds(
      db,
      pitesti,
      undefined,
      { sort: "name", descending: false },
      { offset: 0, limit: 10 },
    ),
  ).toEqual([here.subscriberId]);
  expect((await findSubscriber(db, pitesti, here.subscriberId))?.contracts).toHaveLength(1);
  expect(await findSubscriber(db, pitesti, there.subscriberId)).toBeUndefined();
  expect(
    await changeSubscriber(db, pitesti, there.subscriberId, household("A-3", "Other"), { by: "ana" }),
  ).toBe(false);
  await expect(endContract(db, pitesti, { contractId: there.contractId, atMs: may })).rejects.toMatchObject({
    code: "contract.not-found",
  });
  await expect(
    startContract(db, pitesti, { pointId: 1, number: "C-9", fromMs: may, subscriber: there.subscriberId }),
  ).rejects.toMatchObject({ code: "subscriber.not-found" });
  await expect(
    startContract(db, pitesti, { pointId: 3, number: "C-9", fromMs: may, subscriber: here.subscriberId }),
  ).rejects.toMatchObject({ code: "point.not-found" });
});

test("a list is searched without diacritics, by any part, and sorted in the language's order", async () => {
  await moveIn(1, "C-1", march, household("A-2", "Țuțuianu Vasile"));
  await moveIn(2, "C-2", march, household("A-1", "Ștefan Ilie"));
  await moveIn(3, "VTR/77", march, household("A-3", "Sandu Ene"));
  const names = async (text?: string, sort: "name" | "number" = "name") =>
    (
      await readSubscribers(
        db,
        everywhere,
        await findSubscriberIds(db, everywhere, text, { sort, descending: false }, { offset: 0, limit: 10 }),
      )
    ).map(({ name }) => name);
  expect(await names()).toEqual(["Sandu Ene", "Ștefan Ilie", "Țuțuianu Vasile"]);
  expect(await names(undefined, "number")).toEqual(["Ștefan Ilie", "Țuțuianu Vasile", "Sandu Ene"]);
  expect(await names("tutuianu")).toEqual(["Țuțuianu Vasile"]);
  expect(await names("vtr/77")).toEqual(["Sandu Ene"]);
  expect(await names("cineva lunga ilie")).toEqual(["Ștefan Ilie"]);
  expect(await names("nobody")).toEqual([]);
});

test("data changes as a whole, and a number that is another's is refused", async () => {
  const { subscriberId } = await moveIn(1, "C-1", march, household("A-1", "Popescu Ion"));
  await moveIn(2, "C-2", march, household("A-2", "Ionescu Maria"));
  expect(
    await changeSubscriber(db, everywhere, subscriberId, household("A-7", "Popescu-Radu Ion"), { by: "ana" }),
  ).toBe(true);
  expect(await findSubscriber(db, everywhere, subscriberId)).toMatchObject({
    number: "A-7",
    name: "Popescu-Radu Ion",
  });
  await expect(
    changeSubscriber(db, everywhere, subscriberId, household("A-2", "X"), { by: "ana" }),
  ).rejects.toMatchObject({
    code: "subscriber.known",
  });
});

test("a change overwrites nothing: data and contracts are seen as they were on a day, with who changed what when", async () => {
  const { subscriberId } = await moveIn(1, "C-1", march, household("A-1", "Popescu Ion"));
  const second = await moveIn(2, "C-2", april, subscriberId);
  const before = Date.now();
  const firm: NewSubscriber = { ...household("A-8", "Popescu SRL"), kind: "organisation", phone: "" };
  await changeSubscriber(db, everywhere, subscriberId, firm, { by: "ana" });
  // The same again is no change.
  await changeSubscriber(db, everywhere, subscriberId, firm, { by: "vlad" });
  await changeSubscriber(db, everywhere, subscriberId, { ...firm, email: "" }, { by: "dan" });
  const now = (await findSubscriber(db, everywhere, subscriberId))!;
  const [last, first] = now.versions;
  expect(now.versions).toEqual([
    { ...firm, from: first!.to, to: now.from, endedBy: "dan" },
    { ...household("A-1", "Popescu Ion"), from: null, to: last!.from, endedBy: "ana" },
  ]);
  expect(first!.to).toBeGreaterThanOrEqual(before);
  expect(now).toMatchObject({ ...firm, email: "" });
  const on = (onMs: number) => findSubscriber(db, everywhere, subscriberId, { onMs });
  const old = household("A-1", "Popescu Ion");
  expect(await on(march - 1)).toMatchObject({ ...old, from: null, contracts: [] });
  expect(await on(march)).toMatchObject({
    ...old,
    contracts: [{ number: "C-1", subscriber: "Popescu Ion" }],
  });
  expect((await on(april))!.contracts.map(({ number }) => number)).toEqual(["C-2", "C-1"]);
  expect(await on(first!.to - 1)).toMatchObject(old);
  expect(await on(first!.to)).toMatchObject({ ...firm, from: first!.to });
  expect(await on(last!.to)).toMatchObject({ ...firm, email: "", from: last!.to });
  await endContract(db, everywhere, { contractId: second.contractId, atMs: may });
  expect((await on(may - 1))!.contracts).toHaveLength(2);
  expect((await on(may))!.contracts.map(({ number }) => number)).toEqual(["C-1"]);
  // Two that the same clock's tick, or a clock that was set back, would put at one instant come one after the other.
  await db.query(sql`
    update subscriber_version set during = tstzrange(lower(during), '2090-01-01') where upper(during) = ${new Date(last!.to).toISOString()}::timestamptz`);
  await changeSubscriber(db, everywhere, subscriberId, firm, { by: "ana" });
  expect((await findSubscriber(db, everywhere, subscriberId))!.from).toBe(
    Date.parse("2090-01-01T00:00:00.001Z"),
  );
});

test("of two who change the same data the second one is told, and what the first one wrote stays", async () => {
  const { subscriberId } = await moveIn(3, "C-3", march, household("A-31", "Munteanu Ilie"));
  const { version } = (await findSubscriber(db, everywhere, subscriberId))!;
  const change = (name: string) =>
    changeSubscriber(db, everywhere, subscriberId, household("A-31", name), { by: "ana", seen: version });
  expect(await change("Munteanu Ilie-Ion")).toBe(true);
  await expect(change("Munteanu I.")).rejects.toMatchObject({ code: "subscriber.changed" });
  expect(await findSubscriber(db, everywhere, subscriberId)).toMatchObject({ name: "Munteanu Ilie-Ion" });
});

test("no table holds what names a subscriber in clear, and the log shows that it changed without what", async () => {
  const { subscriberId } = await moveIn(1, "CANAR-77", march, household("CANAR-78", "Țuțuianu Canar"));
  await changeSubscriber(db, everywhere, subscriberId, household("CANAR-78", "Țuțuianu Altcanar"), {
    by: "ana",
  });
  const { rows } = await db.query<{ whole: string }>(sql`
    select concat((select string_agg(t::text, ' ') from subscriber as t), (select string_agg(t::text, ' ') from contract as t),
      (select string_agg(t::text, ' ') from subscriber_version as t),
      (select string_agg(t::text, ' ') from audit.log as t)) as whole`);
  const whole = rows[0]!.whole.toLowerCase();
  const held = ["canar", "uianu", "exemplu", "248 111", "Str. Lungă"].filter(
    (text) => whole.includes(text.toLowerCase()) || whole.includes(Buffer.from(text).toString("hex")),
  );
  expect(held).toEqual([]);
  const { rows: told } = await db.query<{ after: unknown }>(sql`
    select after from audit.log where object_type = 'subscriber' and action = 'change' order by seq desc limit 1`);
  expect(told).toEqual([{ after: { personal_hash: "***" } }]);
});

test("new keys for the hashes: numbers are found by them, and the old ones are gone", async () => {
  await moveIn(1, "C-1", march, household("A-1", "Popescu Ion"));
  const outcome = await reindexPersonal(db, ring);
  expect(outcome.left).toBe(0);
  expect(outcome.reindexed).toBeGreaterThanOrEqual(2);
  await expect(moveIn(2, "C-1", march, household("A-9", "X"))).rejects.toMatchObject({
    code: "contract.known",
  });
  await expect(moveIn(2, "C-9", march, household("A-1", "X"))).rejects.toMatchObject({
    code: "subscriber.known",
  });
});
