import { connect, createServer, type Socket } from "node:net";
import { importInventory, sql } from "@energsys/store";
import { testDatabase, testKeyProvider } from "@energsys/store/testing";
import { pino } from "pino";
import { afterAll, expect, test } from "vitest";
import { createFirstToken, startServer } from "../src/index.ts";
import { networkPoint, password } from "./harness.ts";

const { db, url, drop } = await testDatabase();
await importInventory(db, { branches: [], points: [networkPoint(1)] }, {});

/** Between server and database: passes on, holds everything back, or refuses. */
const target = new URL(url);
const socketFolder = target.searchParams.get("host");
const targetOf = () =>
  socketFolder?.startsWith("/")
    ? connect(`${socketFolder}/.s.PGSQL.${target.port || 5432}`)
    : connect(Number(target.port || 5432), target.hostname);
const pairs = new Set<[Socket, Socket]>();
let mode: "pass" | "hang" | "refuse" = "pass";
const proxy = createServer((near) => {
  if (mode === "refuse") return void near.destroy();
  const far = targetOf();
  const pair: [Socket, Socket] = [near, far];
  pairs.add(pair);
  near.pipe(far);
  far.pipe(near);
  for (const end of pair) {
    end.on("error", () => {});
    end.on("close", () => {
      for (const other of pair) other.destroy();
      pairs.delete(pair);
    });
  }
  if (mode === "hang") for (const end of pair) end.pause();
});
await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
const proxied = new URL(url);
proxied.searchParams.delete("host");
proxied.host = `127.0.0.1:${(proxy.address() as { port: number }).port}`;
const set = (next: typeof mode) => {
  mode = next;
  for (const pair of pairs) {
    if (next === "refuse") for (const end of pair) end.destroy();
    else if (next === "hang") {
      pair[0].unpipe(pair[1]);
      pair[1].unpipe(pair[0]);
    } else {
      pair[0].pipe(pair[1]);
      pair[1].pipe(pair[0]);
    }
  }
};

const server = await startServer({
  databaseUrl: proxied.href,
  port: 0,
  keyProvider: testKeyProvider,
  logger: pino({ level: "silent" }),
});
afterAll(async () => {
  set("pass");
  await server.stop();
  proxy.close();
  for (const pair of pairs) for (const end of pair) end.destroy();
  await drop();
});
const token = await createFirstToken(db, Date.now());
const made = await fetch(`${server.url}/api/first-account`, {
  method: "POST",
  headers: { origin: server.url, "content-type": "application/json" },
  body: JSON.stringify({ token, name: "ana", displayName: "Ana", password, language: "ro" }),
});
const cookie = made.headers.get("set-cookie")!.split(";", 1)[0]!;
const ask = async (path = "/points") => {
  const startedAt = performance.now();
  const answer = await fetch(`${server.url}/api${path}`, { headers: { cookie } });
  const body = (await answer.json()) as { code?: string; total?: number; database?: string };
  return {
    status: answer.status,
    body,
    retryAfter: answer.headers.get("retry-after"),
    tookMs: performance.now() - startedAt,
  };
};

test.each(["refuse", "hang"] as const)(
  "while the database is away (%s) calls are answered with 503 and Retry-After, and then work again by themselves",
  async (how) => {
    expect((await ask()).body.total).toBe(1);
    set(how);
    // The first call may come before the silence is noticed: it must not wait for time-outs of half a minute.
    const away = await ask();
    expect([away.status, away.body.code, away.retryAfter]).toEqual([503, "database.away", "2"]);
    expect(away.tookMs).toBeLessThan(5_000);
    const known = await ask();
    expect([known.status, known.body.code]).toEqual([503, "database.away"]);
    const health = async () => {
      const { status, body } = await ask("/health");
      return [status, body.database];
    };
    await expect.poll(health, { timeout: 5_000 }).toEqual([503, "down"]);
    set("pass");
    await expect.poll(async () => (await ask()).body.total, { timeout: 20_000 }).toBe(1);
    expect((await ask("/health")).body).toMatchObject({ status: "ready", database: "up" });
  },
  60_000,
);

test("the live connection comes back too", async () => {
  const listening = async () => {
    const { rows } = await db.query(sql`
      select from pg_stat_activity
      where application_name = 'energsys-server-listen' and datname = current_database()`);
    return rows.length;
  };
  await expect.poll(listening, { timeout: 10_000 }).toBe(1);
});
