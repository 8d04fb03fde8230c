import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import type { Database, Queryable } from "./database.ts";
import { StoreError, sqlState } from "./errors.ts";
import { sql, trusted } from "./sql.ts";

export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly text: string;
  readonly sha256: string;
}

const folder = new URL("../migrations/", import.meta.url);
/** Advisory lock: one process migrates, the others wait for it. */
const migrationLock = 0x454e4552;
const attemptsMax = 30;

/** The numbered files of `migrations/`, in order. */
export async function readMigrations(): Promise<readonly Migration[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{4}_.+\.sql$/.test(name)).sort();
  const migrations = await Promise.all(
    names.map(async (name) => {
      const text = await readFile(new URL(name, folder), "utf8");
      const sha256 = createHash("sha256").update(text).digest("hex");
      return { number: Number(name.slice(0, 4)), name, text, sha256 };
    }),
  );
  migrations.forEach(({ number, name }, index) => {
    if (number !== index + 1) throw new Error(`migration ${name} should have the number ${index + 1}`);
  });
  return migrations;
}

/**
 * Applies what is missing, forward only, each file in its own transaction. Waits at most 2 s for a lock that a running
 * statement holds, then lets go and tries again, so that a migration never makes the readers queue behind it.
 * @throws StoreError `migration.changed` when an applied file differs from the one here, `migration.newer` when the
 *   database was migrated by a newer version, `migration.blocked` when a lock was never free, `database.too-old` below 15
 */
export async function migrate(db: Database): Promise<{ applied: readonly string[] }> {
  const migrations = await readMigrations();
  const { rows } = await db.query<{ version: number }>(
    sql`select current_setting('server_version_num')::int as version`,
  );
  const version = rows[0]?.version ?? 0;
  if (version < 150_000) throw new StoreError("database.too-old", `PostgreSQL ${version} is older than 15`);

  await db.transaction(async (transaction) => {
    await transaction.query(sql`select pg_advisory_xact_lock(${migrationLock})`);
    await transaction.query(sql`
      create table if not exists schema_migration (
        number int primary key, name text not null, sha256 text not null, applied_at timestamptz not null default now())`);
  });
  const applied: string[] = [];
  for (const migration of migrations) {
    if (await apply(db, migration)) applied.push(migration.name);
  }
  const newest = await db.query<{ number: number | null }>(
    sql`select max(number) as number from schema_migration`,
  );
  if ((newest.rows[0]?.number ?? 0) > migrations.length) {
    throw new StoreError("migration.newer", "the database belongs to a newer version of ENERGSys");
  }
  return { applied };
}

/** In what the migrations of a database differ from those of this release. Whoever may read `schema_migration` can ask. */
export async function compareMigrations(
  db: Queryable,
): Promise<{ missing: readonly string[]; changed: readonly string[]; newer: boolean }> {
  const { rows } = await db.query<{ number: number; sha256: string }>(
    sql`select number, sha256 from schema_migration`,
  );
  const applied = new Map(rows.map(({ number, sha256 }) => [number, sha256]));
  const ours = await readMigrations();
  return {
    missing: ours.filter(({ number }) => !applied.has(number)).map(({ name }) => name),
    changed: ours
      .filter(({ number, sha256 }) => applied.has(number) && applied.get(number) !== sha256)
      .map(({ name }) => name),
    newer: Math.max(0, ...applied.keys()) > ours.length,
  };
}

async function apply(db: Database, migration: Migration): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.transaction(async (transaction) => {
        await transaction.query(sql`select pg_advisory_xact_lock(${migrationLock})`);
        const { rows } = await transaction.query<{ sha256: string }>(
          sql`select sha256 from schema_migration where number = ${migration.number}`,
        );
        if (rows[0]) {
          if (rows[0].sha256 === migration.sha256) return false;
          throw new StoreError("migration.changed", `${migration.name} was applied with other content`);
        }
        await transaction.query(trusted("set local lock_timeout = '2s'; set local statement_timeout = 0"));
        await transaction.query(trusted(migration.text));
        await transaction.query(sql`
          insert into schema_migration (number, name, sha256)
          values (${migration.number}, ${migration.name}, ${migration.sha256})`);
        return true;
      });
    } catch (error) {
      const blocked = sqlState(error) === "55P03";
      if (blocked && attempt >= attemptsMax) throw new StoreError("migration.blocked", migration.name, error);
      if (!blocked) throw error;
      await wait(Math.min(200 * attempt, 2000));
    }
  }
}
