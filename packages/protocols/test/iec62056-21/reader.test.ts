import {
  encodeBlock,
  encodeCommand,
  encodeDataMessage,
  encodeIdentification,
  encodeText,
  IecReader,
  type IecReaderOptions,
} from "@energsys/protocols/iec62056-21";
import { expect, test } from "vitest";
import { StageClock, StageLine, settle } from "./stage.ts";

const identification = encodeText("/ISK5ME162-0033\r\n");
const readout = encodeDataMessage([
  { address: "1.8.0", values: [{ value: "0033402.264", unit: "kWh" }] },
  { address: "F.F", values: [{ value: "00" }] },
]);

/** A reader whose requests are answered in turn by `answers` (a list: one chunk after another). */
function stage(answers: (Uint8Array | Uint8Array[])[], options: IecReaderOptions = {}, settable = false) {
  const clock = new StageClock();
  const line = new StageLine({ settable });
  const reader = new IecReader(line, clock, options);
  const rest = [...answers];
  line.heard = () => {
    const answer = rest.shift();
    if (answer === undefined) return;
    const chunks = Array.isArray(answer) ? answer : [answer];
    queueMicrotask(() => {
      for (const chunk of chunks) line.say(chunk);
    });
  };
  return { clock, line, reader };
}

const heard = (line: StageLine): string[] => line.written.map((bytes) => String.fromCharCode(...bytes));

test("a mode C meter is signed on by its address and read out at the rate it announces", async () => {
  const { line, reader } = stage([identification, readout]);
  const found = await reader.signOn({ address: "28342193" });
  expect(found).toMatchObject({ manufacturer: "ISK", baudCharacter: "5", identification: "ME162-0033" });
  const telegram = await reader.readout();
  expect(telegram.check).toEqual({ bcc: "good" });
  expect(telegram.dataSets[0]).toEqual({ address: "1.8.0", values: [{ value: "0033402.264", unit: "kWh" }] });
  await reader.close();
  expect(heard(line)).toEqual(["/?28342193!\r\n", "\x06050\r\n"]);
});

test("on a serial line the rate changes after the option select and returns for the next sign-on", async () => {
  const { clock, line, reader } = stage([identification], {}, true);
  await reader.signOn();
  const telegram = reader.readout();
  await clock.pass(250);
  expect(line.settings.map((settings) => settings.baudRate)).toEqual([300, 9600]);
  line.say(readout);
  await telegram;
  line.heard = () => queueMicrotask(() => line.say(identification));
  await reader.signOn();
  expect(line.settings.map((settings) => settings.baudRate)).toEqual([300, 9600, 300]);
});

test("a message with a wrong check byte is asked for again, three times in all", async () => {
  const broken = readout.slice();
  broken[10]! ^= 1;
  const healed = stage([identification, broken, broken, readout]);
  await healed.reader.signOn();
  expect((await healed.reader.readout()).check).toEqual({ bcc: "good" });
  expect(heard(healed.line).slice(2)).toEqual(["\x15", "\x15"]);

  const hopeless = stage([identification, broken, broken, broken]);
  await hopeless.reader.signOn();
  await expect(hopeless.reader.readout()).rejects.toMatchObject({ code: "link.garbled" });
  expect(hopeless.line.closed).toBe(true);
});

test("partial blocks are acknowledged one by one and joined", async () => {
  const first = encodeBlock("1.8.0(000001*kWh)\r\n", { last: false });
  const second = encodeBlock("2.8.0(000002*kWh)\r\n!\r\n");
  const { line, reader } = stage([identification, first, second]);
  await reader.signOn();
  const telegram = await reader.readout();
  expect(telegram.dataSets.map((dataSet) => dataSet.address)).toEqual(["1.8.0", "2.8.0"]);
  expect(heard(line).at(-1)).toBe("\x06");
});

test("registers are read in programming mode after the password, and an error answer is a value", async () => {
  const { line, reader } = stage([
    identification,
    encodeCommand("P0", "(12345678)"),
    Uint8Array.of(0x06),
    encodeBlock("(0033402.264*kWh)"),
    encodeBlock("(ER04)"),
  ]);
  await reader.signOn();
  expect(await reader.enterProgramming({ password: "00000000" })).toEqual({ operand: "12345678" });
  expect((await reader.read("R1", "1.8.0")).dataSets[0]?.values[0]).toEqual({
    value: "0033402.264",
    unit: "kWh",
  });
  expect((await reader.read("R1", "9.9.9")).error).toBe("ER04");
  await reader.close();
  expect(heard(line)).toEqual([
    "/?!\r\n",
    "\x06051\r\n",
    "\x01P1\x02(00000000)\x03a",
    "\x01R1\x021.8.0()\x03Z",
    String.fromCharCode(...encodeCommand("R1", "9.9.9()")),
    "\x01B0\x03q",
  ]);
});

test.each([
  ["a NAK", Uint8Array.of(0x15)],
  ["an error", encodeBlock("(ERROR)")],
  ["a break", encodeCommand("B0")],
])("a password that %s refuses is not sent a second time", async (_what, answer) => {
  const { line, reader } = stage([identification, encodeCommand("P0", "()"), answer]);
  await reader.signOn();
  await expect(reader.enterProgramming({ password: "1" })).rejects.toMatchObject({ code: "link.refused" });
  expect(heard(line).filter((bytes) => bytes.startsWith("\x01P1"))).toHaveLength(1);
});

test("a command that the meter did not understand is repeated, three times in all", async () => {
  const once = stage([
    identification,
    encodeCommand("P0", "()"),
    Uint8Array.of(0x15),
    Uint8Array.of(0x15),
    encodeBlock("(1*kWh)"),
  ]);
  await once.reader.signOn();
  await once.reader.enterProgramming();
  expect((await once.reader.read("R1", "1.8.0")).dataSets).toHaveLength(1);

  const never = stage([identification, encodeCommand("P0", "()"), ...Array(3).fill(Uint8Array.of(0x15))]);
  await never.reader.signOn();
  await never.reader.enterProgramming();
  await expect(never.reader.read("R1", "1.8.0")).rejects.toMatchObject({ code: "link.refused" });
});

test("silence ends the link by the time since the last byte, not by the time in all", async () => {
  const { clock, line, reader } = stage([identification], {
    responseTimeoutMs: 5000,
    characterTimeoutMs: 1500,
  });
  await reader.signOn();
  const outcome = reader.readout().catch((error: unknown) => error);
  await clock.pass(4000);
  for (const byte of readout.subarray(0, 30)) {
    line.say(Uint8Array.of(byte));
    await clock.pass(1400);
  }
  expect(line.closed).toBe(false);
  await clock.pass(101);
  expect(await outcome).toMatchObject({ code: "link.timeout" });
  expect(line.closed).toBe(true);
  expect(clock.pending).toBe(0);
});

test("an answer that comes late is not taken for the answer to the next request", async () => {
  const { clock, line, reader } = stage([identification, encodeCommand("P0", "()")]);
  await reader.signOn();
  await reader.enterProgramming();
  const late = reader.read("R1", "1.8.0").catch((error: unknown) => error);
  await clock.pass(5000);
  expect(await late).toMatchObject({ code: "link.timeout" });
  line.say(encodeBlock("(1*kWh)"));
  await expect(reader.read("R1", "2.8.0")).rejects.toMatchObject({ code: "link.timeout" });
});

test("a frame that nobody asked for ends the link", async () => {
  const { line, reader } = stage([identification, encodeCommand("P0", "()")]);
  await reader.signOn();
  await reader.enterProgramming();
  line.say(encodeBlock("(1*kWh)"));
  await expect(reader.read("R1", "1.8.0")).rejects.toMatchObject({ code: "link.unexpected" });
});

test("a line that hangs up ends the request that waits", async () => {
  const { line, reader } = stage([identification]);
  await reader.signOn();
  const outcome = reader.readout().catch((error: unknown) => error);
  await settle();
  line.hangUp(new Error("reset by peer"));
  expect(await outcome).toMatchObject({ code: "link.closed", cause: { message: "reset by peer" } });
});

test("a line that refuses to be written to is closed, and closing it again is no error", async () => {
  const { line, reader } = stage([identification]);
  await reader.signOn();
  line.write = () => {
    throw new Error("write after end");
  };
  await expect(reader.readout()).rejects.toMatchObject({
    code: "link.closed",
    cause: { message: "write after end" },
  });
  await reader.close();
  expect(line.closed).toBe(true);
});

test("a line without end is given up at the length limit", async () => {
  const endless = new Uint8Array(70_000).fill(0x31);
  endless[0] = 0x02;
  const { reader } = stage([identification, endless]);
  await reader.signOn();
  await expect(reader.readout()).rejects.toMatchObject({ code: "link.garbled" });
});

test("the echo of a two-wire line is taken off, cut at every byte", async () => {
  const answers = [identification, encodeCommand("P0", "()"), encodeBlock("(1*kWh)")];
  const rest = [...answers];
  const clock = new StageClock();
  const line = new StageLine();
  const reader = new IecReader(line, clock);
  line.heard = (bytes) => {
    const answer = rest.shift() ?? new Uint8Array(0);
    queueMicrotask(() => {
      for (const byte of [0x00, 0xff, ...bytes, ...answer]) line.say(Uint8Array.of(byte));
    });
  };
  await reader.signOn({ address: "1" });
  await reader.enterProgramming();
  expect((await reader.read("R1", "1.8.0")).dataSets[0]?.values[0]?.value).toBe("1");
  await reader.signOff();
  await settle();
  expect(line.closed).toBe(false);
});

test("noise, an identification sent twice and parity left in bit 7 do no harm", async () => {
  const parity = (bytes: Uint8Array) =>
    bytes.map((byte) => (byte.toString(2).replaceAll("0", "").length % 2 ? byte | 0x80 : byte));
  const { line, reader } = stage(
    [[Uint8Array.of(0x7f, 0, 0xff), parity(identification), parity(identification)], parity(readout)],
    { evenParity: true },
  );
  await reader.signOn();
  expect((await reader.readout()).check.bcc).toBe("good");
  expect([...line.written[0]!]).toEqual([...parity(encodeText("/?!\r\n"))]);
});

test("a check byte that a tunnel swallows is waited for, then reported absent where that is allowed", async () => {
  const { clock, reader } = stage([identification, readout.subarray(0, -1)], { checkOptional: true });
  await reader.signOn();
  const telegram = reader.readout();
  await clock.pass(3000);
  expect((await telegram).check).toEqual({ bcc: "absent" });
});

test("a mode A meter sends its data message unasked", async () => {
  const modeA = stage([[encodeIdentification({ ...parts, baudCharacter: "@" }), readout]]);
  await modeA.reader.signOn();
  expect((await modeA.reader.readout()).dataSets).toHaveLength(2);
  expect(modeA.line.written).toHaveLength(1);
});

const parts = { manufacturer: "ISK", baudCharacter: "5", identification: "OLD" };
