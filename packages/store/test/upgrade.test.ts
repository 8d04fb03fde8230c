import { afterAll, expect, test } from "vitest";
import {
  findPoint,
  identifier,
  migrate,
  readMigrations,
  sealWaiting,
  searchPoints,
  sql,
  trusted,
} from "../src/index.ts";
import { everywhere } from "../src/scope.ts";
import { testDatabase, testKeyRing } from "../src/testing.ts";

const { db, drop } = await testDatabase({ connectionsMax: 4 });
afterAll(drop);
const ring = testKeyRing(db);

/** More than two batches of `sealWaiting`, so that it can be stopped between them. */
const points = 2_300;
const pod = (n: number) => `RO001PLAIN${String(n).padStart(6, "0")}`;
const name = (n: number) => `Kanarek ${n}`;
const address = (n: number) => `Str. Canarului ${n}, Țițești`;

/** The database as the release before sealing left it: its migrations, and rows in clear. */
async function asBefore(): Promise<void> {
  await db.query(trusted("drop schema public cascade; drop schema audit cascade; create schema public"));
  await db.query(
    trusted(`create table schema_migration (
    number int primary key, name text not null, sha256 text not null, applied_at timestamptz not null default now())`),
  );
  for (const migration of (await readMigrations()).filter(({ number }) => number < 24)) {
    await db.transaction(async (transaction) => {
      await transaction.query(trusted(migration.text));
      await transaction.query(sql`insert into schema_migration (number, name, sha256)
        values (${migration.number}, ${migration.name}, ${migration.sha256})`);
    });
  }
  await db.query(sql`insert into branch (name) values ('Argeș')`);
  await db.query(sql`
    insert into location (branch_id, address, latitude, longitude)
    select 1, 'Str. Canarului ' || n || ', Țițești', 44.5, 24.0 from generate_series(1, ${points}::int) as n`);
  await db.query(sql`
    insert into point (location_id, pod_code, name, phases, search_text)
    select n, 'RO001PLAIN' || lpad(n::text, 6, '0'), 'Kanarek ' || n, 1, 'kanarek ' || n from generate_series(1, ${points}::int) as n`);
}

/** Columns of live rows that hold any of these words; not the activity log, whose entries from before keep what they said. */
async function whereInClear(words: readonly string[]): Promise<string[]> {
  const { rows } = await db.query<{ table: string; column: string }>(sql`
    select table_name as table, column_name as column
    from information_schema.columns join information_schema.tables using (table_schema, table_name)
    where table_schema = 'public' and table_type = 'BASE TABLE'`);
  const found: string[] = [];
  for (const { table, column } of rows) {
    const { rows: hits } = await db.query<{ hit: boolean }>(
      trusted(
        `select exists (select from ${identifier(table).text} where ${words
          .map((word) => `${identifier(column).text}::text ilike '%${word}%'`)
          .join(" or ")}) as hit`,
      ),
    );
    if (hits[0]?.hit) found.push(`${table}.${column}`);
  }
  return found.sort();
}
const canaries = ["RO001PLAIN", "Kanarek", "Canarului"];

test("points of the release before are sealed after the upgrade, found as before, and in clear nowhere", async () => {
  await asBefore();
  expect(await whereInClear(canaries)).toEqual([
    "location.address",
    "point.name",
    "point.pod_code",
    "point.search_text",
  ]);
  const { applied } = await migrate(db);
  expect(applied[0]).toMatch(/^0024_/);
  // Until a process with the key has come they wait in two tables, and points have no code.
  expect(await whereInClear(canaries)).toEqual([
    "unsealed_location.address",
    "unsealed_point.name",
    "unsealed_point.pod_code",
  ]);

  // It is stopped after its first batch, and goes on where it was.
  const stopped = new Error("stopped");
  await expect(
    sealWaiting(db, ring, () => {
      throw stopped;
    }),
  ).rejects.toBe(stopped);
  const { rows: waiting } = await db.query<{ n: number }>(sql`select count(*)::int as n from unsealed_point`);
  expect(waiting[0]!.n).toBe(points - 1_000);
  // The rest is done by two at once, each row by one of them.
  const counts = await Promise.all([sealWaiting(db, ring), sealWaiting(db, ring)]);
  expect(counts[0] + counts[1]).toBe(2 * points - 1_000);
  expect(await sealWaiting(db, ring)).toBe(0);
  expect(await whereInClear(canaries)).toEqual([]);

  for (const n of [1, 1_000, points]) {
    const { rows } = await db.query<{ id: number }>(
      sql`select point_id as id from point where location_id = ${n}`,
    );
    expect(await findPoint(db, everywhere, rows[0]!.id, { nowMs: Date.now() })).toMatchObject({
      pod: pod(n),
      name: name(n),
      address: address(n),
    });
  }
  const found = await searchPoints(db, everywhere, "777", 10);
  expect(JSON.stringify(found)).toContain(pod(777));
}, 120_000);
