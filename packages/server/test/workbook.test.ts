import { mapHistory, parseCurveFile } from "@energsys/metering";
import { expect, test } from "vitest";
import { isWorkbook, readWorkbook } from "../src/tables/workbook.ts";
import { parts, zip } from "./workbook-file.ts";

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
  expect(await readWorkbook(file)).toEqual([
    ["POD", "", "Adresa"],
    ["Str. Lungă & 4", "70000001", "2026-03-01", "2026-03-01T10:30:00"],
    ["0.3", "0.0015", "1523.4", "7", "x", "true"],
    ["2026-10-25T03:30:00", "1900-01-01", "123456789012345"],
  ]);
});

test("a time of day stands alone, and a sheet that is hidden is not the first", async () => {
  const clock = parts(
    '<row><c s="5"><v>0</v></c><c s="5"><v>0.1354166667</v></c><c s="6"><v>0.5</v></c><c s="5"><v>46082.5</v></c></row>',
  );
  clock["xl/styles.xml"] = clock["xl/styles.xml"]
    .replace("</numFmts>", '<numFmt numFmtId="167" formatCode="hh:mm"/></numFmts>')
    .replace("</cellXfs>", '<xf numFmtId="167"/><xf numFmtId="20"/></cellXfs>');
  const sheet = clock["xl/worksheets/sheet1.xml"];
  clock["xl/workbook.xml"] = clock["xl/workbook.xml"].replace(
    'name="Puncte"',
    'name="Puncte" state="hidden"',
  );
  const files = { ...clock, "xl/worksheets/sheet2.xml": sheet, "xl/worksheets/sheet1.xml": "<worksheet/>" };
  expect(await readWorkbook(zip(files))).toEqual([
    ["00:00:00", "03:15:00", "12:00:00", "2026-03-01T12:00:00"],
  ]);
});

test("a curve in a workbook has both passes of the hour that comes twice, and none of the one that does not come", async () => {
  const quarter = 1 / 96;
  const day = 46320;
  const line = (at: number, nth: number) =>
    `<row><c><v>1</v></c><c s="1"><v>${day}</v></c><c s="5"><v>${at * quarter}</v></c><c><v>0.${nth + 1}</v></c></row>`;
  const autumn = [11, 12, 13, 14, 15, 12, 13, 14, 15, 16];
  const files = parts(autumn.map(line).join(""));
  files["xl/styles.xml"] = files["xl/styles.xml"].replace("</cellXfs>", '<xf numFmtId="20"/></cellXfs>');
  const rows = await readWorkbook(zip(files));
  const columns = { serial: 0, start: 1, clock: 2, value: 3 };
  const curve = parseCurveFile(mapHistory(rows, { kind: "load-curves", columns }), {
    nowMs: Date.UTC(2026, 10, 1),
    zone: "Europe/Bucharest",
  });
  expect(curve).toMatchObject({ refused: [], curves: [{ periodSeconds: 900 }] });
  expect([...curve!.curves[0]!.startsMs].map((ms) => new Date(ms).toISOString().slice(11, 16))).toEqual([
    "23:45",
    "00:00",
    "00:15",
    "00:30",
    "00:45",
    "01:00",
    "01:15",
    "01:30",
    "01:45",
    "02:00",
  ]);
  const spring = parts(
    `<row><c><v>1</v></c><c s="2"><v>${46110 + 13 * quarter}</v></c><c><v>5</v></c></row>`,
  );
  const missing = mapHistory(await readWorkbook(zip(spring)), {
    kind: "load-curves",
    columns: { serial: 0, start: 1, value: 2 },
  });
  expect(parseCurveFile(missing, { nowMs: Date.UTC(2026, 10, 1), zone: "Europe/Bucharest" })).toMatchObject({
    curves: [],
    refused: [{ reason: "time" }],
  });
});

test("a workbook that counts from 1904, and one without texts and styles, are read", async () => {
  const old = parts('<row><c s="1"><v>0</v></c></row>');
  old["xl/workbook.xml"] = old["xl/workbook.xml"].replace("<workbookPr/>", '<workbookPr date1904="1"/>');
  expect(await readWorkbook(zip(old))).toEqual([["1904-01-01"]]);
  const bare: Record<string, string> = parts("<row><c><v>5</v></c></row>");
  delete bare["xl/styles.xml"];
  delete bare["xl/sharedStrings.xml"];
  expect(await readWorkbook(zip(bare, { method: 0 }))).toEqual([["5"]]);
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
    await expect(readWorkbook(file())).rejects.toMatchObject({ code });
  },
  60_000,
);

test("a file that is cut anywhere is refused or read, and nothing else happens", async () => {
  const file = zip(parts(cell("1")));
  for (let length = 0; length < file.length; length += 7)
    await readWorkbook(file.subarray(0, length)).then(
      () => undefined,
      (error: { code?: string }) => expect(error.code).toBe("points-import.file-unreadable"),
    );
});
