import { SaxesParser, type SaxesTagPlain } from "saxes";
import { JobError } from "../jobs/kind.ts";
import { ZipArchive } from "./zip.ts";

const unpackedMax = 400 * 1_048_576;
const rowsMax = 200_001;
const columnsMax = 64;
const stringsMax = 4_000_000;
const sheetMarks = new Uint8Array([0x50, 0x4b, 0x03, 0x04]);

/** Whether a file begins like a workbook (a ZIP archive). */
export const isWorkbook = (bytes: Uint8Array): boolean => sheetMarks.every((byte, at) => bytes[at] === byte);

/**
 * The first sheet of an XLSX workbook (ECMA-376) that is to be seen, as lines of texts: what a spreadsheet shows, in a form that the check of a CSV
 * file reads. Numbers are plain decimals with a point; a day is `2026-03-01`, a time of it `2026-03-01T10:30:00` and one of any day `10:30:00`, as
 * they stand on a clock: which pass of an hour that comes twice is meant, the place in the file says to who reads it. Formulas count by the
 * value that was stored with them. Lines that are empty are left out.
 * @throws JobError `points-import.file-unreadable`, `points-import.file-too-large`
 */
export async function readWorkbook(bytes: Uint8Array): Promise<string[][]> {
  const archive = new ZipArchive(bytes, unpackedMax);
  const { sheet, from1904 } = await firstSheet(archive);
  const strings = archive.has("xl/sharedStrings.xml") ? await readStrings(archive) : [];
  const dated = archive.has("xl/styles.xml") ? await readDateStyles(archive) : [];
  return readSheet(archive, sheet, { strings, dated, from1904 });
}

interface Handlers {
  open?(tag: SaxesTagPlain): void;
  close?(name: string): void;
  text?(text: string): void;
}

/** Reads one XML file piece by piece. Document types are refused: they are of no use in a workbook, and of some to who wants to do harm. */
async function parse(archive: ZipArchive, name: string, handlers: Handlers): Promise<void> {
  const parser = new SaxesParser();
  const refuse = (why: string) => new JobError("points-import.file-unreadable", `${name}: ${why}`);
  let failed: Error | undefined;
  parser.on("error", () => {
    failed ??= refuse("not well-formed");
  });
  parser.on("doctype", () => {
    failed ??= refuse("a document type");
  });
  const bare = (qualified: string) => qualified.slice(qualified.indexOf(":") + 1);
  parser.on("opentag", (tag) => handlers.open?.({ ...tag, name: bare(tag.name) }));
  parser.on("closetag", (tag) => handlers.close?.(bare(tag.name)));
  parser.on("text", (text) => handlers.text?.(text));
  parser.on("cdata", (text) => handlers.text?.(text));
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const write = (text: string) => {
    parser.write(text);
    if (failed) throw failed;
  };
  try {
    for await (const piece of archive.read(name)) write(decoder.decode(piece, { stream: true }));
    write(decoder.decode());
  } catch (error) {
    if (error instanceof TypeError) throw refuse("not in UTF-8");
    throw error;
  }
  parser.close();
  if (failed) throw failed;
}

async function firstSheet(archive: ZipArchive): Promise<{ sheet: string; from1904: boolean }> {
  let [shown, hidden]: (string | undefined)[] = [];
  let from1904 = false;
  await parse(archive, "xl/workbook.xml", {
    open: ({ name, attributes }) => {
      if (name === "workbookPr") from1904 = ["1", "true"].includes(attributes.date1904 ?? "");
      if (name !== "sheet") return;
      if (attributes.state === undefined || attributes.state === "visible") shown ??= attributes["r:id"];
      else hidden ??= attributes["r:id"];
    },
  });
  const relation = shown ?? hidden;
  let sheet: string | undefined;
  await parse(archive, "xl/_rels/workbook.xml.rels", {
    open: ({ name, attributes }) => {
      if (name === "Relationship" && attributes.Id === relation) sheet = attributes.Target;
    },
  });
  if (sheet === undefined) throw new JobError("points-import.file-unreadable", "it has no sheet");
  return { sheet: sheet.startsWith("/") ? sheet.slice(1) : `xl/${sheet}`, from1904 };
}

/** Texts that cells share. What stands in phonetic hints (`rPh`) is none of them. */
async function readStrings(archive: ZipArchive): Promise<string[]> {
  const strings: string[] = [];
  let current = "";
  let [inText, inHint] = [false, false];
  await parse(archive, "xl/sharedStrings.xml", {
    open: ({ name }) => {
      if (name === "si") current = "";
      if (name === "rPh") inHint = true;
      inText = name === "t" && !inHint;
    },
    text: (text) => {
      if (inText) current += text;
    },
    close: (name) => {
      if (name === "t") inText = false;
      if (name === "rPh") inHint = false;
      if (name !== "si") return;
      if (strings.length >= stringsMax) throw new JobError("points-import.file-too-large", "too many texts");
      strings.push(current);
    },
  });
  return strings;
}

/** What a style shows of a number: a date, perhaps with its time; a time of day alone; the number. */
type Shown = "date" | "clock" | "number";

/** Number formats that show a date or a time without being written down in the file (ECMA-376, 18.8.30). */
function builtIn(id: number): Shown {
  if ((id >= 18 && id <= 21) || (id >= 45 && id <= 47)) return "clock";
  return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 50 && id <= 58) ? "date" : "number";
}

/** By the letters of a format outside of quotes, brackets and escapes. */
function shownBy(format: string): Shown {
  const letters = format.replaceAll(/"[^"]*"|\[(?!h+\]|m+\]|s+\])[^\]]*\]|\\.|General/gi, "");
  if (/[dy]/i.test(letters)) return "date";
  if (/[hs]/i.test(letters)) return "clock";
  return /m/i.test(letters) ? "date" : "number";
}

/** For each style of a cell, what it shows. */
async function readDateStyles(archive: ZipArchive): Promise<Shown[]> {
  const custom = new Map<number, Shown>();
  const dated: Shown[] = [];
  let inCells = false;
  await parse(archive, "xl/styles.xml", {
    open: ({ name, attributes }) => {
      if (name === "numFmt") custom.set(Number(attributes.numFmtId), shownBy(attributes.formatCode ?? ""));
      if (name === "cellXfs") inCells = true;
      if (name !== "xf" || !inCells) return;
      const id = Number(attributes.numFmtId ?? 0);
      dated.push(custom.get(id) ?? builtIn(id));
    },
    close: (name) => {
      if (name === "cellXfs") inCells = false;
    },
  });
  return dated;
}

interface SheetContext {
  readonly strings: readonly string[];
  readonly dated: readonly Shown[];
  readonly from1904: boolean;
}

async function readSheet(archive: ZipArchive, name: string, context: SheetContext): Promise<string[][]> {
  const rows: string[][] = [];
  let row: string[] = [];
  let column = -1;
  let [kind, style, value] = ["n", -1, ""];
  let inValue = false;
  await parse(archive, name, {
    open: ({ name: tag, attributes }) => {
      if (tag === "row") {
        row = [];
        column = -1;
      } else if (tag === "c") {
        column = placeOf(attributes.r) ?? column + 1;
        [kind, style, value] = [attributes.t ?? "n", Number(attributes.s ?? -1), ""];
      }
      inValue = tag === "v" || tag === "t";
    },
    text: (text) => {
      if (inValue) value += text;
    },
    close: (tag) => {
      if (tag === "v" || tag === "t") inValue = false;
      else if (tag === "c" && value !== "") {
        if (column >= columnsMax)
          throw new JobError("points-import.file-too-large", `a cell beyond column ${columnsMax}`);
        while (row.length < column) row.push("");
        row[column] = cellText(kind, value, context.dated[style] ?? "number", context).trim();
      } else if (tag === "row" && row.some((cell) => cell !== "")) {
        if (rows.length >= rowsMax)
          throw new JobError("points-import.file-too-large", `more than ${rowsMax - 1} lines`);
        rows.push(row);
      }
    },
  });
  return rows;
}

/** Place of a column from 0: `B7` is 1. */
function placeOf(reference: string | undefined): number | undefined {
  const letters = /^[A-Z]{1,3}/.exec(reference ?? "")?.[0];
  if (letters === undefined) return undefined;
  let place = 0;
  for (const letter of letters) place = place * 26 + letter.charCodeAt(0) - 64;
  return place - 1;
}

function cellText(kind: string, value: string, shown: Shown, context: SheetContext): string {
  switch (kind) {
    case "s": {
      const text = context.strings[Number(value)];
      if (text === undefined)
        throw new JobError("points-import.file-unreadable", "a cell names a text that is not there");
      return text;
    }
    case "n": {
      const number = Number(value);
      if (!Number.isFinite(number))
        throw new JobError("points-import.file-unreadable", "a number that is none");
      return shown === "number" ? plainNumber(number) : dateText(number, shown, context);
    }
    case "b":
      return value === "1" ? "true" : "false";
    default:
      // Text beside the cell, the result of a formula, an error such as #N/A, a date in ISO 8601.
      return value;
  }
}

/** What a spreadsheet shows of a number: 15 digits, no exponent. */
function plainNumber(number: number): string {
  const text = number.toPrecision(15);
  if (!text.includes("e")) return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
  if (Math.abs(number) >= 1) return BigInt(Math.round(number)).toString();
  return number.toFixed(20).replace(/\.?0+$/, "");
}

const dayMs = 86_400_000;
/** Day 60 is a 29 February 1900 that never was: days after it are counted from one earlier. */
const epoch1900 = Date.UTC(1899, 11, 30);
const epoch1904 = Date.UTC(1904, 0, 1);

/** A serial number of a day, as it stands on a clock. */
function dateText(serial: number, shown: Shown, { from1904 }: SheetContext): string {
  const wallMs =
    Math.round(serial * 86_400) * 1000 + (from1904 ? epoch1904 : epoch1900 + (serial < 60 ? dayMs : 0));
  const wall = new Date(wallMs);
  if (Number.isNaN(wall.getTime()))
    throw new JobError("points-import.file-unreadable", "a date that is none");
  const text = wall.toISOString();
  if (shown === "clock" && serial < 1) return text.slice(11, 19);
  return wallMs % dayMs === 0 ? text.slice(0, 10) : text.slice(0, 19);
}
