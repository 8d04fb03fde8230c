import { StoreError } from "@energsys/store";
import { createLogger } from "../logger.ts";
import { ServerError } from "../server-error.ts";
import { readJobsConfig } from "./config.ts";
import { startJobs } from "./start.ts";

const stopMs = 10_000;

/** The process: reads its environment, says when it is ready, stops on SIGTERM within ten seconds. */
async function main(): Promise<void> {
  const { logLevel, ...config } = readJobsConfig(process.env);
  const logger = createLogger(logLevel, { sync: false, process: "jobs" });
  process.on("uncaughtException", (error) => {
    logger.fatal({ err: error }, "uncaught");
    process.exit(1);
  });
  const jobs = await startJobs(config, logger);
  process.stdout.write(`${JSON.stringify({ ready: true })}\n`);
  const stop = () => {
    setTimeout(() => process.exit(1), stopMs).unref();
    void jobs.stop().then(() => process.exit(0));
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
}

try {
  await main();
} catch (error) {
  const code = error instanceof ServerError || error instanceof StoreError ? error.code : "jobs.start-failed";
  const message = error instanceof Error ? error.message : String(error);
  for (const line of message.split("\n")) process.stderr.write(`${code}: ${line}\n`);
  process.exit(1);
}
