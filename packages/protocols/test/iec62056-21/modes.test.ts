import { HdlcLink, HdlcStation } from "@energsys/protocols/hdlc";
import {
  type DataSet,
  encodeText,
  type IdentificationParts,
  IecReader,
  type IecReaderOptions,
  IecStation,
  ReadoutReader,
  type StationAnswer,
  type StationDevice,
  type StationOptions,
} from "@energsys/protocols/iec62056-21";
import { expect, test } from "vitest";
import { StageClock } from "./stage.ts";
import { played, wire } from "./wire.ts";

const registers: DataSet[] = [
  { address: "F.F", values: [{ value: "00" }] },
  { address: "1.8.0", values: [{ value: "0004711.815", unit: "kWh" }] },
  { address: "2.8.0", values: [{ value: "0000000.000", unit: "kWh" }] },
];
const profileBody = `P.01(0261025031500)(00)(15)(1)(1.5)(kW)\r\n${"(0.123)\r\n".repeat(96)}`;

/** A meter with one writable place, whose password is 12345678 and whose algorithm turns the operand round. */
class Meter implements StationDevice {
  readonly identification: IdentificationParts;
  readonly address: string = "00040215078";
  readonly written: string[] = [];
  binary?: StationDevice["binary"] & {};

  constructor(baudCharacter: string, enhanced: readonly string[] = []) {
    this.identification = { manufacturer: "ENS", baudCharacter, enhanced, identification: "TEST" };
  }

  readout(): readonly DataSet[] {
    return registers;
  }

  operand(): string {
    return "4711";
  }

  admits(kind: "P1" | "P2", given: string, operand: string): boolean {
    return given === (kind === "P1" ? "12345678" : [...operand].reverse().join(""));
  }

  command(command: string, address: string, argument: string): StationAnswer {
    if (command.startsWith("W") || command === "E2") {
      if (address === "1.8.0") return { kind: "error", text: "ER23" };
      if (address === "9.9.9") return { kind: "nak" };
      this.written.push(`${command} ${address}(${argument})`);
      return { kind: "ack" };
    }
    if (address === "P.01") return { kind: "text", body: profileBody };
    const found = registers.find((dataSet) => dataSet.address === address);
    return found ? { kind: "data", dataSets: [found] } : { kind: "error", text: "ER04" };
  }
}

interface Setting {
  readonly baudCharacter?: string;
  readonly enhanced?: readonly string[];
  readonly reader?: IecReaderOptions;
  readonly station?: StationOptions;
  readonly wire?: Parameters<typeof wire>[1];
}

function stage(setting: Setting = {}) {
  const clock = new StageClock();
  const ends = wire(clock, setting.wire);
  const meter = new Meter(setting.baudCharacter ?? "5", setting.enhanced);
  const station = new IecStation(ends.meter, clock, meter, setting.station);
  const reader = new IecReader(ends.reader, clock, setting.reader);
  const rates = () => ends.reader.settings.map(({ baudRate, dataBits }) => `${baudRate}/${dataBits}`);
  const said = () =>
    ends.reader.sent.map((bytes) => String.fromCharCode(...bytes.map((byte) => byte & 0x7f)));
  return {
    clock,
    ends,
    meter,
    station,
    reader,
    rates,
    said,
    play: <T>(work: Promise<T>) => played(clock, work),
  };
}

test.each<[string, Setting, string[]]>([
  ["A", { baudCharacter: "@" }, ["300/7", "300/7"]],
  ["B", { baudCharacter: "D" }, ["300/7", "300/7", "4800/7"]],
  ["C", { baudCharacter: "5" }, ["300/7", "300/7", "9600/7"]],
  ["C without a change of rate", { baudCharacter: "0" }, ["300/7", "300/7"]],
  ["E read as mode C", { baudCharacter: "6", enhanced: ["2"] }, ["300/7", "300/7", "19200/7"]],
])("a meter of mode %s is read out over a serial line", async (_mode, setting, rates) => {
  const { reader, play, rates: seen } = stage(setting);
  await play(reader.signOn({ address: "40215078" }));
  const telegram = await play(reader.readout());
  expect(telegram).toMatchObject({ dataSets: registers, check: { bcc: "good" }, end: "etx" });
  expect(seen()).toEqual(rates);
});

test.each(["@", "D", "5"])(
  "the programming mode of a meter with baud character %s is entered, read in and left",
  async (baudCharacter) => {
    const { reader, play, meter } = stage({ baudCharacter });
    await play(reader.signOn({ address: "40215078" }));
    await play(reader.enterProgramming({ password: "12345678" }));
    expect((await play(reader.read("R1", "1.8.0"))).dataSets[0]?.values[0]?.value).toBe("0004711.815");
    expect(await play(reader.write("W1", "0.9.1", "121500"))).toEqual({ ok: true });
    expect(meter.written).toEqual(["W1 0.9.1(121500)"]);
    await play(reader.signOff());
    await play(reader.signOn({ address: "40215078" }));
    expect((await play(reader.readout())).dataSets).toEqual(registers);
  },
);

test("in mode A a wrong password is refused and not sent again", async () => {
  const { reader, play, said } = stage({ baudCharacter: "@" });
  await play(reader.signOn());
  await expect(play(reader.enterProgramming({ password: "00000000" }))).rejects.toMatchObject({
    code: "link.refused",
  });
  expect(said().filter((text) => text.startsWith("\x01P1"))).toHaveLength(1);
});

test("mode D is heard without a word from the reader", async () => {
  const clock = new StageClock();
  const ends = wire(clock, { socket: true });
  new IecStation(ends.meter, clock, new Meter("3"), { sendEveryMs: 10_000 });
  const readout = new ReadoutReader();
  const telegrams: unknown[] = [];
  ends.reader.onBytes((chunk) => telegrams.push(...readout.push(chunk)));
  ends.reader.write(encodeText("/?!\r\n"));
  await clock.pass(30_100);
  expect(telegrams).toHaveLength(3);
  expect(telegrams[0]).toMatchObject({
    dataSets: registers,
    end: "mark",
    identification: { manufacturer: "ENS" },
  });
});

test.each<[string, Setting]>([
  ["confirmed at the new rate", {}],
  ["not confirmed", { station: { binaryConfirmation: "none" } }],
  [
    "confirmed at the old rate",
    { station: { binaryConfirmation: "old-rate" }, reader: { binaryConfirmationRate: "old" } },
  ],
  ["confirmed at the old rate, unexpectedly", { station: { binaryConfirmation: "old-rate" } }],
  ["over a socket", { wire: { socket: true } }],
  ["over a line with an echo", { wire: { echo: true } }],
  ["with parity bits of an 8N1 server", { wire: { socket: true }, station: { evenParity: true } }],
])("mode E %s hands the line over to HDLC", async (_how, setting) => {
  const { clock, reader, play, meter, rates } = stage({ enhanced: ["2"], ...setting });
  meter.binary = (stream) => {
    const hdlc = new HdlcStation(
      { logical: 1 },
      { write: stream.write, onApdu: (apdu) => apdu.toReversed() },
    );
    stream.onBytes((chunk) => hdlc.receive(chunk));
  };
  await play(reader.signOn());
  const stream = await play(reader.enterBinary());
  const link = new HdlcLink(stream, clock, { client: 16, server: 1, responseTimeoutMs: 3000 });
  await play(link.connect());
  expect(await play(link.exchange(Uint8Array.of(0xc0, 0x80, 0xff)))).toEqual(Uint8Array.of(0xff, 0x80, 0xc0));
  if (!setting.wire?.socket) expect(rates().at(-1)).toBe("9600/8");
});

test("mode E that has to be confirmed is not entered without", async () => {
  const { reader, play, meter } = stage({
    enhanced: ["2"],
    station: { binaryConfirmation: "none" },
    reader: { binaryConfirmation: "required" },
  });
  meter.binary = () => {};
  await play(reader.signOn());
  await expect(play(reader.enterBinary())).rejects.toMatchObject({ code: "link.timeout" });
});

test("a meter that knows no mode E answers with a readout, and is not taken for HDLC", async () => {
  const { reader, play } = stage();
  await play(reader.signOn());
  await expect(play(reader.enterBinary())).rejects.toMatchObject({ code: "link.refused" });
});

test("the operand of P0 goes through the maker's algorithm (P2)", async () => {
  const { reader, play, said } = stage();
  await play(reader.signOn());
  const { operand } = await play(
    reader.enterProgramming({ algorithm: (given) => [...given].reverse().join("") }),
  );
  expect(operand).toBe("4711");
  expect(said().at(-1)).toContain("P2\x02(1174)");
  expect(await play(reader.write("E2", "5.1.0", ""))).toEqual({ ok: true });
});

test("a battery meter is woken before the sign-on", async () => {
  const { reader, play, ends, clock } = stage({ reader: { wakeUp: {} } });
  await play(reader.signOn());
  // 2.2 s of NUL at 300 baud, and 1.6 s of silence.
  expect(ends.reader.sent[0]).toEqual(new Uint8Array(66));
  expect(clock.now()).toBeGreaterThanOrEqual(3800);
});

test("only the meter that is called answers on a line with several", async () => {
  const { reader, play, station } = stage();
  expect(station).toBeDefined();
  await expect(play(reader.signOn({ address: "40215079" }))).rejects.toMatchObject({ code: "link.timeout" });
});

test("meters on one line are read one after the other, each by its address; the address of none stays unanswered", async () => {
  const clock = new StageClock();
  const ends = wire(clock);
  const numbered = (address: string) => {
    const meter = new Meter("5");
    const dataSets = [{ address: "C.1.0", values: [{ value: address }] }];
    new IecStation(ends.meter, clock, Object.assign(meter, { address, readout: () => dataSets }));
  };
  for (const address of ["00000017", "18", "A19"]) numbered(address);
  const reader = new IecReader(ends.reader, clock, { pauseBeforeSignOnMs: 100 });
  const found: (string | undefined)[] = [];
  for (const address of ["17", "0018", "a19"]) {
    await played(clock, reader.signOn({ address }));
    found.push((await played(clock, reader.readout())).dataSets[0]?.values[0]?.value);
    await played(clock, reader.signOff());
  }
  expect(found).toEqual(["00000017", "18", "A19"]);
  await expect(played(clock, reader.signOn({ address: "20" }))).rejects.toMatchObject({
    code: "link.timeout",
  });
});

test("an answer in partial blocks is acknowledged one by one, and a block damaged on the way comes again", async () => {
  const { reader, play, said } = stage({
    wire: { toReader: (bytes, nth) => (nth === 4 ? bytes.with(20, bytes[20]! ^ 2) : bytes) },
  });
  await play(reader.signOn());
  await play(reader.enterProgramming({ password: "12345678" }));
  const telegram = await play(reader.read("R6", "P.01", ";"));
  expect(telegram).toMatchObject({ kind: "load-profile", check: { bcc: "good" } });
  expect(telegram.dataSets).toHaveLength(97);
  expect(said().filter((text) => text === "\x06").length).toBeGreaterThanOrEqual(3);
  expect(said().filter((text) => text === "\x15")).toHaveLength(1);
});

test("a command damaged on the way is repeated after a NAK", async () => {
  const { reader, play, said } = stage({
    wire: { toMeter: (bytes, nth) => (nth === 3 ? bytes.with(6, 0x37) : bytes) },
  });
  await play(reader.signOn());
  await play(reader.enterProgramming({ password: "12345678" }));
  expect((await play(reader.read("R1", "1.8.0"))).error).toBeUndefined();
  expect(said().filter((text) => text.startsWith("\x01R1"))).toHaveLength(2);
});

test("a write that was damaged on the way, or is refused, is told and not sent again", async () => {
  const { reader, play, said, meter } = stage({
    wire: { toMeter: (bytes, nth) => (nth === 3 ? bytes.with(6, 0x37) : bytes) },
  });
  await play(reader.signOn());
  await play(reader.enterProgramming({ password: "12345678" }));
  expect(await play(reader.write("W5", "0.9.1", "0121500"))).toEqual({ ok: false, error: "NAK" });
  expect(await play(reader.write("W1", "1.8.0", "0"))).toEqual({ ok: false, error: "ER23" });
  expect(meter.written).toEqual([]);
  expect(said().filter((text) => text.startsWith("\x01W"))).toHaveLength(2);
});

test("nothing is written before the password", async () => {
  const { reader, play, meter } = stage();
  await play(reader.signOn());
  await play(reader.enterProgramming());
  expect(await play(reader.write("W1", "0.9.1", "121500"))).toEqual({ ok: false, error: "ERROR" });
  expect((await play(reader.read("R1", "1.8.0"))).error).toBeUndefined();
  expect(meter.written).toEqual([]);
});

test.each(["repeat-command", "command-once"] as const)(
  "a long value is written in parts (%s)",
  async (partialWrites) => {
    const { reader, play, meter, said } = stage({ reader: { partialWrites } });
    await play(reader.signOn());
    await play(reader.enterProgramming({ password: "12345678" }));
    expect(await play(reader.writeParts("W3", "C.2.1", ["begin-", "middle-", "end"]))).toEqual({ ok: true });
    expect(meter.written).toEqual(["W3 C.2.1(begin-middle-end)"]);
    expect(said().filter((text) => text.startsWith("\x01W3"))).toHaveLength(
      partialWrites === "command-once" ? 1 : 3,
    );
  },
);

test("the programming mode ends by itself when nobody speaks", async () => {
  const { clock, reader, play } = stage({ station: { inactivityMs: 60_000 } });
  await play(reader.signOn());
  await play(reader.enterProgramming({ password: "12345678" }));
  await clock.pass(61_000);
  await expect(play(reader.read("R1", "1.8.0"))).rejects.toMatchObject({ code: "link.timeout" });
});

test("an identification that nobody answers is followed by the readout at 300 baud", async () => {
  const clock = new StageClock();
  const ends = wire(clock);
  new IecStation(ends.meter, clock, new Meter("5"));
  const readout = new ReadoutReader();
  const telegrams: unknown[] = [];
  ends.reader.onBytes((chunk) => telegrams.push(...readout.push(chunk)));
  ends.reader.write(encodeText("/?!\r\n"));
  await clock.pass(20_000);
  expect(telegrams).toMatchObject([{ dataSets: registers, check: { bcc: "good" } }]);
});

test("a readout in partial blocks, acknowledged at its end, leads to the programming mode where a meter does that", async () => {
  const { clock, reader, play, ends } = stage({
    station: { partialReadout: true, partLengthMax: 30, programmingAfterAck: true },
    reader: { acknowledgeReadout: true },
  });
  await play(reader.signOn());
  const telegram = await play(reader.readout());
  expect(telegram).toMatchObject({ dataSets: registers, check: { bcc: "good" } });
  await clock.pass(1000);
  expect(String.fromCharCode(...ends.meter.sent.at(-1)!)).toContain("P0\x02(4711)");
});

test("a password at 300 baud takes longer than the time-out, and is waited for", async () => {
  const { reader, play } = stage({ baudCharacter: "0", reader: { responseTimeoutMs: 700 } });
  await play(reader.signOn());
  await play(reader.enterProgramming({ password: "12345678" }));
  expect(await play(reader.signOff())).toBeUndefined();
});
