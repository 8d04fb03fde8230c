import { lookup } from "node:dns/promises";
import { createConnection } from "node:net";
import { isAbsolute, join } from "node:path";
import { type Database, openDatabase } from "../database.ts";
import { sqlState } from "../errors.ts";
import { sql } from "../sql.ts";

/** What a trial does, in this order; what follows a step that failed is not tried. */
export const trialSteps = ["name", "reach", "sign-in", "read", "write"] as const;

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

/**
 * Signs in to a database step by step, with a connection of its own, and says how far it came. The write is one row of the health
 * page's table, rolled back; a role that may only read is refused it, which is then what is good.
 */
export async function tryDatabase(url: string): Promise<{ steps: TrialStep[]; tls: boolean }> {
  const place = placeOf(url);
  const steps: TrialStep[] = [];
  let db: Database | undefined;
  let tls = false;
  const work: Readonly<Record<TrialStep["step"], () => Promise<string | null>>> = {
    name: async () =>
      isAbsolute(place.host) ? place.host : [(await lookup(place.host)).address, place.port].join(" "),
    reach: () => reach(place).then(() => null),
    "sign-in": async () => {
      db = openDatabase({
        url,
        connectionsMax: 1,
        statementTimeoutMs: withinMs,
        applicationName: "energsys-trial",
      });
      const { rows } = await db.query<{ role: string; tls: boolean }>(sql`
        select current_user as role, coalesce((select ssl from pg_stat_ssl where pid = pg_backend_pid()), false) as tls`);
      tls = rows[0]!.tls;
      return rows[0]!.role;
    },
    read: async () => {
      await db!.query(sql`select 1 from load_interval where day = current_date and channel_id = 0`);
      return null;
    },
    write: async () => {
      const rolledBack = new Error("only tried");
      const written = db!.transaction(async (transaction) => {
        await transaction.query(
          sql`insert into health_sample (measure, at, value) values ('trial', now(), 0)`,
        );
        throw rolledBack;
      });
      return written.catch((error) => {
        if (error === rolledBack) return null;
        if (place.role === "report_ro" && sqlState(error) === "42501") return "read-only";
        throw error;
      });
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
