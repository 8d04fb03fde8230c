import { connect, createServer, type Socket } from "node:net";
import { addAccount, importInventory, sql } from "@energsys/store";
import { testDatabase, testKeyProvider } from "@energsys/store/testing";
import { pino } from "pino";
import { afterAll, expect, test } from "vitest";
import { createFirstToken, startServer } from "../src/index.ts";
import { networkPoint, password } from "./harness.ts";

/*
 * S17, the part of rights: while the database answers slowly, whoever lost a right is out within five seconds. There is no portal yet
 * and no replica that would be behind: rights and sessions are read from the primary at each call, which here is 250 ms away.
 */
const { db, url, drop } = await testDatabase();
await importInventory(db, { branches: [], points: [networkPoint(1)] }, {});
let delayMs = 0;

const target = new URL(url);
const socketFolder = target.searchParams.get("host");
const sockets = new Set<Socket>();
/** Every answer of the database comes so much later, in order. */
const proxy = createServer((near) => {
  const far = socketFolder?.startsWith("/")
    ? connect(`${socketFolder}/.s.PGSQL.${target.port || 5432}`)
    : connect(Number(target.port || 5432), target.hostname);
  for (const [socket, other] of [
    [near, far],
    [far, near],
  ] as const) {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => {
      sockets.delete(socket);
      other.destroy();
    });
  }
  near.on("data", (data) => far.write(data));
  far.on("data", (data) => {
    setTimeout(() => {
      if (!near.destroyed) near.write(data);
    }, delayMs);
  });
});
await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
const proxied = new URL(url);
proxied.searchParams.delete("host");
proxied.host = `127.0.0.1:${(proxy.address() as { port: number }).port}`;
const server = await startServer({
  databaseUrl: proxied.href,
  port: 0,
  logger: pino({ level: "silent" }),
  keyProvider: testKeyProvider,
});
afterAll(async () => {
  await server.stop();
  proxy.close();
  for (const socket of sockets) socket.destroy();
  await drop();
});

const post = async (path: string, body: object) => {
  const answer = await fetch(`${server.url}/api${path}`, {
    method: "POST",
    headers: { origin: server.url, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(answer.status).toBe(201);
  return answer.headers.get("set-cookie")!.split(";", 1)[0]!;
};
const first = { name: "ana", displayName: "Ana", password, language: "ro" };
await post("/first-account", { token: await createFirstToken(db, Date.now()), ...first });
const { rows: accounts } = await db.query<{ hash: string }>(
  sql`select password_hash as hash from account where name = 'ana'`,
);

async function somebody(name: string) {
  const passwordHash = accounts[0]!.hash;
  const account = await addAccount(db, { name, displayName: name, passwordHash, language: "ro" });
  await db.query(sql`
    insert into role_grant (account_id, role_id, valid_from, reason)
    select ${account!.accountId}, role_id, now() - interval '1 hour', '' from role where ready = 'operator'`);
  const cookie = await post("/session", { name, password });
  const ask = () => fetch(`${server.url}/api/points`, { headers: { cookie } });
  expect((await ask()).status).toBe(200);
  const abort = new AbortController();
  const stream = await fetch(`${server.url}/api/stream`, { headers: { cookie }, signal: abort.signal });
  expect(stream.status).toBe(200);
  let streaming = true;
  void stream.text().then(
    () => {
      streaming = false;
    },
    () => {},
  );
  return { accountId: account!.accountId, ask, streams: () => streaming, leave: () => abort.abort() };
}

/** Milliseconds until `out` says so. */
async function tookUntil(out: () => Promise<boolean>): Promise<number> {
  const startedMs = performance.now();
  while (!(await out())) {
    if (performance.now() - startedMs > 10_000) throw new Error("still in after ten seconds");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return performance.now() - startedMs;
}

test.each([
  [
    "a disabled account",
    (id: number) => sql`update account set disabled = true where account_id = ${id}`,
    401,
  ],
  ["an ended session", (id: number) => sql`delete from session where account_id = ${id}`, 401],
  ["a grant that was taken back", (id: number) => sql`delete from role_grant where account_id = ${id}`, 403],
] as const)(
  "S17: %s is out within 5 s while each answer of the database takes 250 ms",
  async (what, end, status) => {
    const person = await somebody(`om-${status}-${what.length}`);
    // Everything is connected; from now on each answer of the database is late.
    delayMs = 250;
    await db.query(end(person.accountId));
    const outMs = await tookUntil(async () => (await person.ask()).status === status);
    expect(outMs).toBeLessThan(5_000);
    if (status === 401) {
      const streamMs = outMs + (await tookUntil(async () => !person.streams()));
      expect(streamMs).toBeLessThan(5_000);
    }
    person.leave();
    delayMs = 0;
  },
  60_000,
);
