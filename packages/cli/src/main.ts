import { Command } from "commander";
import { commands } from "./commands/index.ts";
import { version } from "./version.ts";

const program = new Command("energsys")
  .description("Meter reading and management for electricity networks")
  .version(version)
  .showHelpAfterError()
  .enablePositionalOptions();

// bin/energsys.mjs holds the other end; killed in whatever way, it must not leave a system behind that nobody stops.
process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
process.channel?.unref();

// Without a command, or with one that nobody knows, all of them: for the help, and for what was meant.
const [name = ""] = process.argv.slice(2);
const wanted = Object.hasOwn(commands, name) ? [commands[name]!] : new Set(Object.values(commands));
for (const load of wanted) (await load())(program);

// Whoever read our output has gone (`| head`, a closed terminal): no reason to fall, least of all for a whole system.
for (const output of [process.stdout, process.stderr]) {
  output.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE" && error.code !== "EIO") throw error;
  });
}

try {
  await program.parseAsync();
} catch (error) {
  const { describeError } = await import("./describe-error.ts");
  const { code, message } = describeError(error);
  process.stderr.write(`energsys: ${code}: ${message}\n`);
  if (process.env.ENERGSYS_LOG_LEVEL === "debug" && error instanceof Error)
    process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
}
