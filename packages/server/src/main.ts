import { StoreError } from "@energsys/store";
import { readConfig, ServerError } from "./config.ts";
import { type RunningServer, startServer } from "./index.ts";
import { limits } from "./limits.ts";
import { createLogger } from "./logger.ts";

/** The process: reads its environment, says when it is ready, stops on SIGTERM within ten seconds. */
async function main(): Promise<void> {
  const config = readConfig(process.env);
  const logger = createLogger(config.logLevel, { sync: false });
  process.on("uncaughtException", (error) => {
    logger.fatal({ err: error }, "uncaught");
    process.exit(1);
  });
  const server = await startServer({ ...config, logger });
  process.stdout.write(`${JSON.stringify({ ready: true, ...whereOf(server) })}\n`);
  logger.info({ url: server.url }, "server is ready");

  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), limits.stopMs).unref();
    server.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, "stopping failed");
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
}

const whereOf = ({ stop: _, ...where }: RunningServer) => where;

try {
  await main();
} catch (error) {
  const code =
    error instanceof ServerError || error instanceof StoreError ? error.code : "server.start-failed";
  const message = error instanceof Error ? error.message : String(error);
  for (const line of message.split("\n")) process.stderr.write(`${code}: ${line}\n`);
  process.exit(1);
}
