import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { jobsFlags } from "@energsys/cli/program-flags";
import { startServer } from "@energsys/server";
import { type Database, findDataExport } from "@energsys/store";
import { temporaryFolder, testKeyProvider, testMasterKey } from "@energsys/store/testing";
import { atMost, type Bench, type BenchContext, type Metric, median } from "./bench.ts";
import { cpuOfProcess } from "./cpu-time.ts";
import { addSubscriber, fillMonth, period, rowsOf } from "./exports-field.ts";
import { sameCsv, sameWorkbook } from "./exports-read.ts";
import { type Caller, firstAccount } from "./first-account.ts";
import { withServer, zone } from "./store-field.ts";

const recordRuns = 7;

export const bench: Bench = {
  name: "exports",
  about:
    "UX-16: 1,000,000 values written by the process of jobs as a workbook and as CSV, read back by other libraries; UX-17: the subscriber's record of 36 months as PDF",
  run: (context) =>
    withServer(async ({ url: databaseUrl, open }) => {
      const db = open(2);
      const months = await fillMonth(db);
      context.log(`values of ${months.length} points stored`);
      const server = await startServer({
        ...{ databaseUrl, port: 0, logLevel: "silent", zone, keyProvider: testKeyProvider },
        limits: { exportPerMinute: 1_000 },
      });
      const folder = temporaryFolder("exports");
      try {
        const call = await firstAccount(db, server.url, "ro");
        const files = { db, databaseUrl, call, folder, context };
        const csv = await writeFile(files, "csv");
        await sameCsv(csv.path, rowsOf(months));
        const xlsx = await writeFile(files, "xlsx");
        await sameWorkbook(xlsx.path, rowsOf(months));
        context.log("both were read back and are what is stored");
        const record = await measureRecord(db, call);
        return { metrics: [...metricsOf(csv, xlsx), ...record] };
      } finally {
        rmSync(folder, { recursive: true, force: true });
        await server.stop();
      }
    }),
};

interface Written {
  readonly path: string;
  readonly rows: number;
  readonly seconds: number;
  readonly bytes: number;
  readonly cpuSeconds: number;
  readonly idleBytes: number;
  readonly memoryBytes: number;
}

const metricsOf = (csv: Written, xlsx: Written): Metric[] => [
  { name: "rows", value: xlsx.rows, unit: "" },
  atMost("UX-16 workbook, from the wish to the whole file", xlsx.seconds, "s", 15),
  atMost("UX-16 memory of the process of jobs at most, workbook", xlsx.memoryBytes / 1e6, "MB", 200),
  atMost("UX-16 CSV of the same rows", csv.seconds, "s", 5),
  atMost("UX-16 memory of the process of jobs at most, CSV", csv.memoryBytes / 1e6, "MB", 200),
  { name: "processor time of the process of jobs, workbook", value: xlsx.cpuSeconds, unit: "s" },
  { name: "processor time of the process of jobs, CSV", value: csv.cpuSeconds, unit: "s" },
  { name: "memory of the process of jobs before", value: xlsx.idleBytes / 1e6, unit: "MB" },
  { name: "size of the workbook", value: xlsx.bytes / 1e6, unit: "MB" },
  { name: "size of the CSV", value: csv.bytes / 1e6, unit: "MB" },
];

/** Asks for a file as a person does, has a fresh process of jobs write it, and fetches it. */
async function writeFile(
  of: {
    readonly db: Database;
    readonly databaseUrl: string;
    readonly call: Caller;
    readonly folder: string;
    readonly context: BenchContext;
  },
  format: "csv" | "xlsx",
): Promise<Written> {
  const jobs = await startJobs(of.databaseUrl);
  try {
    const idleBytes = peakBytes(jobs.pid!);
    const before = cpuOfProcess(jobs.pid!);
    const start = performance.now();
    const body = { of: "s", energy: "A+", ...period, format };
    const asked = await of.call("/exports", { method: "POST", body });
    const { dataExportId } = (await asked.json()) as { dataExportId: number };
    let made = await findDataExport(of.db, dataExportId);
    for (; made!.madeAt === null; made = await findDataExport(of.db, dataExportId)) {
      if (made!.state === "failed" || jobs.exitCode !== null) throw new Error(`the ${format} failed`);
      await wait(25);
    }
    const seconds = (performance.now() - start) / 1000;
    const memoryBytes = peakBytes(jobs.pid!);
    const cpuSeconds = cpuOfProcess(jobs.pid!) - before;
    of.context.log(`${format}: ${seconds.toFixed(1)} s, ${Math.round(memoryBytes / 1e6)} MB`);
    const path = join(of.folder, `values.${format}`);
    const { body: file } = await of.call(`/exports/${dataExportId}/file`);
    await pipeline(Readable.fromWeb(file as ReadableStream), createWriteStream(path));
    return {
      path,
      rows: made!.valueRows!,
      seconds,
      bytes: made!.fileBytes!,
      cpuSeconds,
      idleBytes,
      memoryBytes,
    };
  } finally {
    jobs.kill("SIGTERM");
    await once(jobs, "exit");
  }
}

async function startJobs(databaseUrl: string): Promise<ChildProcess> {
  const main = fileURLToPath(import.meta.resolve("@energsys/server/jobs-main"));
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", ...jobsFlags, main], {
    stdio: ["ignore", "pipe", "inherit"],
    env: {
      ...process.env,
      ENERGSYS_DATABASE_URL: databaseUrl,
      ENERGSYS_MASTER_KEY: Buffer.from(testMasterKey).toString("hex"),
      ENERGSYS_ZONE: zone,
      ENERGSYS_LOG_LEVEL: "error",
    },
  });
  await new Promise<void>((resolve, reject) => {
    createInterface(child.stdout!).once("line", () => resolve());
    child.once("exit", (code) => reject(new Error(`the process of jobs ended with ${code}`)));
  });
  return child;
}

/** Most memory that a process had resident so far. */
function peakBytes(pid: number): number {
  const [, kib] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kib) * 1024;
}

async function measureRecord(db: Database, call: Caller): Promise<Metric[]> {
  const subscriberId = await addSubscriber(db, call);
  const times: number[] = [];
  let bytes = 0;
  for (let run = 0; run < recordRuns; run++) {
    const start = performance.now();
    bytes = (await (await call(`/subscribers/${subscriberId}/record.pdf`)).arrayBuffer()).byteLength;
    times.push(performance.now() - start);
  }
  return [
    atMost("UX-17 the subscriber's record as PDF", median(times), "ms", 1_000),
    atMost("UX-17 the same, the first one", times[0]!, "ms", 1_000),
    { name: "size of the record", value: bytes / 1e3, unit: "kB" },
  ];
}
