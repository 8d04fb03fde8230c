import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import {
  actingAs,
  addAccount,
  addGrants,
  changeLocation,
  changeSubscriber,
  countSubscribers,
  decideErasure,
  endContract,
  everywhere,
  findLocation,
  findLocationIds,
  findSubscriber,
  findSubscriberIds,
  importInventory,
  keepErasures,
  listContracts,
  listDoneErasures,
  listErasures,
  type NewSubscriber,
  pointNames,
  readErasures,
  reindexPersonal,
  replayErasure,
  requestErasure,
  resealRetired,
  retireDataKeys,
  type Scope,
  sql,
  startContract,
  takeBackContract,
  verifyLog,
  withdrawErasure,
} from "../src/index.ts";
import { testDatabase, testKeyRing } from "../src/testing.ts";
import { inventoryOf } from "./planning-inventory.ts";

const { db, drop } = await testDatabase();
afterAll(drop);
const ring = testKeyRing(db);
const planned = inventoryOf(3);
const inventory = {
  ...planned,
  branches: [],
  points: planned.points.map((point, nth) => ({
    ...point,
    branch: ["Argeș", nth < 2 ? "Pitești" : "Câmpulung"],
    name: nth === 0 ? "POPESCU Ion, ap. 3" : "Pompă 2",
  })),
};
await importInventory(db, inventory);
const { rows: branches } = await db.query<{ branchId: number }>(
  sql`select branch_id as "branchId" from branch where name = 'Câmpulung'`,
);
const campulung: Scope = { parts: [{ branchIds: [branches[0]!.branchId], supplierId: null }] };

const march = Date.parse("2026-02-28T22:00:00Z");
const april = Date.parse("2026-03-31T21:00:00Z");
const may = Date.parse("2026-04-30T21:00:00Z");
const june = Date.parse("2026-05-31T21:00:00Z");
const ion: NewSubscriber = {
  kind: "household",
  number: "A-4711",
  name: "Popescu Ion",
  phone: "+40 248 111 222",
  email: "ion@exemplu.ro",
  address: "Str. Lungă 4, Țițești",
};
const ana: NewSubscriber = { ...ion, number: "A-4712", name: "Ionescu Ana" };

/** Ion lived at points 1 and 2, and left; Ana moved in at 1. */
let subscriberId: number;
let next: { contractId: number; subscriberId: number };
beforeEach(async () => {
  await db.query(sql`delete from contract`);
  await db.query(sql`delete from subscriber`);
  const first = await startContract(db, everywhere, {
    pointId: 1,
    number: "C-1",
    fromMs: march,
    subscriber: ion,
  });
  subscriberId = first.subscriberId;
  const second = await startContract(db, everywhere, {
    pointId: 2,
    number: "C-2",
    fromMs: march,
    subscriber: subscriberId,
  });
  await endContract(db, everywhere, { contractId: second.contractId, atMs: april });
  next = await startContract(db, everywhere, { pointId: 1, number: "C-3", fromMs: april, subscriber: ana });
});

const ask = (of = subscriberId, reason = "cerere scrisă nr. 12", nowMs = may) =>
  requestErasure(db, everywhere, of, { name: "maria", nowMs, reason });
const decide = (erasureId: number, confirm = true, name = "dan", note = "") =>
  decideErasure(db, everywhere, erasureId, { name, nowMs: may + 1_000, confirm, note });

test("confirmed by another person, what names somebody is gone; dates and points of the contracts stay", async () => {
  const erasureId = await ask();
  expect(await decide(erasureId)).toEqual({ state: "erased", points: 1 });
  expect(await findSubscriber(db, everywhere, subscriberId)).toMatchObject({
    kind: "household",
    number: "",
    name: "",
    phone: "",
    email: "",
    address: "",
    erasedAtMs: may + 1_000,
    contracts: [
      { pointId: 2, number: "", subscriber: "", from: march, to: april },
      { pointId: 1, number: "", subscriber: "", from: march, to: april },
    ],
  });
  const { rows } = await db.query<{ whole: string }>(sql`
    select concat((select string_agg(t::text, ' ') from subscriber as t where subscriber_id = ${subscriberId}),
      (select string_agg(t::text, ' ') from contract as t where subscriber_id = ${subscriberId})) as whole`);
  expect(rows[0]!.whole).not.toContain("\\x");
  expect((await pointNames(db, [1, 2])).get(1)).toEqual({ pod: "RO001", name: "" });
  // A name that is not theirs stays.
  expect((await pointNames(db, [1, 2])).get(2)?.name).toBe("Pompă 2");
  // Whoever lives there now is untouched.
  expect((await listContracts(db, everywhere, { pointId: 1 }))[0]).toMatchObject({
    number: "C-3",
    subscriber: "Ionescu Ana",
    to: null,
  });
  expect(await listErasures(db, everywhere, { subscriberId, openOnly: false, limit: 10 })).toEqual([
    {
      erasureId,
      subscriberId,
      subscriber: "",
      reason: "cerere scrisă nr. 12",
      requestedBy: "maria",
      requestedAtMs: may,
      state: "erased",
      decidedBy: "dan",
      decidedAtMs: may + 1_000,
      note: "",
      replayedAtMs: null,
    },
  ]);
});

test("notes that name the erased go from the places of their points, and from what these were before; other notes stay", async () => {
  const { rows } = await db.query<{ locationId: number; branchId: number }>(sql`
    select location_id as "locationId", branch_id as "branchId" from point join location using (location_id) order by point_id`);
  const noted = async (nth: number, note: string, fromMs: number) => {
    const { locationId, branchId } = rows[nth]!;
    const place = { code: null, branchId, address: `Str. Lungă ${nth}`, latitude: null, longitude: null };
    await changeLocation(db, everywhere, locationId, { ...place, note }, { fromMs, reason: "x", by: "dan" });
  };
  await noted(0, "cheia la POPESCU Ion", march);
  await noted(0, "câine", march + 1_000);
  await noted(1, "Ion Popescu, etaj 2", march);
  await noted(2, "Popescu Ion e vecin", march);
  await decide(await ask());
  const notesOf = async (nth: number) => {
    const place = await findLocation(db, everywhere, rows[nth]!.locationId);
    return [place!.note, ...place!.versions.map(({ note }) => note)];
  };
  expect(await Promise.all([notesOf(0), notesOf(1), notesOf(2)])).toEqual([
    ["câine", "", ""],
    ["", ""],
    ["Popescu Ion e vecin", ""],
  ]);
  expect(await findLocation(db, everywhere, rows[1]!.locationId)).toMatchObject({ address: "Str. Lungă 1" });
  expect(
    await findLocationIds(
      db,
      everywhere,
      { text: "popescu" },
      { sort: "address", descending: false },
      { offset: 0, limit: 9 },
    ),
  ).toEqual({ total: 1, locationIds: [rows[2]!.locationId] });
});

test("what was written under a former name goes too, and so does that name", async () => {
  await importInventory(db, inventory);
  const married = { ...ion, name: "Georgescu Ion" };
  await changeSubscriber(db, everywhere, subscriberId, married, { by: "dan" });
  await changeSubscriber(db, everywhere, subscriberId, { ...married, phone: "" }, { by: "dan" });
  const versions = async () => (await findSubscriber(db, everywhere, subscriberId))!.versions;
  const kept = await versions();
  expect(kept).toMatchObject([married, ion]);
  await retireDataKeys(db, "personal");
  expect((await resealRetired(db, ring, "personal")).left).toBe(0);
  expect(await versions()).toEqual(kept);
  await expect(ask(subscriberId, "sunat la 0248, +40 248 111 222")).rejects.toMatchObject({
    code: "erasure.names-person",
  });
  await expect(ask(subscriberId, "cerere Popescu")).rejects.toMatchObject({ code: "erasure.names-person" });
  expect(await decide(await ask())).toEqual({ state: "erased", points: 1 });
  expect((await pointNames(db, [1])).get(1)?.name).toBe("");
  expect(await versions()).toEqual([]);
  const { rows } = await db.query(sql`select from subscriber_version where subscriber_id = ${subscriberId}`);
  expect(rows).toEqual([]);
  expect(await findSubscriber(db, everywhere, subscriberId, { onMs: march })).toMatchObject({
    name: "",
    phone: "",
  });
});

test("who asks and who confirms have the right in every branch with a contract of theirs", async () => {
  // Point 3 is in another branch.
  const elsewhere = await startContract(db, everywhere, {
    ...{ pointId: 3, number: "C-9", fromMs: march, subscriber: subscriberId },
  });
  await endContract(db, everywhere, { contractId: elsewhere.contractId, atMs: april });
  const lacking = { code: "erasure.other-branches", message: "Argeș › Pitești" };
  const asked = { name: "maria", nowMs: may, reason: "cerere scrisă" };
  await expect(requestErasure(db, campulung, subscriberId, asked)).rejects.toMatchObject(lacking);
  const erasureId = await ask();
  const decision = { name: "dan", nowMs: may + 1_000, note: "" };
  await expect(decideErasure(db, campulung, erasureId, { ...decision, confirm: true })).rejects.toMatchObject(
    lacking,
  );
  expect((await findSubscriber(db, everywhere, subscriberId))?.name).toBe("Popescu Ion");
  expect(await decideErasure(db, campulung, erasureId, { ...decision, confirm: false })).toMatchObject({
    state: "refused",
  });
});

test("kept files that name the erased go, those that do not stay", async () => {
  await importInventory(db, inventory);
  const { rows } = await db.query<{ id: number }>(sql`
    with owner as (insert into account (name, display_name, password_hash) values ('files', 'Files', 'none') returning account_id),
    kept as (
      insert into report (name, owner_id, definition, changed_by, changed_at)
      select kind.name, account_id, kind.definition, 'files', now() from owner cross join (values
        ('its row', '{"rows":"subject","each":"self","subjects":["p1","g4"]}'::jsonb), ('another row', '{"rows":"subject","each":"self","subjects":["p2"]}'),
        ('all points', '{"rows":"subject","each":"point","subjects":["s"]}'), ('days', '{"rows":"day"}')) as kind (name, definition)
      returning report_id, name, definition),
    saved as (
      insert into report_version (report_id, version, name, about, definition, saved_by, saved_at)
      select report_id, 1, name, '', definition, 'files', now() from kept)
    insert into report_run (report_id, version, requested_by, format, state, requested_at, ended_at, file, sealed_key)
    select report_id, 1, 'files', 'csv', 'done', now(), now(), '\\x01', '\\x02' from kept returning report_run_id as id`);
  expect(rows).toHaveLength(4);
  await db.query(sql`
    insert into data_export (subject, energy, from_day, to_day, format, language, requested_by)
    select subject, 'A+', '2026-03-01', '2026-03-02', 'csv', 'ro', 'files' from unnest(array['p1', 'p2', 's']) as subject`);
  await decide(await ask());
  const { rows: runs } = await db.query<{ name: string }>(sql`
    select name from report_run join report using (report_id) where file is not null order by name`);
  expect(runs.map(({ name }) => name)).toEqual(["another row", "days"]);
  const { rows: exports } = await db.query<{ subject: string }>(
    sql`select subject from data_export order by 1`,
  );
  expect(exports.map(({ subject }) => subject)).toEqual(["p2", "s"]);
});

test("nobody finds the erased any more, by a search that ran before included", async () => {
  const search = (text: string) =>
    findSubscriberIds(db, everywhere, text, { sort: "name", descending: false }, { offset: 0, limit: 9 });
  expect(await search("popescu")).toEqual([subscriberId]);
  await decide(await ask());
  for (const text of ["popescu", "4711", "c-1", "exemplu ion", "lunga"])
    expect(await search(text)).not.toContain(subscriberId);
  expect(await countSubscribers(db, everywhere)).toBe(1);
  // The numbers are free again, since nothing holds them.
  const again = await startContract(db, everywhere, {
    pointId: 3,
    number: "C-1",
    fromMs: may,
    subscriber: ion,
  });
  expect(again.subscriberId).not.toBe(subscriberId);
});

test("the same person does not confirm, nor does the database let one in two roles", async () => {
  const erasureId = await ask();
  await expect(decide(erasureId, true, "maria")).rejects.toMatchObject({ code: "erasure.own-request" });
  expect((await findSubscriber(db, everywhere, subscriberId))?.name).toBe("Popescu Ion");
  await expect(
    db.query(sql`update subscriber_erasure set state = 'erased', decided_by = requested_by, decided_at = now()
      where subscriber_erasure_id = ${erasureId}`),
  ).rejects.toMatchObject({ code: "23514" });
  // Refusing takes nothing away, so anybody may.
  expect(await decide(erasureId, false, "maria")).toEqual({ state: "refused", points: 0 });
});

test("who gave the one who asks a right within the last day does not confirm", async () => {
  const account = async (name: string) =>
    (await addAccount(db, { name, displayName: name, passwordHash: "none", language: "ro" }))!.accountId;
  const [maria, chief] = [await account("maria"), await account("chief")];
  const grant = {
    roleId: null,
    action: "subscribers.change",
    branchId: null,
    supplierId: null,
    validFromMs: may,
    validUntilMs: june,
    reason: "holiday",
  };
  await addGrants(db, { accountId: maria, grants: [grant], grantedBy: chief, nowMs: may - 3_600_000 });
  const erasureId = await ask();
  await expect(decide(erasureId, true, "chief")).rejects.toMatchObject({ code: "erasure.own-request" });
  expect((await decide(erasureId)).state).toBe("erased");
});

test("a contract that runs, or begins later, stands in the way when it is asked for and when it is confirmed", async () => {
  await expect(ask(next.subscriberId, "cerere")).rejects.toMatchObject({ code: "subscriber.contract-runs" });
  await expect(ask(subscriberId, "cerere", april - 1)).rejects.toMatchObject({
    code: "subscriber.contract-runs",
  });
  const erasureId = await ask();
  await startContract(db, everywhere, { pointId: 3, number: "C-4", fromMs: june, subscriber: subscriberId });
  await expect(decide(erasureId)).rejects.toMatchObject({ code: "subscriber.contract-runs" });
  expect((await findSubscriber(db, everywhere, subscriberId))?.name).toBe("Popescu Ion");
  expect((await listErasures(db, everywhere, { openOnly: true, limit: 10 })).map((one) => one.state)).toEqual(
    ["asked"],
  );
});

test("one request at a time; it is withdrawn by who asked alone, decided once, and may be asked for again", async () => {
  const erasureId = await ask();
  await expect(ask()).rejects.toMatchObject({ code: "erasure.asked" });
  const take = (name: string, id = erasureId) => withdrawErasure(db, everywhere, id, { name, nowMs: may });
  await expect(take("dan")).rejects.toMatchObject({ code: "erasure.not-yours" });
  await take("maria");
  await expect(decide(erasureId)).rejects.toMatchObject({ code: "erasure.decided" });
  await expect(take("maria", 999_999)).rejects.toMatchObject({ code: "erasure.unknown" });
  const again = await ask();
  const both = await Promise.allSettled([decide(again), decide(again, true, "vlad")]);
  expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  await expect(ask()).rejects.toMatchObject({ code: "subscriber.erased" });
});

test("the erased get no data, no contract, and no time at a point again", async () => {
  await decide(await ask());
  await expect(changeSubscriber(db, everywhere, subscriberId, ion, { by: "dan" })).rejects.toMatchObject({
    code: "subscriber.erased",
  });
  await expect(
    startContract(db, everywhere, { pointId: 3, number: "C-9", fromMs: may, subscriber: subscriberId }),
  ).rejects.toMatchObject({ code: "subscriber.erased" });
  // Ana's contract ended Ion's: taking hers back would let his go on.
  await expect(takeBackContract(db, everywhere, next.contractId)).rejects.toMatchObject({
    code: "subscriber.erased",
  });
  expect((await listContracts(db, everywhere, { pointId: 1 })).map(({ to }) => to)).toEqual([null, april]);
});

test.each([
  "cererea lui Popescu",
  "scrisoare de la ION",
  "client a-4711",
  "mail de la ion@exemplu.ro din 3 mai",
])('the reason "%s" would keep in the log what is to be erased', async (reason) => {
  await expect(ask(subscriberId, reason)).rejects.toMatchObject({ code: "erasure.names-person" });
  const erasureId = await ask();
  await expect(decide(erasureId, true, "dan", reason)).rejects.toMatchObject({
    code: "erasure.names-person",
  });
});

test("the log tells who asked, who confirmed and why, holds nothing of the person, and its chain agrees", async () => {
  const acting = (reason: string) => actingAs(db, { actor: "dan", reason });
  const erasureId = await ask();
  const decision = { name: "dan", nowMs: may + 1_000, confirm: true, note: "dosar 7" };
  await decideErasure(db, everywhere, erasureId, decision, acting);
  const { rows } = await db.query<{ action: string; type: string; after: unknown; reason: string }>(sql`
    select action, object_type as type, after, reason from audit.log where actor = 'dan' order by seq`);
  expect(rows).toContainEqual({
    action: "change",
    type: "subscriber",
    after: { erased_at: expect.any(String), personal_hash: null },
    reason: "cerere scrisă nr. 12 (asked for by maria; dosar 7)",
  });
  expect(rows.map(({ type }) => type)).toEqual(
    expect.arrayContaining(["subscriber", "contract", "subscriber_erasure"]),
  );
  const { rows: held } = await db.query<{ whole: string }>(
    sql`select string_agg(l::text, ' ') as whole from audit.log as l`,
  );
  for (const text of ["Popescu", "A-4711", "C-1", "exemplu", "248 111"])
    expect(held[0]!.whole.toLowerCase()).not.toContain(text.toLowerCase());
  expect(await verifyLog(db)).toMatchObject({ ok: true });
});

test("who has the rights of another branch sees no request and decides none", async () => {
  const erasureId = await ask();
  expect(await listErasures(db, campulung, { openOnly: false, limit: 10 })).toEqual([]);
  const outside = { name: "dan", nowMs: may, confirm: true, note: "" };
  await expect(decideErasure(db, campulung, erasureId, outside)).rejects.toMatchObject({
    code: "erasure.unknown",
  });
  await expect(
    requestErasure(db, campulung, subscriberId, { name: "dan", nowMs: may, reason: "cerere" }),
  ).rejects.toMatchObject({ code: "subscriber.not-found" });
});

test("hashes of the others are made anew beside those that are gone", async () => {
  await decide(await ask());
  expect(await reindexPersonal(db, ring)).toMatchObject({ left: 0 });
});

/** Everything about people as it is now, and the way back: what a restore of a backup of this moment brings. */
async function backupOfPeople(): Promise<() => Promise<void>> {
  await db.query(sql`drop table if exists kept_subscriber, kept_contract`);
  await db.query(sql`create table kept_subscriber as table subscriber`);
  await db.query(sql`create table kept_contract as table contract`);
  return async () => {
    await db.query(sql`delete from subscriber_erasure`);
    await db.query(sql`
      update subscriber as s set (sealed, number_hash, personal_hash, erased_at)
        = (k.sealed, k.number_hash, k.personal_hash, k.erased_at) from kept_subscriber as k
      where k.subscriber_id = s.subscriber_id`);
    await db.query(sql`
      update contract as c set (during, sealed, number_hash, personal_hash) = (k.during, k.sealed, k.number_hash, k.personal_hash)
      from kept_contract as k where k.contract_id = c.contract_id`);
  };
}

test("what a restore brought back is erased again from the file, once, and tells who had decided it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "energsys-erasures-"));
  const restore = await backupOfPeople();
  await decide(await ask());
  expect(keepErasures(folder, await listDoneErasures(db))).toEqual([]);
  const [done] = readErasures(join(folder, "erasures.jsonl"));
  expect(done).toMatchObject({
    subscriberId,
    reason: "cerere scrisă nr. 12",
    requestedBy: "maria",
    decidedBy: "dan",
  });
  // Another hour adds nothing.
  keepErasures(folder, await listDoneErasures(db));
  expect(readErasures(join(folder, "erasures.jsonl"))).toHaveLength(1);

  await restore();
  expect((await findSubscriber(db, everywhere, subscriberId))?.name).toBe("Popescu Ion");
  expect(keepErasures(folder, await listDoneErasures(db))).toEqual([done]);
  await ask(); // was asked for again meanwhile
  expect(await replayErasure(db, done!, june)).toBe("erased");
  expect(await findSubscriber(db, everywhere, subscriberId)).toMatchObject({ name: "", erasedAtMs: june });
  expect(await listErasures(db, everywhere, { openOnly: false, limit: 10 })).toMatchObject([
    { state: "erased", requestedBy: "maria", decidedBy: "dan", decidedAtMs: may + 1_000, replayedAtMs: june },
  ]);
  expect(await replayErasure(db, done!, june)).toBe("erased-already");
  expect(keepErasures(folder, await listDoneErasures(db))).toEqual([]);
  rmSync(folder, { recursive: true });
});

test("an erasure is not replayed on somebody who only has the number, nor while a contract runs again", async () => {
  await decide(await ask());
  const [done] = await listDoneErasures(db);
  // A database of before gives the number to somebody else.
  const other = { ...done!, subscriberId: next.subscriberId };
  expect(await replayErasure(db, other, june)).toBe("unknown");
  const { rows } = await db.query<{ since: number }>(
    sql`select created_at as since from subscriber where subscriber_id = ${next.subscriberId}`,
  );
  const running = { ...other, subscriberSince: new Date(rows[0]!.since).toISOString() };
  expect(await replayErasure(db, running, june)).toBe("contract-runs");
  expect((await findSubscriber(db, everywhere, next.subscriberId))?.name).toBe("Ionescu Ana");
});

test.each(["{", '{"subscriberId":1}', '{"subscriberId":"1","subscriberSince":"x"}'])(
  "a file with the line %s is refused as a whole",
  (line) => {
    const folder = mkdtempSync(join(tmpdir(), "energsys-erasures-"));
    writeFileSync(join(folder, "erasures.jsonl"), `${line}\n`);
    expect(() => readErasures(join(folder, "erasures.jsonl"))).toThrow(
      expect.objectContaining({ code: "erasures.file-unreadable" }),
    );
    expect(() => keepErasures(folder, [])).toThrow();
    rmSync(folder, { recursive: true });
  },
);
