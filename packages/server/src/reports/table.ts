import type { Language } from "@energsys/store";
import type { ReportTable } from "../analysis/table.ts";
import { type CsvCell, dayCell, decimal, localTime, scaledText, whole } from "../csv.ts";
import { localTimes } from "../local-times.ts";
import { qualityText } from "../quality-text.ts";
import { word } from "../words.ts";
import type { ReportCell, ReportResult, ResultColumn, ResultRow } from "./result.ts";

/** A value as exact decimal text in the unit of its column, half away from zero; `null` where nothing is there. */
export function textOf({ value }: ReportCell, { factor, decimals }: ResultColumn): string | null {
  if (!Number.isFinite(value)) return null;
  const power = 10 ** decimals;
  const size = Math.round((Math.abs(value) / factor) * power);
  // Beyond whole numbers of a float there are no decimals to round.
  if (!Number.isSafeInteger(size)) return BigInt(Math.round(value / factor)).toString();
  return scaledText(BigInt(value < 0 ? -size : size), -decimals);
}

export const titleOf = ({ title, unit }: ResultColumn): string =>
  unit === "" ? title : `${title} [${unit}]`;

interface Head {
  readonly name: string;
  readonly about: string;
  readonly zone: string;
  readonly language: Language;
}

/** The name of a file: letters of ASCII, digits and hyphens. */
export const fileNameOf = (name: string): string =>
  name
    .normalize("NFD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 60) || "report";

/** A report as it goes into a file: facts above, a row for each of its rows, the total below, and how good each row is. */
export function reportTable(result: ReportResult, { name, about, zone, language }: Head): ReportTable {
  const { columns, rows, total, coverage, fromDay, toDay, divisionsByZero } = result;
  const interval = rows.some(({ key }) => typeof key === "number");
  const subject = rows.some((row) => row.name !== undefined);
  const times = localTimes(zone, rows.length > 0 && interval ? Number(rows[0]!.key) : 0);
  const cell = (each: ReportCell | null, column: ResultColumn): CsvCell => {
    if (each === null || !Number.isFinite(each.value)) return null;
    if (column.of === "logical") return word(each.value === 1 ? "yes" : "no", language);
    if (column.of === "instant") {
      const { local, offset } = localTimes(zone, each.value)(each.value);
      return `${local.replace("T", " ")} ${offset}`;
    }
    const text = textOf(each, column);
    return text === null ? null : decimal(text);
  };
  const first = ({ key, name: named }: ResultRow): CsvCell[] => {
    if (typeof key === "number") {
      const { local, offset } = times(key);
      return [localTime(local), offset];
    }
    if (named) return [named.name || word("wholeSystem", language), named.detail];
    if (/^\d{4}-\d\d-\d\d$/.test(key)) return [dayCell(key)];
    return [key === "" ? word("total", language) : key];
  };
  const line = (
    start: CsvCell[],
    cells: readonly (ReportCell | null)[],
    row: Pick<ResultRow, "coverage">,
  ) => {
    const flags = cells.reduce((all, each) => all | (each?.flags ?? 0), 0);
    const missing = cells.some((each) => each !== null && Number.isNaN(each.value));
    const stated = qualityText(flags & 0x7fff, language);
    return [
      ...start,
      ...cells.map((each, nth) => cell(each, columns[nth]!)),
      missing ? `${stated} · ${word("missing", language)}` : stated,
      whole(row.coverage.expected),
      whole(row.coverage.present),
      whole(row.coverage.estimated),
    ];
  };
  const heads = interval
    ? [word("intervalStart", language), word("offset", language)]
    : subject
      ? [word("subject", language), word("name", language)]
      : [word(rows.some(({ key }) => String(key).length === 7) ? "month" : "day", language)];
  return {
    name: `${fileNameOf(name)}-${fromDay}-${toDay}`,
    title: name,
    facts: [
      ...(about === "" ? [] : [[word("about", language), about] as [string, string]]),
      [word("period", language), fromDay, Temporal.PlainDate.from(toDay).subtract({ days: 1 }).toString()],
      [word("zone", language), zone],
      [word("coverage", language), word("coverageText", language, { ...coverage })],
      ...(divisionsByZero === 0
        ? []
        : [[word("divisionsByZero", language), String(divisionsByZero)] as [string, string]]),
    ],
    columns: [
      ...heads,
      ...columns.map(titleOf),
      word("quality", language),
      word("expectedValues", language),
      word("presentValues", language),
      word("estimatedValues", language),
    ],
    rows: [
      ...rows.map((row) => line(first(row), row.cells, row)),
      ...(total
        ? [line([word("total", language), ...heads.slice(1).map(() => null)], total, { coverage })]
        : []),
    ],
  };
}
