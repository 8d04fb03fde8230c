import { inflateSync } from "node:zlib";
import { expect, test } from "vitest";
import type { ReportTable } from "../src/analysis/table.ts";
import { type CsvCell, decimal, localTime } from "../src/csv.ts";
import { pdfOf, pdfRowsMax } from "../src/exports/pdf.ts";
import { ofRole, readPaper } from "./paper.ts";

async function paper(rows: readonly (readonly CsvCell[])[]): Promise<Buffer> {
  const table: ReportTable = {
    name: "t",
    title: "Curbă de sarcină – Țițești",
    facts: [["Fus orar", "Europe/Bucharest"]],
    columns: ["Început interval", "A+ [kWh]", "Calitate"],
    rows,
  };
  const parts: Buffer[] = [];
  const head = { title: table.title, language: "ro", takenBy: "ana", takenAt: "2026-11-26 22:20" } as const;
  for await (const part of pdfOf(table, head)) parts.push(part);
  return Buffer.concat(parts);
}

/** The streams of a file, unpacked; what is not text among them stays as it is. */
function streamsOf(file: Buffer): string[] {
  const streams: string[] = [];
  for (let at = file.indexOf("stream\n"); at >= 0; at = file.indexOf("stream\n", at + 7)) {
    if (file.toString("latin1", at - 3, at) === "end") continue;
    const end = file.indexOf("endstream", at);
    try {
      streams.push(inflateSync(file.subarray(at + 7, end)).toString("latin1"));
    } catch {
      // A picture or a font program of another packing.
    }
  }
  return streams;
}

const line = (hour: number): CsvCell[] => [
  localTime(`2026-10-25T${String(hour % 24).padStart(2, "0")}:15:00`),
  decimal("0.405"),
  "măsurat · șțȘȚ",
];

test("a report on paper is tagged, in its language, with a head cell for each column, and its text can be taken out", async () => {
  const { marked, language, title, pages } = await readPaper(await paper([line(3), line(4)]));
  expect([marked, language, title, pages.length]).toEqual([true, "ro", "Curbă de sarcină – Țițești", 1]);
  const { tags } = pages[0]!;
  const texts = (role: string) => ofRole(role, tags).map(({ text }) => text);
  expect(texts("H1")).toEqual(["Curbă de sarcină – Țițești"]);
  expect(texts("TH")).toEqual(["Început interval", "A+ [kWh]", "Calitate"]);
  // ș and ț with their comma below, as Romanian has them: U+0219, U+021B.
  expect(texts("TD")).toEqual([
    ...["2026-10-25 03:15:00", "0,405", "măsurat · \u0219\u021b\u0218\u021a"],
    ...["2026-10-25 04:15:00", "0,405", "măsurat · \u0219\u021b\u0218\u021a"],
  ]);
  expect(ofRole("TR", tags)).toHaveLength(3);
});

test("what is marked on a page is closed on it, over many pages, and what is too long for paper is counted", async () => {
  const file = await paper(Array.from({ length: pdfRowsMax + 7 }, (_, nth) => line(nth)));
  const pages = streamsOf(file).filter((stream) => stream.includes("BDC"));
  expect(pages.length).toBeGreaterThan(30);
  for (const page of pages)
    expect(page.match(/\bBDC\b|\bBMC\b/g)!.length).toBe(page.match(/\bEMC\b/g)!.length);
  expect(file.toString("latin1").match(/\/S \/TR/g)).toHaveLength(pdfRowsMax + 1);
});
