import type { Command } from "commander";
import { dataFolder } from "../supervisor/data-folder.ts";
import { type RunningSystem, startSystem } from "../supervisor/system.ts";

const say = (line: string) => process.stdout.write(`  ${line}\n`);

export function addStart(program: Command): void {
  program
    .command("start")
    .description("every process of this machine: database, head-end, server")
    .option("--data <folder>", "where everything is kept (ENERGSYS_DATA)")
    .option("--http <host:port>", "address of the web application", "127.0.0.1:8420")
    .option("--listen <host:port>", "address where devices call in", "127.0.0.1:4059")
    .option(
      "--listen-tls <host:port>",
      "address where devices call in that show certificates (ENERGSYS_LISTEN_TLS)",
    )
    .option("--no-tls", "plain HTTP, on loopback only: for a proxy on this machine")
    .option("--no-backups", "no backups are made by this system")
    .action(
      async (options: {
        data?: string;
        http: string;
        listen: string;
        listenTls?: string;
        tls: boolean;
        backups: boolean;
      }) => {
        const folder = dataFolder(options.data);
        process.stdout.write(`ENERGSys starts; everything is kept in ${folder}\n`);
        const system = await startSystem({
          folder,
          http: options.http,
          listen: options.listen,
          listenTls: options.listenTls ?? process.env.ENERGSYS_LISTEN_TLS ?? "off",
          sample: { points: 60, seed: 1, days: 14 },
          withSample: false,
          withBackups: options.backups,
          withTls: options.tls,
          fresh: false,
          say,
        });
        await runUntilStopped(system);
      },
    );
}

/** Prints where to go, then waits for Ctrl+C, SIGTERM or the end of the terminal and stops everything in order. */
export async function runUntilStopped(system: RunningSystem): Promise<void> {
  process.stdout.write(`\n  Open       ${system.firstRunUrl ?? system.url}\n`);
  if (system.fingerprint) process.stdout.write(`  SHA-256    ${system.fingerprint}\n`);
  if (system.authorityFile)
    process.stdout.write(
      `             (an own certificate: compare the fingerprint once, or let browsers trust ${system.authorityFile})\n`,
    );
  if (system.firstRunUrl)
    process.stdout.write(
      "             (the token in it makes the first account; it is valid once, for 30 minutes)\n",
    );
  process.stdout.write("  Stop       Ctrl+C\n\n");
  await new Promise<void>((resolve) => {
    // Heard to the end: whoever signals a whole group reaches us twice, and the second one must not cut the stopping short.
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => resolve());
  });
  process.stdout.write("  stopping …\n");
  await system.stop();
}
