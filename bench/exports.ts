import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { atMost, type Bench } from "./bench.ts";

const run = promisify(execFile);
const writer = fileURLToPath(new URL("export-writer.ts", import.meta.url));
const rows = 1_000_000;
/** A month of quarter-hours of one subject is longer than paper takes; this is a record of a page or two. */
const paperRows = 60;

interface Written {
  readonly seconds: number;
  readonly bytes: number;
  readonly memoryBytes: number;
}

async function write(format: "csv" | "xlsx" | "pdf", count: number): Promise<Written> {
  const { stdout } = await run(process.execPath, [writer, format, String(count)]);
  return JSON.parse(stdout) as Written;
}

export const bench: Bench = {
  name: "exports",
  about:
    "a report of 1,000,000 rows of 8 columns as a workbook and as CSV, each in a process of its own; a page of PDF",
  async run(context) {
    const csv = await write("csv", rows);
    context.log(`CSV ${csv.seconds.toFixed(1)} s`);
    const xlsx = await write("xlsx", rows);
    context.log(`XLSX ${xlsx.seconds.toFixed(1)} s`);
    const pdf = await write("pdf", paperRows);
    return {
      metrics: [
        atMost("workbook", xlsx.seconds, "s", 15),
        atMost("memory at most", xlsx.memoryBytes / 1e6, "MB", 200),
        { name: "size of the workbook", value: xlsx.bytes / 1e6, unit: "MB" },
        atMost("CSV of the same rows", csv.seconds, "s", 5),
        { name: "workbook beside CSV", value: xlsx.seconds / csv.seconds, unit: "times" },
        { name: "size beside CSV", value: xlsx.bytes / csv.bytes, unit: "times" },
        atMost("a page of PDF, start of the process left out", pdf.seconds, "s", 1),
      ],
    };
  },
};
