import { hostname } from "node:os";
import { join } from "node:path";
import { jobsFlags } from "@energsys/cli/program-flags";
import { createFirstToken } from "@energsys/server";
import {
  applyRoles,
  compareMigrations,
  type Database,
  type DatabaseRole,
  followPool,
  holdKeyRing,
  type KeyProvider,
  KeyRing,
  keepHouse,
  keyProviderOf,
  migrate,
  openDatabase,
  placeOf,
  poolsOfPrograms,
  prepareOwner,
  sql,
  startEmbeddedPostgres,
} from "@energsys/store";
import { CliError } from "../cli-error.ts";
import { backupPlaces, backupProcess, findBackupKey } from "./backups.ts";
import {
  logHeadsFolder,
  logKeyFile,
  masterKeyEnvironment,
  ownKeyFile,
  prepareDataFolder,
} from "./data-folder.ts";
import { DatabaseAddress } from "./database-address.ts";
import { KeptProcess } from "./keep-running.ts";
import { findOwnDatabase, hasOwner } from "./own-database.ts";
import { asRole, findRolePasswords, type RolePasswords, rolePasswordFile } from "./role-passwords.ts";
import { SampleNetwork, type SampleSize } from "./sample-network.ts";
import { findWebRoot } from "./web-root.ts";

export interface SystemOptions {
  readonly folder: string;
  /** `host:port` of the web application. */
  readonly http: string;
  /** HTTPS with an own certificate, unless files are configured; without it loopback only. */
  readonly withTls: boolean;
  /** `host:port` where devices call in. */
  readonly listen: string;
  /** The same for devices that show certificates; `off` for none. */
  readonly listenTls: string;
  /** What the sample network is made of when somebody asks for it. */
  readonly sample: SampleSize;
  /** The sample network is wanted from the start (demo). */
  readonly withSample: boolean;
  /** The database is backed up while it runs. */
  readonly withBackups: boolean;
  /** What an earlier demonstration left in the embedded database is dropped first. */
  readonly fresh: boolean;
  say(line: string): void;
}

export interface RunningSystem {
  readonly url: string;
  /** Of the certificate that browsers will show, with TLS. */
  readonly fingerprint: string | undefined;
  readonly authorityFile: string | undefined;
  /** Where the first account is made, while there is none. */
  readonly firstRunUrl: string | undefined;
  stop(): Promise<void>;
}

const launcherBeatMs = 10_000;

/** Starts every process of this machine in order: database, head-end, server; the sample network when asked for. */
export async function startSystem(options: SystemOptions): Promise<RunningSystem> {
  prepareDataFolder(options.folder);
  const keyEnvironment = masterKeyEnvironment(options.folder);
  const keyProvider = keyProviderOf(keyEnvironment);
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const step of stops.splice(0).reverse()) await step().catch((error) => options.say(String(error)));
  };
  try {
    const database = await startDatabase(options, keyProvider, stops);
    const environment = {
      ENERGSYS_DATABASE_URL: database.urlOf("app_web"),
      ...keyEnvironment,
      ENERGSYS_LOG_KEY_FILE: logKeyFile(options.folder),
      ENERGSYS_LOG_HEADS: logHeadsFolder(options.folder),
      ENERGSYS_LISTEN: options.listen,
      ENERGSYS_LISTEN_TLS: options.listenTls,
      ENERGSYS_HTTP: options.http,
      ENERGSYS_WEB_ROOT: findWebRoot(),
      ENERGSYS_DATA_FOLDER: options.folder,
      ...(options.withTls ? { ENERGSYS_TLS_FOLDER: join(options.folder, "tls") } : {}),
    };
    const start = async (
      name: string,
      own: Readonly<Record<string, string>> = environment,
      main = `@energsys/${name}/main`,
      flags: readonly string[] = [],
    ) => {
      const logFile = join(options.folder, "log", `${name}.log`);
      const process = new KeptProcess({ name, main, flags, environment: own, logFile }, options.say);
      stops.push(() => process.stop());
      return process.start();
    };
    const headend = await start("headend", {
      ...environment,
      ENERGSYS_DATABASE_URL: database.urlOf("app_headend"),
    });
    const withCertificates = headend.listenTls ? `, with certificates at ${headend.listenTls}` : "";
    options.say(`head-end   ready, devices may call in at ${headend.listen}${withCertificates}`);

    const keyRing = await KeyRing.open(database.db, keyProvider);
    holdKeyRing(database.db, keyRing);
    const sample = new SampleNetwork({
      ...options,
      db: database.db,
      keyRing,
      callIn: String(headend.listen),
      environment,
    });
    stops.push(() => sample.stop());
    await sample.listen();
    await soon(options.withSample ? sample.start() : sample.startEarlier(), options.say);

    if (options.withBackups) {
      const places = backupPlaces(options.folder);
      const { made } = findBackupKey(places);
      const process = new KeptProcess(
        backupProcess(options.folder, database.urlOf("backup"), places),
        options.say,
      );
      stops.push(() => process.stop());
      await process.start();
      options.say(`backups    ${places.folder}${made ? `; keep a copy of ${places.keyFile} elsewhere` : ""}`);
    }

    // It alone has this key; of the others' it has none.
    const dispatcher = await start("dispatcher", {
      ENERGSYS_DATABASE_URL: database.urlOf("app_dispatcher"),
      ENERGSYS_DISPATCHER_KEY_FILE: ownKeyFile(options.folder, "dispatcher.key"),
      ENERGSYS_DISPATCHER_HEALTH: "127.0.0.1:0",
    });
    options.say(`dispatcher ready, health at ${dispatcher.health}; no order is sent by this release`);

    await start(
      "jobs",
      { ...environment, ENERGSYS_DATABASE_URL: database.urlOf("app_jobs") },
      "@energsys/server/jobs-main",
      jobsFlags,
    );
    await new DatabaseAddress(database.db, options.folder).listen();
    const server = await start("server");
    const url = reachable(String(server.url));
    stops.push(beat(database.db));
    return {
      url,
      fingerprint: server.fingerprint === undefined ? undefined : String(server.fingerprint),
      authorityFile: server.authorityFile === undefined ? undefined : String(server.authorityFile),
      firstRunUrl: await firstRunUrl(database.db, url),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A small network is there before its screens are; a large one comes in while somebody looks at them. */
const sampleWaitMs = 20_000;

async function soon(starting: Promise<void>, say: (line: string) => void): Promise<void> {
  let late = false;
  const wait = new Promise<void>((resolve) => {
    setTimeout(() => {
      late = true;
      resolve();
    }, sampleWaitMs).unref();
  });
  const started = starting.catch((error: Error) => {
    if (!late) throw error;
    say(`sample network failed: ${error.message}`);
  });
  await Promise.race([started, wait]);
}

/** An address to open in a browser: one that means "every address of this machine" becomes its name. */
function reachable(url: string): string {
  const name = process.env.ENERGSYS_NAMES?.split(",")[0]?.trim() || hostname();
  return url.replace(/\/\/(0\.0\.0\.0|\[::\])(?=:)/, `//${name}`);
}

/**
 * The server that `DATABASE_URL` names, else our own below the data folder; migrated either way. Of the embedded one
 * each process gets a role of its own. Only the launcher signs in as the owner of the server: to make the database and the roles, and,
 * acting as `owner`, to migrate and to close months.
 */
async function startDatabase(
  options: SystemOptions,
  keyProvider: KeyProvider,
  stops: (() => Promise<void>)[],
): Promise<{ db: Database; urlOf(role: DatabaseRole): string }> {
  const own = findOwnDatabase(options.folder);
  if (own && options.fresh) {
    throw new CliError("demo.own-database", "a demonstration uses the embedded database; unset DATABASE_URL");
  }
  let url = own?.url;
  if (url === undefined) {
    const embedded = await startEmbeddedPostgres({
      folder: join(options.folder, "postgres"),
      onLog: () => {},
    });
    stops.push(() => embedded.stop());
    if (!embedded.owner) {
      throw new CliError(
        "data.in-use",
        `another ENERGSys runs on ${options.folder}; stop it, or name another folder`,
      );
    }
    url = embedded.url;
  }
  const passwords = own?.perRole === false ? undefined : findRolePasswords(rolePasswordFile(options.folder));
  const urlOf = (role: DatabaseRole) => (passwords ? asRole(url, role, passwords) : url);
  if (own?.perRole && !hasOwner(own)) await demandMigrated(urlOf("app_jobs"), options);
  else {
    await prepareDatabase(url, options, passwords);
    if (passwords) stops.push(keepOwnersHouse(url, options));
  }
  const db = openDatabase({
    url: urlOf("app_jobs"),
    applicationName: "energsys-launcher",
    ...poolsOfPrograms["energsys-launcher"].usual,
    hashKey: keyProvider.auditHashKey,
  });
  const following = followPool(db, "energsys-launcher");
  stops.push(async () => {
    following.stop();
    await db.close();
  });
  return { db, urlOf };
}

/**
 * Where the address names nobody who may migrate, somebody else has to.
 * @throws CliError `database.not-migrated`
 */
async function demandMigrated(url: string, options: SystemOptions): Promise<void> {
  const db = openDatabase({ url, applicationName: "energsys-launcher", connectionsMax: 1 });
  try {
    const { missing, changed, newer } = await compareMigrations(db);
    if (missing.length > 0 || changed.length > 0 || newer) {
      throw new CliError(
        "database.not-migrated",
        `the database is not of this release (${[...missing, ...changed].join(", ") || "it is of a newer one"}); run energsys db migrate and energsys db roles with DATABASE_URL naming its owner`,
      );
    }
    options.say(`database   ready at ${placeOf(url).host}`);
  } finally {
    await db.close();
  }
}

/** Migrates; on the embedded server (`passwords`) as `owner`, and its roles are made before and after. */
async function prepareDatabase(
  url: string,
  options: SystemOptions,
  passwords: RolePasswords | undefined,
): Promise<void> {
  const applicationName = "energsys-launcher";
  const db = openDatabase({ url, applicationName, connectionsMax: 2 });
  try {
    if (options.fresh)
      await db.query(
        sql`drop schema public cascade; drop schema if exists audit cascade; create schema public`,
      );
    const applied = passwords ? await migrateAsOwner(db, url, passwords) : (await migrate(db)).applied;
    const { rows } = await db.query<{ version: string }>(
      sql`select current_setting('server_version') as version`,
    );
    options.say(
      `database   ready, PostgreSQL ${rows[0]?.version}${applied.length > 0 ? `, ${applied.length} migrations` : ""}`,
    );
  } finally {
    await db.close();
  }
}

async function migrateAsOwner(
  db: Database,
  url: string,
  passwords: RolePasswords,
): Promise<readonly string[]> {
  await prepareOwner(db);
  const owner = openDatabase({
    url,
    role: "owner",
    applicationName: "energsys-launcher",
    connectionsMax: 2,
  });
  try {
    const { applied } = await migrate(owner);
    await applyRoles(db, passwords);
    return applied;
  } finally {
    await owner.close();
  }
}

const ownersHouseEveryMs = 24 * 3_600_000;

/** Once a day what only the owner of the tables may do: the room of closed months given back. */
function keepOwnersHouse(url: string, { say }: SystemOptions): () => Promise<void> {
  const timer = setInterval(() => {
    const owner = openDatabase({
      url,
      role: "owner",
      applicationName: "energsys-launcher",
      statementTimeoutMs: 3_600_000,
    });
    void keepHouse(owner, Date.now())
      .catch((error: Error) => say(`tables could not be kept in order: ${error.message}`))
      .finally(() => owner.close());
  }, ownersHouseEveryMs);
  return async () => clearInterval(timer);
}

/** While there is no account, a token that makes the first one; a new one at each start. */
async function firstRunUrl(db: Database, url: string): Promise<string | undefined> {
  const { rows } = await db.query<{ accounts: number }>(sql`select count(*)::int as accounts from account`);
  if ((rows[0]?.accounts ?? 0) > 0) return undefined;
  return `${url}/first-run#token=${await createFirstToken(db, Date.now())}`;
}

/** Tells the server that a launcher is there to start a sample network. */
function beat(db: Database): () => Promise<void> {
  const write = () =>
    db
      .query(sql`
        insert into setting (name, value) values ('launcher', ${JSON.stringify({ pid: process.pid, at: new Date() })}::jsonb)
        on conflict (name) do update set value = excluded.value, changed_at = now()`)
      .catch(() => {}); // the database is away for a moment: the next beat tells
  void write();
  const timer = setInterval(write, launcherBeatMs);
  return async () => clearInterval(timer);
}
