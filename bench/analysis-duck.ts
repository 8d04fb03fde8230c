import { closeSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { marketDay } from "@energsys/metering";
import type { Period } from "@energsys/store";
import { temporaryFolder } from "@energsys/store/testing";
import { median } from "./bench.ts";
import { type MeterDayCurve, zone } from "./store-field.ts";

type Rows = readonly (readonly unknown[])[];

/** The four reports as DuckDB is asked for them. */
export interface DuckRun {
  pointMonth(pointId: number, when: Period): Promise<Rows>;
  group(firstPoint: number, lastPoint: number, when: Period): Promise<Rows>;
  byGroup(): Promise<Rows>;
  top(when: Period, limit: number): Promise<Rows>;
}

/** A Parquet file of one row per interval, in the order of points and times, made and read by DuckDB itself on two threads. */
export class AnalysisDuck {
  readonly #folder = temporaryFolder("duck");
  readonly #lines = join(this.#folder, "days.csv");
  readonly #parquet = join(this.#folder, "intervals.parquet");
  readonly #file = openSync(this.#lines, "w");

  /** Days of a point, one line each with its values as a list. */
  add(pointId: number, group: number, dates: readonly string[], curves: readonly MeterDayCurve[]): void {
    let text = "";
    for (const [nth, date] of dates.entries()) {
      const values = Array.from(curves[nth]!.active, (value) => (Number.isNaN(value) ? "NULL" : value));
      text += `${pointId}|${group}|${date}|${marketDay(date, zone).startMs}|[${values.join(",")}]\n`;
    }
    writeSync(this.#file, text);
  }

  async toParquet(): Promise<void> {
    closeSync(this.#file);
    await this.#with(async (query) => {
      await query(`
        copy (
          select point_id, grp, day, start_ms + (slot - 1) * 900000 as start_ms, list[slot] as value
          from (
            select point_id, grp, day, start_ms, list, unnest(range(1, len(list) + 1)) as slot
            from (select column0::int as point_id, column1::int as grp, column2::date as day, column3::bigint as start_ms,
                column4::int[] as list
              from read_csv('${this.#lines}', delim = '|', header = false, all_varchar = true, quote = '', escape = ''))
          )
        ) to '${this.#parquet}' (format parquet, compression zstd)`);
    });
    rmSync(this.#lines);
  }

  bytes(): number {
    return statSync(this.#parquet).size;
  }

  /** The first run of a fresh instance, and the middle of those that follow. */
  async timing(work: (run: DuckRun) => Promise<unknown>): Promise<{ cold: number; warm: number }> {
    return this.fresh(async (run) => {
      const times: number[] = [];
      for (let nth = 0; nth < 9; nth++) {
        const start = performance.now();
        await work(run);
        times.push(performance.now() - start);
      }
      return { cold: times[0]!, warm: median(times.slice(2)) };
    });
  }

  async fresh<Result>(work: (run: DuckRun) => Promise<Result>): Promise<Result> {
    const from = `read_parquet('${this.#parquet}')`;
    const between = ({ fromDay, toDay }: Period) => `day >= date '${fromDay}' and day < date '${toDay}'`;
    return this.#with((query) =>
      work({
        pointMonth: (pointId, when) =>
          query(
            `select start_ms, value from ${from} where point_id = ${pointId} and ${between(when)} order by start_ms`,
          ),
        group: (first, last, when) =>
          query(`select start_ms, sum(value) as sum, count(value) from ${from}
            where point_id between ${first} and ${last} and ${between(when)} group by start_ms order by start_ms`),
        byGroup: () =>
          query(
            `select grp, date_trunc('month', day) as month, sum(value)::bigint, count(value) from ${from} group by 1, 2`,
          ),
        top: (when, limit) =>
          query(`select point_id, max(value) as max from ${from} where ${between(when)}
            group by point_id order by max desc nulls last, point_id limit ${limit}`),
      }),
    );
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #with<Result>(work: (query: (text: string) => Promise<Rows>) => Promise<Result>): Promise<Result> {
    const instance = await DuckDBInstance.create(":memory:", { threads: "2" });
    const connection = await instance.connect();
    try {
      return await work(async (text) => (await connection.runAndReadAll(text)).getRows());
    } finally {
      connection.closeSync();
      instance.closeSync();
    }
  }
}
