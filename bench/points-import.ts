import { setTimeout as wait } from "node:timers/promises";
import { createLogger, startJobs, startServer } from "@energsys/server";
import { findJob } from "@energsys/store";
import { testKeyProvider } from "@energsys/store/testing";
import { atMost, type Bench, type Metric } from "./bench.ts";
import { type Caller, firstAccount } from "./first-account.ts";
import { timed, withServer, zone } from "./store-field.ts";

const pointsUsual = 100_000;
/** In so many lines the code holds a blank, which is proposed to be left out. */
const faulty = 41;

/** A file of points as somebody brings it on *Import of points*: checked, corrected, stored by the process of jobs, taken back. */
export const bench: Bench = {
  name: "points-import",
  about: "a file of 100,000 points (--points) with 41 faults brought, corrected, stored and taken back",
  run: ({ points = pointsUsual, log }) =>
    withServer(async ({ url, open }) => {
      const db = open(2);
      const server = await startServer({
        databaseUrl: url,
        port: 0,
        keyProvider: testKeyProvider,
        logLevel: "silent",
        zone,
      });
      const jobs = await startJobs(
        { databaseUrl: url, keyProvider: testKeyProvider, zone },
        createLogger("silent"),
      );
      try {
        const call = await firstAccount(db, server.url, "en");
        const done = async (jobId: number) => {
          for (;;) {
            const job = await findJob(db, jobId);
            if (job?.state === "done") return;
            if (job?.state === "failed") throw new Error(`${job.kind}: ${job.errorCode} ${job.errorDetail}`);
            await wait(100);
          }
        };
        return { metrics: await measure(call, done, points, log) };
      } finally {
        await jobs.stop();
        await server.stop();
      }
    }),
};

interface Shown {
  readonly effect: { readonly new: number; readonly faulty: number };
  readonly faults: readonly { readonly row: number; readonly column: string; readonly proposal: string }[];
}

async function measure(
  call: Caller,
  done: (jobId: number) => Promise<void>,
  points: number,
  log: (line: string) => void,
): Promise<Metric[]> {
  const post = async <Answer>(path: string, body: object): Promise<Answer> =>
    (await (await call(path, { method: "POST", body })).json()) as Answer;
  const text = fileOf(points);
  let path = "";
  let shown: Shown | undefined;
  const checked = await timed(async () => {
    const { pointsImportId } = await post<{ pointsImportId: number }>("/points-imports", {
      name: "points.csv",
      text,
    });
    path = `/points-imports/${pointsImportId}`;
    shown = (await (await call(path)).json()) as Shown;
  });
  log(`${shown?.effect.new} new, ${shown?.effect.faulty} with a fault`);
  const fixes = shown?.faults.map(({ row, column, proposal }) => ({ row, column, value: proposal })) ?? [];
  const corrected = await timed(async () => {
    await call(path, { method: "PATCH", body: { fixes } });
    shown = (await (await call(path)).json()) as Shown;
  });
  const run = async (what: string) => done((await post<{ jobId: number }>(`${path}/${what}`, {})).jobId);
  const stored = await timed(() => run("run"));
  log(`stored in ${stored.toFixed(1)} s`);
  const takenBack = await timed(() => run("undo"));
  return [
    { name: "points", value: shown?.effect.new ?? 0, unit: "" },
    { name: "faults", value: fixes.length, unit: "" },
    { name: "brought and checked", value: checked, unit: "s" },
    { name: "corrected and checked again", value: corrected, unit: "s" },
    atMost("stored", stored, "s", 60),
    { name: "taken back", value: takenBack, unit: "s" },
  ];
}

function fileOf(points: number): string {
  const lines = Array.from({ length: points }, (_, n) => {
    const blank = n < faulty ? " " : "";
    const number = String(n).padStart(7, "0");
    const host = `10.${20 + (n >> 16)}.${(n >> 8) & 255}.${n & 255}`;
    return [
      `RO012${blank}BIG${number}`,
      `Client ${n}`,
      `Str. Mare ${n}`,
      `Vâlcea / PT ${n % 400}`,
      "1",
      `55${number}`,
      "ISK",
      "iskra-me162",
      "2026-03-01",
      `iec62056-21+tcp://${host}:8000`,
    ].join(";");
  });
  return `pod;name;address;branch;phases;serial;manufacturer;model;installedAt;url\r\n${lines.join("\r\n")}\r\n`;
}
