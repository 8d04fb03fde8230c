import { Command } from "commander";
import { describeError } from "./cli-error.ts";
import { commands } from "./commands/index.ts";
import { version } from "./version.ts";

const program = new Command("energsys")
  .description("Meter reading and management for electricity networks")
  .version(version)
  .showHelpAfterError()
  .enablePositionalOptions();

for (const add of commands) add(program);

try {
  await program.parseAsync();
} catch (error) {
  const { code, message } = describeError(error);
  process.stderr.write(`energsys: ${code}: ${message}\n`);
  if (process.env.ENERGSYS_LOG_LEVEL === "debug" && error instanceof Error)
    process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
}
