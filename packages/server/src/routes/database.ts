import { randomBytes } from "node:crypto";
import {
  comparePrivileges,
  placeOf,
  readBackupState,
  readDatabasePrograms,
  readDatabaseRoles,
  readDatabaseServer,
  readLastRuns,
  setAnalystPassword,
  tryDatabase,
} from "@energsys/store";
import type { Handlers } from "../handlers.ts";
import { iso } from "../instants.ts";
import { runsOf } from "./health.ts";

const dayMs = 86_400_000;

/** The database as its processes and analysts reach it: connections, roles, privileges. No password but a new one is ever shown. */
export const databaseHandlers: Handlers<
  "getDatabase" | "tryDatabase" | "giveAnalystPassword" | "endAnalystPassword"
> = {
  async getDatabase({ services: { db, database, now } }) {
    const [server, roles, programs, { tables, findings }, state, runs] = await Promise.all([
      readDatabaseServer(db),
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
      pools: database.pools.map((pool) => ({ ...pool })),
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

  async tryDatabase({ body, services: { database, now } }) {
    const url = new URL(database.url);
    if (body.analystPassword !== undefined) {
      url.username = "report_ro";
      url.password = encodeURIComponent(body.analystPassword);
    }
    const { steps, tls } = await tryDatabase(url.href);
    return { at: iso(now()), role: placeOf(url.href).role, tls, steps };
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
