import {
  type Database,
  finishApprovedRatios,
  finishExchanges,
  keepHouse,
  settlePlans,
} from "@energsys/store";
import type { Logger } from "pino";

const everyMs = 6 * 3_600_000;
const firstAfterMs = 60_000;
/** Who joins a group is read by its plan from then on, at the latest. */
const settlePlansMs = 60_000;

/** Keeps the tables in order while the server runs: a minute after its start, then every six hours; plans of
 * groups every minute. Returns how to end it. */
export function startHousekeeping(
  db: Database,
  { now, logger, zone }: { readonly now: () => number; readonly logger: Logger; readonly zone: string },
): () => void {
  const run = () => {
    void finishApprovedRatios(db, { nowMs: now(), zone }).then(
      (finished) =>
        finished > 0 && logger.info({ finished }, "energy of approved changes of ratios is derived again"),
      (error: unknown) => logger.warn({ err: error }, "approved changes of ratios wait for their energy"),
    );
    void finishExchanges(db, { nowMs: now(), zone }).then(
      (finished) =>
        finished > 0 && logger.info({ finished }, "energy of exchanges of meters is derived again"),
      (error: unknown) => logger.warn({ err: error }, "exchanges of meters wait for their energy"),
    );
    void keepHouse(db, now()).then(
      (outcome) => logger.info({ ...outcome }, "tables kept in order"),
      // The database is away, or a month is in use: the next round does what this one could not.
      (error: unknown) => logger.warn({ err: error }, "tables could not be kept in order"),
    );
  };
  const settle = () => {
    void db
      .transaction((transaction) => settlePlans(transaction, now()))
      .then(
        (changed) => changed > 0 && logger.info({ changed }, "devices are read by the plans of their groups"),
        (error: unknown) => logger.warn({ err: error }, "plans of groups wait for their members"),
      );
  };
  const first = setTimeout(run, firstAfterMs);
  const settling = setInterval(settle, settlePlansMs);
  const timer = setInterval(run, everyMs);
  return () => {
    clearTimeout(first);
    clearInterval(timer);
    clearInterval(settling);
  };
}
