import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "@energsys/store/testing";
import { XLSX } from "xlsx-extract";

/** The rows of a workbook's first sheet as a library that is not ours reads them: numbers, texts, and dates of the clock on the wall as UTC. */
export async function readSheet(file: Uint8Array): Promise<unknown[][]> {
  const folder = temporaryFolder("sheet");
  const path = join(folder, "file.xlsx");
  writeFileSync(path, file);
  try {
    const rows: unknown[][] = [];
    await new Promise<void>((resolve, reject) => {
      new XLSX()
        .extract(path, { sheet_nr: "1", round_floats: false })
        .on("row", (row: unknown[]) => rows.push(row))
        .on("error", reject)
        .on("end", () => resolve());
    });
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
