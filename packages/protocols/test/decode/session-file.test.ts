import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { explain, findSession, SessionRecorder, SessionReplay } from "@energsys/protocols/decode";
import { HdlcLink } from "@energsys/protocols/hdlc";
import { IecReader, IecStation, type StationDevice } from "@energsys/protocols/iec62056-21";
import { expect, test } from "vitest";
import { StageClock } from "../iec62056-21/stage.ts";
import { played, wire } from "../iec62056-21/wire.ts";

const registers = [{ address: "1.8.0", values: [{ value: "0004711.815", unit: "kWh" }] }];
const meter: StationDevice = {
  identification: { manufacturer: "ENS", baudCharacter: "5", identification: "RECORD" },
  address: "4711",
  readout: () => registers,
  operand: () => "8D",
  command: (command) => (command.startsWith("R") ? { kind: "data", dataSets: registers } : { kind: "ack" }),
};

async function session(reader: IecReader): Promise<unknown[]> {
  await reader.signOn({ address: "4711" });
  const readout = await reader.readout();
  await reader.signOn({ address: "4711" });
  await reader.enterProgramming({ password: "00000000" });
  const register = await reader.read("R1", "1.8.0");
  const written = await reader.write("W1", "0.9.1", "121500");
  await reader.close();
  return [readout, register, written];
}

async function record() {
  const clock = new StageClock();
  const ends = wire(clock, { socket: true });
  new IecStation(ends.meter, clock, meter);
  const lines: string[] = [];
  const recorder = new SessionRecorder(clock, { what: "our own meter", onLine: (line) => lines.push(line) });
  const results = await played(clock, session(new IecReader(ends.reader, clock, { recorder })));
  return { recorder, lines, results };
}

test("a recorded link is a file that explains itself turn by turn, in words", async () => {
  const { recorder } = await record();
  const { telegrams, warnings } = explain(new TextEncoder().encode(recorder.toText()));
  expect(warnings).toEqual([]);
  expect(telegrams[0]?.frames?.map(({ from, explains }) => `${from}: ${explains}`)).toEqual([
    "reader: sign-on to 4711",
    "meter: identification /ENS5RECORD",
    "reader: option select: protocol 0, rate 5, mode 0",
    "meter: data message of 27 bytes",
    "reader: sign-on to 4711",
    "meter: identification /ENS5RECORD",
    "reader: option select: protocol 0, rate 5, mode 1",
    "meter: P0: operand (8D)",
    "reader: P1: password",
    "meter: ACK",
    "reader: R1, read: 1.8.0()",
    "meter: answer 1.8.0(0004711.815*kWh)",
    "reader: W1, write: 0.9.1(121500)",
    "meter: ACK",
    "reader: B0: end of the session",
  ]);
  expect(telegrams[1]?.readings?.[0]).toMatchObject({
    obis: "1-0:1.8.0*255",
    value: "4711.815",
    unit: "kWh",
  });
});

test("a recording replays: the same reader gets the same, whatever the split", async () => {
  const { recorder, results } = await record();
  const steps = findSession(new TextEncoder().encode(recorder.toText()))!;
  for (const cut of [undefined, (bytes: Uint8Array) => [...bytes].map((byte) => Uint8Array.of(byte))]) {
    const replay = new SessionReplay(steps, cut);
    expect(await session(new IecReader(replay, new StageClock()))).toEqual(results);
    expect(replay.played).toBe(steps.length);
  }
});

test("a reader that does something else than the recorded one is told where", async () => {
  const { recorder } = await record();
  const replay = new SessionReplay(recorder.steps);
  const reader = new IecReader(replay, new StageClock());
  await expect(reader.signOn({ address: "4712" })).rejects.toMatchObject({
    code: "link.closed",
    cause: { message: "the recorded reader does not send 32 in turn 0, byte 5" },
  });
});

test("what was written line by line is the whole file, but for the turn under way", async () => {
  const { recorder, lines } = await record();
  const before = lines.length;
  const text = recorder.toText();
  expect(lines.slice(0, before)).toEqual(text.trim().split("\n").slice(0, before));
  // A process that was killed leaves half a line.
  const cut = new TextEncoder().encode(text.slice(0, -9));
  expect(findSession(cut)).toHaveLength(recorder.steps.length - 1);
});

test("a recording does not outgrow its limit, and says what it left out", () => {
  const recorder = new SessionRecorder(new StageClock(), { bytesMax: 100 });
  for (let turn = 0; turn < 30; turn++) recorder.received(new Uint8Array(10));
  recorder.end();
  expect(recorder.steps.map(({ bytes }) => bytes.length)).toEqual([100]);
  expect(recorder.bytesLeftOut).toBe(200);
});

const folder = join(
  process.env.ENERGSYS_SHARED ?? join(import.meta.dirname, "../../../../../shared"),
  "captures/sessions",
);
const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith(".json")) : [];

test.skipIf(files.length === 0).each(files)("%s says the same as JSON lines", (file) => {
  const input = new Uint8Array(readFileSync(join(folder, file)));
  const recorder = new SessionRecorder(new StageClock());
  for (const { from, bytes } of findSession(input)!) {
    if (from === "reader") recorder.sent(bytes);
    else recorder.received(bytes);
    recorder.end();
  }
  expect(explain(new TextEncoder().encode(recorder.toText()))).toEqual(explain(input));
});

test.skipIf(files.length === 0)(
  "a recorded association of mode E is replayed to the reader, hand-over and all",
  async () => {
    const steps = findSession(new Uint8Array(readFileSync(join(folder, "dlms-modee.json"))))!;
    const replay = new SessionReplay(steps, (bytes) => [bytes.subarray(0, 3), bytes.subarray(3)]);
    const clock = new StageClock();
    const reader = new IecReader(replay, clock);
    await reader.signOn();
    const stream = await reader.enterBinary();
    const link = new HdlcLink(stream, clock, {
      client: 16,
      server: 1,
      responseTimeoutMs: 1000,
      informationLengthMax: 128,
    });
    await link.connect();
    expect(replay.played).toBe(6);
  },
);
