import { join } from "node:path";
import type { Command } from "commander";
import { dataFolder } from "../supervisor/data-folder.ts";
import { startSystem } from "../supervisor/system.ts";
import { wholeNumber } from "./options.ts";
import { runUntilStopped } from "./start.ts";

interface DemoOptions {
  readonly points: number;
  readonly seed: number;
  readonly days?: number;
  readonly http: string;
  readonly listen: string;
  readonly data?: string;
  readonly tls?: boolean;
}

/** Above it two weeks of history would take longer to come in than somebody waits who only wants to look. */
const manyPoints = 5000;

export function addDemo(program: Command): void {
  program
    .command("demo")
    .description("everything, with a simulated town; prints address and first sign-in")
    .option("--points <n>", "points with a customer", wholeNumber(1, 50_000), 60)
    .option("--seed <s>", "another town", wholeNumber(0, 2 ** 31), 1)
    .option(
      "--days <d>",
      "past days that the town has (default: 14, above 5000 points 2)",
      wholeNumber(1, 400),
    )
    .option("--http <host:port>", "address of the web application", "127.0.0.1:8420")
    .option("--listen <host:port>", "address where devices call in", "127.0.0.1:0")
    .option("--tls", "HTTPS with an own certificate, as `energsys start` has it")
    .option("--data <folder>", "folder of the demonstration; what an earlier one left there is dropped")
    .action(async (options: DemoOptions) => {
      const folder = options.data ?? join(dataFolder(undefined), "demo");
      const { points, seed } = options;
      const days = options.days ?? (points > manyPoints ? 2 : 14);
      process.stdout.write(`ENERGSys demonstration: ${points} points, seed ${seed}, ${days} past days\n`);
      const system = await startSystem({
        folder,
        http: options.http,
        listen: options.listen,
        listenTls: "off",
        sample: { points, seed, days },
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
