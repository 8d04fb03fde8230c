import {
  type CsvCell,
  csvOf,
  decimal,
  localTime,
  pdfOf,
  type ReportTable,
  whole,
  xlsxOf,
} from "@energsys/server/exports";

/** Writes one report to nowhere, in a process of its own, and says how long it took and how much memory it had at most. */
const [format = "csv", rows = "1000000"] = process.argv.slice(2);

function* intervals(count: number): Generator<CsvCell[]> {
  const startMs = Date.UTC(2026, 0, 1);
  for (let nth = 0; nth < count; nth++) {
    yield [
      localTime(new Date(startMs + nth * 900_000).toISOString().slice(0, 19)),
      "UTC+02:00",
      decimal(`${nth % 40}.${String((nth * 7919) % 1000).padStart(3, "0")}`),
      "măsurat",
      decimal(`${nth % 13}.${String((nth * 104_729) % 1000).padStart(3, "0")}`),
      "estimat",
      whole(nth),
      `RO001E${String(33_402_260 + (nth % 10)).padStart(9, "0")}`,
    ];
  }
}

const table: ReportTable = {
  name: "bench",
  title: "Curbă de sarcină",
  facts: [["Fus orar", "Europe/Bucharest"]],
  columns: [
    "Început interval",
    "Decalaj UTC",
    "A+ [kWh]",
    "Calitate",
    "R+ [kvarh]",
    "Calitate",
    "Nr.",
    "POD",
  ],
  rows: intervals(Number(rows)),
};
const head = { title: table.title, language: "ro", takenBy: "bench", takenAt: "2026-11-26 22:00" } as const;
const writers = {
  csv: () => csvOf(table, "ro"),
  xlsx: () => xlsxOf(table, "ro"),
  pdf: () => pdfOf(table, head),
};

const start = performance.now();
let bytes = 0;
for await (const part of writers[format as keyof typeof writers]()) bytes += Buffer.byteLength(part);
const seconds = (performance.now() - start) / 1000;
process.stdout.write(
  `${JSON.stringify({ seconds, bytes, memoryBytes: process.resourceUsage().maxRSS * 1024 })}\n`,
);
