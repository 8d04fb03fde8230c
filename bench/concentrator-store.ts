import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import {
  Database,
  encodeProfileBody,
  entryKinds,
  LocalTime,
  type NewEntry,
  SqliteJournal,
} from "@energsys/concentrator";
import { atLeast, atMost, type Bench, type BenchContext, type Metric } from "./bench.ts";

const meters = 1000;
const columns = ["1-0:1.8.0*255", "1-0:2.8.0*255", "1-0:3.8.0*255", "1-0:4.8.0*255"];
const quarterMs = 900_000;
const firstMs = Date.UTC(2026, 8, 1);
const keepDays = 60;

/** One hand of meters in one transaction, as a reading round of a line writes them. */
const perTransaction = 50;

export const bench: Bench = {
  name: "concentrator-store",
  about:
    "profiles of 1,000 meters into the journal of a concentrator, encoded and on the disk, beside a bare insert",
  run: measure,
};

async function measure({ log }: BenchContext): Promise<{ metrics: Metric[] }> {
  const folder = mkdtempSync(join(tmpdir(), "energsys-bench-edge-"));
  try {
    log(`${keepDays} days of ${meters} meters, 4 channels, an entry for each day`);
    const daily = fill(join(folder, "daily.sqlite"), keepDays, 96);
    log("two days of the same, an entry for each hour");
    const hourly = fill(join(folder, "hourly.sqlite"), 2, 4);
    log("a bare insert of the rows of the first days");
    const bareSeconds = bare(join(folder, "bare.sqlite"), daily.rows);
    const mib = 1_048_576;
    return {
      metrics: [
        atLeast(
          "values into the store, daily entries",
          Math.round(daily.values / daily.seconds),
          "1/s",
          50_000,
        ),
        atLeast(
          "values into the store, hourly entries",
          Math.round(hourly.values / hourly.seconds),
          "1/s",
          50_000,
        ),
        {
          name: "time beside a bare insert of the same rows",
          value: round(daily.rowSeconds / bareSeconds),
          unit: "ratio",
        },
        { name: "bytes per value, daily entries", value: round(daily.bytes / daily.values), unit: "B" },
        { name: "bytes per value, hourly entries", value: round(hourly.bytes / hourly.values), unit: "B" },
        atMost("60 days of 1,000 meters, daily entries", round(daily.bytes / mib), "MiB", 500),
        {
          name: "the same with hourly entries, from 2 days",
          value: round((hourly.bytes * keepDays) / 2 / mib),
          unit: "MiB",
        },
      ],
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Filled {
  readonly values: number;
  readonly seconds: number;
  readonly bytes: number;
  readonly rows: readonly NewEntry[];
  readonly rowSeconds: number;
}

const bareRows = 2000;

function fill(path: string, days: number, intervals: number): Filled {
  const database = new Database({ path, nowMs: firstMs });
  const time = new LocalTime("Europe/Bucharest");
  let nowMs = firstMs;
  const journal = new SqliteJournal(database, time, () => nowMs);
  const quality = new Uint8Array(intervals);
  const rows: NewEntry[] = [];
  const started = performance.now();
  let values = 0;
  let rowSeconds = 0;
  for (let startMs = firstMs; startMs < firstMs + days * 96 * quarterMs; startMs += intervals * quarterMs) {
    nowMs = startMs + intervals * quarterMs;
    for (let first = 0; first < meters; first += perTransaction) {
      const entries: NewEntry[] = [];
      for (let meter = first; meter < first + perTransaction; meter++) {
        const body = encodeProfileBody(
          {
            obis: "1-0:99.1.0*255",
            periodSeconds: 900,
            startMs,
            columns: columns.map((obis, column) => ({
              obis,
              kind: "delta" as const,
              scaler: 0,
              unit: column < 2 ? "Wh" : "varh",
              values: amounts(meter, column, startMs, intervals),
            })),
            quality,
          },
          time,
        );
        entries.push({
          logicalDevice: 16 + meter,
          kind: entryKinds.profile,
          fromMs: startMs,
          toMs: nowMs,
          body,
        });
      }
      journal.append(entries);
      values += perTransaction * columns.length * intervals;
      if (rows.length < bareRows) {
        rows.push(...entries);
        rowSeconds = (performance.now() - started) / 1000;
      }
    }
  }
  const seconds = (performance.now() - started) / 1000;
  const { bytes } = database.size();
  database.close();
  return { values, seconds, bytes, rows, rowSeconds };
}

/** The same rows in the same transactions into a table of the same form, encoded before. */
function bare(path: string, rows: readonly NewEntry[]): number {
  const sqlite = new DatabaseSync(path);
  sqlite.exec(`pragma journal_mode = wal; pragma synchronous = full;
    create table entry (number integer primary key, device integer, from_ms integer, to_ms integer, body blob) strict`);
  const insert = sqlite.prepare("insert into entry values (?, ?, ?, ?, ?)");
  const started = performance.now();
  for (let first = 0; first < rows.length; first += perTransaction) {
    sqlite.exec("begin");
    for (const [index, row] of rows.slice(first, first + perTransaction).entries())
      insert.run(first + index + 1, row.logicalDevice, row.fromMs ?? 0, row.toMs ?? 0, row.body);
    sqlite.exec("commit");
  }
  const seconds = (performance.now() - started) / 1000;
  sqlite.close();
  return seconds;
}

/** A household's amounts of a quarter-hour: below a kilowatt-hour, most below 255 Wh; little reactive, no reverse energy. */
function amounts(meter: number, column: number, startMs: number, intervals: number): Uint16Array {
  const values = new Uint16Array(intervals);
  if (column === 1) return values;
  let state = (meter * 2_654_435_761 + column * 40_503 + startMs / quarterMs) >>> 0;
  for (let index = 0; index < intervals; index++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const draw = state / 0x1_0000_0000;
    values[index] = column === 0 ? Math.floor(30 + 900 * draw ** 4) : Math.floor(60 * draw);
  }
  return values;
}

const round = (value: number) => Math.round(value * 100) / 100;
