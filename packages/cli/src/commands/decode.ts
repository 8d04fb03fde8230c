import { readFileSync } from "node:fs";
import { type ExplainOptions, type Explanation, explain } from "@energsys/protocols/decode";
import { nodeCiphers } from "@energsys/protocols/node";
import type { Command } from "commander";
import { CliError } from "../cli-error.ts";
import { formatExplanation } from "../format-explanation.ts";
import { wholeNumber, zoneName } from "./options.ts";

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
    .option("--zone <name>", "zone of stamps that give none", zoneName, "Europe/Bucharest")
    .action((file: string | undefined, options: DecodeOptions) => {
      const result: Explanation & { source: string } = {
        source: file ?? "-",
        ...explain(readInput(file), {
          zone: options.zone,
          ciphers: nodeCiphers,
          ...keysOf(options),
          ...(options.period === undefined ? {} : { periodSeconds: options.period }),
        }),
      };
      process.stdout.write(options.json ? `${JSON.stringify(result, null, 2)}\n` : formatExplanation(result));
      if (result.telegrams.length === 0)
        throw new CliError("decode.nothing", result.warnings[0] ?? "nothing recognised");
    });
}

function keysOf({ key, authKey, systemTitle }: DecodeOptions): Pick<ExplainOptions, "keys"> {
  if (key === undefined) return {};
  return {
    keys: {
      encryption: hex("--key", key, [16, 32]),
      ...(authKey === undefined ? {} : { authentication: hex("--auth-key", authKey, [16, 32]) }),
      ...(systemTitle === undefined ? {} : { systemTitle: hex("--system-title", systemTitle, [8]) }),
    },
  };
}

function hex(option: string, text: string, lengths: readonly number[]): Uint8Array {
  const bytes = Buffer.from(text, "hex");
  if (!/^([0-9a-f]{2})+$/i.test(text) || !lengths.includes(bytes.length)) {
    throw new CliError("decode.key-invalid", `${option} takes ${lengths.join(" or ")} bytes as hex digits`);
  }
  return bytes;
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
