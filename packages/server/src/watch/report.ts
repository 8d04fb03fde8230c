import type { Language } from "@energsys/store";
import type { ReportTable, TablePart } from "../analysis/table.ts";
import { type CsvCell, dayCell, decimal, localTime } from "../csv.ts";
import { errorWord } from "../error-words.ts";
import { eventWord } from "../event-words.ts";
import { localTimes } from "../local-times.ts";
import type { columnKinds, WatchReport } from "../schemas/watch.ts";
import { word } from "../words.ts";
import { type WatchWord, watchWord } from "./words.ts";

export type ColumnKind = (typeof columnKinds)[number];
export type WatchPart = WatchReport["parts"][number];
export type WatchColumn = WatchPart["columns"][number];
export type WatchRow = WatchPart["rows"][number];

/** Columns of a report in the reader's language: word, kind, unit. */
export const columnsOf = (
  language: Language,
  columns: readonly (readonly [key: WatchWord, kind: ColumnKind, unit?: string])[],
): WatchColumn[] =>
  columns.map(([key, kind, unit]) => ({
    key,
    label: watchWord(key, language),
    kind,
    ...(unit === undefined ? {} : { unit }),
  }));

/** A number with so many decimals, as exact text; nothing where there is none. */
export const fixed = (value: number | undefined, decimals: number): string | null =>
  value === undefined || !Number.isFinite(value) ? null : value.toFixed(decimals);

export const count = (value: number): string => String(value);
export const isoOf = (ms: number | null | undefined): string | null =>
  ms === null || ms === undefined ? null : new Date(ms).toISOString();
export const seconds = (ms: number | undefined): string | null =>
  ms === undefined ? null : String(Math.round(ms / 1000));

/**
 * A report for whatever writes files: each instant gets the offset of the local clock beside it, a length of time is in seconds, an event
 * has its words, and what a file has no room for is said at its head.
 */
export function tableOf(
  { name, title, facts, parts }: WatchReport,
  { zone, language }: { readonly zone: string; readonly language: Language },
): ReportTable {
  const at = (text: string): CsvCell[] => {
    const ms = Date.parse(text);
    const { local, offset } = localTimes(zone, ms)(ms);
    return [localTime(local), offset];
  };
  const tables = parts.map(
    ({ title: partTitle, columns, rows }): TablePart => ({
      title: partTitle,
      columns: columns.flatMap(({ label, kind, unit }) => {
        const head = unit ? `${label} [${unit}]` : kind === "duration" ? `${label} [s]` : label;
        return kind === "instant" ? [head, word("offset", language)] : [head];
      }),
      rows: rows.map(({ cells }) =>
        cells.flatMap((cell, index): CsvCell[] => {
          const kind = columns[index]?.kind;
          if (kind === "instant") return cell === null ? [null, null] : at(cell);
          if (cell === null) return [null];
          if (kind === "day" || kind === "month") return [dayCell(cell)];
          if (kind === "event") return [eventWord(cell, language)];
          // Words for people; the code is what the list of errors has.
          if (kind === "error") return [`${errorWord(cell, language)} (${cell})`];
          return [kind === "number" || kind === "percent" || kind === "duration" ? decimal(cell) : cell];
        }),
      ),
    }),
  );
  const [first, ...more] = tables;
  return {
    name,
    title,
    facts: [
      ...facts.map(({ label, value }): [string, string] => [label, value]),
      ...parts.flatMap(({ title: partTitle, more: left }): [string, string][] =>
        left === 0 ? [] : [[partTitle, watchWord("leftOut", language, { count: left })]],
      ),
    ],
    columns: first?.columns ?? [],
    rows: first?.rows ?? [],
    part: first?.title ?? "",
    more,
  };
}
