import { afterAll, expect, test } from "vitest";
import {
  countPoints,
  everywhere,
  findPointIds,
  holdKeyRing,
  identifier,
  importInventory,
  openDatabase,
  type PointSort,
  type Queryable,
  readPointRows,
  reindexPersonal,
  resealRetired,
  retireDataKeys,
  type Scope,
  sealWaiting,
  searchPoints,
  sql,
  storeActiveKeys,
} from "../src/index.ts";
import { testDatabase, testKeyRing } from "../src/testing.ts";
import { inventoryOf } from "./planning-inventory.ts";

const { db, url, drop } = await testDatabase();
afterAll(drop);
const ring = testKeyRing(db);

const personal = [
  {
    pod: "RO009CANAR0000011",
    name: "Țuțuianu Ștefănița Canar",
    address: "Aleea Canarilor Ascunși 77, Țițești",
  },
  { pod: "RO005CANAR0000012", name: "Ștefănescu Înțeleptu", address: "Bulevardul Zăvoi 1" },
  { pod: "RO007CANAR0000013", name: "Popa Ion", address: "Calea Griviței 3" },
];
const inventory = {
  branches: [],
  points: inventoryOf(3).points.map((point, nth) => ({
    ...point,
    ...personal[nth]!,
    branch: ["Argeș", nth === 1 ? "Pitești" : "Câmpulung"],
    latitude: 44.123457,
    longitude: 25.765433,
  })),
};
await importInventory(db, inventory);

const everything = { offset: 0, limit: 100 };
const listed = async (sort: PointSort, descending = false, scope: Scope = everywhere, text = "") => {
  const ids = await findPointIds(db, scope, { text }, { sort, descending }, everything);
  return (await readPointRows(db, scope, ids)).map(({ pod }) => pod);
};
const found = async (text: string) => (await searchPoints(db, everywhere, text, 10)).map(({ pod }) => pod);
const pods = personal.map(({ pod }) => pod);

/** Where in a dump of every table one of these texts stands: as it is, as hex, as base64, whatever its case. */
async function dumpHolds(texts: readonly string[], from: Queryable = db): Promise<string[]> {
  const { rows: tables } = await from.query<{ schema: string; name: string }>(sql`
    select table_schema as schema, table_name as name from information_schema.tables
    where table_schema in ('public', 'audit') and table_type = 'BASE TABLE'`);
  const wanted = texts.flatMap((text) =>
    [text, Buffer.from(text).toString("hex"), Buffer.from(text).toString("base64").replace(/=+$/, "")].map(
      (spelling) => spelling.toLowerCase(),
    ),
  );
  const places: string[] = [];
  for (const { schema, name } of tables) {
    const { rows } = await from.query<{ whole: string | null }>(sql`
      select string_agg(whole::text, ' ') as whole from ${identifier(schema)}.${identifier(name)} as whole`);
    const whole = (rows[0]!.whole ?? "").toLowerCase();
    if (wanted.some((text) => whole.includes(text))) places.push(`${schema}.${name}`);
  }
  expect(tables.length).toBeGreaterThan(30);
  return places;
}
const canaries = [
  ...pods,
  ...personal.flatMap(({ name, address }) => [name, address]),
  "Canarilor",
  "canarilor",
  "stefanita",
  "Țuțuianu",
  "44.123457",
  "25.765433",
];

test("no table holds a code, a name, an address or a place in clear, nor a key or a password", async () => {
  const secrets = ["C4NAR1A0C4NAR1A0", "canar-parola-77"];
  await db.transaction((transaction) =>
    storeActiveKeys(
      transaction,
      ring,
      [
        { deviceId: 1, kind: "unicast", value: new TextEncoder().encode(secrets[0]) },
        { deviceId: 1, kind: "lls-password", value: new TextEncoder().encode(secrets[1]) },
      ],
      { origin: "entered" },
    ),
  );
  expect(await dumpHolds([...canaries, ...secrets])).toEqual([]);
  // The same look finds a plain column when there is one.
  await expect(
    db.transaction(async (transaction) => {
      await transaction.query(sql`alter table point add column pod_code text`);
      await transaction.query(sql`update point set pod_code = ${pods[0]!} where point_id = 1`);
      expect(await dumpHolds(canaries, transaction)).toEqual(["public.point"]);
      throw new Error("taken back");
    }),
  ).rejects.toThrow("taken back");
});

test("a list is sorted by what the database cannot read, in the order of the language", async () => {
  const [first, second, third] = pods;
  expect(await listed("pod")).toEqual([second, third, first]);
  expect(await listed("pod", true)).toEqual([first, third, second]);
  expect(await listed("name")).toEqual([third, second, first]);
  expect(await listed("address")).toEqual([first, second, third]);
});

test("a list of a part of the network has none of another part, whatever is searched or sorted by", async () => {
  const { rows } = await db.query<{ id: number }>(
    sql`select branch_id as id from branch where name = 'Pitești'`,
  );
  const part: Scope = { parts: [{ branchIds: [rows[0]!.id], supplierId: null }] };
  expect(await listed("name", false, part)).toEqual([pods[1]]);
  expect(await listed("pod", false, part, "canar")).toEqual([pods[1]]);
  expect(await listed("pod", false, part, "griviței")).toEqual([]);
  expect(await countPoints(db, part, { text: "CANAR" })).toBe(1);
  expect(await searchPoints(db, part, pods[0]!, 5)).toEqual([]);
});

test("what another process changes is found at once, and no longer by what it was", async () => {
  const other = openDatabase({ url });
  holdKeyRing(other, testKeyRing(other));
  const changed = { ...inventory.points[2]!, name: "Ăsta Nou" };
  await importInventory(other, { branches: [], points: [changed] });
  await other.close();
  expect(await found("asta nou")).toEqual([pods[2]]);
  expect(await found("popa ion")).toEqual([]);
  expect(await listed("name")).toEqual([pods[2], pods[1], pods[0]]);
  await importInventory(db, inventory);
  expect(await found("popa ion")).toEqual([pods[2]]);
});

test("a change that was not committed when somebody looked is there after it is", async () => {
  const other = openDatabase({ url });
  const otherRing = testKeyRing(other);
  await db.query(sql`select 1`);
  await other.transaction(async (transaction) => {
    await transaction.query(sql`select pg_current_xact_id()`);
    // A younger transaction commits before the older one writes.
    await importInventory(db, { branches: [], points: [{ ...inventory.points[1]!, name: "Mai Tânăr" }] });
    expect(await found("mai tanar")).toEqual([pods[1]]);
    const { rows } = await transaction.query<{ id: number }>(
      sql`select point_id as id from point order by point_id limit 1`,
    );
    const sealed = await otherRing.sealField(
      { table: "point", row: rows[0]!.id, kind: "personal" },
      JSON.stringify({ pod: pods[0], name: "Mai Bătrân" }),
    );
    await transaction.query(sql`update point set sealed = ${sealed}::bytea where point_id = ${rows[0]!.id}`);
  });
  await other.close();
  expect(await found("mai batran")).toEqual([pods[0]]);
  await db.query(sql`update point set personal_hash = null`);
  await importInventory(db, inventory);
  expect(await found("tutuianu")).toEqual([pods[0]]);
});

test("a sealed name opens in its row only", async () => {
  await expect(
    db.transaction(async (transaction) => {
      await transaction.query(sql`
        update point set sealed = (select sealed from point as other where other.point_id <> point.point_id limit 1)
        where point_id = (select min(point_id) from point)`);
      const { rows } = await transaction.query<{ id: number; sealed: Buffer }>(
        sql`select point_id as id, sealed from point order by point_id limit 1`,
      );
      await ring.openTexts([
        { place: { table: "point", row: rows[0]!.id, kind: "personal" }, sealed: rows[0]!.sealed },
      ]);
    }),
  ).rejects.toMatchObject({ code: "secret.unreadable" });
});

test("a new data key seals names and addresses anew; lists go on", async () => {
  expect(await retireDataKeys(db, "personal")).toBe(1);
  expect(await resealRetired(db, ring, "personal")).toEqual({ resealed: 6, left: 0 });
  expect(await found("stefanescu")).toEqual([pods[1]]);
  expect(await dumpHolds(canaries)).toEqual([]);
});

test("hashes get a new key; stopped, it goes on, and meanwhile an import knows its points", async () => {
  const hashes = async () =>
    (
      await db.query<{ hash: string }>(
        sql`select encode(pod_hash, 'hex') as hash from point order by point_id`,
      )
    ).rows;
  const before = await hashes();
  const stop = new AbortController();
  stop.abort();
  expect(await reindexPersonal(db, ring, { signal: stop.signal })).toEqual({ reindexed: 0, left: 6 });
  expect(await importInventory(db, inventory)).toMatchObject({ points: 0, installations: 0 });
  expect((await reindexPersonal(db, ring)).left).toBe(0);
  expect(await importInventory(db, inventory)).toMatchObject({ points: 0 });
  const after = await hashes();
  expect(after.filter(({ hash }, nth) => hash === before[nth]!.hash)).toEqual([]);
  const { rows } = await db.query(sql`select from data_key where kind = 'personal-index'`);
  expect(rows).toHaveLength(1);
});

test("what an earlier release kept in clear is sealed, once, by however many processes", async () => {
  const own = await testDatabase();
  const ownRing = testKeyRing(own.db);
  await importInventory(own.db, inventory);
  await own.db.query(
    sql`insert into unsealed_point select point_id, ${personal[0]!.pod} || point_id, 'Veche Canar' from point`,
  );
  await own.db.query(
    sql`insert into unsealed_location select location_id, 'Aleea Canarilor', 45, null from location`,
  );
  await own.db.query(sql`update point set sealed = null, pod_hash = null, personal_hash = null`);
  await own.db.query(sql`update location set sealed = null, personal_hash = null`);
  const sealed = await Promise.all([sealWaiting(own.db, ownRing), sealWaiting(own.db, ownRing)]);
  expect(sealed[0]! + sealed[1]!).toBe(6);
  expect(await sealWaiting(own.db, ownRing)).toBe(0);
  expect(await dumpHolds(["Veche Canar", "Canarilor"], own.db)).toEqual([]);
  expect((await searchPoints(own.db, everywhere, "veche canar aleea", 9)).map(({ name }) => name)).toEqual(
    Array(3).fill("Veche Canar"),
  );
  await own.drop();
});
