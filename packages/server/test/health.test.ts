import { sql } from "@energsys/store";
import { expect, test } from "vitest";
import { certificateAlarm, measuresOf, type Observed, worstOf } from "../src/health/measures.ts";
import { startServer } from "../src/index.ts";
import { createLogger } from "../src/logger.ts";
import { browserOf, firstAccount, testServer } from "./harness.ts";

const server = await testServer();
const { db } = server;
const call = browserOf(server, await firstAccount(server));

const dayMs = 86_400_000;
const nowMs = Date.UTC(2026, 10, 26);

/** A system in which nothing is wrong. */
const sound: Observed = {
  nowMs,
  facts: {
    peopleOnline: 3,
    sessionsOpen: 5,
    linksOpen: 100,
    attemptsQueued: 0,
    oldestQueuedSeconds: null,
    fieldBytesIn: 1_000,
    fieldBytesOut: 500,
    fieldValues: 960,
    databaseBytes: 5e9,
    connectionsUsed: 20,
    connectionsMax: 100,
    headends: 1,
  },
  process: {
    streams: 2,
    httpCallsPerMinute: 10,
    httpBytesInPerMinute: 100,
    httpBytesOutPerMinute: 1_000,
    loopDelayP99Ms: 21,
    memoryBytes: 2e8,
    diskFreeBytes: 5e10,
    diskFreePercent: 50,
    certificateEndsAtMs: nowMs + 300 * dayMs,
    certificateError: null,
    ups: { chargePercent: 97, runtimeSeconds: 1_800, code: null },
  },
  backup: {
    at: nowMs - 20_000,
    folder: "/mnt/backups",
    line: "20261126T000000Z-00000000",
    keyId: "00",
    coveredAt: nowMs - 5_000,
    slotLagBytes: 0,
    diskFreeBytes: 1e12,
    sameDisk: false,
    errorCode: null,
  },
  base: { last: undefined, lastGood: undefined },
  check: { last: undefined, lastGood: undefined },
  replicas: [],
};
const levelOf = (observed: Observed, name: string) =>
  measuresOf(observed).find((measure) => measure.name === name)?.level;

test("a sound system is good as a whole, and what is not configured is no fault", () => {
  const measures = measuresOf(sound);
  expect(worstOf(measures.map(({ level }) => level))).toBe("good");
  expect(levelOf(sound, "replica-lag")).toBe("none");
});

const run = (state: "done" | "failed", endedAt: number, errorCode: string | null = null) => ({
  kind: "check" as const,
  state,
  startedAt: endedAt - 1_000,
  endedAt,
  backup: null,
  bytes: null,
  errorCode,
  detail: null,
});

test.each<[string, string, Partial<Observed>, string]>([
  ["disk", "disk-free", { process: { ...sound.process, diskFreePercent: 14 } }, "warning"],
  ["disk", "disk-free", { process: { ...sound.process, diskFreePercent: 4.9 } }, "bad"],
  ["head-end gone", "headends", { facts: { ...sound.facts, headends: 0 } }, "bad"],
  ["connections", "database-connections", { facts: { ...sound.facts, connectionsUsed: 96 } }, "bad"],
  ["queue stands", "oldest-queued", { facts: { ...sound.facts, oldestQueuedSeconds: 301 } }, "warning"],
  [
    "mains of the office away",
    "ups-charge",
    {
      process: {
        ...sound.process,
        ups: { chargePercent: 95, runtimeSeconds: 1_500, code: "ups.on-battery" },
      },
    },
    "bad",
  ],
  [
    "short on battery",
    "ups-runtime",
    { process: { ...sound.process, ups: { chargePercent: 85, runtimeSeconds: 500, code: null } } },
    "warning",
  ],
  [
    "certificate in 29 days",
    "certificate-days",
    { process: { ...sound.process, certificateEndsAtMs: nowMs + 29.5 * dayMs } },
    "warning",
  ],
  [
    "certificate in 6 days",
    "certificate-days",
    { process: { ...sound.process, certificateEndsAtMs: nowMs + 6.5 * dayMs } },
    "bad",
  ],
  [
    "certificate files broken",
    "certificate-days",
    { process: { ...sound.process, certificateError: "tls.key-mismatch" } },
    "bad",
  ],
  ["archive behind", "backup-covered", { backup: { ...sound.backup!, coveredAt: nowMs - 301_000 } }, "bad"],
  ["nobody backs up", "backup-covered", { backup: { ...sound.backup!, at: nowMs - 200_000 } }, "bad"],
  ["archive on the same disk", "backup-apart", { backup: { ...sound.backup!, sameDisk: true } }, "warning"],
  [
    "check too old",
    "backup-check",
    { check: { last: run("done", nowMs - 2 * dayMs), lastGood: run("done", nowMs - 2 * dayMs) } },
    "warning",
  ],
  [
    "check failed",
    "backup-check",
    {
      check: {
        last: run("failed", nowMs - 1_000, "restore-check.failed"),
        lastGood: run("done", nowMs - dayMs),
      },
    },
    "bad",
  ],
  [
    "replica behind",
    "replica-lag",
    { replicas: [{ name: "portal", state: "streaming", lagBytes: 1, lagSeconds: 61 }] },
    "warning",
  ],
])("%s: %s", (_, name, changed, level) => {
  expect(levelOf({ ...sound, ...changed }, name)).toBe(level);
});

test("a certificate raises its alarm 30, 7 and 1 days before its end", () => {
  const at = (days: number) => certificateAlarm(nowMs + days * dayMs, nowMs);
  expect([31, 30, 8, 7, 2, 1, -1].map(at)).toEqual([undefined, 30, 30, 7, 7, 1, 1]);
});

test("the page has every measure with its bounds, the history and the roles; a restore check that failed shows its code", async () => {
  await db.query(sql`
    insert into health_sample (measure, at, value)
    values ('links-open', now() - interval '20 minutes', 7), ('links-open', now() - interval '3 days', 9)`);
  await db.query(sql`
    insert into backup_run (kind, state, ended_at, error_code) values ('check', 'failed', now(), 'restore-check.failed')`);
  const { status, body } = await call("GET", "/system/health");
  expect(status).toBe(200);
  expect(body.level).toBe("bad");
  expect(body.measures.find(({ name }: { name: string }) => name === "backup-check")).toMatchObject({
    level: "bad",
    code: "restore-check.failed",
    unit: "seconds",
  });
  expect(body.measures.find(({ name }: { name: string }) => name === "people-online").value).toBe(1);
  expect(body.history).toEqual([{ name: "links-open", at: [expect.any(String)], values: [7] }]);
  expect(body.roles.length).toBeGreaterThan(0);
  expect(body.certificate).toMatchObject({ fingerprint: null, endsAt: null });
});

test("health and metrics answer on a port of this machine, without anything personal", async () => {
  await db.query(sql`insert into branch (name) values ('Canary Branch')`);
  const logger = createLogger("silent");
  const options = { databaseUrl: server.url, port: 0, logger };
  await expect(
    startServer({ ...options, health: { host: "0.0.0.0", port: 0, isDefault: false } }),
  ).rejects.toMatchObject({ code: "server.health-refused" });
  const running = await startServer({ ...options, health: { host: "127.0.0.1", port: 0, isDefault: false } });
  try {
    const ask = async (path: string) => {
      const answer = await fetch(`http://127.0.0.1:${running.healthPort}${path}`);
      return { status: answer.status, text: await answer.text() };
    };
    expect(await ask("/live")).toEqual({ status: 200, text: "live\n" });
    expect(await ask("/ready")).toEqual({ status: 200, text: "ready\n" });
    await fetch(`${running.url}/api/health`);
    await fetch(`${running.url}/api/points/1?pod=RO001CANARY`);
    const { text } = await ask("/metrics");
    expect(text).toContain('energsys_http_call_seconds_count{operation="getHealth",status="2xx"} 1');
    expect(text).toMatch(/energsys_http_refused\{code="session.missing"\} 1/);
    expect(text).toMatch(/energsys_health\{measure="database-size",unit="bytes"\} \d/);
    expect(text).toMatch(/energsys_nodejs_eventloop_lag_p99_seconds /);
    expect(text).not.toMatch(/canary|ana|127\.0\.0\.1/i);
    expect((await ask("/api/points")).status).toBe(404);
    await db.query(
      sql`delete from schema_migration where number = (select max(number) from schema_migration)`,
    );
    expect(await ask("/ready")).toEqual({ status: 503, text: "the database belongs to another release\n" });
  } finally {
    await running.stop();
  }
});
