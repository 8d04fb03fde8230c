import { randomBytes } from "node:crypto";
import { globSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ReplicationConnection } from "../src/backup/replication.ts";
import { seal, unseal } from "../src/backup/sealed-stream.ts";
import {
  applyRoles,
  type BackupServiceOptions,
  backUpOnce,
  checkOnce,
  type Database,
  type EmbeddedPostgres,
  findLines,
  makeBackupKey,
  migrate,
  openDatabase,
  prepareOwner,
  readBackupKey,
  readBackupState,
  readLastRuns,
  reserveCounters,
  restore,
  runBackups,
  settleRestored,
  sql,
  startEmbeddedPostgres,
} from "../src/index.ts";
import { temporaryFolder } from "../src/testing/temporary-folder.ts";

const base = temporaryFolder("backup");
const keyFile = join(base, "backup.key");
makeBackupKey(keyFile);
const key = readBackupKey(keyFile);
const backups = join(base, "backups");
let server: EmbeddedPostgres;
let db: Database;
let options: BackupServiceOptions;
const log: string[] = [];

beforeAll(async () => {
  server = await startEmbeddedPostgres({ folder: join(base, "postgres") });
  db = openDatabase({ url: server.url });
  // As the launcher does it: migrated as `owner`, backed up by the role that may replicate and little else.
  await prepareOwner(db);
  const owner = openDatabase({ url: server.url, role: "owner" });
  await migrate(owner);
  await owner.close();
  await applyRoles(db, { backup: "of the backups", replication: "of the portal" });
  const { rows } = await db.query(sql`
    select relname from pg_class where relnamespace in ('public'::regnamespace, 'audit'::regnamespace) and relowner <> 'owner'::regrole`);
  expect(rows).toEqual([]);
  options = {
    url: asRole("backup", "of the backups"),
    backups,
    key,
    server: "embedded",
    keepDays: 7,
    dataFolder: base,
    now: Date.now,
    onLog: (message, facts) => log.push(`${message} ${JSON.stringify(facts)}`),
    flushMs: 200,
    stateEveryMs: 500,
    baseEveryMs: 3_600_000,
    checkEveryMs: 3_600_000,
  };
});
afterAll(async () => {
  await db?.close();
  await server?.stop();
  rmSync(base, { recursive: true, force: true });
});

const asRole = (role: string, password: string): string => {
  const url = new URL(server.url);
  url.username = role;
  url.password = password;
  return url.href;
};

const databaseNow = async (): Promise<number> =>
  (await db.query<{ now: number }>(sql`select clock_timestamp() as now`)).rows[0]!.now;

const until = async (holds: () => Promise<boolean> | boolean): Promise<void> => {
  for (const deadline = performance.now() + 20_000; !(await holds()); ) {
    if (performance.now() > deadline)
      throw new Error(`never became true; the service said:\n${log.join("\n")}`);
    await wait(50);
  }
};

const places = async (from: Database): Promise<string[]> =>
  (await from.query<{ name: string }>(sql`select name from branch order by branch_id`)).rows.map(
    ({ name }) => name,
  );

const add = (name: string) => db.query(sql`insert into branch (name) values (${name})`);

test("S34: a running database is restored to a minute of its life with its counters raised, and to what was committed seconds before its disk was lost", async () => {
  await add("before the base backup");
  const stop = new AbortController();
  const service = runBackups(options, stop.signal);
  await until(async () => (await readLastRuns(db)).base.lastGood !== undefined);

  await add("Câmpina");
  await db.query(sql`insert into account (name, display_name, password_hash) values ('ana', 'Ana', 'x')`);
  await db.query(sql`
    insert into session (session_sha256, account_id, csrf_token, expires_at)
    select '\\x01', account_id, 'x', now() + interval '1 hour' from account`);
  await reserveCounters(db, "key", { count: 256 });
  await wait(20);
  const wanted = await databaseNow();
  await wait(20);
  await add("Sinaia, after the moment that is wanted");
  const last = await databaseNow();
  await until(() => (findLines(backups)[0]?.covered()?.at ?? "") > new Date(last + 50).toISOString());
  const state = await readBackupState(db);
  expect(state).toMatchObject({ folder: backups, keyId: key.id, errorCode: null, sameDisk: true });

  // The check by itself, then the machine is lost: what the service had written is all there is.
  const checked = await checkOnce(options);
  expect(checked.tables).toBeGreaterThan(20);
  stop.abort();
  await service;

  const moment = join(base, "to-a-moment");
  const outcome = await restore(
    { backups, key, toMs: wanted, folder: join(moment, "postgres"), durable: true },
    settleRestored,
  );
  expect(outcome.base.line).toBe(findLines(backups)[0]!.name);
  const restored = await startEmbeddedPostgres({ folder: join(moment, "postgres") });
  const restoredDb = openDatabase({ url: restored.url });
  try {
    expect(await places(restoredDb)).toEqual(["before the base backup", "Câmpina"]);
    expect((await restoredDb.query(sql`select from account where name = 'ana'`)).rowCount).toBe(1);
    expect((await restoredDb.query(sql`select from session`)).rowCount).toBe(0);
    expect(await reserveCounters(restoredDb, "key", { count: 1 })).toBe(1_000_257);
    const acts = await restoredDb.query(sql`select from audit.log where action = 'restore'`);
    expect(acts.rowCount).toBe(1);
    // It goes on as a system of its own, with backups beside those of the first one.
    // By the owner of the server, as `energsys backup` does.
    const again = await backUpOnce({ ...options, url: restored.url, dataFolder: moment });
    expect(again.timeline).toBe(2);
    expect(findLines(backups)).toHaveLength(2);
  } finally {
    await restoredDb.close();
    await restored.stop();
  }

  const newest = join(base, "to-the-end");
  let found: string[] = [];
  const line = findLines(backups)[0]!;
  await restore(
    { backups, key, toMs: Date.parse(line.covered()!.at), folder: newest, durable: false },
    async (atEnd) => {
      found = await places(atEnd);
    },
  );
  expect(found).toEqual(["before the base backup", "Câmpina", "Sinaia, after the moment that is wanted"]);
}, 120_000);

test("the role of the backups copies the cluster and can do nothing else; the one that publishes tables cannot copy it", async () => {
  const backup = openDatabase({ url: options.url, connectionsMax: 1 });
  try {
    for (const refused of [
      sql`select name from branch`,
      sql`select display_name from account`,
      sql`select value from setting`,
      sql`update setting set value = '{}'`,
      sql`delete from backup_run`,
      sql`select count(*) from meter_key`,
      sql`select count(*) from audit.log`,
      sql`select pg_read_file('PG_VERSION')`,
      sql`alter system set fsync = off`,
      sql`alter role backup superuser`,
      sql`set role owner`,
      sql`create table own (a int)`,
    ]) {
      await expect(backup.query(refused)).rejects.toMatchObject({ code: "42501" });
    }
  } finally {
    await backup.close();
  }
  const portal = asRole("replication", "of the portal");
  await expect(ReplicationConnection.open(portal)).rejects.toMatchObject({ code: "backup.not-allowed" });
  const publisher = openDatabase({ url: portal, connectionsMax: 1 });
  try {
    for (const refused of [
      sql`select point_id from point`,
      sql`select count(*) from account`,
      sql`select backup_line()`,
      sql`insert into branch (name) values ('x')`,
      sql`create publication everything for all tables`,
      sql`set role backup`,
    ]) {
      await expect(publisher.query(refused)).rejects.toMatchObject({ code: "42501" });
    }
  } finally {
    await publisher.close();
  }
  for (const role of ["app_web", "app_jobs", "report_ro"]) {
    await applyRoles(db, { [role]: "to try" });
    await expect(ReplicationConnection.open(asRole(role, "to try"))).rejects.toMatchObject({
      code: "backup.not-allowed",
    });
  }
});

test("nothing that stands in the database stands in its backups", () => {
  const files = globSync("**/*", { cwd: backups, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(files.length).toBeGreaterThan(6);
  for (const { parentPath, name } of files) {
    const bytes = readFileSync(join(parentPath, name));
    for (const canary of ["Câmpina", "Sinaia", "password_hash"]) expect(bytes.includes(canary)).toBe(false);
  }
});

test("a single backup can be restored as soon as its command has ended", async () => {
  const slots = async () => (await db.query(sql`select from pg_replication_slots`)).rowCount;
  // The service above only pauses: its line goes on from where it was.
  const goesOn = await backUpOnce(options);
  expect([goesOn.line, await slots()]).toEqual([findLines(backups)[0]!.name, 1]);
  const quiet = join(base, "single");
  const manifest = await backUpOnce({ ...options, backups: quiet });
  // Nobody comes for the WAL after this, so the server keeps none.
  expect(await slots()).toBe(0);
  const restored = await restore(
    { backups: quiet, key, toMs: undefined, folder: join(base, "of-single"), durable: false },
    async (db) => expect(await places(db)).toContain("Sinaia, after the moment that is wanted"),
  );
  expect(restored.base.id).toBe(manifest.id);
});

test("a moment before the first backup or after the last WAL is refused with what is possible", async () => {
  const ask = (toMs: number) =>
    restore({ backups, key, toMs, folder: join(base, "never"), durable: false }, async () => {});
  await expect(ask(Date.now() - 86_400_000)).rejects.toMatchObject({ code: "restore.too-early" });
  await expect(ask(Date.now() + 60_000)).rejects.toMatchObject({ code: "restore.too-late" });
});

test("another key opens nothing, and a changed byte is found", async () => {
  const otherFile = join(base, "other.key");
  makeBackupKey(otherFile);
  const other = readBackupKey(otherFile);
  const ask = (with_: typeof key, name: string) =>
    restore(
      { backups, key: with_, toMs: undefined, folder: join(base, name), durable: false },
      async () => {},
    );
  await expect(ask(other, "other")).rejects.toMatchObject({ code: "backup.key-wrong" });
  // The newest there is: the base backup of the line that went on.
  const line = findLines(backups)[0]!;
  const path = join(line.baseFolder(line.bases().at(-1)!.id), "data.sealed");
  const bytes = readFileSync(path);
  bytes[bytes.length >> 1]! ^= 1;
  writeFileSync(path, bytes);
  await expect(ask(key, "changed")).rejects.toMatchObject({ code: "backup.damaged" });
});

test("a sealed stream opens only whole, in order, under its name", async () => {
  const gather = async (source: AsyncIterable<Uint8Array>) => {
    const parts: Uint8Array[] = [];
    for await (const part of source) parts.push(part);
    return Buffer.concat(parts);
  };
  for (const length of [0, 1, 262_143, 262_144, 262_145, 700_000]) {
    const plain = randomBytes(length);
    const sealed = await gather(seal(key, "a", [plain.subarray(0, 5), plain.subarray(5)]));
    expect(await gather(unseal(key, "a", [sealed.subarray(0, 30), sealed.subarray(30)]))).toEqual(plain);
    await expect(gather(unseal(key, "b", [sealed]))).rejects.toMatchObject({ code: "backup.damaged" });
    for (const cut of [0, 3, 29, sealed.length - 1, sealed.length - 262_160])
      if (cut >= 0)
        await expect(gather(unseal(key, "a", [sealed.subarray(0, cut)]))).rejects.toMatchObject({
          code: "backup.damaged",
        });
  }
});
