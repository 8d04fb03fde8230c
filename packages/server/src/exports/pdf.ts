import { fileURLToPath } from "node:url";
import type { Language } from "@energsys/store";
import PDFDocument from "pdfkit";
import { blocksOf, partsOf, type ReportTable, type Row } from "../analysis/table.ts";
import { type CsvCell, formatNumber } from "../csv.ts";
import { word } from "../words.ts";

/** Rows on paper: whoever needs more than this of them wants a spreadsheet. The last line says what is left out. */
export const pdfRowsMax = 2_000;

const fontOf = (weight: "Regular" | "Bold") =>
  fileURLToPath(new URL(`fonts/NotoSans-${weight}.ttf`, import.meta.url));
const margin = 36;
const [titleSize, partSize, textSize, footSize] = [15, 10, 8, 7];
const cellPadding = 3;
const rule = "#767f8a";
const shade = "#eef1f4";
const ink = "#16191d";
const muted = "#4c5560";
/** The widths of columns are taken from so many rows. */
const measuredRows = 200;
const rowsPerTurn = 20;
const knownMax = 10_000;
/** Above so many columns the page lies on its side. */
const uprightColumnsMax = 6;

export interface PdfHead {
  readonly title: string;
  readonly language: Language;
  /** Who takes it out, and when: local time with its offset. */
  readonly takenBy: string;
  readonly takenAt: string;
}

/**
 * A report on A4: title, facts, and the table, with its head on each page and who took it at the foot. Tagged (PDF/UA wants it: ISO 14289-1), with the text
 * of an embedded font, so that it can be searched and read aloud.
 */
export async function* pdfOf(table: ReportTable, head: PdfHead): AsyncGenerator<Buffer> {
  const parts: Part[] = [];
  let taken = 0;
  for (const { title, columns, rows: all } of partsOf(table)) {
    const rows: Row[] = [];
    let left = 0;
    for await (const block of blocksOf(all)) {
      for (const row of block) {
        if (taken < pdfRowsMax) {
          rows.push(row);
          taken++;
        } else left++;
      }
    }
    parts.push({ title, columns, rows, left });
  }
  const columnsMost = Math.max(...parts.map(({ columns }) => columns.length));
  const document = new PDFDocument({
    size: "A4",
    layout: columnsMost > uprightColumnsMax ? "landscape" : "portrait",
    margins: { top: margin, bottom: margin + footSize * 2, left: margin, right: margin },
    bufferPages: true,
    tagged: true,
    lang: head.language,
    displayTitle: true,
    pdfVersion: "1.7",
    info: { Title: head.title, Author: head.takenBy, Creator: "ENERGSys" },
    font: fontOf("Regular"),
  });
  document.registerFont("regular", fontOf("Regular"));
  document.registerFont("bold", fontOf("Bold"));
  await new Sheet(document, table.facts, parts, head).draw();
  document.end();
  yield* document as unknown as AsyncIterable<Buffer>;
}

interface Part {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly CsvCell[])[];
  /** Rows that are left out. */
  readonly left: number;
}

class Sheet {
  readonly #document: PDFKit.PDFDocument;
  readonly #facts: ReportTable["facts"];
  readonly #parts: readonly Part[];
  readonly #head: PdfHead;
  /** Of the part that is drawn. */
  #columns: readonly string[] = [];
  #widths: readonly number[] = [];
  readonly #known = new Map<string, number>();
  #bold = false;
  /** Columns whose cells are numbers stand to the right. */
  #right: readonly boolean[] = [];

  constructor(
    document: PDFKit.PDFDocument,
    facts: ReportTable["facts"],
    parts: readonly Part[],
    head: PdfHead,
  ) {
    this.#document = document;
    this.#facts = facts;
    this.#parts = parts;
    this.#head = head;
  }

  /** Gives way to others from time to time: shaping text takes long. */
  async draw(): Promise<void> {
    const document = this.#document;
    const root = document.struct("Document");
    document.addStructure(root);
    root.add(
      document.struct("H1", {}, () => {
        document.font("bold").fontSize(titleSize).fillColor(ink).text(this.#head.title);
        document.moveDown(0.4);
      }),
    );
    for (const [label, ...values] of this.#facts) {
      root.add(
        document.struct("P", {}, () => {
          document.font("bold").fontSize(textSize).fillColor(muted);
          if (values.length === 0) return document.text(label);
          document.text(`${label}: `, { continued: true });
          document.font("regular").fillColor(ink).text(values.join(" · "));
        }),
      );
    }
    for (const part of this.#parts) await this.#part(root, part);
    root.end();
    this.#foot();
  }

  async #part(root: PDFKit.PDFStructureElement, { title, columns, rows, left }: Part): Promise<void> {
    const document = this.#document;
    this.#columns = columns;
    this.#right = columns.map((_, index) => {
      const filled = rows.find((row) => row[index] !== null && row[index] !== undefined)?.[index];
      return typeof filled === "object" && filled !== null && "decimal" in filled;
    });
    this.#widths = this.#measure(rows);
    document.moveDown(0.8);
    if (title !== "") {
      // A title alone at the foot of a page says nothing.
      if (document.y + 5 * textSize + 2 * partSize > document.page.height - document.page.margins.bottom)
        document.addPage();
      root.add(
        document.struct("H2", {}, () => {
          document.font("bold").fontSize(partSize).fillColor(ink).text(title, margin);
          document.moveDown(0.3);
        }),
      );
    }
    const structure = document.struct("Table");
    root.add(structure);
    this.#line(structure, columns, "TH");
    for (const [index, row] of rows.entries()) {
      if (index % rowsPerTurn === 0) await new Promise((resolve) => setImmediate(resolve));
      this.#line(
        structure,
        row.map((cell) => this.#textOf(cell)),
        "TD",
      );
    }
    structure.end();
    if (left === 0) return;
    root.add(
      document.struct("P", {}, () => {
        document.x = margin;
        document.moveDown(0.5);
        document.font("bold").text(word("rowsLeftOut", this.#head.language, { count: left }));
      }),
    );
  }

  #textOf(cell: CsvCell): string {
    if (cell === null) return "";
    if (typeof cell === "string") return cell;
    if ("day" in cell) return cell.day;
    return "localTime" in cell ? cell.localTime.replace("T", " ") : formatNumber(cell, this.#head.language);
  }

  /** A share of the page for each column, by its widest cell; too wide ones wrap. */
  #measure(rows: readonly (readonly CsvCell[])[]): number[] {
    const document = this.#document;
    const room = document.page.width - 2 * margin;
    const wanted = this.#columns.map((title, index) => {
      document.font("bold").fontSize(textSize);
      // A head may wrap between words; its longest word may not.
      let width = Math.max(...title.split(" ").map((part) => document.widthOfString(part)));
      document.font("regular");
      for (const row of rows.slice(0, measuredRows))
        width = Math.max(width, document.widthOfString(this.#textOf(row[index] ?? null)));
      return width + 2 * cellPadding + 1;
    });
    const sum = wanted.reduce((total, width) => total + width, 0);
    return wanted.map((width) => (width * room) / Math.max(sum, 1));
  }

  #line(structure: PDFKit.PDFStructureElement, cells: readonly string[], tag: "TH" | "TD"): void {
    const document = this.#document;
    this.#set(tag);
    const height = this.#heightOf(cells);
    if (document.y + height > document.page.height - document.page.margins.bottom) {
      document.addPage();
      // The head again is for the eye: whoever hears the table knows it already.
      if (tag === "TD") {
        this.#cells(this.#columns, "TH", (draw) => {
          document.markContent("Artifact", { type: "Layout" });
          draw();
          document.endMarkedContent();
        });
        this.#set(tag);
      }
    }
    const row = document.struct("TR");
    structure.add(row);
    this.#cells(cells, tag, (draw) => {
      row.add(document.struct(tag, {}, draw));
    });
    row.end();
  }

  /** Of a text in the font that is set; the same texts come again and again. */
  #widthOf(text: string): number {
    const key = `${this.#bold ? "b" : "r"}${text}`;
    let width = this.#known.get(key);
    if (width === undefined) {
      width = this.#document.widthOfString(text);
      if (this.#known.size < knownMax) this.#known.set(key, width);
    }
    return width;
  }

  #set(tag: "TH" | "TD"): void {
    this.#bold = tag === "TH";
    this.#document.font(this.#bold ? "bold" : "regular").fontSize(textSize);
  }

  #heightOf(cells: readonly string[]): number {
    const document = this.#document;
    const line = document.currentLineHeight(true);
    let lines = line;
    for (const [index, text] of cells.entries()) {
      const width = (this.#widths[index] ?? 0) - 2 * cellPadding;
      if (text !== "" && this.#widthOf(text) > width)
        lines = Math.max(lines, document.heightOfString(text, { width }));
    }
    return lines + 2 * cellPadding;
  }

  #cells(cells: readonly string[], tag: "TH" | "TD", place: (draw: () => void) => void): void {
    const document = this.#document;
    this.#set(tag);
    const height = this.#heightOf(cells);
    const top = document.y;
    const across = document.page.width - 2 * margin;
    document.markContent("Artifact", { type: "Layout" });
    if (tag === "TH") document.rect(margin, top, across, height).fill(shade);
    document
      .moveTo(margin, top + height)
      .lineTo(margin + across, top + height)
      .lineWidth(tag === "TH" ? 0.8 : 0.25)
      .stroke(rule);
    document.endMarkedContent();
    document.fillColor(ink);
    let x = margin;
    for (const [index, text] of cells.entries()) {
      const width = this.#widths[index] ?? 0;
      const at = x;
      const room = width - 2 * cellPadding;
      const itself = this.#widthOf(text);
      const right = this.#right[index] ?? false;
      place(() => {
        if (itself > room)
          document.text(text, at + cellPadding, top + cellPadding, {
            width: room,
            align: right ? "right" : "left",
          });
        // One line needs no wrapping, which is most of the work.
        else
          document.text(text, at + cellPadding + (right ? room - itself : 0), top + cellPadding, {
            lineBreak: false,
          });
      });
      x += width;
    }
    document.x = margin;
    document.y = top + height;
  }

  /** Who, when, which page of how many: below each page, and no part of the text. */
  #foot(): void {
    const document = this.#document;
    const { count } = document.bufferedPageRange();
    const { takenBy, takenAt, language } = this.#head;
    for (let page = 0; page < count; page++) {
      document.switchToPage(page);
      const { bottom } = document.page.margins;
      // Text below the margin would start another page.
      document.page.margins.bottom = 0;
      const y = document.page.height - margin;
      const width = document.page.width - 2 * margin;
      document.markContent("Artifact", { type: "Pagination" });
      document.font("regular").fontSize(footSize).fillColor(muted);
      document.text(word("takenOut", language, { who: takenBy, when: takenAt }), margin, y, {
        width,
        lineBreak: false,
      });
      document.text(word("pageOf", language, { page: page + 1, pages: count }), margin, y, {
        width,
        align: "right",
        lineBreak: false,
      });
      document.endMarkedContent();
      document.page.margins.bottom = bottom;
    }
  }
}
