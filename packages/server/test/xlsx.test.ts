import { inflateRawSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { ReportTable } from "../src/analysis/table.ts";
import { type CsvCell, dayCell, decimal, localTime, whole } from "../src/csv.ts";
import { columnName, xlsxOf } from "../src/exports/xlsx.ts";

/** The files of an archive, read by its central directory: sizes and places are what a reader goes by. */
function filesIn(archive: Buffer): Map<string, string> {
  const end = archive.length - 22;
  expect(archive.readUInt32LE(end)).toBe(0x06054b50);
  const files = new Map<string, string>();
  let at = archive.readUInt32LE(end + 16);
  for (let nth = 0; nth < archive.readUInt16LE(end + 10); nth++) {
    expect(archive.readUInt32LE(at)).toBe(0x02014b50);
    const [packed, size, nameLength, offset] = [20, 24, 28, 42].map((place) =>
      place === 28 ? archive.readUInt16LE(at + place) : archive.readUInt32LE(at + place),
    ) as [number, number, number, number];
    const name = archive.subarray(at + 46, at + 46 + nameLength).toString();
    const start = offset + 30 + archive.readUInt16LE(offset + 26) + archive.readUInt16LE(offset + 28);
    const bytes = inflateRawSync(archive.subarray(start, start + packed));
    expect(bytes.length).toBe(size);
    files.set(name, bytes.toString("utf8"));
    at += 46 + nameLength;
  }
  return files;
}

const tableOf = (columns: readonly string[], rows: readonly (readonly CsvCell[])[]): ReportTable => ({
  name: "t",
  title: "T",
  facts: [["Zone", "Europe/Bucharest"]],
  columns,
  rows,
});

async function workbook(table: ReportTable): Promise<Map<string, string>> {
  const parts: Buffer[] = [];
  for await (const part of xlsxOf(table, "ro")) parts.push(part);
  return filesIn(Buffer.concat(parts));
}

/** Cells of a sheet by their place: the number as it stands, or the text as ECMA-376 says that it is meant, in the cell or shared. */
function cellsIn(files: ReadonlyMap<string, string>, sheet: number): Map<string, string> {
  const meant = (text: string) =>
    text
      .replaceAll("&lt;", "<")
      .replaceAll("&gt;", ">")
      .replaceAll("&amp;", "&")
      .replace(/_x([0-9A-F]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  const shared = [...files.get("xl/sharedStrings.xml")!.matchAll(/<si><t[^>]*>([^<]*)<\/t><\/si>/g)];
  const cells = /<c r="([A-Z]+\d+)"([^>]*)>(?:<v>([^<]*)<\/v>|<is><t[^>]*>([^<]*)<\/t><\/is>)<\/c>/g;
  const found = [...files.get(`xl/worksheets/sheet${sheet}.xml`)!.matchAll(cells)];
  return new Map(
    found.map(([, place = "", type = "", value = "", text = ""]) => {
      if (type.includes('t="s"')) return [place, meant(shared[Number(value)]![1]!)];
      return [place, type.includes('t="inlineStr"') ? meant(text) : value];
    }),
  );
}

test("a day is a date, without a time of day", async () => {
  const files = await workbook(tableOf(["Zi"], [[dayCell("2026-10-25")]]));
  const sheet = files.get("xl/worksheets/sheet1.xml")!;
  expect(sheet).toContain('<c r="A2" s="3"><v>46320</v></c>');
  const formats = files.get("xl/styles.xml")!;
  expect([...formats.matchAll(/<xf numFmtId="(\d+)"[^>]*xfId="0"/g)].map(([, id]) => id)[3]).toBe("165");
  expect(formats).toContain('<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd"/>');
});

test("numbers are exact, times are dates on the wall, missing is no cell, and the head is frozen", async () => {
  const files = await workbook(
    tableOf(
      ["Început", "Decalaj", "kWh"],
      [
        [localTime("2026-03-29T02:45:00"), "UTC+02:00", decimal("0.405")],
        [localTime("2026-03-29T04:00:00"), "UTC+03:00", null],
        [localTime("2026-10-25T00:00:00"), "UTC+03:00", whole(0)],
        [null, null, decimal("12345678901234567.5")],
      ],
    ),
  );
  expect([...files.keys()]).toEqual([
    "[Content_Types].xml",
    "_rels/.rels",
    "xl/styles.xml",
    "xl/worksheets/sheet1.xml",
    "xl/worksheets/sheet2.xml",
    "xl/sharedStrings.xml",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
  ]);
  const sheet = files.get("xl/worksheets/sheet1.xml")!;
  expect(Object.fromEntries(cellsIn(files, 1))).toEqual({
    A1: "Început",
    B1: "Decalaj",
    C1: "kWh",
    // To the microsecond: LibreOffice cuts what it shows.
    A2: "46110.11458333333",
    B2: "UTC+02:00",
    C2: "0.405",
    A3: "46110.16666666667",
    B3: "UTC+03:00",
    A4: "46320",
    B4: "UTC+03:00",
    C4: "0",
    // A spreadsheet would make another number of it.
    C5: "12345678901234567.5",
  });
  expect(sheet).toContain('<c r="C5" t="s">');
  expect(sheet).toContain('<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>');
  expect(sheet).toMatch(
    /^[^>]*>\s*<worksheet[^>]*><sheetPr><pageSetUpPr fitToPage="1"\/><\/sheetPr>.*<autoFilter ref="A1:C5"\/><pageMargins .*<pageSetup paperSize="9" fitToHeight="0" orientation="portrait"\/>/,
  );
  expect(files.get("xl/workbook.xml")).toContain(
    '<definedNames><definedName name="_xlnm.Print_Titles" localSheetId="0">\'Valori\'!$1:$1</definedName></definedNames>',
  );
  expect(cellsIn(files, 2).get("B1")).toBe("Europe/Bucharest");
  expect(files.get("xl/workbook.xml")).toContain('<sheet name="Valori" sheetId="1" r:id="rId1"/>');
});

test("any text comes back as it was, whatever is in it", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: "binary", minLength: 1, maxLength: 40 }), { minLength: 1, maxLength: 20 }),
      async (texts) => {
        const awkward = ["=1+1", "_x0041_", "a\u0000b", "]]>", "\ud800", "ș ț", ...texts];
        const files = await workbook(
          tableOf(
            ["t"],
            awkward.map((text) => [text]),
          ),
        );
        const cells = cellsIn(files, 1);
        expect(awkward.map((_, index) => cells.get(`A${index + 2}`))).toEqual(awkward);
      },
    ),
    { numRuns: 100 },
  );
});

test("of more different texts than are remembered each is there, too", async () => {
  const texts = Array.from({ length: 10_050 }, (_, nth) => `text ${nth}`);
  const files = await workbook(
    tableOf(
      ["t"],
      texts.map((text) => [text]),
    ),
  );
  const cells = cellsIn(files, 1);
  expect(texts.map((_, index) => cells.get(`A${index + 2}`))).toEqual(texts);
  expect(files.get("xl/worksheets/sheet1.xml")).toContain('t="inlineStr"');
});

test("columns are named as spreadsheets name them", () => {
  expect([0, 25, 26, 51, 52, 701, 702, 16_383].map(columnName)).toEqual([
    "A",
    "Z",
    "AA",
    "AZ",
    "BA",
    "ZZ",
    "AAA",
    "XFD",
  ]);
});
