import { pino } from "pino";
import { readConfig } from "./config.ts";
import { SimulatorError } from "./errors.ts";
import { runProxy } from "./faults/proxy-command.ts";
import { runField } from "./field/field-command.ts";
import { startSimulator } from "./simulator.ts";
import { readLedgerConfig, writeLedger } from "./town/ledger-command.ts";

/** The process: a town from the command line until SIGTERM or SIGINT. */
async function main(): Promise<void> {
  const { options, logLevel } = readConfig(process.argv.slice(2), process.env);
  const log = pino({ level: logLevel, base: { process: "simulator" } }, pino.destination(2));
  const simulator = await startSimulator(options);
  const { points } = simulator.inventory;
  const calling = points.filter(({ device }) => device.direction === "call-in").length;
  log.info({ points: points.length, calling, seed: options.seed, days: options.days }, "town started");

  const stop = async (signal: NodeJS.Signals) => {
    log.info({ signal }, "stopping");
    await simulator.stop();
    process.exit(0);
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  const first = points.find(({ device }) => device.direction === "dial")?.device.url;
  process.stdout.write(
    `${JSON.stringify({ ready: true, inventory: options.inventoryFile ?? null, points: points.length, calling, first })}\n`,
  );
}

try {
  const [command, ...rest] = process.argv.slice(2);
  if (command === "proxy") await runProxy(rest);
  else if (command === "field") await runField(rest);
  else if (command === "concentrators") {
    // The concentrator brings SQLite and serial ports with it, which a town does not need.
    const { runConcentrators } = await import("./field/concentrators-command.ts");
    await runConcentrators(rest);
  } else if (command === "town") {
    const { runTown } = await import("./field/town-command.ts");
    await runTown(rest);
  } else if (command === "ledger") await writeLedger(readLedgerConfig(rest));
  else await main();
} catch (error) {
  if (!(error instanceof SimulatorError)) throw error;
  process.stderr.write(`${error.code}: ${error.message}\n`);
  process.exit(1);
}
