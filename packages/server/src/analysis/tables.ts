import { formatScaled } from "@energsys/metering";
import type { Language, Period, Series } from "@energsys/store";
import { type CsvCell, dayCell, decimal, localTime, scaledText, whole } from "../csv.ts";
import { localTimes } from "../local-times.ts";
import { qualityText } from "../quality-text.ts";
import type {
  Consumption,
  ConsumptionBy,
  Coverage,
  EnergyName,
  StatisticsRows,
} from "../schemas/analysis.ts";
import { word } from "../words.ts";
import type { Named } from "./asked.ts";
import { coverageOf } from "./series.ts";
import type { ReportTable } from "./table.ts";

interface Head {
  readonly from: string;
  readonly to: string;
  readonly zone: string;
  readonly language: Language;
}

const nameOf = ({ name }: Named, language: Language): string =>
  [name.name || word("wholeSystem", language), name.detail].filter((part) => part !== "").join(" · ");

const coverageText = (coverage: Coverage, language: Language): string =>
  word("coverageText", language, coverage);

const headFacts = ({ from, to, zone, language }: Head): [string, ...string[]][] => [
  [word("period", language), from, Temporal.PlainDate.from(to).subtract({ days: 1 }).toString()],
  [word("zone", language), zone],
];

/** Every interval of the period, one line each, with value and quality of each subject. */
export function seriesTable(
  subjects: readonly Named[],
  series: readonly Series[],
  energy: EnergyName,
  head: Head,
): ReportTable {
  const { language } = head;
  const longest = series.reduce((a, b) => (b.stepSeconds < a.stepSeconds ? b : a));
  return {
    name: `load-curve-${head.from}-${head.to}`,
    title: word("loadCurve", language),
    facts: [
      ...headFacts(head),
      [word("energy", language), energy],
      ...subjects.map((subject, nth): [string, ...string[]] => [
        word("coverage", language),
        nameOf(subject, language),
        coverageText(coverageOf(series[nth]!), language),
      ]),
    ],
    columns: [
      word("intervalStart", language),
      word("offset", language),
      ...subjects.flatMap((subject, nth) => [
        `${nameOf(subject, language)} [${series[nth]!.unit}]`,
        word("quality", language),
      ]),
    ],
    rows: seriesRows(series, longest, head),
  };
}

function* seriesRows(
  series: readonly Series[],
  finest: Series,
  { zone, language }: Head,
): Generator<CsvCell[]> {
  const times = localTimes(zone, finest.startMs);
  for (let slot = 0; slot < finest.values.length; slot++) {
    const ms = finest.startMs + slot * finest.stepSeconds * 1000;
    const { local, offset } = times(ms);
    const cells: CsvCell[] = [localTime(local), offset];
    for (const each of series) {
      // A series by the hour has its value on the line on which its interval begins.
      const place = (ms - each.startMs) / (each.stepSeconds * 1000);
      const value = Number.isInteger(place) ? (each.values[place] ?? Number.NaN) : undefined;
      if (value === undefined) cells.push(null, null);
      else if (Number.isNaN(value)) cells.push(null, word("missing", language));
      else {
        const part = each.present[place]! < each.expected[place]!;
        const stated = qualityText(each.flags[place]!, language);
        cells.push(
          decimal(scaledText(BigInt(value), each.scale)),
          part ? `${stated} · ${word("incomplete", language)}` : stated,
        );
      }
    }
    yield cells;
  }
}

/** Which months are known by their sums alone; of points and groups, that some are. */
const sumsOnlyFact = (
  total: Consumption["total"],
  rows: Consumption["rows"],
  { by, language }: { readonly by: ConsumptionBy; readonly language: Language },
): [string, string][] => {
  if (!total.sumsOnly && !rows.some((row) => row.sumsOnly)) return [];
  const months = by === "month" ? rows.flatMap((row) => (row.sumsOnly ? [row.key.slice(0, 7)] : [])) : [];
  return [
    [word("sumsOnly", language), months.length > 0 ? months.join(", ") : word("sumsOnlyText", language)],
  ];
};

export function consumptionTable(
  subject: Named,
  { unit, scale, total, rows }: Omit<Consumption, "more" | "zone">,
  asked: Head & {
    readonly energy: EnergyName;
    readonly by: ConsumptionBy;
    readonly before: string | undefined;
  },
): ReportTable {
  const { language, energy, by, before } = asked;
  const net = energy === "net";
  const amount = (part: { readonly energy: string | null } | null): CsvCell =>
    part?.energy == null ? null : decimal(scaledText(BigInt(part.energy), scale));
  const line = (
    first: CsvCell[],
    row: Omit<Consumption["rows"][number], "key" | "name" | "detail">,
  ): CsvCell[] => [
    ...first,
    ...(net ? [amount(row.taken), amount(row.given)] : []),
    amount(row),
    ...(before === undefined ? [] : [amount(row.before)]),
    whole(row.coverage.expected),
    whole(row.coverage.present),
    whole(row.coverage.good),
    whole(row.coverage.estimated),
    ...(before === undefined ? [] : [row.before ? whole(row.before.coverage.present) : null]),
  ];
  const named = by === "point" || by === "group";
  return {
    name: `consumption-${asked.from}-${asked.to}`,
    title: word("consumption", language),
    facts: [
      [word("subject", language), nameOf(subject, language)],
      ...headFacts(asked),
      ...(before === undefined ? [] : [[word("comparedWith", language), before] as [string, string]]),
      [word("energy", language), energy],
      [word("coverage", language), coverageText(total.coverage, language)],
      ...sumsOnlyFact(total, rows, asked),
    ],
    columns: [
      ...(named
        ? [word(by === "point" ? "pod" : "group", language), word("name", language)]
        : [word(by === "day" ? "day" : "month", language)]),
      ...(net ? [`${word("taken", language)} [${unit}]`, `${word("given", language)} [${unit}]`] : []),
      `${word(net ? "net" : "value", language)} [${unit}]`,
      ...(before === undefined ? [] : [`${word("former", language)} [${unit}]`]),
      word("expectedValues", language),
      word("presentValues", language),
      word("goodValues", language),
      word("estimatedValues", language),
      ...(before === undefined ? [] : [word("formerPresent", language)]),
    ],
    rows: [
      ...rows.map((row) =>
        line(named ? [row.name, row.detail] : [by === "month" ? row.key.slice(0, 7) : dayCell(row.key)], row),
      ),
      line(named ? [word("total", language), null] : [word("total", language)], total),
    ],
  };
}

export function statisticsTable(subject: Named, rows: StatisticsRows, head: Head): ReportTable {
  const { language, zone } = head;
  const amount = (value: string | number | null | undefined, scale: number): CsvCell =>
    value == null ? null : decimal(scaledText(BigInt(value), scale));
  const when = (start: string | undefined): CsvCell[] => {
    if (!start) return [null, null];
    const { local, offset } = localTimes(zone, Date.parse(start))(Date.parse(start));
    return [localTime(local), offset];
  };
  return {
    name: `statistics-${head.from}-${head.to}`,
    title: word("statistics", language),
    facts: [[word("subject", language), nameOf(subject, language)], ...headFacts(head)],
    columns: [
      word("energy", language),
      word("unit", language),
      word("total", language),
      word("intervals", language),
      word("greatest", language),
      word("greatestAt", language),
      word("offset", language),
      word("least", language),
      word("leastAt", language),
      word("offset", language),
      word("sumOfMaxima", language),
      word("expectedValues", language),
      word("presentValues", language),
      word("goodValues", language),
      word("estimatedValues", language),
    ],
    rows: rows.map(({ energy, unit, scale, total, intervals, max, min, sumOfMaxima, coverage }) => [
      energy,
      unit,
      amount(total, scale),
      whole(intervals),
      amount(max?.value, scale),
      ...when(max?.start),
      amount(min?.value, scale),
      ...when(min?.start),
      amount(sumOfMaxima, scale),
      whole(coverage.expected),
      whole(coverage.present),
      whole(coverage.good),
      whole(coverage.estimated),
    ]),
  };
}

/** Unit of a thousand of the mean power of an energy. */
const powerUnits: Readonly<Record<string, string>> = { Wh: "kW", varh: "kvar", VAh: "kVA" };

export function peaksTable(
  subject: Named,
  points: readonly {
    readonly pod: string;
    readonly name: string;
    readonly value: number;
    readonly scale: number;
    readonly stepSeconds: number;
    readonly start: string;
    readonly flags: number;
    readonly approvedPowerW: number | null;
    readonly before: { readonly value: number; readonly scale: number } | null;
  }[],
  { unit, coverage }: { readonly unit: string; readonly coverage: Coverage },
  head: Head & { readonly energy: EnergyName; readonly before: Period | undefined },
): ReportTable {
  const { language, zone, before } = head;
  const approved = head.energy === "A+";
  return {
    name: `peaks-${head.from}-${head.to}`,
    title: word("peaks", language),
    facts: [
      [word("subject", language), nameOf(subject, language)],
      ...headFacts(head),
      [word("energy", language), head.energy],
      [word("coverage", language), coverageText(coverage, language)],
      ...(before
        ? [[word("before", language), before.fromDay, lastDayOf(before)] as [string, ...string[]]]
        : []),
    ],
    columns: [
      word("pod", language),
      word("name", language),
      `${word("demand", language)} [${powerUnits[unit] ?? unit}]`,
      `${word("value", language)} [${unit}]`,
      word("intervalSeconds", language),
      word("intervalStart", language),
      word("offset", language),
      word("quality", language),
      ...(approved ? [`${word("approvedPower", language)} [kW]`] : []),
      ...(before ? [`${word("before", language)} [${unit}]`] : []),
    ],
    rows: points.map((peak) => {
      const { local, offset } = localTimes(zone, Date.parse(peak.start))(Date.parse(peak.start));
      return [
        peak.pod,
        peak.name,
        // Steps are parts of an hour, so the mean power is exact.
        decimal(scaledText(BigInt(peak.value) * BigInt(3600 / peak.stepSeconds), peak.scale - 3)),
        decimal(scaledText(BigInt(peak.value), peak.scale)),
        whole(peak.stepSeconds),
        localTime(local),
        offset,
        qualityText(peak.flags, language),
        ...(approved
          ? [peak.approvedPowerW === null ? "" : decimal(formatScaled(peak.approvedPowerW, -3))]
          : []),
        ...(before
          ? [peak.before ? decimal(scaledText(BigInt(peak.before.value), peak.before.scale)) : ""]
          : []),
      ];
    }),
  };
}

const lastDayOf = ({ toDay }: Period): string =>
  Temporal.PlainDate.from(toDay).subtract({ days: 1 }).toString();
