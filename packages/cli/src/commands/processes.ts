import type { Command } from "commander";

/** Each process alone, in the foreground, configured by its environment (docs/operations.md). */
const processes = [
  ["headend", "reads devices and stores what they give"],
  ["jobs", "long work that people ask for: imports and the like", "server/jobs-main"],
  ["dispatcher", "holds the switching client's secrets; sends no order yet"],
  ["server", "HTTP API and web application"],
  ["simulate", "virtual meters on ports of this machine", "simulator/main"],
] as const;

export function addProcesses(program: Command): void {
  for (const [name, about, main = `${name}/main`] of processes) {
    program
      .command(name)
      .description(about)
      .allowUnknownOption()
      .helpOption(false)
      .argument("[options...]", "options of the process itself")
      .action(async (args: string[]) => {
        process.argv.splice(2, process.argv.length, ...args);
        await import(import.meta.resolve(`@energsys/${main}`));
      });
  }
}
