import { once } from "node:events";
import { connect } from "node:net";
import { realClock } from "@energsys/drivers";
import { afterEach, expect, test } from "vitest";
import { type Limits, limits, lowerLimits } from "../src/limits.ts";
import { CallListener } from "../src/listener.ts";
import { until } from "./town.ts";

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** What the field may ask of us at most; a change here is a decision. */
test.each([
  ["time until a caller is known", limits.identifyMs, 60_000],
  ["time until the first byte", limits.firstByteMs, 30_000],
  ["time until the next piece of an answer", limits.responseMs, 10_000],
  ["connections", limits.connections, 12_000],
  ["unknown callers of an address", limits.connectionsUnidentifiedPerAddress, 8],
  ["unknown callers of a shared address", limits.connectionsUnidentifiedPerSharedAddress, 512],
  ["bytes of an unknown caller", limits.bytesUnidentified, 1_024],
  ["bytes of a line that nobody asked for", limits.bytesUnasked, 256 * 1_024],
  ["bytes of all lines that nobody asked for", limits.bytesUnaskedOfAll, 256 * 1_048_576],
  ["bytes of a frame", limits.apduBytes, 64 * 1_024],
  ["bytes of a value from many frames", limits.valueBytes, 1_048_576],
  ["characters of a text", limits.textCharacters, 4_096],
  ["rows that wait for the database", limits.queueRows, 10_000],
])("%s: %i", (_, actual, expected) => {
  expect(actual).toBe(expected);
});

test("an installation lowers limits and raises none", () => {
  expect(lowerLimits({ connections: 5 }).connections).toBe(5);
  for (const name of Object.keys(limits) as (keyof Limits)[])
    for (const value of [limits[name] + 1, 0, Number.NaN])
      expect(() => lowerLimits({ [name]: value })).toThrow(name);
});

/** A listener with limits of its own; what it refused, and a way to call it. */
async function listening(lower: Partial<Limits>, sharedAddresses: string[] = []) {
  const refused: string[] = [];
  const known: string[] = [];
  const listener = new CallListener({
    host: "127.0.0.1",
    port: 0,
    clock: realClock,
    limits: lowerLimits(lower),
    sharedAddresses,
    onRegistration: (_, { identity }) => known.push(identity),
    onRefused: ({ code }) => refused.push(code),
  });
  const port = Number((await listener.start()).split(":")[1]);
  stops.push(() => listener.stop());
  const call = () => {
    const socket = connect({ host: "127.0.0.1", port }).on("error", () => {});
    const ended = once(socket.resume(), "close");
    return { socket, ended };
  };
  return { listener, refused, known, call };
}

test("a caller that says nothing is sent away in time, and one that says too much at once", async () => {
  const { refused, call } = await listening({ identifyMs: 150, bytesUnidentified: 64 });
  await call().ended;
  expect(refused).toEqual(["call-in.silent"]);
  const talker = call();
  // A wrapper frame that announces more than may be waited for.
  talker.socket.write(Buffer.concat([Buffer.from("0001000100010400", "hex"), Buffer.alloc(60, 0xc0)]));
  await talker.ended;
  expect(refused.slice(1)).toHaveLength(1);
  expect(refused[1]).toMatch(/^call-in\.(too-long|unrecognised)$/);
});

test("of one address only a few may be unknown at a time; who is known makes room, and a shared address has more", async () => {
  const own = await listening({ connectionsUnidentifiedPerAddress: 2 });
  const [first] = [own.call(), own.call()];
  await until(async () => own.listener.connections === 2 || own.listener.connections);
  await own.call().ended;
  expect(own.refused).toEqual(["call-in.too-many"]);
  first.socket.write("DEVICE-0001\r\n");
  await until(async () => own.known.length === 1 || own.known);
  own.call();
  await until(async () => own.listener.connections === 3 || own.listener.connections);
  expect(own.refused).toHaveLength(1);

  const shared = await listening(
    { connectionsUnidentifiedPerAddress: 2, connectionsUnidentifiedPerSharedAddress: 4 },
    ["127.0.0.1"],
  );
  for (let n = 0; n < 4; n++) shared.call();
  await until(async () => shared.listener.connections === 4 || shared.listener.connections);
  await shared.call().ended;
  expect(shared.refused).toEqual(["call-in.too-many"]);
});

test("beyond the connections of a head-end nobody is let in", async () => {
  const { listener, call } = await listening({ connections: 3 }, ["127.0.0.1"]);
  for (let n = 0; n < 3; n++) call();
  await until(async () => listener.connections === 3 || listener.connections);
  await call().ended;
  expect(listener.connections).toBe(3);
});
