import { randomBytes, randomUUID } from "node:crypto";
import {
  askAddress,
  because,
  chooseAddress,
  comparePrivileges,
  isLauncherThere,
  placeOf,
  readAddressChange,
  readBackupState,
  readDatabasePrograms,
  readDatabaseRoles,
  readDatabaseServer,
  readLastRuns,
  readPools,
  StoreError,
  setAnalystPassword,
  storePool,
  tryDatabase,
  undoPool,
} from "@energsys/store";
import type { Handlers } from "../handlers.ts";
import { iso } from "../instants.ts";
import { Problem, type ProblemCode } from "../problem.ts";
import { runsOf } from "./health.ts";

const refusals: Readonly<Record<string, ProblemCode>> = {
  "pool.out-of-bounds": "pool.out-of-bounds",
  "pool.too-many-connections": "pool.too-many-connections",
  "pool.not-set": "pool.not-set",
};

async function poolChanged(change: () => Promise<void>): Promise<{ accepted: true }> {
  try {
    await change();
  } catch (error) {
    const code = error instanceof StoreError ? refusals[error.code] : undefined;
    if (code) throw new Problem(code, { detail: (error as Error).message }, error);
    throw error;
  }
  return { accepted: true };
}

const dayMs = 86_400_000;

/** The database as its processes and analysts reach it: connections, roles, privileges. No password but a new one is ever shown. */
export const databaseHandlers: Handlers<
  | "getDatabase"
  | "changePool"
  | "undoPool"
  | "tryDatabase"
  | "getDatabaseAddress"
  | "tryDatabaseAddress"
  | "chooseDatabaseAddress"
  | "giveAnalystPassword"
  | "endAnalystPassword"
> = {
  async getDatabase({ services: { db, database, now } }) {
    const [server, pools, roles, programs, { tables, findings }, state, runs] = await Promise.all([
      readDatabaseServer(db),
      readPools(db),
      readDatabaseRoles(db),
      readDatabasePrograms(db),
      comparePrivileges(db),
      readBackupState(db),
      readLastRuns(db),
    ]);
    const { host, port } = placeOf(database.url);
    return {
      asOf: iso(now()),
      server: { host, port, ...server },
      pools: {
        ...pools,
        programs: pools.pools.map(({ isSet: _, connections, timeoutMs, changedAt, ...pool }) => ({
          ...pool,
          usual: { ...pool.usual },
          before: pool.before && { ...pool.before },
          connections: { least: connections[0], most: connections[1] },
          timeoutMs: { least: timeoutMs[0], most: timeoutMs[1] },
          changedAt: iso(changedAt),
        })),
      },
      roles: roles.map(({ validUntil, settings, ...role }) => ({
        ...role,
        validUntil: iso(validUntil),
        settings: [...settings],
      })),
      programs: programs.map(({ oldestAt, ...program }) => ({ ...program, oldestAt: iso(oldestAt) })),
      tables: tables.map(({ table, roles: cells }) => ({
        table,
        roles: Object.entries(cells).map(([role, cell]) => ({ role, ...cell })),
      })),
      findings,
      backup: {
        folder: state?.folder ?? null,
        coveredAt: iso(state?.coveredAt ?? null),
        base: runsOf(runs.base),
        check: runsOf(runs.check),
      },
    };
  },

  async changePool({ body: { program, reason, ...settings }, caller, services: { db } }) {
    return poolChanged(() => storePool(because(db, reason), program, settings, caller.account.name));
  },

  async undoPool({ body: { program, reason }, caller, services: { db } }) {
    return poolChanged(() => undoPool(because(db, reason), program, caller.account.name));
  },

  async tryDatabase({ body, services: { database, now } }) {
    const url = new URL(database.url);
    if (body.analystPassword !== undefined) {
      url.username = "report_ro";
      url.password = encodeURIComponent(body.analystPassword);
    }
    const { steps, tls } = await tryDatabase(url.href);
    return { at: iso(now()), role: placeOf(url.href).role, tls, steps };
  },

  async getDatabaseAddress({ services: { db, now } }) {
    const change = await readAddressChange(db);
    return {
      launcher: await isLauncherThere(db, now()),
      change: change
        ? {
            id: change.id,
            state: change.state,
            ...change.place,
            by: change.by,
            askedAt: iso(change.askedAtMs),
            triedAt: iso(change.triedAtMs ?? null),
            good: change.good ?? false,
            roles: (change.roles ?? []).map((trial) => ({ ...trial, steps: [...trial.steps] })),
            code: change.code ?? null,
          }
        : null,
    };
  },

  async tryDatabaseAddress({ body: place, caller, services: { db, now } }) {
    if (!(await isLauncherThere(db, now()))) throw new Problem("database.no-launcher");
    const id = randomUUID();
    await askAddress(db, { id, place, by: caller.account.name, askedAtMs: now() });
    return { id };
  },

  async chooseDatabaseAddress({ body: { id, reason }, caller, services: { db, now } }) {
    if (!(await isLauncherThere(db, now()))) throw new Problem("database.no-launcher");
    const chosen = await chooseAddress(because(db, reason), { id, by: caller.account.name, nowMs: now() });
    if (!chosen) throw new Problem("database.address-untried");
    return { accepted: true };
  },

  async giveAnalystPassword({ body, services: { db, database, now } }) {
    const password = randomBytes(24).toString("base64url");
    const validUntilMs = now() + body.days * dayMs;
    await setAnalystPassword(db, { password, validUntilMs });
    const { host, port, database: name } = placeOf(database.url);
    return { role: "report_ro", password, validUntil: iso(validUntilMs), host, port, database: name };
  },

  async endAnalystPassword({ services: { db } }) {
    await setAnalystPassword(db, null);
    return { accepted: true };
  },
};
