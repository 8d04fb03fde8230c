import { spawn } from "node:child_process";
import { createServer, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { afterEach, describe, expect, test } from "vitest";
import { SimulatorError } from "../src/errors.ts";
import { BitFlips } from "../src/faults/bit-flips.ts";
import { type FaultProxy, startFaultProxy } from "../src/faults/fault-proxy.ts";
import { ImpairedPath } from "../src/faults/impaired-path.ts";
import { type LinkProfile, linkProfiles, overHops } from "../src/faults/link-profile.ts";
import { actOnProxy, readProxyConfig } from "../src/faults/proxy-command.ts";
import { draws } from "../src/random.ts";
import { StageClock } from "./field-line.ts";
import { dial, realClock, until } from "./support.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A server that sends back what it gets, and says what it got and whether its peers are still there. */
async function echo() {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => undefined);
    socket.on("data", (bytes) => socket.write(bytes));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as { port: number }).port, sockets };
}

async function proxied(profile: LinkProfile, seed = 1): Promise<{ proxy: FaultProxy; sockets: Socket[] }> {
  const { port, sockets } = await echo();
  const proxy = await startFaultProxy({
    to: { host: "127.0.0.1", port },
    profile,
    seed,
    clock: realClock,
  });
  closing.push(() => proxy.close());
  return { proxy, sockets };
}

/** A path on a stage: what arrives, and when. */
function path(profile: LinkProfile, seed = 1) {
  const clock = new StageClock(0);
  const arrived: { readonly atMs: number; readonly bytes: Uint8Array }[] = [];
  const ends: string[] = [];
  const one = new ImpairedPath(profile, clock, draws(seed), {
    deliver: (bytes) => void arrived.push({ atMs: clock.now(), bytes: bytes.slice() }),
    cut: () => void ends.push("cut"),
    die: () => void ends.push("dead"),
  });
  const all = () => arrived.flatMap(({ bytes }) => [...bytes]);
  return { clock, one, arrived, ends, all };
}

const counted = (length: number) => Uint8Array.from({ length }, (_, n) => n & 0xff);

describe("a path", () => {
  test("of a clean line passes everything in the call", () => {
    const { one, all } = path({});
    one.push(counted(1000));
    expect(all()).toEqual([...counted(1000)]);
  });

  test("has its latency, wanders within its jitter, and keeps the order", async () => {
    const { clock, one, arrived, all } = path({ latencyMs: 400, jitterMs: 100 });
    for (let n = 0; n < 50; n++) one.push(Uint8Array.of(n));
    await clock.advance(300);
    const early = arrived.length;
    expect(early).toBeLessThan(5);
    await clock.advance(200);
    expect(all()).toEqual([...counted(50)]);
    expect(arrived.every(({ atMs }) => atMs >= 300 && atMs <= 500)).toBe(true);
  });

  test("carries as many bytes a second as it was told, in small pieces", async () => {
    const { clock, one, all } = path({ bytesPerSecond: 2000 });
    one.push(counted(10_000));
    expect(one.queued).toBe(10_000);
    await clock.advance(1000);
    expect(all().length).toBe(2000);
    await clock.advance(4000);
    expect(all()).toEqual([...counted(10_000)]);
    expect(one.queued).toBe(0);
  });

  test("stalls and loses now and then: all comes, later", async () => {
    const time = async (profile: LinkProfile) => {
      const { clock, one, arrived, all } = path({ bytesPerSecond: 2000, ...profile });
      one.push(counted(40_000));
      await clock.advance(200_000);
      expect(all()).toEqual([...counted(40_000)]);
      return arrived.at(-1)!.atMs;
    };
    const plain = await time({});
    expect(plain).toBe(20_000);
    // 200 pieces: four stalls of 2 s on average, or six losses of a second and more.
    expect(await time({ stallPart: 0.02, stallMs: [2000, 2000] })).toBeGreaterThan(plain + 1999);
    expect(await time({ lossPart: 0.03 })).toBeGreaterThan(plain + 999);
  });

  test("is cut, or dead, at a byte that the seed chose, however the bytes come", () => {
    const end = (profile: LinkProfile, chunk: number) => {
      const { one, all, ends } = path(profile, 4);
      for (let at = 0; at < 100_000; at += chunk) one.push(new Uint8Array(chunk));
      return { length: all().length, ends };
    };
    const cut = end({ cutsPerByte: 1e-4 }, 1000);
    expect(cut.ends).toEqual(["cut"]);
    expect(cut.length).toBeGreaterThan(0);
    expect(cut.length).toBeLessThan(100_000);
    expect(end({ cutsPerByte: 1e-4 }, 250)).toEqual(cut);
    expect(end({ deadPerByte: 1e-4 }, 1000).ends).toEqual(["dead"]);
  });

  test("that is held loses nothing and goes on when it is released", async () => {
    const { clock, one, all } = path({ latencyMs: 10 });
    one.push(Uint8Array.of(1));
    one.hold(true);
    await clock.advance(60_000);
    one.push(Uint8Array.of(2));
    expect(all()).toEqual([]);
    one.hold(false);
    await clock.advance(20);
    expect(all()).toEqual([1, 2]);
  });
});

test.each([
  [1e-4, 4_000_000],
  [1e-2, 40_000],
  [0.5, 1000],
])("bits are turned over %f times a byte", (flipsPerByte, length) => {
  const flips = new BitFlips(flipsPerByte, draws(3));
  const bytes = flips.pass(new Uint8Array(length));
  const hit = bytes.reduce((sum, byte) => sum + (byte === 0 ? 0 : 1), 0);
  const expected = length * flipsPerByte;
  expect(hit).toBe(flips.flips);
  expect(Math.abs(hit - expected)).toBeLessThan(4.5 * Math.sqrt(expected));
});

describe("the proxy", () => {
  test("passes megabytes of a clean line unchanged, both ways, and the end after them", async () => {
    const { proxy, sockets } = await proxied(linkProfiles.clean);
    const line = await dial(proxy.port);
    const sent = Buffer.alloc(4_000_000);
    for (let n = 0; n < sent.length; n++) sent[n] = (n * 31) & 0xff;
    const chunks: Uint8Array[] = [];
    let length = 0;
    line.onBytes((bytes) => {
      chunks.push(bytes.slice());
      length += bytes.length;
    });
    line.write(sent);
    await until(() => length === sent.length);
    expect(Buffer.concat(chunks).equals(sent)).toBe(true);
    line.close();
    await until(() => sockets[0]?.destroyed);
    await until(() => proxy.counts().open === 0);
    expect(proxy.counts()).toMatchObject({ connections: 1, bytes: 8_000_000, flips: 0, cut: 0, dead: 0 });
  });

  test("lets what is on the way arrive before the end does", async () => {
    const { port, sockets } = await echo();
    const proxy = await startFaultProxy({
      to: { host: "127.0.0.1", port },
      profile: { latencyMs: 150 },
      clock: realClock,
    });
    closing.push(() => proxy.close());
    const line = await dial(proxy.port);
    await until(() => sockets[0]);
    sockets[0]!.end(Buffer.from("last words"));
    let ended = false;
    line.onEnd(() => {
      ended = true;
    });
    await until(() => ended);
    expect(String.fromCharCode(...line.received)).toBe("last words");
  });

  test("turns bits over in the same places for the same seed", async () => {
    const garbled = async () => {
      const { proxy } = await proxied({ flipsPerByte: 1e-3 }, 9);
      const line = await dial(proxy.port);
      line.write(new Uint8Array(50_000));
      await until(() => line.received.length === 50_000);
      expect(proxy.counts().flips).toBeGreaterThan(50);
      return line.received.flatMap((byte, at) => (byte === 0 ? [] : [at]));
    };
    expect(await garbled()).toEqual(await garbled());
  });

  test("cuts: both sides see the end", async () => {
    const { proxy, sockets } = await proxied({ cutsPerByte: 1e-3 });
    const line = await dial(proxy.port);
    let ended = false;
    line.onEnd(() => {
      ended = true;
    });
    line.write(new Uint8Array(20_000));
    await until(() => ended && sockets[0]?.destroyed);
    expect(line.received.length).toBeLessThan(20_000);
    expect(proxy.counts()).toMatchObject({ cut: 1, open: 0 });
  });

  test("half-open: nothing comes any more, and neither side is told, even when the other goes", async () => {
    const { proxy, sockets } = await proxied({ deadPerByte: 1e-3 });
    const line = await dial(proxy.port);
    let ended = false;
    line.onEnd(() => {
      ended = true;
    });
    line.write(new Uint8Array(20_000));
    await until(() => proxy.counts().dead === 1);
    const heard = line.received.length;
    sockets[0]!.end();
    line.write(new Uint8Array(100));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(line.received.length).toBe(heard);
    expect(ended).toBe(false);
    line.close();
    await until(() => proxy.counts().open === 0);
  });

  test("a slow line makes the sender wait: little is held on the way", async () => {
    const { proxy } = await proxied({ bytesPerSecond: 200_000 });
    const line = await dial(proxy.port);
    line.write(new Uint8Array(600_000));
    const started = Date.now();
    await until(() => line.received.length === 600_000);
    expect(Date.now() - started).toBeGreaterThan(2500);
  });

  test("other weather and a cut of all are for tests in the middle of something", async () => {
    const { proxy } = await proxied(linkProfiles.clean);
    const line = await dial(proxy.port);
    line.write(Uint8Array.of(1));
    await until(() => line.received.length === 1);
    let ended = false;
    line.onEnd(() => {
      ended = true;
    });
    proxy.setProfile({ flipsPerByte: 1 });
    proxy.cutAll();
    await until(() => ended);
    const next = await dial(proxy.port);
    next.write(new Uint8Array(10));
    await until(() => next.received.length === 10);
    expect(proxy.counts().flips).toBeGreaterThanOrEqual(10);
  });

  test("nobody behind it: the connection ends, and it is counted", async () => {
    const proxy = await startFaultProxy({
      to: { host: "127.0.0.1", port: 9 },
      profile: {},
      clock: realClock,
    });
    closing.push(() => proxy.close());
    const line = await dial(proxy.port);
    let ended = false;
    line.onEnd(() => {
      ended = true;
    });
    await until(() => ended);
    expect(proxy.counts().unreachable).toBe(1);
  });
});

test("the command says everything that is wrong with its flags", () => {
  const wrong = () => readProxyConfig(["--listen", "here", "--profile", "fog", "--hops", "0", "--seed", "x"]);
  expect(wrong).toThrow(SimulatorError);
  expect(wrong).toThrow(/--listen.*--to.*--profile is one of clean, .*gprs.*--hops is 1 to 20.*--seed/);
  expect(() => readProxyConfig(["--unknown"])).toThrow(SimulatorError);
  expect(readProxyConfig(["--to", "127.0.0.1:4059", "--profile", "gprs-bad", "--seed", "7"])).toEqual({
    listen: { host: "127.0.0.1", port: 0 },
    to: { host: "127.0.0.1", port: 4059 },
    profile: "gprs-bad",
    hops: 1,
    seed: 7,
  });
});

test("what waits and goes wrong at one radio module does so at each of them", async () => {
  const three = overHops(linkProfiles.radio, 3);
  expect(overHops(linkProfiles.radio, 1)).toEqual({ ...linkProfiles.radio, lossPart: 1 - 0.98 });
  expect(three).toMatchObject({ latencyMs: 120, jitterMs: 60, bytesPerSecond: 800 });
  expect(three.lossPart).toBeCloseTo(1 - 0.98 ** 3, 12);
  expect(overHops(linkProfiles.clean, 3)).toEqual({});
  expect(overHops(linkProfiles.cutting, 2)).toEqual({ cutsPerByte: 2 / 20_000 });
  const { clock, one, all } = path(overHops({ latencyMs: 100, bytesPerSecond: 3000 }, 3));
  one.push(counted(1000));
  await clock.advance(300);
  expect(all()).toEqual([]);
  await clock.advance(1000);
  expect(all()).toEqual([...counted(1000)]);
});

test("lines of its input hold and cut what passes, and say what they do not understand", async () => {
  const { proxy } = await proxied(linkProfiles.clean);
  const line = await dial(proxy.port);
  line.write(Uint8Array.of(1));
  await until(() => line.received.length === 1);
  expect(actOnProxy(proxy, 1, "hold")).toBe("ok");
  line.write(Uint8Array.of(2));
  const meanwhile = await dial(proxy.port);
  meanwhile.write(Uint8Array.of(3));
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect([line.received.length, meanwhile.received.length]).toEqual([1, 0]);
  expect(actOnProxy(proxy, 1, " go ")).toBe("ok");
  await until(() => line.received.length === 2 && meanwhile.received.length === 1);
  let ended = false;
  line.onEnd(() => {
    ended = true;
  });
  expect(actOnProxy(proxy, 1, "cut")).toBe("ok");
  await until(() => ended);
  expect(actOnProxy(proxy, 1, "profile noisy")).toBe("ok");
  for (const unknown of ["", "profile fog", "hold on", "profile noisy twice"])
    expect(actOnProxy(proxy, 1, unknown)).toMatch(/^say hold, go, cut, or profile clean\|/);
});

test("`simulate proxy` runs until it is told to stop, and says what passed", async () => {
  const { port } = await echo();
  const main = new URL("../src/main.ts", import.meta.url).pathname;
  const child = spawn(process.execPath, [main, "proxy", "--to", `127.0.0.1:${port}`, "--profile", "clean"]);
  closing.push(() => child.kill("SIGKILL"));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ready = JSON.parse((await lines.next()).value ?? "");
  expect(ready).toMatchObject({ ready: true, to: `127.0.0.1:${port}`, profile: "clean", seed: 1 });
  const line = await dial(Number(ready.listen.split(":")[1]));
  line.write(Uint8Array.of(1, 2, 3));
  await until(() => line.received.length === 3);
  child.kill("SIGTERM");
  expect(JSON.parse((await lines.next()).value ?? "")).toMatchObject({ connections: 1, bytes: 6 });
  expect(await new Promise((resolve) => child.once("exit", resolve))).toBe(0);
});
