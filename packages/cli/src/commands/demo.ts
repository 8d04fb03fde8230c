import { join } from "node:path";
import type { Command } from "commander";
import { dataFolder } from "../supervisor/data-folder.ts";
import { startSystem } from "../supervisor/system.ts";
import { wholeNumber } from "./options.ts";
import { runUntilStopped } from "./start.ts";

interface DemoOptions {
  readonly points: number;
  readonly seed: number;
  readonly days: number;
  readonly http: string;
  readonly listen: string;
  readonly data?: string;
  readonly tls?: boolean;
}

export function addDemo(program: Command): void {
  program
    .command("demo")
    .description("everything, with a simulated town; prints address and first sign-in")
    .option("--points <n>", "points of measure", wholeNumber(1, 5000), 60)
    .option("--seed <s>", "another town", wholeNumber(0, 2 ** 31), 1)
    .option("--days <d>", "days of history that the meters hold", wholeNumber(1, 400), 14)
    .option("--http <host:port>", "address of the web application", "127.0.0.1:8420")
    .option("--listen <host:port>", "address where devices call in", "127.0.0.1:0")
    .option("--tls", "HTTPS with an own certificate, as `energsys start` has it")
    .option("--data <folder>", "folder of the demonstration; what an earlier one left there is dropped")
    .action(async (options: DemoOptions) => {
      const folder = options.data ?? join(dataFolder(undefined), "demo");
      process.stdout.write(`ENERGSys demonstration: ${options.points} points, seed ${options.seed}\n`);
      const system = await startSystem({
        folder,
        http: options.http,
        listen: options.listen,
        listenTls: "off",
        sample: options,
        withSample: true,
        withBackups: false,
        // Nothing in a town of virtual meters is worth a warning in every browser; off loopback it is HTTPS.
        withTls: options.tls ?? false,
        fresh: true,
        say: (line) => process.stdout.write(`  ${line}\n`),
      });
      await runUntilStopped(system);
    });
}
