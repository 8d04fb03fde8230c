import { keepHouse, makePartitions, sql } from "@energsys/store";
import { testDatabase } from "@energsys/store/testing";
import { afterAll, expect, test } from "vitest";

const { db, drop } = await testDatabase();
afterAll(drop);

const nowMs = Date.parse("2027-06-15T10:00:00Z");

const partitions = async () =>
  (
    await db.query<{ name: string }>(
      sql`select relname as name from pg_class where relname like 'load\_day\_20%' and relkind = 'r'`,
    )
  ).rows.map(({ name }) => name);

test("the partitions of this and the coming two months are made ahead", async () => {
  await keepHouse(db, nowMs);
  expect(await partitions()).toEqual(
    expect.arrayContaining(["load_day_2027_06", "load_day_2027_07", "load_day_2027_08"]),
  );
});

test("a month is closed when the one after it is over, and only once", async () => {
  await makePartitions(db, {
    from: "2027-04-01",
    to: "2027-05-01",
    nowMs: Date.parse("2027-04-02T00:00:00Z"),
  });
  expect((await keepHouse(db, nowMs)).closed).toContain("load_day_2027_04");
  expect((await keepHouse(db, nowMs)).closed).toEqual([]);
  const { rows } = await db.query<{ options: string[] }>(sql`
    select reloptions as options from pg_class where relname in ('load_day_2027_04', 'load_day_2027_05') order by relname`);
  expect(rows.map(({ options }) => options)).toEqual([["fillfactor=100"], ["fillfactor=50"]]);
});

test("raw bytes are kept for 90 days, then only their hash", async () => {
  await makePartitions(db, { from: "2027-03-01", to: "2027-03-31", nowMs });
  await db.query(sql`
    insert into block (received_at, kind, sha256, bytes) values
      ('2027-03-16T10:00:00Z', 'old', ${Buffer.alloc(32, 1)}, ${Buffer.from("old")}),
      ('2027-03-18T10:00:00Z', 'young', ${Buffer.alloc(32, 2)}, ${Buffer.from("young")})`);
  expect((await keepHouse(db, nowMs)).forgotten).toBe(1);
  const { rows } = await db.query<{ kind: string; kept: boolean; hash: number }>(sql`
    select kind, bytes is not null as kept, length(sha256) as hash from block order by kind`);
  expect(rows).toEqual([
    { kind: "old", kept: false, hash: 32 },
    { kind: "young", kept: true, hash: 32 },
  ]);
});
