import { type Database, keepHouse } from "@energsys/store";
import type { Logger } from "pino";

const everyMs = 6 * 3_600_000;
const firstAfterMs = 60_000;

/** Keeps the tables in order while the server runs: a minute after its start, then every six hours. Returns how to end it. */
export function startHousekeeping(db: Database, now: () => number, logger: Logger): () => void {
  const run = () => {
    void keepHouse(db, now()).then(
      (outcome) => logger.info({ ...outcome }, "tables kept in order"),
      // The database is away, or a month is in use: the next round does what this one could not.
      (error: unknown) => logger.warn({ err: error }, "tables could not be kept in order"),
    );
  };
  const first = setTimeout(run, firstAfterMs);
  const timer = setInterval(run, everyMs);
  return () => {
    clearTimeout(first);
    clearInterval(timer);
  };
}
