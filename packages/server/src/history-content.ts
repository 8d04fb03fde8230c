import {
  type HistoryMapping,
  historyLacks,
  isCurveFile,
  isDump,
  isHandHeldFile,
  mapHistory,
} from "@energsys/metering";
import { type Database, findHistoryProfile } from "@energsys/store";
import { JobError } from "./jobs/kind.ts";
import { readTable } from "./points-imports/table-file.ts";
import { Problem } from "./problem.ts";
import { readWorkbook } from "./tables/workbook.ts";

/** A file from the field: a text, or the bytes of a workbook. */
export interface FieldFile {
  readonly text?: string | undefined;
  readonly workbook?: Uint8Array | undefined;
}

/** What an importer reads, and how a table was mapped to it. */
export interface HistoryContent {
  readonly text: string;
  readonly header?: string[];
  readonly mapping?: HistoryMapping;
}

const isKnownFile = (text: string): boolean => {
  const beginning = text.slice(0, 4_096);
  return isDump(new TextEncoder().encode(beginning)) || isHandHeldFile(beginning) || isCurveFile(beginning);
};

/**
 * Lines of a CSV file or of the first sheet of a workbook, the head line first.
 * @throws Problem `import.unreadable`; `input.invalid` unless there is either a text or a workbook
 */
export async function historyTable({ text, workbook }: FieldFile): Promise<string[][]> {
  if ((text === undefined) === (workbook === undefined))
    throw new Problem("input.invalid", { fields: { "/text": "Either text or workbook" } });
  try {
    if (workbook !== undefined) return await readWorkbook(Buffer.from(workbook));
    const { header, rows } = readTable(text!);
    return [header, ...rows].map((row) => [...row]);
  } catch (error) {
    throw error instanceof JobError
      ? new Problem("import.unreadable", { detail: error.message }, error)
      : error;
  }
}

/**
 * The file as the importers read it, and how it was mapped: as asked, or as one with the same head line was before.
 * @throws Problem `import.unknown-file` when nobody said what the columns hold, `input.invalid` when a column is missing
 */
export async function historyContent(
  db: Database,
  file: FieldFile,
  asked: HistoryMapping | undefined,
): Promise<HistoryContent> {
  const { text } = file;
  if (text !== undefined && asked === undefined && isKnownFile(text)) return { text };
  const [header = [], ...rows] = await historyTable(file).catch((error: unknown) => {
    // Nobody said that it is a table.
    if (asked === undefined && error instanceof Problem && error.code === "import.unreadable")
      throw new Problem("import.unknown-file", {}, error);
    throw error;
  });
  const mapping = asked ?? (await findHistoryProfile(db, header));
  if (!mapping) throw new Problem("import.unknown-file");
  const lacks = historyLacks(mapping);
  if (lacks.length > 0)
    throw new Problem("input.invalid", {
      fields: Object.fromEntries(lacks.map((field) => [`/mapping/columns/${field}`, "No column holds it"])),
    });
  return { text: mapHistory(rows, mapping), header, mapping };
}
