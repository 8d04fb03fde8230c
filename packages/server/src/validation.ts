import { BackgroundValidator, type Database } from "@energsys/store";
import type { Logger } from "pino";

/** Failures that follow each other are one line in this time: the database may be away for hours. */
const saidEveryMs = 60_000;

/** Validates and estimates what changed while the server runs. Returns how to end it; it waits for the round that is under way. */
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
  return () => validator.stop();
}
