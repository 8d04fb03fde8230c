import { afterAll, expect, test } from "vitest";
import { migrate, sql } from "../src/index.ts";
import { testDatabase } from "../src/testing.ts";

const { db, drop } = await testDatabase();
afterAll(drop);

test("a migrated database is left alone by a second run", async () => {
  expect((await migrate(db)).applied).toEqual([]);
});

test("a database migrated with other content is refused", async () => {
  await db.query(sql`update schema_migration set sha256 = 'other' where number = 1`);
  await expect(migrate(db)).rejects.toMatchObject({ code: "migration.changed" });
});
