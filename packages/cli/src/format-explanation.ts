import type {
  Explanation,
  FrameExplanation,
  ProfileExplanation,
  Reading,
  Telegram,
} from "@energsys/protocols/decode";

/** The telegrams of an explanation as lines for a person: kind and checks, then one line for each reading. */
export function formatExplanation({ telegrams, warnings }: Explanation): string {
  const lines = telegrams.flatMap((telegram) => [...formatTelegram(telegram), ""]);
  return [...lines, ...warnings.map((warning) => `warning: ${warning}`)].join("\n").concat("\n");
}

function formatTelegram({
  kind,
  checks,
  device = {},
  readings = [],
  profile,
  events = [],
  frames = [],
  ...more
}: Telegram): string[] {
  return [
    [kind, ...pairs(device), ...pairs(checks)].join("  "),
    ...readings.map(formatReading),
    ...(profile ? formatProfile(profile) : []),
    ...events.map(
      ({ time, code, status, values }) =>
        `  ${[time, code, status, ...(values ?? [])].filter(Boolean).join("  ")}`,
    ),
    ...frames.map(formatFrame),
    ...Object.entries(more).map(([name, value]) => `  ${name}: ${JSON.stringify(value)}`),
  ];
}

function pairs(facts: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(facts)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${String(value)}`);
}

function formatReading({ obis, address, value, unit, time }: Reading): string {
  const name = obis ?? address ?? "";
  return `  ${name.padEnd(18)} ${value.padStart(18)} ${unit ?? ""}${time ? `  ${time}` : ""}`.trimEnd();
}

function formatProfile({ obis, periodSeconds, columns, rows }: ProfileExplanation): string[] {
  const heads = columns.map((column) => `${column.obis ?? "?"} ${column.unit ?? ""}`.trim()).join(", ");
  return [
    `  ${[obis, periodSeconds && `every ${periodSeconds} s`].filter(Boolean).join(", ")}: ${heads}`,
    ...rows.map(
      (row) =>
        `  ${row.time ?? "–"}  ${row.status ?? ""}  ${row.values.map((value) => value ?? "–").join("  ")}`,
    ),
  ];
}

function formatFrame({ from, explains }: FrameExplanation): string {
  return `  ${from.padEnd(7)} ${explains}`;
}
