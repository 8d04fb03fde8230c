import { type Database, type KeyRing, pointIndexOf, sealWaiting } from "@energsys/store";
import type { Logger } from "pino";

const againMs = 5_000;

/**
 * Seals what an earlier release left in clear, and opens what lists search in before somebody waits for it; tries again until the
 * database is there. The returned function gives it up.
 */
export function preparePersonal(db: Database, keyRing: KeyRing, logger: Logger): () => void {
  let timer: NodeJS.Timeout | undefined;
  let ended = false;
  const prepare = async () => {
    try {
      const sealed = await sealWaiting(db, keyRing);
      if (sealed > 0) logger.info({ sealed }, "personal data of an earlier release is sealed");
      await pointIndexOf(db);
    } catch (error) {
      if (ended) return;
      logger.warn({ err: error }, "personal data is not ready yet");
      timer = setTimeout(prepare, againMs);
      timer.unref();
    }
  };
  void prepare();
  return () => {
    ended = true;
    clearTimeout(timer);
  };
}
