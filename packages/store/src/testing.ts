import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { createConnection, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type Database, openDatabase } from "./database.ts";
import { migrate, readMigrations } from "./migrate.ts";
import { makePartitions } from "./partitions.ts";
import {
  applyRoles,
  type DatabaseRole,
  databaseRoles,
  functionPrivileges,
  privileges,
  rowPolicies,
} from "./roles/index.ts";
import { masterKeyProvider } from "./secrets/key-provider.ts";
import { KeyRing } from "./secrets/key-ring.ts";
import { holdKeyRing } from "./secrets/ring-of.ts";
import { identifier, sql, trusted } from "./sql.ts";

export { temporaryFolder } from "./testing/temporary-folder.ts";

/** Master key of tests, the same in each process of one. */
export const testMasterKey = new Uint8Array(createHash("sha256").update("energsys tests").digest());
export const testKeyProvider = masterKeyProvider([testMasterKey]);
export const testKeyRing = (db: Database): KeyRing => new KeyRing(db, testKeyProvider);

export interface TestDatabase {
  readonly db: Database;
  readonly url: string;
  /** Closes `db` and removes the database. */
  drop(): Promise<void>;
}

/** Advisory lock: the first test process that comes makes the template. */
const templateLock = 0x454e4554;
const keeperPath = fileURLToPath(new URL("./testing/keeper.ts", import.meta.url));

let held: { socket: Socket; url: Promise<string> } | undefined;

/**
 * Holds the one server of a test run, starting it when nobody has yet; `vitest` calls it in its global setup, so that the
 * server lives from the first file to the last. Tests with an own server set `ENERGSYS_TEST_DATABASE_URL`.
 */
export async function startTestServer(): Promise<string> {
  const own = process.env.ENERGSYS_TEST_DATABASE_URL;
  if (own) return own;
  held ??= holdServer();
  return held.url;
}

/** Lets the server go; it stops when the last test process has. */
export async function stopTestServer(): Promise<void> {
  held?.socket.destroy();
  held = undefined;
}

function holdServer(): { socket: Socket; url: Promise<string> } {
  const name = createHash("sha256").update(`${keeperPath} ${process.getuid?.()}`).digest("hex").slice(0, 10);
  const socketPath = join(tmpdir(), `energsys-test-${name}.sock`);
  const folder = join(tmpdir(), `energsys-test-${name}`);
  const holder: { socket: Socket; url: Promise<string> } = {
    socket: undefined as unknown as Socket,
    url: undefined as never,
  };
  holder.url = (async () => {
    for (let attempt = 0; attempt < 400; attempt++) {
      const socket = createConnection(socketPath);
      holder.socket = socket;
      const line = await firstLine(socket);
      if (line !== undefined) {
        const answer = JSON.parse(line) as { url?: string; error?: string };
        if (!answer.url) throw new Error(`the test server does not start: ${answer.error}`);
        // The connection only says that we are here; it must not keep the process alive.
        socket.unref();
        return answer.url;
      }
      if (attempt % 20 === 0) {
        if (attempt > 0) rmSync(socketPath, { force: true }); // left by a keeper that was killed
        spawn(process.execPath, [keeperPath, socketPath, folder], {
          detached: true,
          stdio: "ignore",
          cwd: "/",
        }).unref();
      }
      await wait(100);
    }
    throw new Error("the test server does not answer");
  })();
  return holder;
}

function firstLine(socket: Socket): Promise<string | undefined> {
  return new Promise((resolve) => {
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk.toString();
      if (text.includes("\n")) resolve(text.slice(0, text.indexOf("\n")));
    });
    socket.on("error", () => resolve(undefined));
    socket.on("close", () => resolve(undefined));
  });
}

const withDatabase = (url: string, name: string): string => {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
};

/** The migrated template of this version of the migrations, made by whoever needs it first. */
async function findTemplate(db: Database, url: string): Promise<string> {
  const migrations = await readMigrations();
  const hash = createHash("sha256")
    .update(migrations.map((migration) => migration.sha256).join())
    .update(JSON.stringify([privileges, functionPrivileges, rowPolicies]))
    .digest("hex");
  const name = `template_${hash.slice(0, 16)}`;
  await db.transaction(async (transaction) => {
    await transaction.query(sql`select pg_advisory_xact_lock(${templateLock})`);
    const { rows } = await transaction.query(sql`select 1 from pg_database where datname = ${name}`);
    if (rows.length > 0) return;
    const unfinished = `unfinished_${randomBytes(6).toString("hex")}`;
    await db.query(trusted(`create database ${unfinished} template template0 encoding 'UTF8'`));
    const template = openDatabase({ url: withDatabase(url, unfinished), connectionsMax: 2 });
    try {
      await migrate(template);
      await applyRoles(template, testPasswords);
      const now = Temporal.Now.plainDateISO("UTC");
      await makePartitions(template, {
        from: now.subtract({ months: 2 }).toString(),
        to: now.add({ months: 1 }).toString(),
      });
    } finally {
      await template.close();
    }
    await db.query(trusted(`alter database ${unfinished} rename to ${identifier(name).text}`));
  });
  return name;
}

/** Passwords of the roles on the server of the tests. */
const testPasswords = Object.fromEntries(databaseRoles.map((role) => [role, `${role} of the tests`]));

/** A test's database for one of the roles that processes have: what a process may not do shows. */
export function urlOfRole(url: string, role: DatabaseRole): string {
  const own = new URL(url);
  own.username = role;
  own.password = testPasswords[role] ?? "";
  return own.href;
}

let admin: Promise<{ db: Database; url: string; template: string }> | undefined;

async function openAdmin(): Promise<{ db: Database; url: string; template: string }> {
  const url = await startTestServer();
  const db = openDatabase({ url: withDatabase(url, "postgres"), connectionsMax: 2 });
  return { db, url, template: await findTemplate(db, url) };
}

/**
 * A migrated database of one's own, copied from a template on the server of the test run: one per test file (or per test).
 * Partitions reach from two months back to the next one.
 */
export async function testDatabase(options: { connectionsMax?: number } = {}): Promise<TestDatabase> {
  admin ??= openAdmin();
  const { db: adminDb, url, template } = await admin;
  const name = `test_${randomBytes(8).toString("hex")}`;
  await adminDb.query(trusted(`create database ${name} template ${template} strategy file_copy`));
  const own = withDatabase(url, name);
  const db = openDatabase({ url: own, connectionsMax: options.connectionsMax ?? 8 });
  holdKeyRing(db, testKeyRing(db));
  return {
    db,
    url: own,
    drop: async () => {
      await db.close();
      await adminDb.query(trusted(`drop database if exists ${name} with (force)`));
    },
  };
}
