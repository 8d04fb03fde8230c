import { connect, type Socket } from "node:net";
import { type LiveMessage, notify, sql } from "@energsys/store";
import { testDatabase, testKeyProvider } from "@energsys/store/testing";
import { pino } from "pino";
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import { createFirstToken, type RunningServer, startServer } from "../src/index.ts";
import { MessageRing } from "../src/stream/ring.ts";
import { importPoints, networkPoint, password } from "./harness.ts";

const { db, url: databaseUrl, drop } = await testDatabase();
await importPoints(db, [networkPoint(1)]);
const { rows } = await db.query<{ deviceId: number; meterId: number; pointId: number }>(sql`
  select device_id as "deviceId", meter_id as "meterId", point_id as "pointId" from device join installation using (meter_id)`);
const place = rows[0]!;

let server: RunningServer;
let cookie: string;
const start = (limits: object = {}) =>
  startServer({
    databaseUrl,
    port: 0,
    keyProvider: testKeyProvider,
    logger: pino({ level: "silent" }),
    limits: { streamCheckMs: 200, ...limits },
  });

async function signIn(): Promise<string> {
  const post = (path: string, body: object) =>
    fetch(`${server.url}/api${path}`, {
      method: "POST",
      headers: { origin: server.url, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  const token = await createFirstToken(db, Date.now());
  let answer = await post("/first-account", {
    token,
    name: "ana",
    displayName: "Ana",
    password,
    language: "ro",
  });
  if (answer.status === 409) answer = await post("/session", { name: "ana", password });
  if (answer.status !== 201) throw new Error(await answer.text());
  return answer.headers.get("set-cookie")!.split(";", 1)[0]!;
}

beforeEach(async () => {
  server = await start();
  cookie = await signIn();
});
const open: AbortController[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) each.abort();
  await server.stop();
});
afterAll(drop);

interface StreamEvent {
  id: number;
  event: string;
  data: Record<string, unknown>;
}

/** A browser's side of the stream. */
async function openStream(lastId?: number) {
  const controller = new AbortController();
  open.push(controller);
  const headers = { cookie, ...(lastId === undefined ? {} : { "last-event-id": String(lastId) }) };
  const answer = await fetch(`${server.url}/api/stream`, { headers, signal: controller.signal });
  const events: StreamEvent[] = [];
  const stream = {
    status: answer.status,
    answer,
    events,
    comments: 0,
    ended: false,
    close: () => controller.abort(),
  };
  const read = async () => {
    let text = "";
    for await (const chunk of answer.body!) {
      text += Buffer.from(chunk).toString();
      const blocks = text.split("\n\n");
      text = blocks.pop()!;
      for (const block of blocks) {
        if (block.startsWith(":")) stream.comments++;
        else {
          const line = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(block)?.[1] ?? "";
          events.push({ id: Number(line("id")), event: line("event"), data: JSON.parse(line("data")) });
        }
      }
    }
  };
  void read()
    .catch(() => {})
    .finally(() => {
      stream.ended = true;
    });
  await expect.poll(() => stream.comments + (answer.ok ? 0 : 1)).toBeGreaterThan(0);
  return stream;
}

const attempt = (attemptId: number): LiveMessage => ({
  type: "attempt",
  attemptId,
  deviceId: place.deviceId,
  meterId: place.meterId,
  state: "reading",
  cause: "plan",
  at: Date.parse("2026-11-23T10:00:00Z"),
  intervals: 96,
});
const tell = (...messages: LiveMessage[]) =>
  db.query(sql`select 1`).then(() => notify(db, "energsys_live", ...messages));

test("what a head-end announces reaches every browser with the point it is about", async () => {
  const streams = await Promise.all([openStream(), openStream()]);
  await tell(attempt(7), {
    type: "event",
    deviceId: 999_999,
    at: Date.parse("2026-11-23T10:00:01Z"),
    code: "idis:1",
  });
  for (const stream of streams) {
    await expect.poll(() => stream.events.length).toBe(2);
    expect(stream.events.map(({ event, data }) => [event, data])).toEqual([
      [
        "attempt",
        {
          type: "attempt",
          at: "2026-11-23T10:00:00.000Z",
          deviceId: place.deviceId,
          pointId: place.pointId,
          gatewayId: null,
          pod: "RO001EMO0000001",
          name: "Loc de consum 1",
          attemptId: 7,
          state: "reading",
          cause: "plan",
          errorCode: null,
          intervals: 96,
          registers: 0,
          events: 0,
        },
      ],
      ["event", expect.objectContaining({ deviceId: 999_999, pointId: null, pod: null, code: "idis:1" })],
    ]);
  }
  expect(streams[0]!.answer.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
  expect(streams[0]!.answer.headers.get("x-content-type-options")).toBe("nosniff");
});

test("a browser that comes back gets what it missed, once and in order", async () => {
  const first = await openStream();
  await tell(attempt(1));
  await expect.poll(() => first.events.length).toBe(1);
  first.close();
  await tell(attempt(2), attempt(3));
  const second = await openStream(first.events[0]!.id);
  await tell(attempt(4));
  await expect.poll(() => second.events.map(({ data }) => data.attemptId)).toEqual([2, 3, 4]);
  const ids = second.events.map(({ id }) => id);
  expect(ids).toEqual([...ids].sort((left, right) => left - right));
});

test("after a restart, or when too much was missed, it is told to fetch anew", async () => {
  const before = await openStream();
  await tell(attempt(1));
  await expect.poll(() => before.events.length).toBe(1);
  await server.stop();
  server = await start({ streamRingMax: 3 });
  const restarted = await openStream(before.events[0]!.id);
  await expect.poll(() => restarted.events.map(({ event }) => event)).toEqual(["resync"]);
  const resyncId = restarted.events[0]!.id;
  await tell(...[1, 2, 3, 4].map(attempt));
  await expect.poll(() => restarted.events.length).toBe(5);
  const late = await openStream(resyncId);
  await expect.poll(() => late.events.map(({ event }) => event)).toEqual(["resync"]);
  const justInTime = await openStream(restarted.events[1]!.id);
  await expect.poll(() => justInTime.events.map(({ data }) => data.attemptId)).toEqual([2, 3, 4]);
});

test("payloads that are not ours do not disturb the stream", async () => {
  const stream = await openStream();
  for (const payload of [
    "",
    "not json",
    "[]",
    "null",
    '{"no":"type"}',
    '{"type":"else"}',
    '{"type":"event"}',
  ]) {
    await db.query(sql`select pg_notify('energsys_live', ${payload})`);
  }
  await tell(attempt(9));
  await expect.poll(() => stream.events.at(-1)?.data.attemptId).toBe(9);
  expect(stream.events.filter(({ event }) => event === "attempt")).toHaveLength(1);
});

test("when the listening connection breaks, browsers are told to fetch anew and hear again", async () => {
  const stream = await openStream();
  await db.query(sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where application_name = 'energsys-server-listen' and datname = current_database()`);
  await expect.poll(() => stream.events.map(({ event }) => event), { timeout: 10_000 }).toEqual(["resync"]);
  await tell(attempt(5));
  await expect.poll(() => stream.events.at(-1)?.data.attemptId).toBe(5);
});

test("a session that is closed, or whose account is disabled, loses its stream", async () => {
  const stream = await openStream();
  await db.query(sql`update account set disabled = true`);
  await expect.poll(() => stream.ended, { timeout: 5_000 }).toBe(true);
  await db.query(sql`update account set disabled = false`);
  expect((await openStream()).status).toBe(200);
  await db.query(sql`delete from session`);
  expect((await openStream()).status).toBe(401);
});

test("a stream tells of one's own branch only, and follows when rights change", async () => {
  const giveOnly = (branchId: number | null) =>
    db.query(sql`update role_grant set branch_id = ${branchId}::int where account_id = 1`);
  const { rows: branches } = await db.query<{ id: number }>(sql`
    insert into branch (name) values ('Elsewhere') on conflict (parent_id, name) do update set name = excluded.name
    returning branch_id as id`);
  const missedFrom = await openStream();
  await notify(db, "energsys_live", attempt(101));
  await expect.poll(() => missedFrom.events.length).toBe(1);
  const firstId = missedFrom.events[0]!.id - 1;
  try {
    await giveOnly(branches[0]!.id);
    // One that was open before keeps nothing that it lost; what was missed is told by today's rights.
    const later = await openStream(firstId);
    await expect
      .poll(async () => {
        await notify(db, "energsys_live", attempt(102));
        const before = missedFrom.events.length;
        await new Promise((resolve) => setTimeout(resolve, 150));
        return missedFrom.events.length === before;
      })
      .toBe(true);
    expect(later.events).toEqual([]);
    const { rows } = await db.query<{ id: number }>(sql`select branch_id as id from location limit 1`);
    await giveOnly(rows[0]!.id);
    const own = await openStream();
    await notify(db, "energsys_live", attempt(103));
    await expect.poll(() => own.events.map(({ data }) => data.attemptId)).toEqual([103]);
    await db.query(sql`update role_grant set valid_until = now() where account_id = 1`);
    await expect.poll(() => own.ended).toBe(true);
  } finally {
    await db.query(sql`update role_grant set branch_id = null, valid_until = null where account_id = 1`);
  }
});

test("a browser that does not read is cut off, the others go on", async () => {
  await server.stop();
  server = await start({ streamBufferBytesMax: 65_536 });
  const good = await openStream();
  const { port } = new URL(server.url);
  const slow: Socket = connect(Number(port), "127.0.0.1");
  slow.on("error", () => {});
  slow.write(`GET /api/stream HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\ncookie: ${cookie}\r\n\r\n`);
  await new Promise((resolve) => slow.once("data", resolve));
  slow.pause();
  const closed = new Promise((resolve) => slow.once("close", resolve));
  // Enough to fill the buffers of both ends of the socket.
  let told = 0;
  const health = async () =>
    ((await (await fetch(`${server.url}/api/health`)).json()) as { streamClients: number }).streamClients;
  while ((await health()) === 2 && told < 100) {
    await tell(...Array.from({ length: 500 }, (_, n) => attempt(told * 500 + n + 1)));
    told++;
    await expect.poll(() => good.events.length, { timeout: 20_000 }).toBe(told * 500);
  }
  expect(await health()).toBe(1);
  slow.resume();
  await closed;
  expect(good.ended).toBe(false);
}, 60_000);

test("streams beyond the limit are refused", async () => {
  await server.stop();
  server = await start({ streamClientsMax: 1 });
  await openStream();
  const second = await openStream();
  expect([second.status, second.answer.headers.get("retry-after")]).toEqual([503, "5"]);
});

test("a comment comes by itself, so that a broken line is noticed", async () => {
  await server.stop();
  server = await start({ streamHeartbeatMs: 50 });
  const stream = await openStream();
  await expect.poll(() => stream.comments).toBeGreaterThan(3);
});

test("stopping ends the streams instead of waiting for them", async () => {
  const stream = await openStream();
  await server.stop();
  await expect.poll(() => stream.ended).toBe(true);
  server = await start();
});

test("the ring keeps the newest and knows what it no longer has", () => {
  const ring = new MessageRing(3, 100);
  expect(ring.after(99)).toEqual([]);
  for (let n = 0; n < 5; n++) ring.add("event", String(n), "any");
  const after = (id: number) => ring.after(id)?.map((message) => message.id);
  expect(after(104)).toEqual([]);
  expect(after(102)).toEqual([103, 104]);
  expect(after(101)).toEqual([102, 103, 104]);
  expect(after(100)).toBeUndefined();
  expect(after(105)).toBeUndefined();
});
