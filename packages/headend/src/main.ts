import pino from "pino";
import { readConfig } from "./config.ts";
import { errorCode, HeadendError } from "./errors.ts";
import { realClock } from "./real-clock.ts";
import { startHeadend } from "./start-headend.ts";

const stopMs = 10_000;

/** The process: reads its environment, says when it is ready, stops on SIGTERM within ten seconds. */
async function main(): Promise<void> {
  const { databaseUrl, logLevel, ...config } = readConfig(process.env);
  const log = pino(
    { level: logLevel, base: { process: "headend" } },
    pino.destination({ dest: 2, sync: false }),
  );
  process.on("uncaughtException", (error) => {
    log.fatal({ err: error }, "uncaught");
    log.flush(() => process.exit(1));
  });
  const { keyProvider, listen, sharedAddresses, ...rest } = config;
  const running = await startHeadend({
    ...rest,
    database: databaseUrl,
    clock: realClock,
    log,
    keyProvider,
    ...(listen ? { listen } : {}),
    ...(sharedAddresses ? { sharedAddresses } : {}),
  });
  process.stdout.write(`${JSON.stringify({ ready: true, listen: running.listen })}\n`);

  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), stopMs).unref();
    running.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, "stopping failed");
        log.flush(() => process.exit(1));
      },
    );
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
}

try {
  await main();
} catch (error) {
  const code = error instanceof HeadendError ? error.code : errorCode(error);
  const message = error instanceof Error ? error.message : String(error);
  for (const line of message.split("\n")) process.stderr.write(`${code}: ${line}\n`);
  process.exit(1);
}
