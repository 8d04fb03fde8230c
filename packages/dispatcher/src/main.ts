import { StoreError } from "@energsys/store";
import pino from "pino";
import { readConfig } from "./config.ts";
import { startDispatcher } from "./dispatcher.ts";
import { DispatcherError } from "./errors.ts";

const stopMs = 10_000;

/** The process: reads its environment, says when it is ready, stops on SIGTERM within ten seconds. */
async function main(): Promise<void> {
  const { logLevel, ...config } = readConfig(process.env);
  const log = pino(
    { level: logLevel, base: { process: "dispatcher" } },
    pino.destination({ dest: 2, sync: false }),
  );
  process.on("uncaughtException", (error) => {
    log.fatal({ err: error }, "uncaught");
    log.flush(() => process.exit(1));
  });
  const running = await startDispatcher({ ...config, log });
  process.stdout.write(`${JSON.stringify({ ready: true, health: running.health })}\n`);
  const stop = () => {
    setTimeout(() => process.exit(1), stopMs).unref();
    void running.stop().then(() => process.exit(0));
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
}

try {
  await main();
} catch (error) {
  const known = error instanceof DispatcherError || error instanceof StoreError;
  const code = known ? error.code : "dispatcher.start-failed";
  const message = error instanceof Error ? error.message : String(error);
  for (const line of message.split("\n")) process.stderr.write(`${code}: ${line}\n`);
  process.exit(1);
}
