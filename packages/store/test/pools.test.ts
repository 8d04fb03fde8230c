import {
  type DatabaseRole,
  followPool,
  openDatabase,
  type PoolProgram,
  poolsOfPrograms,
  readPools,
  sql,
  storePool,
  undoPool,
} from "@energsys/store";
import { testDatabase, urlOfRole } from "@energsys/store/testing";
import { afterAll, expect, test, vi } from "vitest";

const { db, url, drop } = await testDatabase();
afterAll(drop);

const programs = Object.entries(poolsOfPrograms) as [PoolProgram, { role: DatabaseRole }][];
// Of this database: the programs of other tests bear the same names.
const openConnections = async (name: string) => {
  const { rows } = await db.query<{ count: number }>(
    sql`select count(*)::int as count from pg_stat_activity
      where application_name = ${name} and datname = current_database()`,
  );
  return rows[0]!.count;
};

test.each(programs)(
  "%s takes over what is set, as the role that it signs in as",
  async (program, { role }) => {
    const { usual, connections, timeoutMs } = poolsOfPrograms[program];
    const own = openDatabase({ url: urlOfRole(url, role), applicationName: program, ...usual });
    const heard: unknown[] = [];
    const following = followPool(own, program, { everyMs: 20, onChange: (settings) => heard.push(settings) });
    try {
      await following.first;
      expect(heard).toEqual([]);
      const settings = { connectionsMax: connections[0], statementTimeoutMs: timeoutMs[0] };
      await storePool(db, program, settings, "ana");
      await vi.waitFor(() => expect(heard).toEqual([settings]), 5_000);
      const { rows } = await own.query<{ ms: string }>(
        sql`select setting as ms from pg_settings where name = 'statement_timeout'`,
      );
      expect(rows[0]!.ms).toBe(String(settings.statementTimeoutMs));
      // As many at once as were allowed, and no more.
      await Promise.all(Array.from({ length: 12 }, () => own.query(sql`select pg_sleep(0.02)`)));
      // Those of the pool before close when they have nothing to do any more.
      await expect.poll(() => openConnections(program)).toBeLessThanOrEqual(settings.connectionsMax);
      await undoPool(db, program, "ana");
      await vi.waitFor(() => expect(heard.at(-1)).toEqual(usual), 5_000);
    } finally {
      following.stop();
      await own.close();
    }
  },
);

test("what was begun is done while the pool is exchanged, and its old connections end", async () => {
  const name = "energsys-exchange";
  const own = openDatabase({ url, applicationName: name, connectionsMax: 2, statementTimeoutMs: 30_000 });
  // Two are at work, and ten wait for a connection of the old pool.
  const begun = Array.from({ length: 12 }, (_, n) =>
    own.query<{ n: number }>(sql`select pg_sleep(0.1), ${n}::int as n`),
  );
  own.resize({ connectionsMax: 1, statementTimeoutMs: 30_000 });
  const later = own.query<{ n: number }>(sql`select 99 as n`);
  expect((await Promise.all(begun)).map(({ rows }) => rows[0]!.n)).toEqual(
    Array.from({ length: 12 }, (_, n) => n),
  );
  expect((await later).rows[0]!.n).toBe(99);
  await vi.waitFor(async () => expect(await openConnections(name)).toBe(1), 5_000);
  await own.close();
  await vi.waitFor(async () => expect(await openConnections(name)).toBe(0), 5_000);
});

test("a change is taken back to what was before it, and the first one to what the program brings", async () => {
  const program = "energsys-server";
  const valuesOf = async () => {
    const pool = (await readPools(db)).pools.find((one) => one.program === program)!;
    return [pool.connectionsMax, pool.statementTimeoutMs, pool.isSet, pool.changedBy];
  };
  await storePool(db, program, { connectionsMax: 10, statementTimeoutMs: 20_000 }, "ana");
  await storePool(db, program, { connectionsMax: 12, statementTimeoutMs: 30_000 }, "ion");
  // The same again is no change, so that it can still be taken back to what was before.
  await storePool(db, program, { connectionsMax: 12, statementTimeoutMs: 30_000 }, "ion");
  expect(await valuesOf()).toEqual([12, 30_000, true, "ion"]);
  await undoPool(db, program, "ana");
  expect(await valuesOf()).toEqual([10, 20_000, true, "ana"]);
  await db.query(sql`delete from database_pool`);
  await storePool(db, program, { connectionsMax: 10, statementTimeoutMs: 20_000 }, "ana");
  await undoPool(db, program, "ana");
  expect(await valuesOf()).toEqual([8, 20_000, false, null]);
  await expect(undoPool(db, program, "ana")).rejects.toMatchObject({ code: "pool.not-set" });
});

test("what is out of bounds, or more than the server lets all programs open, is refused whole", async () => {
  await expect(
    storePool(db, "energsys-server", { connectionsMax: 1, statementTimeoutMs: 20_000 }, "ana"),
  ).rejects.toMatchObject({ code: "pool.out-of-bounds" });
  await expect(
    storePool(db, "energsys-dispatcher", { connectionsMax: 3, statementTimeoutMs: 600_000 }, "ana"),
  ).rejects.toMatchObject({ code: "pool.out-of-bounds" });
  const { connectionsFree, connectionsPlanned } = await readPools(db);
  const spare = connectionsFree - connectionsPlanned;
  const most = 8 + spare;
  expect(most).toBeLessThan(poolsOfPrograms["energsys-server"].connections[1]);
  await expect(
    storePool(db, "energsys-server", { connectionsMax: most + 1, statementTimeoutMs: 20_000 }, "ana"),
  ).rejects.toMatchObject({ code: "pool.too-many-connections" });
  expect((await readPools(db)).connectionsPlanned).toBe(connectionsPlanned);
  await storePool(db, "energsys-server", { connectionsMax: most, statementTimeoutMs: 20_000 }, "ana");
  // Nothing is left for another program, but less of this one is always possible.
  await expect(
    storePool(db, "energsys-headend", { connectionsMax: 7, statementTimeoutMs: 60_000 }, "ana"),
  ).rejects.toMatchObject({ code: "pool.too-many-connections" });
  await storePool(db, "energsys-server", { connectionsMax: most - 1, statementTimeoutMs: 20_000 }, "ana");
});

test("the log holds the change with its values before and after", async () => {
  const { rows } = await db.query(sql`
    select action, before, after from audit.log where object_type = 'database_pool' and object_id = 'energsys-server'
      and before ->> 'connections_max' = '10' order by seq limit 1`);
  expect(rows).toEqual([
    {
      action: "change",
      before: { connections_max: 10, statement_timeout_ms: 20_000 },
      after: { connections_max: 12, statement_timeout_ms: 30_000 },
    },
  ]);
});
