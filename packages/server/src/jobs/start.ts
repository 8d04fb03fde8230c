import { isAbsolute } from "node:path";
import {
  followPool,
  holdKeyRing,
  KeyRing,
  NetworkRules,
  openDatabase,
  placeOf,
  poolsOfPrograms,
} from "@energsys/store";
import type { Logger } from "pino";
import type { JobsConfig } from "./config.ts";
import { jobKinds } from "./kinds.ts";
import { ReportClock } from "./report-clock.ts";
import { JobRunner } from "./runner.ts";

const program = "energsys-jobs";

/** Starts the process that does long work: whatever takes a core for a while keeps nobody's page waiting. */
export async function startJobs(
  { databaseUrl, keyProvider, zone, deliveryFolder }: Omit<JobsConfig, "logLevel">,
  logger: Logger,
): Promise<{ stop(): Promise<void> }> {
  const db = openDatabase({
    url: databaseUrl,
    applicationName: program,
    ...poolsOfPrograms[program].usual,
    hashKey: keyProvider?.auditHashKey,
    onConnectionError: (error) => logger.warn({ err: error }, "a database connection broke"),
  });
  const following = followPool(db, program, {
    onChange: (settings) => logger.info(settings, "the pool of connections has new settings"),
  });
  const keyRing = keyProvider && new KeyRing(db, keyProvider);
  if (keyRing) holdKeyRing(db, keyRing);
  const runner = new JobRunner({ db, keyRing, kinds: jobKinds, zone, now: Date.now, logger });
  const place = placeOf(databaseUrl);
  const networks = new NetworkRules(db, {
    ownPorts: [place.port],
    database: isAbsolute(place.host) ? undefined : place,
    now: Date.now,
  });
  const deliverer = {
    db,
    sender: { db, keyRing, mayConnect: () => networks.for("mail") },
    folder: deliveryFolder,
    now: Date.now,
    logger,
  };
  const reports = new ReportClock({ db, zone, now: Date.now, logger, deliverer });
  await runner.start();
  reports.start();
  return {
    stop: async () => {
      await Promise.all([runner.stop(), reports.stop()]);
      following.stop();
      await db.close();
    },
  };
}
