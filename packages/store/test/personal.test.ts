import { afterAll, expect, test } from "vitest";
import {
  identifier,
  importInventory,
  openPersonal,
  personalHash,
  sealPersonal,
  sql,
  storeActiveKeys,
  trusted,
} from "../src/index.ts";
import { testDatabase, testKeyRing } from "../src/testing.ts";
import { inventoryOf } from "./planning-inventory.ts";

const { db, drop } = await testDatabase();
afterAll(drop);
const ring = testKeyRing(db);
// Of the shape that a table of subscribers has.
await db.query(
  trusted(
    "create table subscriber (subscriber_id int primary key, name_sealed bytea not null, name_hash bytea not null)",
  ),
);
await db.query(trusted("create index subscriber_name on subscriber (name_hash)"));

const names = ["Ștefănescu Țuțuianu Ilinca", "Popa Ion", "Popa Ioan"];
for (const [nth, name] of names.entries()) {
  const { sealed, hash } = await sealPersonal(
    ring,
    { table: "subscriber", row: nth + 1, field: "name" },
    name,
  );
  await db.query(sql`insert into subscriber values (${nth + 1}::int, ${sealed}::bytea, ${hash}::bytea)`);
}

test.each([
  ["as it is written", "Ștefănescu Țuțuianu Ilinca", [1]],
  ["in capitals and without diacritics", "STEFANESCU TUTUIANU ILINCA", [1]],
  ["of another", "Popa Ion", [2]],
  ["of nobody", "Popa", []],
])("a name %s finds whom it should", async (_, asked, ids) => {
  const { rows } = await db.query<{ id: number; sealed: Buffer }>(sql`
    select subscriber_id as id, name_sealed as sealed from subscriber
    where name_hash = ${await personalHash(ring, "name", asked)}::bytea`);
  expect(rows.map(({ id }) => id)).toEqual(ids);
  for (const { id, sealed } of rows) {
    const place = { table: "subscriber", row: id, field: "name" };
    expect(await openPersonal(ring, place, sealed)).toBe(names[id - 1]);
    await expect(openPersonal(ring, { ...place, row: id + 1 }, sealed)).rejects.toMatchObject({
      code: "secret.unreadable",
    });
    await expect(openPersonal(ring, { ...place, field: "address" }, sealed)).rejects.toMatchObject({
      code: "secret.unreadable",
    });
  }
});

test("no table of the database, the activity log among them, holds a key, a password or a sealed name in clear", async () => {
  await importInventory(db, inventoryOf(1));
  const canaries = ["C4NAR1A0C4NAR1A0", "canar-parola-77", "Țuțuianu"];
  await db.transaction((transaction) =>
    storeActiveKeys(
      transaction,
      ring,
      [
        { deviceId: 1, kind: "unicast", value: new TextEncoder().encode(canaries[0]) },
        { deviceId: 1, kind: "lls-password", value: new TextEncoder().encode(canaries[1]) },
      ],
      { origin: "entered" },
    ),
  );
  const { rows: tables } = await db.query<{ schema: string; name: string }>(sql`
    select table_schema as schema, table_name as name from information_schema.tables
    where table_schema in ('public', 'audit') and table_type = 'BASE TABLE'`);
  expect(tables.length).toBeGreaterThan(30);
  const wanted = canaries.flatMap((text) => [
    text,
    Buffer.from(text).toString("hex"),
    Buffer.from(text).toString("base64"),
  ]);
  for (const { schema, name } of tables) {
    const { rows } = await db.query<{ whole: string | null }>(sql`
      select string_agg(whole::text, ' ') as whole from ${identifier(schema)}.${identifier(name)} as whole`);
    for (const text of wanted) expect(rows[0]!.whole ?? "", `${schema}.${name}`).not.toContain(text);
  }
});
