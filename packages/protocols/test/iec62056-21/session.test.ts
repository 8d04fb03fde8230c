import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  decodeLog,
  decodeProfile,
  encodeCommand,
  encodeText,
  IecReader,
  type IecTelegram,
  zoneOffset,
} from "@energsys/protocols/iec62056-21";
import { expect, test } from "vitest";
import { fixtures, sharedFolder } from "./captures.ts";
import { StageClock, StageLine, settle } from "./stage.ts";

interface Step {
  from: "reader" | "meter";
  bytes: Uint8Array;
}

function readSteps(file: string): Step[] {
  const { steps }: { steps: { dir: string; hex?: string; ascii?: string }[] } = JSON.parse(
    readFileSync(file, "utf8"),
  );
  return steps.map(({ dir, hex, ascii }) => ({
    from: dir === "to-meter" ? "reader" : "meter",
    bytes: hex === undefined ? bytesOfText(ascii ?? "") : Uint8Array.fromHex(hex),
  }));
}

/** Text in which `<BCC>` stands for the check byte, computed here without the package's help. */
function bytesOfText(text: string): Uint8Array {
  const bytes = encodeText(text.replace("<BCC>", ""));
  if (!text.endsWith("<BCC>")) return bytes;
  return Uint8Array.from([...bytes, bytes.subarray(1).reduce((bcc, byte) => bcc ^ byte, 0)]);
}

/**
 * Plays the meter of a recording: once the reader has written what the recorded reader wrote, the meter's next bytes
 * come, cut as `cut` tells. Writes are compared as one stream, for a recording may glue or part them.
 */
function playMeter(steps: readonly Step[], cut: (bytes: Uint8Array) => Uint8Array[]) {
  const clock = new StageClock();
  const line = new StageLine();
  let at = 0;
  let written = 0;
  line.heard = (bytes) => {
    for (const byte of bytes) {
      const step = steps[at];
      if (step?.from !== "reader" || step.bytes[written] !== byte) {
        throw new Error(`the recorded reader does not send ${byte} in step ${at}, byte ${written}`);
      }
      if (++written < step.bytes.length) continue;
      written = 0;
      at++;
    }
    if (written > 0) return;
    queueMicrotask(() => {
      while (steps[at]?.from === "meter") for (const chunk of cut(steps[at++]!.bytes)) line.say(chunk);
    });
  };
  return { reader: new IecReader(line, clock), line, done: () => at };
}

const whole = (bytes: Uint8Array) => [bytes];
const byteByByte = (bytes: Uint8Array) => [...bytes].map((byte) => Uint8Array.of(byte));
const cutsInTwo = (place: number) => (bytes: Uint8Array) => {
  const at = place % (bytes.length + 1);
  return [bytes.subarray(0, at), bytes.subarray(at)];
};
const cuts: [string, (bytes: Uint8Array) => Uint8Array[]][] = [
  ["whole", whole],
  ["byte by byte", byteByByte],
  ...Array.from({ length: 220 }, (_, at): [string, (bytes: Uint8Array) => Uint8Array[]] => [
    `in two at ${at}`,
    cutsInTwo(at),
  ]),
];

const firstValue = (telegram: IecTelegram) => telegram.dataSets[0]?.values[0];
const offset = zoneOffset("Europe/Bucharest");

const own = readSteps(join(fixtures, "own-session.json"));

test.each(cuts)("the project's own session is read with the meter's bytes %s", async (_how, cut) => {
  const { reader, line, done } = playMeter(own, cut);
  await reader.signOff();
  await reader.signOn({ address: "40215078" });
  const readout = await reader.readout();
  expect(readout.check).toEqual({ bcc: "good" });
  expect(readout.dataSets).toHaveLength(9);
  await reader.signOff();
  await reader.signOn({ address: "40215078" });
  expect(await reader.enterProgramming({ password: "00000000" })).toEqual({ operand: "40215078" });
  expect(firstValue(await reader.read("R1", "1.8.0"))).toEqual({ value: "0004711.815", unit: "kWh" });
  const profile = decodeProfile((await reader.read("R5", "P.01", "02610250200;02610250300")).dataSets, {
    offset,
  });
  expect(profile.blocks.flatMap((block) => block.rowEndsMs)).toEqual([
    Date.parse("2026-10-25T00:15:00Z"),
    Date.parse("2026-10-25T00:30:00Z"),
    Date.parse("2026-10-25T00:45:00Z"),
    Date.parse("2026-10-25T01:00:00Z"),
  ]);
  const log = decodeLog((await reader.read("R5", "P.98", "02608010000;02608020000")).dataSets, { offset });
  expect(log.entries.map(({ at, status }) => [at, status])).toEqual([
    [Date.parse("2026-08-01T03:00:00Z"), "80"],
    [Date.parse("2026-08-01T03:15:30Z"), "40"],
  ]);
  expect((await reader.read("R1", "9.9.9")).error).toBe("ER04");
  await reader.close();
  expect(line.closed).toBe(true);
  expect(done()).toBe(own.length);
});

const isk = join(sharedFolder, "captures/sessions/iec-isk-me162-mode-c.json");
const metcom = join(sharedFolder, "captures/sessions/iec-metcom-p98.json");

test.skipIf(!existsSync(isk)).each(cuts)(
  "a real ISKRA ME162 is read with its bytes %s",
  async (_how, cut) => {
    const steps = readSteps(isk);
    const { reader, done } = playMeter(steps, cut);
    await reader.signOff();
    const identification = await reader.signOn();
    expect(identification).toMatchObject({ manufacturer: "ISK", identification: "ME162-0033" });
    const readout = await reader.readout();
    expect(readout.check).toEqual({ bcc: "good" });
    expect(readout.dataSets.find(({ address }) => address === "1.8.0")?.values).toEqual([
      { value: "0033402.264", unit: "kWh" },
    ]);
    await reader.signOff();
    await reader.signOn();
    await reader.enterProgramming();
    expect(firstValue(await reader.read("R1", "1.8.0"))).toEqual({ value: "0033402.264", unit: "kWh" });
    expect(firstValue(await reader.read("R1", "2.8.0"))).toEqual({ value: "0000013.465", unit: "kWh" });
    // The recording ends with a command that nobody answers any more.
    expect(done()).toBe(steps.length - 1);
  },
);

test.skipIf(!existsSync(metcom)).each(cuts)(
  "the log of a MetCom meter is read with its bytes %s",
  async (_how, cut) => {
    const steps = readSteps(metcom);
    const { reader, done } = playMeter(steps, cut);
    await reader.signOn();
    await reader.enterProgramming({ password: "00000000" });
    const log = decodeLog((await reader.read("R5", "P.98", "01808130001;01808191600")).dataSets, {
      offset: () => 0,
    });
    const { expect: expected } = JSON.parse(readFileSync(metcom, "utf8")) as {
      expect: { events: [string, string][] };
    };
    expect(
      log.entries.map(({ stamp, values }) => [new Date(stamp.wallMs).toISOString().slice(0, 19), values[0]]),
    ).toEqual(expected.events.map(([time, text]) => [time, text.slice(text.indexOf("(") + 1, -1)]));
    await reader.close();
    expect(done()).toBe(steps.length);
  },
);

const modeE = join(sharedFolder, "captures/sessions/dlms-modee.json");

test.skipIf(!existsSync(modeE)).each(cuts)(
  "the recorded hand-over of mode E leads to the HDLC link with its bytes %s",
  async (_how, cut) => {
    const steps = readSteps(modeE);
    const { reader, line, done } = playMeter(steps, cut);
    expect((await reader.signOn()).manufacturer).toBe("GRX");
    const stream = await reader.enterBinary();
    const received: number[] = [];
    stream.onBytes((chunk) => received.push(...chunk));
    stream.write(steps[4]!.bytes);
    await settle();
    expect(received).toEqual([...steps[5]!.bytes]);
    expect(done()).toBe(6);
    stream.close();
    expect(line.closed).toBe(true);
  },
);

test("a session does not go on over a meter that answers something else", async () => {
  const { reader } = playMeter(
    [
      { from: "reader", bytes: encodeText("/?!\r\n") },
      { from: "meter", bytes: encodeCommand("P0", "()") },
    ],
    whole,
  );
  await expect(reader.signOn()).rejects.toMatchObject({ code: "link.garbled" });
  await expect(reader.signOn()).rejects.toMatchObject({ code: "link.garbled" });
});
