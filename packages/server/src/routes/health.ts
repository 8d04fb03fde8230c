import { type BackupRun, readHealthHistory, readRoleConnections } from "@energsys/store";
import type { Handlers } from "../handlers.ts";
import { measuresOf, worstOf } from "../health/measures.ts";
import { iso } from "../instants.ts";
import type { SystemHealth } from "../schemas/health.ts";
import type { Services } from "../services.ts";
import { shared } from "../shared.ts";

// Every screen of a control room asks every ten seconds.
const answer = shared({ times: 10, msMin: 1_000, msMax: 10_000 }, readHealth);

export const healthHandlers: Handlers<"getSystemHealth"> = {
  getSystemHealth: ({ services }) => answer(services.observer).then((make) => make(services)),
};

/** What all who ask share; the certificate is looked at for each. */
async function readHealth(observer: Services["observer"]) {
  const { db } = observer;
  const [observed, roles] = await Promise.all([observer.observe(), readRoleConnections(db)]);
  const history = await readHealthHistory(db, observed.nowMs);
  const measures = measuresOf(observed);
  const { backup, base, check, replicas, nowMs } = observed;
  return ({ tls }: Services): SystemHealth => ({
    asOf: iso(nowMs),
    level: worstOf(measures.map(({ level }) => level)),
    measures: [...measures],
    history: history.map(({ measure, at, values }) => ({
      name: measure,
      at: at.map((instant) => iso(instant)),
      values: [...values],
    })),
    roles,
    replicas: [...replicas],
    backup: {
      folder: backup?.folder ?? null,
      coveredAt: iso(backup?.coveredAt ?? null),
      base: runsOf(base),
      check: runsOf(check),
    },
    certificate: {
      fingerprint: tls?.identity.fingerprint ?? null,
      endsAt: iso(tls?.identity.notAfterMs ?? null),
      own: tls?.identity.kind === "own",
      names: [...(tls?.identity.names ?? [])],
    },
  });
}

/** The last run of a kind, and the last good one before a failed one. */
export function runsOf({ last, lastGood }: { last: BackupRun | undefined; lastGood: BackupRun | undefined }) {
  const runs =
    last && lastGood && last.startedAt !== lastGood.startedAt ? [last, lastGood] : [last ?? lastGood];
  return runs
    .filter((run) => run !== undefined)
    .map(({ state, startedAt, endedAt, backup, bytes, errorCode }) => ({
      state,
      startedAt: iso(startedAt),
      endedAt: iso(endedAt),
      backup,
      bytes,
      errorCode,
    }));
}
