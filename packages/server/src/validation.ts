import { setTimeout as wait } from "node:timers/promises";
import { BackgroundValidator, type Database } from "@energsys/store";
import type { Logger } from "pino";

/** Failures that follow each other are one line in this time: the database may be away for hours. */
const saidEveryMs = 60_000;
/** The whole server has ten seconds to stop; a round that is broken off is rolled back and done again by the next one. */
const waitedForMs = 3_000;

/**
 * Validates and estimates what changed while the server runs. Returns how to end it and close its connection; a round that is under way is
 * waited for, but not for long.
 */
export function startValidation(
  db: Database,
  context: { readonly zone: string; readonly now: () => number; readonly logger: Logger },
): () => Promise<void> {
  let saidAtMs = Number.NEGATIVE_INFINITY;
  const validator = new BackgroundValidator(db, {
    zone: context.zone,
    now: context.now,
    onFault: (error) => {
      const nowMs = performance.now();
      if (nowMs - saidAtMs < saidEveryMs) return;
      saidAtMs = nowMs;
      context.logger.warn({ err: error }, "days could not be validated; it is tried again");
    },
  });
  validator.start();
  return async () => {
    const closed = validator.stop().then(() => db.close());
    await Promise.race([closed, wait(waitedForMs, undefined, { ref: false })]);
  };
}
