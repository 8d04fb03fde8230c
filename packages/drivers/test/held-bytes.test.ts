import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { HeldBytes } from "../src/held-bytes.ts";
import { readLimits } from "../src/limits.ts";
import { realClock } from "../src/real-clock.ts";
import { TcpLine } from "../src/tcp-line.ts";

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** Lines that were called in, with the callers' sockets, under one bound for all. */
async function lines(count: number, bytesMax: number) {
  const held = new HeldBytes(bytesMax);
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  ends.push(() => server.close());
  const { port } = server.address() as { port: number };
  const made: { line: TcpLine; caller: Socket }[] = [];
  for (let n = 0; n < count; n++) {
    const arrived = once(server, "connection") as Promise<[Socket]>;
    const caller = connect({ host: "127.0.0.1", port }).on("error", () => {});
    const [socket] = await arrived;
    ends.push(() => {
      caller.destroy();
      socket.destroy();
    });
    made.push({ line: new TcpLine(socket, realClock, readLimits, held), caller });
  }
  return { held, made };
}

test("at the bound of all lines together those that bring more are held back by TCP, and go on when others are through", async () => {
  const [bytesMax, perLine] = [600_000, 200_000];
  const { held, made } = await lines(8, bytesMax);
  for (const { caller } of made) caller.write(new Uint8Array(perLine));
  await expect.poll(() => held.pausedLines, { timeout: 30_000 }).toBe(made.length);
  // Each line may have had one piece under way when the bound was met.
  expect(held.bytes).toBeGreaterThanOrEqual(bytesMax);
  expect(held.bytes).toBeLessThan(bytesMax + made.length * 65_536);
  const before = made.map(({ line }) => line.bytesReceived);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(made.map(({ line }) => line.bytesReceived)).toEqual(before);

  // Some are asked something, some end: what they had is free, and all that was sent arrives in the end.
  for (;;) {
    const waiting = made.filter(({ line }) => line.open && line.bytesReceived < perLine);
    if (waiting.length === 0) break;
    for (const { line } of made) line.write(new Uint8Array(1));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect(made.every(({ line }) => line.bytesReceived === perLine)).toBe(true);
  for (const { line } of made) line.close();
  expect([held.bytes, held.pausedLines]).toEqual([0, 0]);
});

test("a line that ends while it is held back is let go of, and frees the others", async () => {
  const { held, made } = await lines(2, 100_000);
  made[0]!.caller.write(new Uint8Array(200_000));
  await expect.poll(() => held.pausedLines, { timeout: 30_000 }).toBe(1);
  made[1]!.caller.write(new Uint8Array(50_000));
  await expect.poll(() => held.pausedLines, { timeout: 30_000 }).toBe(2);
  made[0]!.line.close();
  await expect.poll(() => made[1]!.line.bytesReceived, { timeout: 30_000 }).toBe(50_000);
  expect(held.bytes).toBe(50_000);
});
