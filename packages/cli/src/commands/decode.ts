import { readFileSync } from "node:fs";
import { describeReadingType, parseReadingType } from "@energsys/metering";
import { type ExplainOptions, type Explanation, explain } from "@energsys/protocols/decode";
import { nodeCiphers } from "@energsys/protocols/node";
import { type Command, InvalidArgumentError } from "commander";
import { CliError } from "../cli-error.ts";
import { formatExplanation } from "../format-explanation.ts";
import { wholeNumber, zoneName } from "./options.ts";

interface DecodeOptions {
  readonly json?: boolean;
  readonly key?: string;
  readonly authKey?: string;
  readonly systemTitle?: string;
  readonly tagUnchecked?: boolean;
  readonly counter?: number;
  readonly challenge?: string;
  readonly period?: number;
  readonly readingType?: string;
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
    .option("--tag-unchecked", "decrypt without checking tags; the result is marked unauthenticated")
    .option("--counter <number>", "counter of a ciphertext or GMAC that stands alone", counter)
    .option("--challenge <hex>", "challenge that a GMAC answers")
    .option("--period <seconds>", "capture period of a profile that leaves it out", wholeNumber(1, 86_400))
    .option("--reading-type <numbers>", "says what a CIM reading type means instead (IEC 61968-9)")
    .option("--zone <name>", "zone of stamps that give none", zoneName, "Europe/Bucharest")
    .action((file: string | undefined, options: DecodeOptions) => {
      if (options.readingType !== undefined) return sayReadingType(options.readingType, options.json);
      const result: Explanation & { source: string } = {
        source: file ?? "-",
        ...explain(readInput(file), {
          zone: options.zone,
          ciphers: nodeCiphers,
          ...keysOf(options),
          ...(options.counter === undefined ? {} : { invocationCounter: options.counter }),
          ...(options.challenge === undefined
            ? {}
            : { challenge: hex("--challenge", options.challenge, challengeLengths) }),
          ...(options.period === undefined ? {} : { periodSeconds: options.period }),
        }),
      };
      process.stdout.write(options.json ? `${JSON.stringify(result, null, 2)}\n` : formatExplanation(result));
      if (result.telegrams.length === 0)
        throw new CliError("decode.nothing", result.warnings[0] ?? "nothing recognised");
    });
}

function sayReadingType(text: string, json: boolean | undefined): void {
  const type = parseReadingType(text);
  const words = describeReadingType(type);
  process.stdout.write(`${json ? JSON.stringify({ words, ...type }) : words}\n`);
}

/** A challenge has 8 to 64 bytes (IEC 62056-5-3). */
const challengeLengths = Array.from({ length: 57 }, (_, at) => at + 8);

function counter(text: string): number {
  const value = Number(text);
  if (!/^(\d{1,10}|0x[0-9a-f]{1,8})$/i.test(text) || value > 0xffff_ffff) {
    throw new InvalidArgumentError(`${text} is no counter such as 485 or 0x01234567`);
  }
  return value;
}

function keysOf({ key, authKey, systemTitle, tagUnchecked }: DecodeOptions): Pick<ExplainOptions, "keys"> {
  if (key === undefined) return {};
  return {
    keys: {
      encryption: hex("--key", key, [16, 32]),
      ...(authKey === undefined ? {} : { authentication: hex("--auth-key", authKey, [16, 32]) }),
      ...(systemTitle === undefined ? {} : { systemTitle: hex("--system-title", systemTitle, [8]) }),
      ...(tagUnchecked ? { tagUnchecked } : {}),
    },
  };
}

function hex(option: string, text: string, lengths: readonly number[]): Uint8Array {
  const bytes = Buffer.from(text, "hex");
  if (!/^([0-9a-f]{2})+$/i.test(text) || !lengths.includes(bytes.length)) {
    const allowed = lengths.length > 3 ? `${lengths[0]} to ${lengths.at(-1)}` : lengths.join(" or ");
    throw new CliError("decode.key-invalid", `${option} takes ${allowed} bytes as hex digits`);
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
