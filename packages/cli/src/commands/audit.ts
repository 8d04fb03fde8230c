import { createWriteStream, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import {
  actingAs,
  appendActs,
  canonicalLine,
  checkSignedFile,
  findSigningKey,
  headsFileName,
  keyFingerprint,
  type LogFault,
  type LogFilter,
  readHeads,
  signedLines,
  streamCanonical,
  verifyLog,
} from "@energsys/store";
import type { Command } from "commander";
import { CliError } from "../cli-error.ts";
import { dataFolder, logHeadsFolder, logKeyFile } from "../supervisor/data-folder.ts";
import { withDatabase } from "./with-database.ts";

const faults: Readonly<Record<LogFault, string>> = {
  changed: "its content is not what was written",
  unlinked: "it does not follow the entry before it",
  missing: "it is not there",
  rootless: "what it follows was taken out, and not by retention",
  cut: "the log ends before it",
  "other-head": "a head that was put outside names another hash for it",
};

const print = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`);

const entryNumber = (text: string): number => {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1)
    throw new CliError("audit.option-invalid", `${text} is no number of an entry`);
  return number;
};

const time = (text: string): number => {
  const ms = Date.parse(text);
  if (Number.isNaN(ms))
    throw new CliError("audit.option-invalid", `${text} is no instant, such as 2026-11-26T04:00:00Z`);
  return ms;
};

export function addAudit(program: Command): void {
  const audit = program.command("audit").description("the activity log");
  audit
    .command("verify")
    .description(
      "computes the chain again and names the first entry that is wrong; exit code 1 when there is one",
    )
    .option("--data <folder>", "where everything is kept (ENERGSYS_DATA)")
    .option("--from <number>", "first entry", entryNumber)
    .option("--to <number>", "last entry", entryNumber)
    .option("--anchor <file>", "signed heads that were put outside; without it those of the data folder")
    .option("--json", "the result as JSON")
    .action(
      async (options: { data?: string; from?: number; to?: number; anchor?: string; json?: boolean }) => {
        const own = join(logHeadsFolder(dataFolder(options.data)), headsFileName);
        const file = options.anchor ?? (existsSync(own) ? own : undefined);
        const heads = file === undefined ? [] : readHeads(file);
        const verdict = await withDatabase(options.data, (db) =>
          verifyLog(db, {
            heads,
            ...(options.from === undefined ? {} : { from: options.from }),
            ...(options.to === undefined ? {} : { to: options.to }),
          }),
        );
        const keys = [...new Set(heads.map(({ key }) => keyFingerprint(key)))];
        if (options.json) print({ ...verdict, keys });
        const rate = Math.round(verdict.entries / (verdict.durationMs / 1_000));
        if (verdict.fault) {
          const { seq, reason } = verdict.fault;
          throw new CliError("audit.broken", `entry ${seq}: ${faults[reason]}`);
        }
        if (!options.json) {
          process.stdout.write(
            `${verdict.entries} entries agree (${verdict.from} to ${verdict.to}, ${rate} a second)\n`,
          );
          process.stdout.write(
            heads.length === 0
              ? "no heads from outside: that the end was cut off, or all computed anew, cannot be told\n"
              : `${verdict.heads} heads of ${file} agree, signed by ${keys.join(", ")}\n`,
          );
        }
      },
    );

  audit
    .command("export <file>")
    .description("an incident in one signed file: all entries of a period, or only those of security")
    .option("--data <folder>", "where everything is kept (ENERGSYS_DATA)")
    .requiredOption("--from <instant>", "from, such as 2026-11-26T04:00:00Z", time)
    .requiredOption("--to <instant>", "up to, not included", time)
    .option("--security", "only sign-ins, refusals, rights, alarms")
    .option("--json", "the result as JSON")
    .action(
      async (
        out: string,
        options: { data?: string; from: number; to: number; security?: boolean; json?: boolean },
      ) => {
        const filter: LogFilter = {
          fromMs: options.from,
          toMs: options.to,
          ...(options.security ? { severity: "security" } : {}),
        };
        const key = findSigningKey(logKeyFile(dataFolder(options.data)));
        let entries = 0;
        await withDatabase(options.data, async (db) => {
          const acting = actingAs(db, { actor: "process:cli", operation: "audit export" });
          await appendActs(acting, [
            { action: "export", objectType: "log", severity: "security", after: { filter } },
          ]);
          const lines = async function* () {
            yield `${JSON.stringify({ what: "activity log of ENERGSys", at: new Date().toISOString(), filter })}\n`;
            for await (const entry of streamCanonical(db, filter)) {
              entries++;
              yield canonicalLine(entry);
            }
          };
          await pipeline(Readable.from(signedLines(lines(), key)), createWriteStream(out, { mode: 0o600 }));
        });
        if (options.json) print({ entries, key: key.fingerprint });
        else process.stdout.write(`${entries} entries in ${out}, signed by ${key.fingerprint}\n`);
      },
    );

  audit
    .command("check <file>")
    .description(
      "whether a signed file is what left the system; compare the key with the one of the installation",
    )
    .option("--json", "the result as JSON")
    .action((file: string, options: { json?: boolean }) => {
      let bytes: Uint8Array;
      try {
        bytes = readFileSync(file);
      } catch (cause) {
        throw new CliError("audit.file-unreadable", `${file}: ${(cause as Error).message}`, cause);
      }
      const checked = checkSignedFile(bytes);
      if (options.json) print(checked);
      else
        process.stdout.write(
          `signed by ${checked.fingerprint}, ${checked.entries} entries agree with their hashes\n`,
        );
    });
}
