import { errorCode, realClock } from "@energsys/drivers";
import { isLoopbackAddress, serveHealth } from "@energsys/store";
import pino, { type Logger } from "pino";
import { readConfig } from "./config.ts";
import { HeadendError } from "./errors.ts";
import { headendMetrics } from "./metrics.ts";
import { type RunningHeadend, startHeadend } from "./start-headend.ts";

const stopMs = 10_000;

/** The process: reads its environment, says when it is ready, stops on SIGTERM within ten seconds. */
async function main(): Promise<void> {
  const { databaseUrl, logLevel, health, healthIsDefault, ...config } = readConfig(process.env);
  const log = pino(
    { level: logLevel, base: { process: "headend" } },
    pino.destination({ dest: 2, sync: false }),
  );
  process.on("uncaughtException", (error) => {
    log.fatal({ err: error }, "uncaught");
    log.flush(() => process.exit(1));
  });
  const { keyProvider, listen, listenTls, sharedAddresses, record, ...rest } = config;
  const running = await startHeadend({
    ...rest,
    database: databaseUrl,
    clock: realClock,
    log,
    keyProvider,
    ...(listen ? { listen } : {}),
    ...(listenTls ? { listenTls } : {}),
    ...(sharedAddresses ? { sharedAddresses } : {}),
    ...(record ? { record } : {}),
  });
  const healthPort =
    health === undefined ? undefined : await openHealthPort(running, health, healthIsDefault, log);
  process.stdout.write(
    `${JSON.stringify({ ready: true, listen: running.listen, listenTls: running.listenTls, healthPort: healthPort?.port })}\n`,
  );

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

/** @throws HeadendError `headend.health-refused`, `headend.health-port-used` */
async function openHealthPort(running: RunningHeadend, address: string, isDefault: boolean, log: Logger) {
  const colon = address.lastIndexOf(":");
  const host = address.slice(0, colon).replace(/^\[(.*)\]$/, "$1");
  if (!isLoopbackAddress(host))
    throw new HeadendError("headend.health-refused", `${host} is not a loopback address`);
  const options = {
    host,
    port: Number(address.slice(colon + 1)),
    notReady: () => running.notReady(),
    metrics: headendMetrics(running.headend),
  };
  try {
    return await serveHealth(options);
  } catch (cause) {
    if (!isDefault)
      throw new HeadendError("headend.health-port-used", `${address}: cannot listen there`, cause);
    log.warn({ address, err: cause }, "the port of health and metrics is taken; it goes without");
    return undefined;
  }
}

try {
  await main();
} catch (error) {
  const code = error instanceof HeadendError ? error.code : errorCode(error);
  const message = error instanceof Error ? error.message : String(error);
  for (const line of message.split("\n")) process.stderr.write(`${code}: ${line}\n`);
  process.exit(1);
}
