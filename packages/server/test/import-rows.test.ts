import { expect, test } from "vitest";
import { guessMapping } from "../src/points-imports/columns.ts";
import { checkRows, type RowFault } from "../src/points-imports/rows.ts";
import { readTable } from "../src/points-imports/table-file.ts";

const anywhere: Parameters<typeof checkRows>[2] = {
  fixes: new Map(),
  zone: "Europe/Bucharest",
  nowMs: Date.UTC(2026, 10, 1),
  isAllowed: () => true,
};
const head =
  "POD;Denumire;Adresă;Rețea;Faze;Putere aprobată (kW);Serie contor;Producător;Tip contor;Data montării;CT;URL";
const line = (cells: Partial<Record<number, string>> = {}, pod = "RO001EMO0000001", serial = "77001") =>
  [
    pod,
    "Popescu Ion",
    "Str. Lungă 4",
    "Argeș / PT 12",
    "1",
    "6,5",
    serial,
    "ISK",
    "iskra-me162",
    "01.03.2026",
    "20",
    "iec62056-21+tcp://10.0.0.5:8000",
  ]
    .map((cell, at) => cells[at] ?? cell)
    .join(";");

async function check(lines: readonly string[], options: Partial<Parameters<typeof checkRows>[2]> = {}) {
  const table = readTable([head, ...lines].join("\r\n"));
  return checkRows(table.rows, guessMapping(table.header), { ...anywhere, ...options });
}

test("a file with Romanian heads becomes points: comma, dotted date at midnight of the market, branch of several levels", async () => {
  const { checked, faults } = await check([line()]);
  expect(faults).toEqual([]);
  expect(checked).toEqual([
    {
      row: 1,
      given: new Set([
        "pod",
        "name",
        "address",
        "branch",
        "phases",
        "approvedPower",
        "serial",
        "manufacturer",
        "model",
        "installedAt",
        "ctRatio",
        "url",
      ]),
      point: {
        pod: "RO001EMO0000001",
        name: "Popescu Ion",
        address: "Str. Lungă 4",
        branch: ["Argeș", "PT 12"],
        phases: 1,
        direction: "import",
        approvedPowerW: 6_500,
        meter: { serial: "77001", manufacturer: "ISK", model: "iskra-me162", phases: 1 },
        installedAt: "2026-02-28T22:00:00.000Z",
        ctRatio: "20",
        device: {
          identity: "77001",
          model: "iskra-me162",
          url: "iec62056-21+tcp://10.0.0.5:8000",
          direction: "dial",
        },
      },
    },
  ]);
});

test.each<[string, Partial<Record<number, string>>, Omit<RowFault, "row">]>([
  [
    "a blank in the code",
    { 0: "RO001 EMO12" },
    { column: "pod", code: "blank-inside", value: "RO001 EMO12", proposal: "RO001EMO12" },
  ],
  ["no address", { 2: "" }, { column: "address", code: "missing", value: "", proposal: null }],
  [
    "a model that is written another way",
    { 8: "Iskra ME 162" },
    { column: "model", code: "unknown-model", value: "Iskra ME 162", proposal: "iskra-me162" },
  ],
  [
    "a model that nobody knows",
    { 8: "Ferraris 1" },
    { column: "model", code: "unknown-model", value: "Ferraris 1", proposal: null },
  ],
  [
    "a power with its unit",
    { 5: "6,5 kW" },
    { column: "approvedPower", code: "no-number", value: "6,5 kW", proposal: "6.5" },
  ],
  [
    "a day that is in no calendar",
    { 9: "31.02.2026" },
    { column: "installedAt", code: "no-date", value: "31.02.2026", proposal: null },
  ],
  ["two phases", { 4: "2" }, { column: "phases", code: "unknown-word", value: "2", proposal: null }],
  [
    "an address of a device that is none",
    { 11: "10.0.0.5" },
    { column: "url", code: "no-url", value: "10.0.0.5", proposal: null },
  ],
  [
    "a password in the address, which is not repeated",
    { 11: "dlms+tcp://10.0.0.5:4059?password=geheim" },
    { column: "url", code: "secret-inside", value: "dlms+tcp://10.0.0.5:4059", proposal: null },
  ],
])("%s is a fault with its cell and, where it is plain, what it could be", async (_, cells, fault) => {
  const { checked, faults } = await check([line(cells)]);
  expect(checked).toEqual([]);
  expect(faults).toEqual([{ row: 1, ...fault }]);
});

test("what stands twice is told at the second, with the line of the first", async () => {
  const { checked, faults } = await check([
    line(),
    line({}, "RO001EMO0000001", "77002"),
    line({}, "RO001EMO0000003", "77001"),
  ]);
  expect(checked.map(({ row }) => row)).toEqual([1]);
  expect(faults).toEqual([
    { row: 2, column: "pod", code: "twice", value: "RO001EMO0000001 (1)", proposal: null },
    { row: 3, column: "serial", code: "twice", value: "77001 (1)", proposal: null },
  ]);
});

test("a corrected cell counts in place of the file's", async () => {
  const { checked, faults } = await check([line({ 8: "Ferraris 1" })], {
    fixes: new Map([[1, { model: "iskra-me162" }]]),
  });
  expect(faults).toEqual([]);
  expect(checked[0]?.point.meter.model).toBe("iskra-me162");
});

test("an address that nobody may call is a fault of its line", async () => {
  const { faults } = await check([line()], {
    isAllowed: (host, port) => !(host === "10.0.0.5" && port === 8000),
  });
  expect(faults).toMatchObject([{ column: "url", code: "not-allowed" }]);
});

test("a head that two columns could be is taken once, and the delimiter is the one of the first line", () => {
  expect(guessMapping(["Serie", "contor", "pod", "x"])).toEqual({ pod: 2, serial: 0 });
  expect(readTable('a,"b;c",d\n1,2,3').header).toEqual(["a", "b;c", "d"]);
  expect(readTable("a\tb\n1\t2").delimiter).toBe("\t");
});

test.each([
  ["an open quote", 'pod;name\n"RO1;Ana', "points-import.file-unreadable"],
  ["a head alone", "pod;name\n", "points-import.file-empty"],
  ["nothing", "", "points-import.file-empty"],
])("%s is no table", (_, text, code) => {
  expect(() => readTable(text)).toThrow(expect.objectContaining({ code }));
});

test.each([
  ["2026-03-01 10:00", "2026-03-01T08:00:00.000Z", null],
  ["1.3.2026 10:00:30", "2026-03-01T08:00:30.000Z", null],
  ["2026-03-01T10:00:00", "2026-03-01T08:00:00.000Z", null],
  // An hour that does not come, one that comes twice, a number by which a spreadsheet counts days.
  ["29.03.2026 03:30", undefined, null],
  ["25.10.2025 03:30", "2025-10-25T00:30:00.000Z", null],
  ["26.10.2025 03:30", undefined, null],
  ["46082", undefined, "2026-03-01"],
  ["460", undefined, null],
])("installed %s", async (text, installedAt, proposal) => {
  const { rows, header } = readTable([head, line({ 9: text })].join("\n"));
  const { checked, faults } = await checkRows(rows, guessMapping(header), anywhere);
  expect(checked[0]?.point.installedAt).toBe(installedAt);
  if (installedAt === undefined)
    expect(faults).toMatchObject([{ column: "installedAt", code: "no-date", proposal }]);
});

test("a number with its thousands marked has a proposal", async () => {
  const { rows, header } = readTable([head, line({ 5: "1.234,5 kW" })].join("\n"));
  expect((await checkRows(rows, guessMapping(header), anywhere)).faults).toMatchObject([
    { column: "approvedPower", code: "no-number", proposal: "1234.5" },
  ]);
});

test.each([
  ["semicolons", `Lista punctelor 2026\n;;;\n${head}\n${line()}`],
  ["commas", `Lista\n${head.replaceAll(";", ",")}\n${line({ 5: "6.5" }).replaceAll(";", ",")}`],
])("a title above the head of a table with %s is none of its lines", async (_name, text) => {
  const { header, rows } = readTable(text);
  expect([header[0], rows.length]).toEqual(["POD", 1]);
  expect((await checkRows(rows, guessMapping(header), anywhere)).faults).toEqual([]);
});
