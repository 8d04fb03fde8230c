import { ByteWriter, ParquetWriter } from "hyparquet-writer";
import { blocksOf, type ReportTable } from "../analysis/table.ts";
import type { CsvCell } from "../csv.ts";

export const parquetMedia = "application/vnd.apache.parquet";

/** Rows of a row group: what is in memory at once. */
const groupRows = 50_000;
/** Digits behind the point of a number: an integer of 64 bits in millionths, so nothing is rounded (Parquet, DECIMAL). */
const decimals = 6;
const precision = 18;

const elements = {
  text: { type: "BYTE_ARRAY", converted_type: "UTF8" },
  number: { type: "INT64", converted_type: "DECIMAL", scale: decimals, precision },
  // Local time, which is no instant: the offset stands in a column beside it.
  time: {
    type: "INT64",
    logical_type: { type: "TIMESTAMP", isAdjustedToUTC: false, unit: "MILLIS" },
  },
} as const;

/**
 * A report for analysts, written group of rows by group of rows. Numbers are exact decimals, and the columns have the names of `fields`,
 * the same in every language; what the file is stands in its metadata. @throws Error for a table without fields
 */
export async function* parquetOf(table: ReportTable): AsyncGenerator<Buffer> {
  const { fields } = table;
  if (!fields) throw new Error(`${table.name} names no fields`);
  const writer = new ByteWriter();
  const parquet = new ParquetWriter({
    writer,
    schema: [
      { name: "root", num_children: fields.length },
      ...fields.map(({ name, kind }) => ({ name, repetition_type: "OPTIONAL" as const, ...elements[kind] })),
    ],
    kvMetadata: [
      { key: "title", value: table.title },
      ...table.facts.map(([key, ...values]) => ({ key, value: values.join(" ") })),
    ],
    createdBy: "ENERGSys",
  });
  let columns: unknown[][] = fields.map(() => []);
  const write = () => {
    parquet.write({
      columnData: fields.map(({ name }, nth) => ({ name, data: columns[nth]! })),
      rowGroupSize: groupRows,
    });
    columns = fields.map(() => []);
    return drain(writer);
  };
  for await (const block of blocksOf(table.rows)) {
    for (const row of block) {
      for (let nth = 0; nth < columns.length; nth++) columns[nth]!.push(cellValue(row[nth] ?? null));
      if (columns[0]!.length === groupRows) yield write();
    }
  }
  if (columns[0]!.length > 0) yield write();
  parquet.finish();
  yield drain(writer);
}

/** What is written so far, and room for what comes. */
function drain(writer: ByteWriter): Buffer {
  const bytes = Buffer.from(writer.getBytes());
  writer.index = 0;
  return bytes;
}

function cellValue(cell: CsvCell): string | bigint | null {
  if (cell === null || typeof cell === "string") return cell;
  if ("day" in cell) return cell.day;
  if ("localTime" in cell) return BigInt(Date.parse(`${cell.localTime}Z`));
  return millionths(cell.decimal);
}

/** `12.5` as 12500000n. @throws RangeError when it has more decimals than the column */
function millionths(text: string): bigint {
  const [whole, fraction = ""] = text.split(".");
  if (fraction.length > decimals) throw new RangeError(`${text} has more than ${decimals} decimals`);
  return BigInt(`${whole}${fraction.padEnd(decimals, "0")}`);
}
