import { hash } from "node:crypto";
import { actingAs, appendActs, type Database, sql, trusted, verifyLog } from "@energsys/store";
import { startTestServer, stopTestServer, testDatabase } from "@energsys/store/testing";
import { atLeast, atMost, type Bench, type BenchContext, type Metric, median } from "./bench.ts";

const entries = 200_000;
const writes = 300;
const runs = 5;

/**
 * The activity log: how fast its chain is computed again, beside the hashing alone; what it adds to a write of configuration; what an
 * acting database adds to a statement.
 */
export const bench: Bench = {
  name: "audit",
  about: "activity log: verifying its chain, and what it adds to a write of configuration",
  async run(context) {
    await startTestServer();
    const { db, drop } = await testDatabase();
    try {
      return { metrics: [...(await measureWrites(db, context)), ...(await measureVerify(db, context))] };
    } finally {
      await drop();
      await stopTestServer();
    }
  },
};

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const started = performance.now();
  await work();
  return performance.now() - started;
};

/** The same change of a row, with and without the triggers of the log, turn by turn. */
async function measureWrites(db: Database, { log }: BenchContext): Promise<Metric[]> {
  const acting = actingAs(db, { actor: "bench", page: "plans", operation: "bench" });
  await db.query(sql`insert into reading_plan (name, every_seconds) values ('bench', 900)`);
  let every = 900;
  const change = (on: Database) => async () => {
    for (let nth = 0; nth < writes; nth++) {
      every = 900 + ((every + 1) % 900);
      await on.query(sql`update reading_plan set every_seconds = ${every} where name = 'bench'`);
    }
  };
  const triggers = (state: "enable" | "disable") =>
    db.query(trusted(`alter table reading_plan ${state} trigger audit_changed`));
  const bare: number[] = [];
  const audited: number[] = [];
  const acted: number[] = [];
  const reads: number[] = [];
  const actedReads: number[] = [];
  const read = (on: Database) => async () => {
    for (let nth = 0; nth < writes; nth++)
      await on.query(sql`select name from reading_plan where name = 'bench'`);
  };
  for (let run = 0; run < runs; run++) {
    await triggers("disable");
    bare.push((await timed(change(db))) / writes);
    await triggers("enable");
    audited.push((await timed(change(db))) / writes);
    acted.push((await timed(change(acting))) / writes);
    reads.push((await timed(read(db))) / writes);
    actedReads.push((await timed(read(acting))) / writes);
  }
  log(`write ${median(bare).toFixed(2)} ms, audited ${median(audited).toFixed(2)} ms`);
  return [
    { name: "configuration write without the log", value: median(bare), unit: "ms" },
    { name: "configuration write with the log", value: median(audited), unit: "ms" },
    { name: "the same for a person (acting database)", value: median(acted), unit: "ms" },
    atMost("cost of the log on a configuration write", median(acted) / median(bare), "times", 6),
    { name: "cost of acting on a read", value: median(actedReads) / median(reads), unit: "times" },
  ];
}

async function measureVerify(db: Database, { log }: BenchContext): Promise<Metric[]> {
  const acts = Array.from({ length: 1_000 }, (_, nth) => ({
    action: "change",
    kind: "parametrisation" as const,
    objectType: "installation",
    objectId: nth,
    before: { ct_ratio: 1, factor: 1, during: '["2024-01-01 00:00:00+00",)' },
    after: { ct_ratio: 20, factor: 20, during: '["2024-01-01 00:00:00+00","2026-11-26 00:00:00+00")' },
    reason: "schimb de transformatoare",
  }));
  const appended = await timed(async () => {
    for (let done = 0; done < entries; done += acts.length) await appendActs(db, acts);
  });
  const each = await timed(async () => {
    for (let nth = 0; nth < writes; nth++) await appendActs(db, acts.slice(0, 1));
  });
  log(`${entries} entries written in ${(appended / 1_000).toFixed(1)} s`);
  const seconds: number[] = [];
  const bare: number[] = [];
  for (let run = 0; run < runs; run++) {
    const verdict = await verifyLog(db);
    if (!verdict.ok) throw new Error(`the log is not whole: ${JSON.stringify(verdict.fault)}`);
    seconds.push(verdict.durationMs / 1_000 / verdict.entries);
    // The limit: the same number of hashes over text of the same length, and nothing else.
    const text = Buffer.alloc(700, 0x61);
    bare.push(
      (await timed(async () => {
        for (let nth = 0; nth < entries; nth++) hash("sha256", text, "buffer");
      })) /
        1_000 /
        entries,
    );
  }
  return [
    atLeast("entries verified", 1 / median(seconds), "rows/s", 100_000),
    { name: "hashes alone", value: 1 / median(bare), unit: "rows/s" },
    { name: "verifying, in hashes alone", value: median(seconds) / median(bare), unit: "times" },
    {
      name: "entries written, a thousand in a transaction",
      value: entries / (appended / 1_000),
      unit: "rows/s",
    },
    { name: "entries written, each its own transaction", value: writes / (each / 1_000), unit: "rows/s" },
  ];
}
