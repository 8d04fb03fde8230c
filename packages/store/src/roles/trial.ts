import { lookup } from "node:dns/promises";
import { createConnection } from "node:net";
import { isAbsolute, join } from "node:path";
import { type Database, openDatabase } from "../database.ts";
import { sqlState } from "../errors.ts";
import { compareMigrations } from "../migrate.ts";
import { type Sql, sql } from "../sql.ts";
import { comparePrivileges } from "./compare.ts";

/** What a trial does, in this order; what follows a step that failed is not tried. */
export const trialSteps = [
  "name",
  "reach",
  "sign-in",
  "version",
  "migrations",
  "privileges",
  "read",
  "write",
  "latency",
] as const;

export interface TrialStep {
  readonly step: (typeof trialSteps)[number];
  readonly outcome: "good" | "bad" | "skipped";
  readonly durationMs: number;
  /** SQLSTATE or code of the system, or what was found; null when there is nothing to tell. */
  readonly detail: string | null;
}

/** Where an address of a database points to; never its password. */
export interface DatabasePlace {
  /** A name, an address, or the folder of a socket. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly role: string;
}

export function placeOf(url: string): DatabasePlace {
  const { hostname, port, pathname, username, searchParams } = new URL(url);
  return {
    host: searchParams.get("host") ?? (hostname.replace(/^\[|\]$/g, "") || "localhost"),
    port: Number(searchParams.get("port") ?? (port || 5432)),
    database: decodeURIComponent(pathname.slice(1)),
    role: decodeURIComponent(username),
  };
}

const withinMs = 5_000;

function reach({ host, port }: DatabasePlace): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = isAbsolute(host)
      ? createConnection(join(host, `.s.PGSQL.${port}`))
      : createConnection({ host, port });
    const end = (error?: Error) => {
      socket.destroy();
      if (error) reject(error);
      else resolve();
    };
    socket.setTimeout(withinMs, () => end(Object.assign(new Error("no answer"), { code: "ETIMEDOUT" })));
    socket.once("connect", () => end());
    socket.once("error", end);
  });
}

/** Roles as which the processes sign in. */
export const processRoles = ["app_web", "app_headend", "app_dispatcher", "app_jobs", "backup"] as const;
export type ProcessRole = (typeof processRoles)[number];

/** What each role does there every day, tried: whoever may read nothing else, or writes nothing else. */
const readsOf = (role: string): Sql => {
  switch (role) {
    case "app_dispatcher":
      return sql`select 1 from switching_secret limit 1`;
    case "backup":
      return sql`select 1 from backup_state`;
    case "app_headend":
      return sql`select 1 from load_day where day = current_date and channel_id = 0`;
    default:
      return sql`select 1 from load_interval where day = current_date and channel_id = 0`;
  }
};
/** No row is changed, but the right is asked for, and a server that only reads refuses it. */
const writesOf = (role: string): Sql => {
  switch (role) {
    case "app_dispatcher":
      return sql`update switching_secret set sealed = sealed where false`;
    case "backup":
      return sql`update backup_state set folder = folder where false`;
    default:
      return sql`insert into health_sample (measure, at, value) values ('trial', now(), 0)`;
  }
};

/** A page asks the database several times: above this nobody works with it. */
const latencyMsMax = 100;
const latencyRounds = 9;

export interface TrialOptions {
  /** Decides about each address that the name stands for; without it all are tried. */
  readonly mayConnect?: (address: string) => boolean;
}

class Fault extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/**
 * Signs in to a database step by step, with a connection of its own, and says how far it came: server, version, the migrations of this
 * release, privileges, a read and a write of the role's own work, and how long an answer takes. What is written is rolled back; a role
 * that may only read is refused it, which is then what is good.
 */
export async function tryDatabase(
  url: string,
  options: TrialOptions = {},
): Promise<{ steps: TrialStep[]; tls: boolean }> {
  const place = placeOf(url);
  const steps: TrialStep[] = [];
  let db: Database | undefined;
  let tls = false;
  const work: Readonly<Record<TrialStep["step"], () => Promise<string | null>>> = {
    name: async () => {
      if (isAbsolute(place.host)) return place.host;
      const addresses = await lookup(place.host, { all: true });
      const refused = addresses.find(({ address }) => options.mayConnect?.(address) === false);
      if (refused) throw new Fault("address.not-allowed");
      return [addresses[0]!.address, place.port].join(" ");
    },
    reach: () => reach(place).then(() => null),
    "sign-in": async () => {
      db = openDatabase({
        url,
        connectionsMax: 1,
        statementTimeoutMs: withinMs,
        applicationName: "energsys-trial",
      });
      const { rows } = await db.query<{ role: string; tls: boolean; replicates: boolean }>(sql`
        select current_user as role, coalesce((select ssl from pg_stat_ssl where pid = pg_backend_pid()), false) as tls,
          (select rolreplication or rolsuper from pg_roles where rolname = current_user) as replicates`);
      tls = rows[0]!.tls;
      if (place.role === "backup" && !rows[0]!.replicates) throw new Fault("backup.not-allowed");
      return rows[0]!.role;
    },
    version: async () => {
      const { rows } = await db!.query<{ version: string; number: number }>(sql`
        select current_setting('server_version') as version, current_setting('server_version_num')::int as number`);
      if (rows[0]!.number < 150_000) throw new Fault("database.too-old");
      return rows[0]!.version;
    },
    migrations: async () => {
      const { missing, newer, changed } = await compareMigrations(db!);
      if (newer) throw new Fault("migration.newer");
      if (changed.length > 0) throw new Fault("migration.changed");
      if (missing.length > 0) throw new Fault("migration.missing");
      return null;
    },
    privileges: async () => {
      const { findings } = await comparePrivileges(db!);
      if (findings.length > 0) throw new Fault("database.roles-unmade");
      return null;
    },
    read: async () => {
      await db!.query(readsOf(place.role));
      return null;
    },
    write: async () => {
      const rolledBack = new Error("only tried");
      const written = db!.transaction(async (transaction) => {
        await transaction.query(writesOf(place.role));
        throw rolledBack;
      });
      return written.catch((error) => {
        if (error === rolledBack) return null;
        if (place.role === "report_ro" && sqlState(error) === "42501") return "read-only";
        throw error;
      });
    },
    latency: async () => {
      const tookMs: number[] = [];
      for (let round = 0; round < latencyRounds; round++) {
        const begun = performance.now();
        await db!.query(sql`select 1`);
        tookMs.push(performance.now() - begun);
      }
      const median = tookMs.sort((a, b) => a - b)[(latencyRounds - 1) / 2]!;
      if (median > latencyMsMax) throw new Fault("database.slow");
      return `${median.toFixed(1)} ms`;
    },
  };
  let failed = false;
  for (const step of trialSteps) {
    if (failed) {
      steps.push({ step, outcome: "skipped", durationMs: 0, detail: null });
      continue;
    }
    const begun = performance.now();
    const done = (outcome: TrialStep["outcome"], detail: string | null) =>
      steps.push({ step, outcome, durationMs: Math.round(performance.now() - begun), detail });
    try {
      done("good", await work[step]());
    } catch (error) {
      failed = true;
      done("bad", String((error as { code?: unknown }).code ?? (error as Error).name));
    }
  }
  await db?.close();
  return { steps, tls };
}

export interface RoleTrial {
  readonly role: ProcessRole;
  readonly tls: boolean;
  readonly steps: readonly TrialStep[];
}

/** Tries an address as each role of a process, with its password: `good` when every step of every role went well. */
export async function tryAddress(
  url: string,
  passwords: Readonly<Partial<Record<ProcessRole, string>>>,
  options: TrialOptions = {},
): Promise<{ good: boolean; roles: RoleTrial[] }> {
  const roles: RoleTrial[] = [];
  for (const role of processRoles) {
    const own = new URL(url);
    own.username = role;
    own.password = encodeURIComponent(passwords[role] ?? "");
    roles.push({ role, ...(await tryDatabase(own.href, options)) });
  }
  return { good: roles.every(({ steps }) => steps.every(({ outcome }) => outcome === "good")), roles };
}
