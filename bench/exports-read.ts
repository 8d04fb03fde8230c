import { DuckDBInstance } from "@duckdb/node-api";
import { XLSX } from "xlsx-extract";
import type { ExpectedRow } from "./exports-field.ts";

/** Lines above the values: four facts and the head. */
const csvHeadLines = 5;

/** Compares a CSV with what it must hold, as DuckDB reads it. @throws Error with the first line that is another one */
export async function sameCsv(path: string, wanted: Generator<ExpectedRow>): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "2" });
  const connection = await instance.connect();
  try {
    const names = ["pod", "local", "utc_offset", "seconds", "value", "unit", "quality"];
    const columns = names.map((name) => `'${name}': 'varchar'`).join();
    const result = await connection.stream(
      `select * from read_csv('${path}', delim = ';', quote = '"', escape = '"', header = false, skip = ${csvHeadLines}, columns = {${columns}})`,
    );
    for (
      let chunk = await result.fetchChunk();
      chunk && chunk.rowCount > 0;
      chunk = await result.fetchChunk()
    ) {
      for (const row of chunk.getRows()) {
        const [pod, local, offset, seconds, value, unit, quality] = row as string[];
        const found = { pod, local, offset, seconds: Number(seconds), unit, quality };
        same(wanted, { ...found, value: value === null ? null : Number(value!.replace(",", ".")) });
      }
    }
    ended(wanted);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** Compares the first sheet of a workbook with what it must hold, as another library reads it. @throws Error with the first row that is another one */
export async function sameWorkbook(path: string, wanted: Generator<ExpectedRow>): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    let head = true;
    let wrong: unknown;
    new XLSX()
      .extract(path, { sheet_nr: "1", round_floats: false })
      .on("row", ([pod, at, offset, seconds, value, unit, quality]: unknown[]) => {
        if (head || wrong !== undefined) {
          head = false;
          return;
        }
        const local = at instanceof Date ? at.toISOString().slice(0, 19) : at;
        try {
          same(wanted, { pod, local, offset, seconds, value: value ?? null, unit, quality });
        } catch (error) {
          wrong = error;
        }
      })
      .on("error", reject)
      .on("end", () => (wrong === undefined ? resolve() : reject(wrong as Error)));
  });
  ended(wanted);
}

function same(
  wanted: Generator<ExpectedRow>,
  found: { readonly [Name in keyof ExpectedRow]: unknown },
): void {
  const { done, value: row } = wanted.next();
  if (done) throw new Error(`a row too many: ${JSON.stringify(found)}`);
  for (const [name, value] of Object.entries(row)) {
    if (found[name as keyof ExpectedRow] !== value)
      throw new Error(`${name} of ${JSON.stringify(found)}, where ${JSON.stringify(row)} is stored`);
  }
}

function ended(wanted: Generator<ExpectedRow>): void {
  const { done, value } = wanted.next();
  if (!done) throw new Error(`rows are missing from ${JSON.stringify(value)} on`);
}
