import { type Database, GroupFolder } from "@energsys/store";
import type { Logger } from "pino";

/** Failures that follow each other are one line in this time: the database may be away for hours. */
const saidEveryMs = 60_000;

/** Keeps the sums of groups up to date while the server runs. Returns how to end it; it waits for the round that is under way. */
export function startGroupSums(
  db: Database,
  context: { readonly zone: string; readonly now: () => number; readonly logger: Logger },
): () => Promise<void> {
  let saidAtMs = Number.NEGATIVE_INFINITY;
  const folder = new GroupFolder(db, {
    zone: context.zone,
    now: context.now,
    onFault: (error) => {
      const nowMs = performance.now();
      if (nowMs - saidAtMs < saidEveryMs) return;
      saidAtMs = nowMs;
      context.logger.warn({ err: error }, "groups could not be summed; it is tried again");
    },
  });
  folder.start();
  return () => folder.stop();
}
