import type { Language } from "@energsys/store";
import { type CsvCell, type CsvDay, dayCell, decimal, localTime, scaledText, whole } from "../csv.ts";
import { localTimes } from "../local-times.ts";
import type { AccountAnswer, MultiRateAnswer } from "../schemas/tariffs.ts";
import { word } from "../words.ts";
import type { ReportTable } from "./table.ts";

type Energies = MultiRateAnswer["energies"][number];

const lastOf = (to: string): string => Temporal.PlainDate.from(to).subtract({ days: 1 }).toString();
const amount = (energy: string | null, scale: number): CsvCell =>
  energy === null ? null : decimal(scaledText(BigInt(energy), scale));

function headOf(
  { name, detail, from, to, zone }: Pick<MultiRateAnswer, "name" | "detail" | "from" | "to" | "zone">,
  language: Language,
): [string, ...string[]][] {
  const subject = [name || word("wholeSystem", language), detail].filter((part) => part !== "").join(" · ");
  return [
    [word("subject", language), subject],
    [word("period", language), from, lastOf(to)],
    [word("zone", language), zone],
  ];
}

/** A line per energy, rate and part of the period; the whole period first. */
export function multiRateTable(answer: MultiRateAnswer, language: Language): ReportTable {
  return {
    name: `multi-rate-${answer.from}-${answer.to}`,
    title: word("multiRate", language),
    facts: [
      ...headOf(answer, language),
      [
        word("tariff", language),
        ...(answer.tariffs.length === 0
          ? [word("noTariff", language)]
          : answer.tariffs.map(({ code, name }) => `${code} · ${name}`)),
      ],
      ...answer.energies.map(({ energy, total: { energy: _, ...counts } }): [string, ...string[]] => [
        word("coverage", language),
        energy,
        word("coverageText", language, counts),
      ]),
    ],
    columns: [
      word("part", language),
      word("energy", language),
      word("rate", language),
      word("value", language),
      word("unit", language),
      word("share", language),
      word("maxPower", language, { unit: "W" }),
      word("greatestAt", language),
      word("offset", language),
      word("expectedValues", language),
      word("presentValues", language),
      word("goodValues", language),
      word("estimatedValues", language),
    ],
    rows: [...answer.energies.flatMap((each) => linesOf(each, answer.zone, language))],
  };
}

const partOf = (key: string): string | CsvDay => (key.length === 10 ? dayCell(key) : key);

function linesOf(each: Energies, zone: string, language: Language): CsvCell[][] {
  const { energy, unit, scale, zones, unrated, unratedDays, total, buckets, stepSeconds } = each;
  const blank: CsvCell[] = [null, null, null, null];
  const counts = (of: Energies["total"]): CsvCell[] => [
    whole(of.expected),
    whole(of.present),
    whole(of.good),
    whole(of.estimated),
  ];
  const line = (part: string | CsvDay, rate: string, value: string | null, more: CsvCell[]): CsvCell[] => [
    part,
    energy,
    rate,
    amount(value, scale),
    unit,
    ...more,
  ];
  const all = word("whole", language);
  return [
    ...zones.map((row) => {
      let max: CsvCell[] = [null, null, null];
      if (row.max) {
        const ms = Date.parse(row.max.start);
        const { local, offset } = localTimes(zone, ms)(ms);
        const power = Math.round((row.max.value * 10 ** scale * 3600) / stepSeconds);
        max = [whole(power), localTime(local), offset];
      }
      const share = row.shareMille === null ? null : decimal(scaledText(BigInt(row.shareMille), -1));
      return line(all, row.rate, row.energy, [share, ...max, ...counts(row)]);
    }),
    ...(unratedDays > 0
      ? [line(all, word("noTariff", language), unrated.energy, [...blank, ...counts(unrated)])]
      : []),
    line(all, word("total", language), total.energy, [...blank, ...counts(total)]),
    ...buckets.flatMap((bucket) => [
      ...zones.map(({ rate }, nth) =>
        line(partOf(bucket.key), rate, bucket.zones[nth]!, [...blank, null, null, null, null]),
      ),
      line(partOf(bucket.key), word("total", language), bucket.total.energy, [
        ...blank,
        ...counts(bucket.total),
      ]),
    ]),
  ];
}

/** The lines of an indicative account, part by part, with sums. */
export function accountTable(
  head: Parameters<typeof headOf>[0],
  account: AccountAnswer,
  language: Language,
): ReportTable {
  const unitOf = (unit: AccountAnswer["parts"][number]["lines"][number]["unit"]): string => {
    if (unit === "day" || unit === "month" || unit === "once") return word(`unit_${unit}`, language);
    return unit === "money" ? (account.currency ?? "") : unit;
  };
  const sum = (label: string, value: string): CsvCell[] => [
    null,
    null,
    null,
    label,
    null,
    null,
    null,
    decimal(value),
  ];
  return {
    name: `account-${head.from}-${head.to}`,
    title: word("account", language),
    facts: [
      ...headOf(head, language),
      [
        word("coverage", language),
        word("coverageText", language, {
          expected: account.expected,
          present: account.present,
          good: account.present,
          estimated: account.estimated,
        }),
      ],
    ],
    columns: [
      word("firstDay", language),
      word("lastDay", language),
      word("tariff", language),
      word("accountLine", language),
      word("quantity", language),
      word("unit", language),
      word("price", language),
      `${word("amount", language)} [${account.currency ?? ""}]`,
    ],
    rows: [
      ...account.parts.flatMap(({ fromDay, toDay, code, lines }) =>
        lines.map((each): CsvCell[] => [
          fromDay,
          lastOf(toDay),
          code,
          each.name,
          decimal(each.quantity),
          unitOf(each.unit),
          decimal(each.price),
          decimal(each.amount),
        ]),
      ),
      sum(word("netSum", language), account.net),
      sum(word("vatSum", language), account.vat),
      sum(word("total", language), account.total),
    ],
  };
}
