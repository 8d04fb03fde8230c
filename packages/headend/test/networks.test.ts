import { createServer } from "node:net";
import { allowDevices, everyAttempt, findAttempt, queueAttempt } from "@energsys/store";
import { testKeyProvider } from "@energsys/store/testing";
import { afterAll, expect, test } from "vitest";
import { startHeadend } from "../src/index.ts";
import { quick, testDatabase, until } from "./town.ts";

const { db, drop } = await testDatabase();
let calls = 0;
const listener = createServer((socket) => {
  calls += 1;
  socket.destroy();
});
await new Promise<void>((resolve) => listener.listen(0, "::", resolve));
const { port } = listener.address() as { port: number };
const own = createServer((socket) => socket.destroy());
await new Promise<void>((resolve) => own.listen(0, "127.0.0.1", resolve));
const ownPort = (own.address() as { port: number }).port;
const running = await startHeadend({
  database: db,
  keyProvider: testKeyProvider,
  limits: quick,
  ownPorts: [ownPort],
});
afterAll(async () => {
  listener.close();
  own.close();
  await running.stop();
  await drop();
});

const codeOf = async (url: string) => {
  const attemptId = await queueAttempt(db, { cause: "trial", request: { url } });
  await until(async () => (await findAttempt(db, everyAttempt, attemptId))?.state === "failed");
  return (await findAttempt(db, everyAttempt, attemptId))?.errorCode;
};

/** As they reach a head-end past the server's look at the typed words: names, and ways to write a number that the resolver knows. */
test.each([
  "127.0.0.1",
  "localhost",
  "2130706433",
  "0x7f.1",
  "0177.0.0.1",
  "[::1]",
  "[::ffff:127.0.0.1]",
  "0",
])("S35: %s is this machine, where no device is dialled", async (host) => {
  expect(await codeOf(`dlms+tcp://${host}:${port}`)).toBe("dial.not-allowed");
  expect(await codeOf(`dlms+udp://${host}:${port}?auth=none`)).toBe("dial.not-allowed");
  expect(calls).toBe(0);
});

test("S35: the service that tells a machine its credentials is not dialled, nor what is not listed", async () => {
  expect(await codeOf("dlms+tcp://169.254.169.254:80")).toBe("dial.not-allowed");
  expect(await codeOf("iec62056-21+tcp://203.0.113.7:4059")).toBe("dial.not-allowed");
});

test("what is listed is dialled, our own ports are not", async () => {
  await allowDevices(db, "127.0.0.0/8");
  // A change holds within five seconds.
  await until(async () => (await codeOf(`dlms+tcp://127.0.0.1:${port}`)) !== "dial.not-allowed");
  expect(calls).toBeGreaterThan(0);
  expect(await codeOf(`dlms+tcp://127.0.0.1:${ownPort}`)).toBe("dial.not-allowed");
});
