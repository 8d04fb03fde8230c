import { expect, test } from "vitest";
import { isWorkbook, readWorkbook } from "../src/tables/workbook.ts";
import { parts, zip } from "./workbook-file.ts";

const zone = "Europe/Bucharest";

test("texts, numbers, dates of the network's clock and results of formulas come as a check reads them", async () => {
  const file = zip(
    parts(`
      <row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="inlineStr"><is><t>Adresa</t></is></c></row>
      <row r="2"/>
      <row r="3"><c r="A3" t="s"><v>1</v></c><c r="B3"><v>70000001</v></c><c r="C3" s="1"><v>46082</v></c><c r="D3" s="2"><v>46082.4375</v></c></row>
      <row r="4"><c r="A4"><v>0.30000000000000004</v></c><c r="B4"><v>1.5E-3</v></c><c r="C4" s="3"><v>1523.4</v></c><c r="D4" s="4"><v>7</v></c><c r="E4" t="str"><f>A1</f><v>x</v></c><c r="F4" t="b"><v>1</v></c></row>
      <row r="5"><c r="A5" s="2"><v>46320.1458333333</v></c><c r="B5" s="1"><v>1</v></c><c r="C5"><v>123456789012345</v></c></row>`),
  );
  expect(isWorkbook(file)).toBe(true);
  expect(await readWorkbook(file, zone)).toEqual([
    ["POD", "", "Adresa"],
    ["Str. Lungă & 4", "70000001", "2026-03-01", "2026-03-01T10:30:00+02:00"],
    ["0.3", "0.0015", "1523.4", "7", "x", "true"],
    // The hour that comes twice in October: its first pass.
    ["2026-10-25T03:30:00+03:00", "1900-01-01", "123456789012345"],
  ]);
});

test("a workbook that counts from 1904, and one without texts and styles, are read", async () => {
  const old = parts('<row><c s="1"><v>0</v></c></row>');
  old["xl/workbook.xml"] = old["xl/workbook.xml"].replace("<workbookPr/>", '<workbookPr date1904="1"/>');
  expect(await readWorkbook(zip(old), zone)).toEqual([["1904-01-01"]]);
  const bare: Record<string, string> = parts("<row><c><v>5</v></c></row>");
  delete bare["xl/styles.xml"];
  delete bare["xl/sharedStrings.xml"];
  expect(await readWorkbook(zip(bare, { method: 0 }), zone)).toEqual([["5"]]);
});

const cell = (value: string, more = "") => `<row><c ${more}><v>${value}</v></c></row>`;
test.each([
  { what: "no archive", file: () => Buffer.from("POD;Adresa\r\n"), code: "points-import.file-unreadable" },
  {
    what: "a ciphered archive",
    file: () => zip(parts(cell("1")), { flags: 1 }),
    code: "points-import.file-unreadable",
  },
  {
    what: "an unknown packing",
    file: () => zip(parts(cell("1")), { method: 9 }),
    code: "points-import.file-unreadable",
  },
  {
    what: "an archive of something else",
    file: () => zip({ "word/document.xml": "<x/>" }),
    code: "points-import.file-unreadable",
  },
  {
    what: "a cut archive",
    file: () => zip(parts(cell("1"))).subarray(0, 300),
    code: "points-import.file-unreadable",
  },
  { what: "broken XML", file: () => zip(parts("<row><c>")), code: "points-import.file-unreadable" },
  {
    what: "entities that grow",
    file: () =>
      zip(
        parts(cell("1"), {
          "xl/sharedStrings.xml": '<!DOCTYPE x [<!ENTITY a "aaaa">]><sst><si><t>&a;</t></si></sst>',
        }),
      ),
    code: "points-import.file-unreadable",
  },
  {
    what: "a text that is not there",
    file: () => zip(parts(cell("9", 't="s"'))),
    code: "points-import.file-unreadable",
  },
  {
    what: "a number that is none",
    file: () => zip(parts(cell("many"))),
    code: "points-import.file-unreadable",
  },
  {
    what: "a cell far to the right",
    file: () => zip(parts(cell("1", 'r="ZZ1"'))),
    code: "points-import.file-too-large",
  },
  {
    what: "a bomb of 500 MB",
    file: () => zip(parts(`<!--${" ".repeat(500 * 1_048_576)}-->`)),
    code: "points-import.file-too-large",
  },
])(
  "$what is refused",
  async ({ file, code }) => {
    await expect(readWorkbook(file(), zone)).rejects.toMatchObject({ code });
  },
  60_000,
);

test("a file that is cut anywhere is refused or read, and nothing else happens", async () => {
  const file = zip(parts(cell("1")));
  for (let length = 0; length < file.length; length += 7)
    await readWorkbook(file.subarray(0, length), zone).then(
      () => undefined,
      (error: { code?: string }) => expect(error.code).toBe("points-import.file-unreadable"),
    );
});
