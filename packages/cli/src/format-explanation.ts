import type { Explanation } from "@energsys/protocols/decode";

/** The telegrams of an explanation as lines for a person: kind and checks, then one line for each reading. */
export function formatExplanation(explanation: Explanation): string {
  const lines = explanation.telegrams.flatMap((telegram) => {
    const {
      kind,
      checks = {},
      device = {},
      readings = [],
      profile,
      frames = [],
    } = telegram as TelegramForPeople;
    const head = [kind, ...pairs(device), ...pairs(checks)].join("  ");
    return [
      head,
      ...readings.map(formatReading),
      ...(profile ? formatProfile(profile) : []),
      ...frames.map(formatFrame),
      "",
    ];
  });
  return [...lines, ...explanation.warnings.map((warning) => `warning: ${warning}`), ""].join("\n");
}

interface TelegramForPeople {
  readonly kind: string;
  readonly checks?: Readonly<Record<string, unknown>>;
  readonly device?: Readonly<Record<string, unknown>>;
  readonly readings?: readonly ReadingForPeople[];
  readonly profile?: ProfileForPeople;
  readonly frames?: readonly { from: string; explains: string }[];
}

interface ReadingForPeople {
  readonly obis?: string;
  readonly address?: string;
  readonly value?: string;
  readonly unit?: string;
  readonly time?: string;
}

interface ProfileForPeople {
  readonly obis: string;
  readonly periodSeconds: number;
  readonly columns: readonly { obis: string; unit?: string }[];
  readonly rows: readonly { time: string; status?: string; values: readonly (string | null)[] }[];
}

function pairs(facts: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(facts)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${String(value)}`);
}

function formatReading({ obis, address, value, unit, time }: ReadingForPeople): string {
  const name = obis ?? address ?? "";
  return `  ${name.padEnd(18)} ${(value ?? "").padStart(18)} ${unit ?? ""}${time ? `  ${time}` : ""}`.trimEnd();
}

function formatProfile({ obis, periodSeconds, columns, rows }: ProfileForPeople): string[] {
  return [
    `  ${obis}, every ${periodSeconds} s: ${columns.map((column) => `${column.obis} ${column.unit ?? ""}`.trim()).join(", ")}`,
    ...rows.map(
      (row) => `  ${row.time}  ${row.status ?? ""}  ${row.values.map((value) => value ?? "–").join("  ")}`,
    ),
  ];
}

function formatFrame({ from, explains }: { from: string; explains: string }): string {
  return `  ${from.padEnd(7)} ${explains}`;
}
