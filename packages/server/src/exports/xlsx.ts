import type { Language } from "@energsys/store";
import { partsOf, type ReportTable, type Row, RowReader, type TablePart } from "../analysis/table.ts";
import type { CsvCell } from "../csv.ts";
import { word } from "../words.ts";
import { TextBytes } from "./text-bytes.ts";
import { type ZipEntry, zipOf } from "./zip.ts";

export const xlsxMedia = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/** Rows of a sheet, its head included (ECMA-376 leaves it open; every spreadsheet has this one). */
const sheetRowsMax = 1_048_576;
/** Characters of a cell. */
const textMax = 32_767;
/** More significant digits than a spreadsheet keeps: such a number stays text, or it would be another one. */
const digitsMax = 15;
const decimalsMax = 6;
/** 31 less a blank and a number. */
const sheetNameMax = 27;
/** Bytes that are packed at once: each time is a way to another thread and back. */
const chunkBytes = 262_144;
/** Texts that are written once and named by number afterwards; further ones stand in their cells. */
const sharedTextsMax = 10_000;
/** The widths of columns are taken from so many rows. */
const measuredRows = 100;
const [widthMin, widthMax] = [8, 60];

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
const relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/** Styles by their place in styles.xml: 0 text, 1 head, 2 local time, 3 day, then numbers by how many decimals they have. */
const styles = { head: 1, time: 2, day: 3, number: 4 } as const;

/**
 * A report as a workbook, written as its rows come: a sheet with a frozen head and filters (further ones when it is longer than a sheet
 * may be), and one that says what it is. Local times are dates with their offset in a column beside: a spreadsheet knows no zones.
 */
export const xlsxOf = (table: ReportTable, language: Language): AsyncGenerator<Buffer> =>
  zipOf(entriesOf(table, language));

async function* entriesOf(table: ReportTable, language: Language): AsyncGenerator<ZipEntry> {
  // Sheets are what an .xml is unless it is said otherwise: how many there will be is not known yet.
  yield plain("[Content_Types].xml", contentTypes);
  yield plain(
    "_rels/.rels",
    `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  );
  yield plain("xl/styles.xml", stylesXml);
  const names: string[] = [];
  const texts = new SharedTexts();
  for (const part of partsOf(table)) {
    const rows = new RowReader(part.rows);
    let pending = await take(rows, measuredRows);
    let nth = 0;
    do {
      nth++;
      names.push(sheetName(part.title || word("values", language), nth, names));
      const sheet = { part, first: pending, rest: rows, left: [] as Row[] };
      yield { name: `xl/worksheets/sheet${names.length}.xml`, chunks: sheetOf(sheet, texts) };
      pending = sheet.left;
    } while (pending.length > 0);
  }
  names.push(sheetName(word("about", language), 1, names));
  yield { name: `xl/worksheets/sheet${names.length}.xml`, chunks: factsOf(table, texts) };
  yield { name: "xl/sharedStrings.xml", chunks: texts.xml() };
  yield plain("xl/workbook.xml", workbookOf(names));
  yield plain("xl/_rels/workbook.xml.rels", workbookRelations(names.length));
}

/** A spreadsheet takes 31 characters, without some of them, and no name twice. */
function sheetName(title: string, nth: number, taken: readonly string[]): string {
  const bare = title.replaceAll(/[[\]:*?/\\]/g, " ").slice(0, sheetNameMax);
  for (let number = nth; ; number++) {
    const name = number === 1 ? bare : `${bare} ${number}`;
    if (!taken.includes(name)) return name;
  }
}

const plain = (name: string, xml: string): ZipEntry => ({ name, chunks: [Buffer.from(declaration + xml)] });

async function take(rows: RowReader, count: number): Promise<Row[]> {
  const taken: Row[] = [];
  while (taken.length < count) {
    const row = rows.next() ?? (await rows.later());
    if (!row) break;
    taken.push(row);
  }
  return taken;
}

interface Sheet {
  readonly part: TablePart;
  readonly first: readonly Row[];
  readonly rest: RowReader;
  /** The row that did not fit any more. */
  left: Row[];
}

async function* sheetOf(sheet: Sheet, texts: SharedTexts): AsyncGenerator<Buffer> {
  const { part, first, rest } = sheet;
  const bytes = new TextBytes(chunkBytes, "until-next");
  bytes.add(
    `${declaration}<worksheet ${main}>${onePageWide}<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>${widthsOf(part.columns, first)}<sheetData>`,
  );
  const rows = new SheetRows(bytes, texts);
  rows.add(part.columns, styles.head);
  for (const cells of first) rows.add(cells);
  for (;;) {
    const cells = rest.next() ?? (await rest.later());
    if (!cells) break;
    if (rows.count === sheetRowsMax) {
      sheet.left = [cells];
      break;
    }
    rows.add(cells);
    if (bytes.length >= chunkBytes) yield bytes.take();
  }
  const last = columnName(Math.max(0, part.columns.length - 1));
  bytes.add(
    `</sheetData><autoFilter ref="A1:${last}${rows.count}"/>${printOf(part.columns.length)}</worksheet>`,
  );
  yield bytes.take();
}

const onePageWide = '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>';
/** Above so many columns the page lies on its side. */
const uprightColumnsMax = 6;

/** On paper: A4, as wide as a page and as many pages as it takes, each with the sheet's name and its number. */
const printOf = (columns: number): string =>
  `<pageMargins left="0.5" right="0.5" top="0.75" bottom="0.6" header="0.3" footer="0.3"/><pageSetup paperSize="9" fitToHeight="0" orientation="${columns > uprightColumnsMax ? "landscape" : "portrait"}"/><headerFooter><oddHeader>&amp;L&amp;A</oddHeader><oddFooter>&amp;L&amp;F&amp;R&amp;P / &amp;N</oddFooter></headerFooter>`;

function* factsOf({ facts }: ReportTable, texts: SharedTexts): Generator<Buffer> {
  const bytes = new TextBytes(chunkBytes, "until-next");
  bytes.add(`${declaration}<worksheet ${main}>${onePageWide}${widthsOf([], facts)}<sheetData>`);
  const rows = new SheetRows(bytes, texts);
  for (const fact of facts) rows.add(fact, 0, styles.head);
  bytes.add(`</sheetData>${printOf(0)}</worksheet>`);
  yield bytes.take();
}

/** Rows of one sheet. Most cells are the very one above them, and are written but for their place as that one is. */
class SheetRows {
  readonly #bytes: TextBytes;
  readonly #texts: SharedTexts;
  readonly #clock = new SpreadsheetClock();
  readonly #letters: string[] = [];
  readonly #above: CsvCell[] = [];
  /** What follows the place of the cell above. */
  readonly #made: string[] = [];
  count = 0;

  constructor(bytes: TextBytes, texts: SharedTexts) {
    this.#bytes = bytes;
    this.#texts = texts;
  }

  /** @param style of its texts, and of the first one when that has its own */
  add(cells: Row, style = 0, firstStyle = style): void {
    const isUsual = style === 0 && firstStyle === 0;
    const bytes = this.#bytes;
    const number = String(++this.count);
    bytes.add('<row r="');
    bytes.add(number);
    bytes.add('">');
    for (let column = 0; column < cells.length; column++) {
      const cell = cells[column];
      if (cell === null || cell === undefined || cell === "") continue;
      this.#letters[column] ??= `<c r="${columnName(column)}`;
      bytes.add(this.#letters[column]!);
      bytes.add(number);
      if (!isUsual) {
        bytes.add(this.#cell(cell, column === 0 ? firstStyle : style));
        continue;
      }
      if (this.#above[column] !== cell) {
        this.#above[column] = cell;
        this.#made[column] = this.#cell(cell, 0);
      }
      bytes.add(this.#made[column]!);
    }
    bytes.add("</row>");
  }

  #cell(cell: CsvCell & {}, style: number): string {
    if (typeof cell === "string") return this.#text(cell, style);
    if ("localTime" in cell) return `" s="${styles.time}"><v>${this.#clock.serialOf(cell.localTime)}</v></c>`;
    if ("day" in cell)
      return `" s="${styles.day}"><v>${this.#clock.serialOf(`${cell.day}T00:00:00`)}</v></c>`;
    return this.#number(cell.decimal);
  }

  #text(text: string, style: number): string {
    const styled = style === 0 ? "" : ` s="${style}"`;
    const number = this.#texts.numberOf(text);
    if (number === undefined) return `"${styled} t="inlineStr"><is>${textXml(text)}</is></c>`;
    return `"${styled} t="s"><v>${number}</v></c>`;
  }

  #number(text: string): string {
    const isExact = text.length <= digitsMax || text.replace(/^-?0*\.?0*|\./g, "").length <= digitsMax;
    if (!isExact) return this.#text(text, 0);
    const point = text.indexOf(".");
    const decimals = point < 0 ? 0 : Math.min(text.length - point - 1, decimalsMax);
    return `" s="${styles.number + decimals}"><v>${text}</v></c>`;
  }
}

/** Texts of a report are mostly the same again and again: each is written once, and the file that is to be packed is half as long. */
class SharedTexts {
  readonly #numbers = new Map<string, number>();

  /** Nothing when there are too many different ones: it stands in its cell then. */
  numberOf(text: string): number | undefined {
    const known = this.#numbers.get(text);
    if (known !== undefined || this.#numbers.size === sharedTextsMax) return known;
    const number = this.#numbers.size;
    this.#numbers.set(text, number);
    return number;
  }

  *xml(): Generator<Buffer> {
    const bytes = new TextBytes(chunkBytes, "until-next");
    bytes.add(`${declaration}<sst ${main} uniqueCount="${this.#numbers.size}">`);
    for (const text of this.#numbers.keys()) {
      bytes.add(`<si>${textXml(text)}</si>`);
      if (bytes.length >= chunkBytes) yield bytes.take();
    }
    bytes.add("</sst>");
    yield bytes.take();
  }
}

/** Times on the wall as spreadsheets count them. Those of a report are those of its intervals: each time of day is worked out once. */
class SpreadsheetClock {
  readonly #partsOfDay = new Map<string, string>();
  #lastDay = { date: "", serial: 0 };

  /** `2026-10-25T03:15:00` as days since 1899-12-30. */
  serialOf(local: string): string {
    const [date, time] = [local.slice(0, 10), local.slice(11, 19)];
    if (date !== this.#lastDay.date)
      this.#lastDay = { date, serial: Date.parse(`${date}T00:00:00Z`) / 86_400_000 + serialOf1970 };
    let part = this.#partsOfDay.get(time);
    if (part === undefined) {
      const [hour = 0, minute = 0, second = 0] = time.split(":").map(Number);
      const seconds = hour * 3600 + minute * 60 + second;
      part = seconds === 0 ? "" : (seconds / 86_400).toFixed(partDigits).replace(/^0|0+$/g, "");
      this.#partsOfDay.set(time, part);
    }
    return `${this.#lastDay.serial}${part}`;
  }
}

/** Digits of a part of a day: LibreOffice cuts what is shown, and with 8 of them two o'clock was 01:59:59. */
const partDigits = 11;

/** 1970-01-01 in days since 1899-12-30. */
const serialOf1970 = 25_569;

const textXml = (text: string): string => `<t xml:space="preserve">${escaped(text)}</t>`;

const special = /[&<>\ufffe\uffff]|(?![\t\n])\p{Cc}|\p{Cs}|_x[0-9A-Fa-f]{4}_/gu;

/** Text of a cell. What XML cannot hold is written as `_xHHHH_`, and text that looks so is kept from being taken for it (ECMA-376, 22.9.2.19). */
function escaped(text: string): string {
  return text.slice(0, textMax).replace(special, (found) => {
    if (found === "&") return "&amp;";
    if (found === "<") return "&lt;";
    if (found === ">") return "&gt;";
    if (found.length > 1) return `_x005F${found.slice(0, -1)}_`;
    return `_x${found.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}_`;
  });
}

/** A, B, … Z, AA, … */
export function columnName(index: number): string {
  let name = "";
  for (let left = index; left >= 0; left = Math.floor(left / 26) - 1)
    name = String.fromCharCode(65 + (left % 26)) + name;
  return name;
}

const textOf = (cell: CsvCell): string =>
  cell === null
    ? ""
    : typeof cell === "string"
      ? cell
      : "localTime" in cell
        ? cell.localTime
        : "day" in cell
          ? cell.day
          : cell.decimal;

function widthsOf(columns: readonly string[], rows: readonly Row[]): string {
  const count = Math.max(columns.length, ...rows.map((row) => row.length), 0);
  if (count === 0) return "";
  const widths = Array.from({ length: count }, (_, index) => {
    const longest = Math.max(
      columns[index]?.length ?? 0,
      ...rows.map((row) => textOf(row[index] ?? null).length),
    );
    return Math.min(widthMax, Math.max(widthMin, longest + 2));
  });
  return `<cols>${widths.map((width, index) => `<col min="${index + 1}" max="${index + 1}" width="${width}" customWidth="1"/>`).join("")}</cols>`;
}

const contentTypes =
  '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>';

const firstFormat = 166;
const numberFormats = Array.from({ length: decimalsMax + 1 }, (_, decimals) =>
  decimals === 0 ? "#,##0" : `#,##0.${"0".repeat(decimals)}`,
);
const stylesXml = [
  `<styleSheet ${main}><numFmts count="${numberFormats.length + 2}"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/><numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd"/>`,
  ...numberFormats.map((code, index) => `<numFmt numFmtId="${firstFormat + index}" formatCode="${code}"/>`),
  '</numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>',
  '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>',
  '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>',
  '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>',
  `<cellXfs count="${styles.number + numberFormats.length}"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>`,
  '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>',
  '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>',
  '<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>',
  ...numberFormats.map(
    (_, index) =>
      `<xf numFmtId="${firstFormat + index}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>`,
  ),
  "</cellXfs>",
  '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
].join("");

/** Each sheet but the last, which says what the report is, has its head again on every page. */
const workbookOf = (names: readonly string[]): string =>
  `<workbook ${main} xmlns:r="${relations}"><sheets>${names
    .map((name, index) => `<sheet name="${escaped(name)}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`)
    .join("")}</sheets><definedNames>${names
    .slice(0, -1)
    .map(
      (name, index) =>
        `<definedName name="_xlnm.Print_Titles" localSheetId="${index}">'${escaped(name.replaceAll("'", "''"))}'!$1:$1</definedName>`,
    )
    .join("")}</definedNames></workbook>`;

const workbookRelations = (sheets: number): string =>
  `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${Array.from(
    { length: sheets },
    (_, index) =>
      `<Relationship Id="rId${index + 1}" Type="${relations}/worksheet" Target="worksheets/sheet${index + 1}.xml"/>`,
  ).join(
    "",
  )}<Relationship Id="rId${sheets + 1}" Type="${relations}/styles" Target="styles.xml"/><Relationship Id="rId${sheets + 2}" Type="${relations}/sharedStrings" Target="sharedStrings.xml"/></Relationships>`;
