import { dial, realClock } from "@energsys/drivers";
import type { ByteStream } from "@energsys/protocols";
import { decodeData, encodeData } from "@energsys/protocols/dlms";
import { afterEach, beforeEach, expect, test } from "vitest";
import { waitBeforeCall } from "../src/centre/call-again.ts";
import { CentreLink, type CentreLinkOptions } from "../src/centre/centre-link.ts";
import { LogicalDevices } from "../src/objects/logical-devices.ts";
import { TestCentre } from "./centre.ts";
import { eventBody, HeldCore } from "./served.ts";

const nowMs = Date.UTC(2026, 10, 26, 12, 0, 0);

/** Real sockets, and waits that are a thousand times as fast. */
const fastClock = {
  now: () => nowMs + (realClock.now() - startedMs) * 1000,
  after: (delayMs: number, action: () => void) => realClock.after(delayMs / 1000, action),
};
const startedMs = realClock.now();

let core: HeldCore;
let centre: TestCentre;
let link: CentreLink<number> | undefined;
const opened: number[] = [];

const until = async (what: string, condition: () => boolean) => {
  for (let n = 0; !condition(); n++) {
    if (n > 400) throw new Error(`not in time: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

function call(addresses: readonly number[], changed: Partial<CentreLinkOptions<number>> = {}) {
  link = new CentreLink(new LogicalDevices(core, configuration), {
    addresses,
    open: async (port): Promise<ByteStream> => {
      opened.push(port);
      return (await dial({ host: "127.0.0.1", port }, realClock)).stream();
    },
    nameOf: String,
    clock: fastClock,
    random: () => 0.5,
    heartbeatMs: 60_000,
    log: { info: () => {}, warn: () => {} },
    ...changed,
  });
  link.start();
  return link;
}

const configuration = {
  inForce: () => "{}",
  proposed: () => "",
  propose: () => "no",
  confirmed: () => true,
  confirm: () => true,
  problem: () => "",
};

beforeEach(async () => {
  core = new HeldCore(nowMs);
  centre = await TestCentre.listen();
  opened.length = 0;
});

afterEach(async () => {
  link?.stop();
  link = undefined;
  await centre.stop();
});

const bodies = () => centre.notifications.map(({ body }) => decodeData(encodeData(body)));
const isAnnouncement = (body: { type: string }) =>
  body.type === "structure" && (body as { items?: readonly unknown[] }).items?.length === 8;
const pushes = () => bodies().filter((body) => !isAnnouncement(body));

test("the first APDU announces; a line that stands carries a heartbeat after silence", async () => {
  core.journal.append(nowMs, 1, 3, eventBody(nowMs, 1));
  const standing = call([centre.port]);
  await until("accepted", () => standing.state.line === "accepted");
  expect(centre.notifications[0]?.longInvokeId).toBeGreaterThan(0x4000_0000);
  const [first] = bodies();
  const items = first && "items" in first ? first.items : [];
  expect(items).toHaveLength(8);
  expect(items[4]).toEqual({ type: "uint32", value: 1 });
  await until("heartbeats", () => centre.notifications.length >= 3);
});

test("an event is sent at once, again when the confirmation is lost, and once more is not needed after it", async () => {
  let lost = 2;
  centre.treat = ({ body }) => (!isAnnouncement(body) && lost-- > 0 ? "silence" : "confirm");
  const standing = call([centre.port]);
  await until("accepted", () => standing.state.line === "accepted");
  standing.push([core.journal.append(nowMs, 16, 3, eventBody(nowMs, 0x1020))]);
  await until("three times", () => pushes().length === 3);
  const numbers = new Set(
    centre.notifications.filter(({ body }) => !isAnnouncement(body)).map((one) => one.longInvokeId),
  );
  expect(numbers.size).toBe(1);
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(pushes()).toHaveLength(3);
});

test("an event that is never confirmed comes four times in all, and then waits for the reading of the journal", async () => {
  centre.treat = ({ body }) => (isAnnouncement(body) ? "confirm" : "silence");
  const standing = call([centre.port]);
  await until("accepted", () => standing.state.line === "accepted");
  standing.push([core.journal.append(nowMs, 16, 3, eventBody(nowMs, 0x1020))]);
  await until("four times", () => pushes().length === 4);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(pushes()).toHaveLength(4);
  expect(core.journal.newest).toBe(1);
  expect(core.journal.taken).toBe(0);
});

test("events of a time without a line are sent when there is one, unless the centre read them before", async () => {
  const standing = call([centre.port]);
  await until("accepted", () => standing.state.line === "accepted");
  centre.treat = () => "silence";
  centre.lines[0]?.destroy();
  await until("called again", () => opened.length === 2 && standing.state.line !== "accepted");
  standing.push([
    core.journal.append(nowMs, 16, 3, eventBody(nowMs, 0x1020)),
    core.journal.append(nowMs, 16, 3, eventBody(nowMs, 0x1021)),
  ]);
  core.journal.setTaken(1);
  centre.treat = () => "confirm";
  await until("pushed", () => pushes().length === 1);
  const [push] = pushes();
  const list = push && "items" in push ? push.items[1] : undefined;
  expect(list && "items" in list ? list.items : []).toHaveLength(1);
});

test("a centre that accepts connections and says nothing is left, and the next address is called", async () => {
  const silent = await TestCentre.listen();
  silent.treat = () => "silence";
  const standing = call([silent.port, centre.port]);
  await until("accepted by the second", () => standing.state.line === "accepted");
  expect(opened).toEqual([silent.port, centre.port]);
  await silent.stop();
});

test("a line that is dead without a word is noticed by the heartbeat and called anew", async () => {
  const standing = call([centre.port]);
  await until("accepted", () => standing.state.line === "accepted");
  centre.treat = () => "silence";
  await until("called again", () => opened.length >= 2);
  centre.treat = () => "confirm";
  await until("accepted again", () => standing.state.line === "accepted");
});

test("a centre that closes the line is called again later and later, at most every quarter of an hour", async () => {
  centre.treat = () => "close";
  const standing = call([centre.port]);
  await until("three failures", () => standing.state.failures >= 3);
  const waits = Array.from({ length: 12 }, (_, n) => waitBeforeCall(n + 1, () => 1));
  expect(waits.slice(0, 3)).toEqual([5_000, 10_000, 20_000]);
  expect(waits.at(-1)).toBe(900_000);
  expect(waitBeforeCall(1, () => 0)).toBe(2_500);
});

test("bytes that are no wrapper end the line", async () => {
  const standing = call([centre.port]);
  await until("accepted", () => standing.state.line === "accepted");
  centre.lines[0]?.socket.write("GET / HTTP/1.1\r\n\r\n");
  await until("called again", () => opened.length >= 2);
});
