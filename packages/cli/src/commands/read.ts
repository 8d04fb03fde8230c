import {
  parseDeviceUrl,
  readDevice,
  readReport,
  realClock,
  recordTo,
  withoutSecrets,
} from "@energsys/drivers";
import { findObis, type ObisCode } from "@energsys/protocols";
import { type Command, InvalidArgumentError } from "commander";
import { CliError } from "../cli-error.ts";
import { formatExplanation } from "../format-explanation.ts";
import { zoneName } from "./options.ts";

interface ReadOptions {
  readonly objects?: boolean;
  readonly obis: readonly ObisCode[];
  readonly profile?: ObisCode;
  readonly entries?: { readonly from: number; readonly to: number };
  readonly from?: number;
  readonly to?: number;
  readonly events?: boolean;
  readonly clock?: boolean;
  readonly zone: string;
  readonly json?: boolean;
  readonly record?: string;
}

const dayMs = 86_400_000;

export function addRead(program: Command): void {
  program
    .command("read")
    .description("reads one device directly, as a technician would; needs no database")
    .argument(
      "<url>",
      "dlms+tcp://host:4059?client=16&auth=none, dlms+hdlc+tcp://…, iec62056-21+tcp://host:port?address=…, iec62056-21+modem:/dev/ttyS0?number=…",
    )
    .option("--objects", "list what the device has, with its values")
    .option("--obis <code>", "this register; may be repeated", collectObis, [])
    .option("--profile <code>", "this load profile", obis)
    .option(
      "--entries <from-to>",
      "rows of the profile by their place, 1 the oldest, to 0 the newest (DLMS)",
      rows,
    )
    .option("--from <time>", "start of the profile or log, ISO 8601 (a day ago)", instant)
    .option("--to <time>", "end of it (now)", instant)
    .option("--events", "the event log")
    .option("--clock", "the device's clock")
    .option("--zone <name>", "zone of a device whose stamps give none", zoneName, "Europe/Bucharest")
    .option("--json", "the whole result as JSON")
    .option("--record <file>", "keep what goes over the line, for decode; it holds the password")
    .action(async (url: string, options: ReadOptions) => {
      const now = Date.now();
      const from = options.from ?? now - dayMs;
      const chosen = options.obis.length > 0;
      const asked = chosen || options.objects || options.profile || options.events || options.clock;
      const stop = new AbortController();
      process.once("SIGINT", () => stop.abort());
      const device = parseDeviceUrl(url);
      const recording =
        options.record === undefined ? undefined : recordTo(options.record, withoutSecrets(url), realClock);
      const reading = await readDevice(
        device,
        {
          zone: options.zone,
          registers: chosen ? options.obis : !asked,
          clock: options.clock ?? !asked,
          ...(options.objects ? { objects: true } : {}),
          ...(options.profile
            ? { profiles: [{ obis: options.profile, ...rowsOf(options, from, now) }] }
            : {}),
          ...(options.events ? { events: { fromMs: from } } : {}),
        },
        {
          clock: realClock,
          signal: stop.signal,
          ...(recording ? { recorder: recording.recorder } : {}),
        },
      ).finally(() => recording?.end());
      const report = readReport(url, reading);
      process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : formatExplanation(report));
      if (reading.missing.length > 0) throw new CliError("read.no-object", reading.missing.join(", "));
    });
}

/** Rows by their place are wanted whatever their time, unless a time is given too. */
function rowsOf({ entries, from, to }: ReadOptions, dayAgoMs: number, nowMs: number) {
  if (!entries) return { fromMs: dayAgoMs, toMs: to ?? nowMs };
  return { entries, fromMs: from ?? 0, toMs: to ?? Number.MAX_SAFE_INTEGER };
}

function obis(text: string): ObisCode {
  const code = findObis(text);
  if (code === undefined) throw new InvalidArgumentError(`${text} is no OBIS code`);
  return code;
}

function rows(text: string): { from: number; to: number } {
  const [, from, to] = /^(\d{1,9})-(\d{1,9})$/.exec(text) ?? [];
  if (from === undefined || to === undefined || Number(from) < 1)
    throw new InvalidArgumentError(`${text} is no range of rows such as 1-96`);
  return { from: Number(from), to: Number(to) };
}

function collectObis(text: string, codes: readonly ObisCode[]): readonly ObisCode[] {
  return [...codes, obis(text)];
}

function instant(text: string): number {
  try {
    return Temporal.Instant.from(text).epochMilliseconds;
  } catch {
    throw new InvalidArgumentError(`${text} is no instant such as 2026-01-05T00:00:00+02:00`);
  }
}
