import { readFileSync } from "node:fs";
import { type Explanation, explain } from "@energsys/protocols/decode";
import type { Command } from "commander";
import { CliError } from "../cli-error.ts";
import { formatExplanation } from "../format-explanation.ts";
import { wholeNumber } from "./options.ts";

interface DecodeOptions {
  readonly json?: boolean;
  readonly key?: string;
  readonly authKey?: string;
  readonly systemTitle?: string;
  readonly period?: number;
  readonly zone: string;
}

export function addDecode(program: Command): void {
  program
    .command("decode")
    .description("any telegram, APDU, frame dump or recorded session, recognised by itself")
    .argument("[file]", "text, binary or hex; standard input without it")
    .option("--json", "the whole result as JSON")
    .option("--key <hex>", "encryption key of ciphered telegrams")
    .option("--auth-key <hex>", "authentication key")
    .option("--system-title <hex>", "system title of the sender, where the telegram does not carry it")
    .option("--period <seconds>", "capture period of a profile that leaves it out", wholeNumber(1, 86_400))
    .option("--zone <name>", "zone of stamps that give none", "Europe/Bucharest")
    .action((file: string | undefined, options: DecodeOptions) => {
      if (options.key ?? options.authKey ?? options.systemTitle) {
        throw new CliError(
          "decode.ciphering-later",
          "ciphered telegrams cannot be opened by this release yet",
        );
      }
      const result: Explanation & { source: string } = {
        source: file ?? "-",
        ...explain(readInput(file), {
          zone: options.zone,
          ...(options.period === undefined ? {} : { periodSeconds: options.period }),
        }),
      };
      process.stdout.write(options.json ? `${JSON.stringify(result, null, 2)}\n` : formatExplanation(result));
      if (result.telegrams.length === 0)
        throw new CliError("decode.nothing", result.warnings[0] ?? "nothing recognised");
    });
}

function readInput(file: string | undefined): Uint8Array {
  try {
    return readFileSync(file ?? 0);
  } catch (cause) {
    throw new CliError(
      "decode.unreadable",
      `cannot read ${file ?? "standard input"}: ${(cause as Error).message}`,
      cause,
    );
  }
}
