/** What a column of a file of past times can hold; `clock` is the time of day where a date has a column of its own. */
export const historyFields = {
  "load-curves": ["serial", "start", "clock", "value", "obis", "unit", "quality"],
  "hand-held": ["serial", "time", "clock", "value", "obis", "unit"],
} as const;
export type HistoryKind = keyof typeof historyFields;
export type HistoryField = (typeof historyFields)[HistoryKind][number];

/** Which column of a file holds what: places from 0. A register or unit that no column has is the same for every line. */
export interface HistoryMapping {
  readonly kind: HistoryKind;
  readonly columns: Readonly<Partial<Record<HistoryField, number>>>;
  readonly obis?: string;
  readonly unit?: string;
}

/** Fields without which a mapping says nothing. */
export const historyRequired = {
  "load-curves": ["serial", "start", "value"],
  "hand-held": ["serial", "time", "value", "obis"],
} as const satisfies Record<HistoryKind, readonly HistoryField[]>;

/** Fields that a mapping still lacks. */
export const historyLacks = ({ kind, columns, obis }: HistoryMapping): HistoryField[] =>
  historyRequired[kind].filter(
    (field) => columns[field] === undefined && !(field === "obis" && obis !== undefined && obis !== ""),
  );

/**
 * Writes the lines of a table as the file that `parseCurveFile` or `parseHandHeldFile` reads, by a mapping of its columns: line by line, so that
 * a line that is refused is the same line of the file as it came.
 */
export function mapHistory(rows: readonly (readonly string[])[], mapping: HistoryMapping): string {
  const { kind, columns, obis = "", unit = "" } = mapping;
  const fields = historyFields[kind].filter((field) => field !== "clock");
  const fixed: Readonly<Partial<Record<HistoryField, string>>> = { obis, unit };
  const cell = (row: readonly string[], field: HistoryField): string => {
    const place = columns[field];
    const text = (place === undefined ? fixed[field] : row[place])?.trim() ?? "";
    return text.replaceAll(/[;\r\n"]/g, " ");
  };
  const line = (row: readonly string[]) =>
    fields
      .map((field) => {
        const text = cell(row, field);
        const clock = field === "start" || field === "time" ? cell(row, "clock") : "";
        // A spreadsheet gives a date as a date at midnight.
        return clock === "" ? text : `${text.replace(/[T ]00:00(:00)?$/, "")} ${clock}`;
      })
      .join(";");
  return [fields.join(";"), ...rows.map(line)].join("\n");
}

const heads: Readonly<Record<HistoryField, RegExp>> = {
  serial: /serial|serie|contor|meter/,
  start: /start|inceput|begin|from|^data|^date|moment|timp|time/,
  time: /^data|^date|moment|timp|time|citi/,
  clock: /^ora$|^hour|^clock|^ora /,
  value: /value|valoare|energ|consum|index|kwh/,
  obis: /obis|regist|cod/,
  unit: /^um$|unit/,
  quality: /quality|calitate|stare|status/,
};

/** What the columns of a file probably hold, by their heads; each column once. */
export function guessHistory(header: readonly string[], kind: HistoryKind): HistoryMapping {
  const plain = header.map((head) => head.normalize("NFD").replace(/\p{M}/gu, "").trim().toLowerCase());
  const columns: Partial<Record<HistoryField, number>> = {};
  const taken = new Set<number>();
  for (const field of historyFields[kind]) {
    const place = plain.findIndex((head, nth) => !taken.has(nth) && heads[field].test(head));
    if (place < 0) continue;
    taken.add(place);
    columns[field] = place;
  }
  return { kind, columns };
}
