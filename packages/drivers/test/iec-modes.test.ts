import { readFileSync } from "node:fs";
import { join } from "node:path";
import { quality } from "@energsys/metering";
import type { ByteStream } from "@energsys/protocols";
import { HdlcStation } from "@energsys/protocols/hdlc";
import {
  type IdentificationParts,
  IecStation,
  type StationDevice,
  type StationOptions,
} from "@energsys/protocols/iec62056-21";
import { nodeCiphers } from "@energsys/protocols/node";
import { sealP1 } from "@energsys/protocols/p1";
import { afterEach, expect, test } from "vitest";
import { type DeviceReading, type ReadRequest, readDevice, readLimits, realClock } from "../src/index.ts";
import { waitForTurn } from "../src/serial-turns.ts";
import { listen, streamOf } from "./listening.ts";
import { openPseudoTerminal, type PseudoTerminal, pythonIsThere } from "./pseudo-terminal.ts";
import { ownSession, readSession, recordedAnswers, requestKey } from "./replay.ts";

const terminals: PseudoTerminal[] = [];
afterEach(() => {
  for (const terminal of terminals.splice(0)) terminal.stop();
});

const limits = { ...readLimits, responseMs: 5000, firstByteMs: 10_000 };
const request: ReadRequest = { zone: "Europe/Bucharest", registers: true };
const read = (url: string, more: Partial<ReadRequest> = {}): Promise<DeviceReading> =>
  readDevice(url, { ...request, ...more }, { clock: realClock, limits });
const values = (reading: DeviceReading): string[] =>
  reading.registers.map(({ obis, value, unit }) => `${obis} ${value} ${unit}`);

const dataSets = [
  { address: "0.0.0", values: [{ value: "40215078" }] },
  { address: "1.8.0", values: [{ value: "0004711.815", unit: "kWh" }] },
];

class Meter implements StationDevice {
  readonly address = "40215078";
  readonly identification: IdentificationParts;
  binary?: (stream: ByteStream) => void;

  constructor(baudCharacter: string, enhanced: readonly string[] = []) {
    this.identification = { manufacturer: "ENS", baudCharacter, enhanced, identification: "MODES" };
  }

  readout() {
    return dataSets;
  }

  command(command: string, address: string) {
    const asked = address === "2.8.0" ? "0000000.123" : undefined;
    if (command !== "R1" || asked === undefined) return { kind: "error", text: "ER04" } as const;
    return { kind: "data", dataSets: [{ address, values: [{ value: asked, unit: "kWh" }] }] } as const;
  }
}

const quick: StationOptions = { reactionMs: 5 };

test.each([
  ["A", "@", ""],
  ["B", "E", ""],
  ["C", "5", ""],
  ["C", "5", "&parity=yes"],
])(
  "a device of mode %s (%s%s) is read out, and what the readout lacks is asked for",
  async (mode, baud, more) => {
    const options = more === "" ? quick : { ...quick, evenParity: true };
    const port = await listen(
      (socket) => new IecStation(streamOf(socket), realClock, new Meter(baud), options),
    );
    const url = `iec62056-21+tcp://127.0.0.1:${port}?address=40215078&mode=${mode}${more}`;
    expect(values(await read(url))).toEqual(["1-0:1.8.0*255 4711.815 kWh"]);
    const both = await read(url, { registers: ["1-0:1.8.0*255", "1-0:2.8.0*255"], identity: "40215078" });
    expect(values(both)).toEqual(["1-0:1.8.0*255 4711.815 kWh", "1-0:2.8.0*255 0.123 kWh"]);
  },
);

test("a module of mode D is heard, though its first telegram was under way already", async () => {
  const port = await listen((socket) => {
    socket.write("8.0(0004711.815*kWh)\r\n!\r\n");
    new IecStation(streamOf(socket), realClock, new Meter("3"), { sendEveryMs: 30 });
  });
  const reading = await read(`iec62056-21+tcp://127.0.0.1:${port}?mode=D`, { identity: "40215078" });
  expect(values(reading)).toEqual(["1-0:1.8.0*255 4711.815 kWh"]);
  expect(reading).toMatchObject({ manufacturer: "ENS", bytesSent: 0 });
});

const p1 = readFileSync(
  join(import.meta.dirname, "../../protocols/test/fixtures/iec62056-21/dsmr-5-isk.txt"),
);

test("a P1 port is read with its clock; a telegram with a wrong CRC is passed over", async () => {
  const broken = Uint8Array.from(p1);
  broken[200]! ^= 1;
  const port = await listen((socket) => {
    socket.write(broken);
    socket.write(p1);
  });
  const reading = await read(`p1+tcp://127.0.0.1:${port}`, { clock: true });
  expect(reading.manufacturer).toBe("ISk");
  expect(reading.clock).toBeDefined();
  expect(values(reading).length).toBeGreaterThan(3);
});

test("telegrams that are never whole end the reading, and so does silence", async () => {
  const broken = Uint8Array.from(p1);
  broken[200]! ^= 1;
  const port = await listen((socket) => {
    for (let telegram = 0; telegram < 6; telegram++) socket.write(broken);
  });
  await expect(read(`p1+tcp://127.0.0.1:${port}`)).rejects.toMatchObject({ code: "read.telegrams-bad" });
  const silent = await listen(() => undefined);
  const options = { clock: realClock, limits: { ...readLimits, firstByteMs: 100 } };
  await expect(readDevice(`p1+tcp://127.0.0.1:${silent}`, request, options)).rejects.toMatchObject({
    code: "read.nothing-sent",
  });
});

const p1Keys = {
  encryption: new Uint8Array(16).fill(0x11),
  authentication: Uint8Array.from({ length: 16 }, (_, at) => at * 0x11),
};
const sealed = (counter: number) =>
  sealP1(p1, { ...p1Keys, control: 0x30, counter, systemTitle: Buffer.from("ISK00001") }, nodeCiphers);

test("a customer port that ciphers is read with its keys; unchecked only when asked for, and marked", async () => {
  const port = await listen((socket) => {
    socket.write(p1);
    socket.write(sealed(1).subarray(100));
    socket.write(sealed(2));
  });
  const ek = "11".repeat(16);
  const ak = "00112233445566778899aabbccddeeff";
  const options = { clock: realClock };
  const url = `p1+tcp://127.0.0.1:${port}?ek=${ek}`;
  const checked = await readDevice(`${url}&ak=${ak}`, request, options);
  expect(values(checked).length).toBeGreaterThan(3);
  expect(checked.registers.map(({ flags }) => flags)).toEqual(checked.registers.map(() => 0));

  const unchecked = await readDevice(`${url}&tag=unchecked`, request, options);
  expect(values(unchecked)).toEqual(values(checked));
  expect(new Set(unchecked.registers.map(({ flags }) => flags))).toEqual(new Set([quality.unauthenticated]));
  expect(unchecked.warnings).toContainEqual(expect.stringMatching(/^dlms\.tag-unchecked/));
});

test("keys that do not open a customer port have a code of their own", async () => {
  const port = await listen((socket) => {
    for (let counter = 0; counter < 6; counter++) socket.write(sealed(counter));
  });
  const url = `p1+tcp://127.0.0.1:${port}?ek=${"11".repeat(16)}&ak=${"22".repeat(16)}`;
  const reading = readDevice(url, request, { clock: realClock });
  await expect(reading).rejects.toMatchObject({ code: "read.telegrams-sealed" });
  await expect(reading).rejects.toThrow("dlms.tag");
});

/** A meter that knows what our recording of one knows, in HDLC behind a sign-on. */
function dlmsMeter(): Meter {
  const answers = recordedAnswers(readSession(ownSession("own-dlms")), "wrapper");
  const meter = new Meter("5", ["2"]);
  meter.binary = (stream) => {
    let key = "";
    const onApdu = (apdu: Uint8Array): Uint8Array => {
      key = requestKey(apdu, key);
      const answer = answers.get(key);
      if (!answer) return Uint8Array.of(0xc4, 0x01, apdu[2]!, 0x01, 0x04);
      const copy = Uint8Array.from(answer);
      if (copy[0] === 0xc4) copy[2] = apdu[2]!;
      return copy;
    };
    const station = new HdlcStation({ logical: 1 }, { write: (bytes) => stream.write(bytes), onApdu });
    stream.onBytes((chunk) => station.receive(chunk));
  };
  return meter;
}

const dlmsRequest: Partial<ReadRequest> = { clock: true, registers: ["1-0:1.8.0*255", "1-0:32.7.0*255"] };

test("mode E goes on as DLMS over HDLC on the same line", async () => {
  const ended = Promise.withResolvers<void>();
  const port = await listen((socket) => {
    socket.on("close", () => ended.resolve());
    new IecStation(streamOf(socket), realClock, dlmsMeter(), quick);
  });
  const expected = JSON.parse(readFileSync(ownSession("own-dlms"), "utf8")).expect;
  const reading = await read(`iec62056-21+tcp://127.0.0.1:${port}?address=40215078&mode=E`, dlmsRequest);
  expect(reading.registers.map(({ obis, value, unit }) => [obis, value, unit])).toEqual(expected.registers);
  expect(reading.identification).not.toBe("");
  await ended.promise;
});

test("a meter without mode E is told by its refusal, and the line is closed", async () => {
  const ended = Promise.withResolvers<void>();
  const port = await listen((socket) => {
    socket.on("close", () => ended.resolve());
    new IecStation(streamOf(socket), realClock, new Meter("5"), quick);
  });
  await expect(read(`iec62056-21+tcp://127.0.0.1:${port}?mode=E`)).rejects.toMatchObject({
    code: "link.refused",
  });
  await ended.promise;
});

test.skipIf(!pythonIsThere)(
  "two meters on one serial bus are read one after the other, mode C and mode E",
  async () => {
    const terminal = await openPseudoTerminal();
    terminals.push(terminal);
    // Each rate change has to be through before the answer: the time that a real line takes anyway.
    const options = { reactionMs: 400, evenParity: true };
    new IecStation(terminal.stream, realClock, dlmsMeter(), options);
    const line = `${terminal.path}?address=40215078`;
    const [modeC, modeE] = await Promise.all([
      read(`iec62056-21+serial:${line}&mode=C`),
      read(`iec62056-21+serial:${line}&mode=E`, dlmsRequest),
    ]);
    expect(values(modeC)).toEqual(["1-0:1.8.0*255 4711.815 kWh"]);
    expect(modeE.registers).toHaveLength(2);
    expect(new Set(terminal.rates)).toEqual(new Set(["300", "9600"]));
  },
);

test.skipIf(!pythonIsThere)("a DLMS meter is read over HDLC on a serial port, at its rate", async () => {
  const terminal = await openPseudoTerminal();
  terminals.push(terminal);
  dlmsMeter().binary!(terminal.stream);
  const reading = await read(`dlms+hdlc+serial:${terminal.path}?baud=19200`, dlmsRequest);
  expect(reading.registers).toHaveLength(2);
  expect(new Set(terminal.rates)).toEqual(new Set(["19200"]));
});

test("whoever waits for a serial port gets it in order, and may give up waiting", async () => {
  const order: string[] = [];
  const first = await waitForTurn("/dev/one");
  const stop = new AbortController();
  const second = waitForTurn("/dev/one", stop.signal).catch((error: { code: string }) =>
    order.push(error.code),
  );
  const third = waitForTurn("/dev/one").then((leave) => {
    order.push("third");
    leave();
  });
  const other = await waitForTurn("/dev/two");
  stop.abort();
  await second;
  expect(order).toEqual(["read.cancelled"]);
  first();
  other();
  await third;
  expect(order).toEqual(["read.cancelled", "third"]);
  (await waitForTurn("/dev/one"))();
});
