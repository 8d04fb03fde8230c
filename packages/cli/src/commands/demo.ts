import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { CliError } from "../cli-error.ts";
import { dataFolder, prepareDataFolder } from "../supervisor/data-folder.ts";
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
}

const marker = "energsys-demo";

export function addDemo(program: Command): void {
  program
    .command("demo")
    .description("everything, with a simulated town; prints address and first sign-in")
    .option("--points <n>", "points of measure", wholeNumber(1, 5000), 60)
    .option("--seed <s>", "another town", wholeNumber(0, 2 ** 31), 1)
    .option("--days <d>", "days of history that the meters hold", wholeNumber(1, 400), 14)
    .option("--http <host:port>", "address of the web application", "127.0.0.1:8420")
    .option("--listen <host:port>", "address where devices call in", "127.0.0.1:0")
    .option("--data <folder>", "folder of the demonstration; it is emptied first")
    .action(async (options: DemoOptions) => {
      const folder = options.data ?? join(dataFolder(undefined), "demo");
      emptyDemoFolder(folder);
      process.stdout.write(`ENERGSys demonstration: ${options.points} points, seed ${options.seed}\n`);
      const system = await startSystem({
        folder,
        http: options.http,
        listen: options.listen,
        sample: options,
        withSample: true,
        say: (line) => process.stdout.write(`  ${line}\n`),
      });
      await runUntilStopped(system);
    });
}

/** Each demonstration starts fresh; a folder that no demonstration made is left alone. */
function emptyDemoFolder(folder: string): void {
  const markerFile = join(folder, marker);
  if (existsSync(folder) && !existsSync(markerFile)) {
    throw new CliError(
      "demo.folder-taken",
      `${folder} holds something else; name another folder with --data`,
    );
  }
  if (existsSync(join(folder, "postgres", "postmaster.pid"))) {
    throw new CliError(
      "demo.running",
      `a demonstration runs in ${folder}, or was killed: stop it, or name another folder with --data`,
    );
  }
  rmSync(folder, { recursive: true, force: true });
  prepareDataFolder(folder);
  writeFileSync(markerFile, "");
}
