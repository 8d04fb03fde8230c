import { readFileSync } from "node:fs";
import type { Socket } from "node:net";
import { meterModels } from "@energsys/metering/models";
import { HdlcStation } from "@energsys/protocols/hdlc";
import { encodeWrapperFrame, takeWrapperFrame } from "@energsys/protocols/wrapper";
import { afterAll, expect, test } from "vitest";
import {
  type DriverError,
  type ReadRequest,
  readDevice,
  readLimits,
  readReport,
  realClock,
} from "../src/index.ts";
import {
  capturedSession,
  isThere,
  ownSession,
  type Peer,
  readSession,
  recordedAnswers,
  replay,
  requestKey,
  sendBytewise,
  startPeer,
} from "./replay.ts";

const peers: Peer[] = [];
afterAll(async () => {
  for (const peer of peers) await peer.stop();
});
async function peer(serve: (socket: Socket, complaints: string[]) => void): Promise<Peer> {
  const started = await startPeer(serve);
  peers.push(started);
  return started;
}

const limits = { ...readLimits, responseMs: 400, dialMs: 1000 };
const request: ReadRequest = { zone: "Europe/Bucharest", registers: true };
const read = (url: string, more: Partial<ReadRequest> = {}, signal?: AbortSignal) =>
  readDevice(url, { ...request, ...more }, { clock: realClock, limits, ...(signal ? { signal } : {}) });
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => "read",
    (error: DriverError) => error.code,
  );

const me162 = [
  ["a real ISKRA ME162", capturedSession("iec-isk-me162-mode-c"), "28342193", "33402.264"],
  ["our own recording of a mode C meter", ownSession("own-mode-c"), "70100000", undefined],
] as const;

for (const [name, file, serial, importKwh] of me162) {
  test.skipIf(!isThere(file))(
    `${name}, replayed byte by byte, is read as its own reader read it`,
    async () => {
      const steps = readSession(file);
      const { port, complaints } = await peer(replay(steps));
      const reading = await read(`iec62056-21+tcp://127.0.0.1:${port}`, {
        model: meterModels["iskra-me162"],
        identity: serial,
      });
      expect(complaints).toEqual([]);
      expect(reading).toMatchObject({
        identity: serial,
        manufacturer: "ISK",
        identification: "ME162-0033",
        warnings: [],
      });
      expect(reading.registers.map(({ obis, unit, flags }) => [obis, unit, flags])).toEqual(
        ["1.8.0", "1.8.1", "1.8.2", "2.8.0", "2.8.1", "2.8.2"].map((code) => [`1-0:${code}*255`, "kWh", 0]),
      );
      if (importKwh) expect(reading.registers[0]!.value).toBe(importKwh);
      expect(reading.blocks.length).toBeGreaterThan(0);
      expect(readReport("x", reading).telegrams[0]).toMatchObject({
        kind: "registers",
        device: { model: "iskra-me162" },
      });
    },
  );

  test.skipIf(!isThere(file))(`${name} with another serial number than expected gives nothing`, async () => {
    const { port } = await peer(replay(readSession(file)));
    const given: unknown[] = [];
    const reading = readDevice(
      `iec62056-21+tcp://127.0.0.1:${port}`,
      { ...request, model: meterModels["iskra-me162"], identity: "11111111" },
      { clock: realClock, limits, onPortion: async (portion) => void given.push(portion) },
    );
    expect(await codeOf(reading)).toBe("identity.mismatch");
    expect(given).toEqual([]);
  });
}

/** A DLMS device that knows what a recording knows, over framing that is served here. */
function serveRecorded(
  file: string,
  recorded: "wrapper" | "hdlc",
  framing: "wrapper" | "hdlc",
  client: number,
) {
  const answers = recordedAnswers(readSession(file), recorded);
  let key = "";
  const answerTo = (apdu: Uint8Array): Uint8Array => {
    key = requestKey(apdu, key);
    const answer = answers.get(key);
    if (!answer) return Uint8Array.of(0xc4, 0x01, apdu[2]!, 0x01, 0x04); // object undefined
    const copy = Uint8Array.from(answer);
    if (copy[0] === 0xc4) copy[2] = apdu[2]!;
    return copy;
  };
  return (socket: Socket) => {
    if (framing === "hdlc") {
      const station = new HdlcStation(
        { logical: 1, informationLengthMax: 128 },
        { write: (bytes) => sendBytewise(socket, bytes), onApdu: answerTo },
      );
      socket.on("data", (chunk) => station.receive(chunk as Buffer));
      return;
    }
    let received = Buffer.alloc(0);
    socket.on("data", (chunk) => {
      received = Buffer.concat([received, chunk as Buffer]);
      for (let taken = takeWrapperFrame(received); taken; taken = takeWrapperFrame(received)) {
        received = received.subarray(taken.end);
        const apdu = answerTo(taken.frame.apdu);
        sendBytewise(socket, encodeWrapperFrame({ sourcePort: 1, destinationPort: client, apdu }));
      }
    });
  };
}

const dlms = [
  ["dlms-hdlc-ln-none", "hdlc", 16, ""],
  ["dlms-hdlc-ln-low", "hdlc", 17, "&auth=low&password=Gurux"],
  ["dlms-wrap-ln-none", "wrapper", 16, ""],
] as const;

const captured = test.skipIf(!isThere(capturedSession("dlms-wrap-ln-none")));

// They come byte by byte: a device waits for the line most of the time, so all of them are read at once.
captured.concurrent.each(dlms)(
  "the recorded device of %s gives its name, clock and objects",
  async (name, framing, client, more) => {
    const file = capturedSession(name);
    const { port } = await peer(serveRecorded(file, framing, framing, client));
    const scheme = framing === "hdlc" ? "dlms+hdlc+tcp" : "dlms+tcp";
    const reading = await read(`${scheme}://127.0.0.1:${port}?client=${client}&server=1${more}`, {
      registers: false,
      clock: true,
      objects: true,
    });
    expect(reading).toMatchObject({
      identity: "GRX0000000123456",
      manufacturer: "GRX",
      model: { name: "generic-dlms" },
    });
    expect(reading.clock?.deviceMs).toBeCloseTo(Date.parse("2026-11-23T07:04:07Z"), -4);
    expect(reading.objects!.length).toBeGreaterThan(40);
    expect(reading.objects).toContainEqual(
      expect.objectContaining({ obis: "0-0:42.0.0*255", classId: 1, value: "GRX0000000123456" }),
    );
  },
);

test.skipIf(!isThere(capturedSession("dlms-low-wrongpw")))(
  "a wrong password is refused by name",
  async () => {
    const { port } = await peer(serveRecorded(capturedSession("dlms-low-wrongpw"), "hdlc", "hdlc", 17));
    const url = `dlms+hdlc+tcp://127.0.0.1:${port}?client=17&auth=low&password=Wrong`;
    await expect(read(url)).rejects.toMatchObject({
      code: "association.unproven",
      diagnostic: "authentication-failure",
    });
  },
);

test("our own recording of a DLMS meter gives registers, profile and events", async () => {
  const file = ownSession("own-dlms");
  const { port } = await peer(serveRecorded(file, "wrapper", "wrapper", 16));
  const reading = await read(`dlms+tcp://127.0.0.1:${port}`, {
    clock: true,
    registers: ["1-0:1.8.0*255", "1-0:32.7.0*255"],
    profiles: [{ fromMs: Date.parse("2026-11-20T00:00:00Z"), toMs: Date.parse("2026-11-20T06:00:00Z") }],
  });
  const report = readReport(`dlms+tcp://127.0.0.1:${port}`, reading);
  const expected = JSON.parse(readFileSync(file, "utf8")).expect;
  expect(report.telegrams.find(({ kind }) => kind === "load-profile")?.profile).toEqual(expected.profile);
  expect(reading.registers.map(({ obis, value, unit }) => [obis, value, unit])).toEqual(expected.registers);
});

test("a device that never answers, stops in the middle, or hangs up is given up with a code that says which", async () => {
  const silent = await peer(() => {});
  expect(await codeOf(read(`dlms+tcp://127.0.0.1:${silent.port}`))).toBe("link.timeout");
  const half = await peer((socket) =>
    socket.on("data", () => socket.write(Buffer.from("0001000100100044", "hex"))),
  );
  expect(await codeOf(read(`dlms+tcp://127.0.0.1:${half.port}`))).toBe("link.timeout");
  const gone = await peer((socket) => socket.on("data", () => socket.destroy()));
  expect(await codeOf(read(`dlms+tcp://127.0.0.1:${gone.port}`))).toBe("link.closed");
  const noise = await peer((socket) => socket.on("data", () => socket.write("garbage in place of a frame")));
  expect(await codeOf(read(`dlms+tcp://127.0.0.1:${noise.port}`))).toBe("link.garbled");
  const { port } = await peer(() => {});
  await peers.pop()!.stop();
  expect(await codeOf(read(`dlms+tcp://127.0.0.1:${port}`))).toBe("dial.refused");
});

test("a reading that is cancelled ends at once and hangs up", async () => {
  let closed: () => void = () => {};
  const hungUp = new Promise<void>((resolve) => {
    closed = resolve;
  });
  const { port } = await peer((socket) => socket.resume().on("close", closed));
  const stop = new AbortController();
  const reading = codeOf(read(`iec62056-21+tcp://127.0.0.1:${port}`, {}, stop.signal));
  setTimeout(() => stop.abort(), 50);
  expect(await reading).toBe("read.cancelled");
  await hungUp;
});
