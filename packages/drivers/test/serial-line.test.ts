import { HdlcLink, HdlcStation } from "@energsys/protocols/hdlc";
import { IecReader, IecStation, type StationDevice } from "@energsys/protocols/iec62056-21";
import { buildFieldSite, joinBus, lineClock } from "@energsys/simulator";
import { afterEach, expect, test } from "vitest";
import { realClock } from "../src/real-clock.ts";
import { openSerial } from "../src/serial-line.ts";
import { openPseudoTerminal, type PseudoTerminal, pythonIsThere } from "./pseudo-terminal.ts";

const skipped = pythonIsThere ? "" : " (skipped: python3 is not there to make a pseudo terminal)";
const onTerminal = test.skipIf(!pythonIsThere);
const terminals: PseudoTerminal[] = [];

afterEach(() => {
  for (const terminal of terminals.splice(0)) terminal.stop();
});

async function terminal(): Promise<PseudoTerminal> {
  const opened = await openPseudoTerminal();
  terminals.push(opened);
  return opened;
}

const dataSets = [{ address: "1.8.0", values: [{ value: "0004711.815", unit: "kWh" }] }];
const meter: StationDevice = {
  identification: { manufacturer: "ENS", baudCharacter: "5", enhanced: ["2"], identification: "SERIAL" },
  address: "4711",
  readout: () => dataSets,
  command: () => ({ kind: "data", dataSets }),
  binary: (stream) => {
    const hdlc = new HdlcStation(
      { logical: 1 },
      { write: stream.write, onApdu: (apdu) => apdu.toReversed() },
    );
    stream.onBytes((chunk) => hdlc.receive(chunk));
  },
};
const quick = { reactionMs: 120, evenParity: true };
const reading = { baudChangeDelayMs: 10, latencyMs: 10_000 };

onTerminal(
  `a meter of mode C is read over a serial line with parity, and the rate changes${skipped}`,
  async () => {
    const { path, stream, rates } = await terminal();
    const heard: number[] = [];
    stream.onBytes((chunk) => heard.push(...chunk));
    new IecStation(stream, realClock, meter, quick);
    const line = await openSerial(path, realClock);
    const reader = new IecReader(line, realClock, reading);
    await reader.signOn({ address: "4711" });
    expect(await reader.readout()).toMatchObject({ dataSets, check: { bcc: "good" } });
    await reader.signOn({ address: "4711" });
    await reader.enterProgramming();
    expect((await reader.read("R1", "1.8.0")).dataSets).toEqual(dataSets);
    await reader.close();
    // "/?4711!": parity bits where the ones are odd.
    expect(heard.slice(0, 7)).toEqual([0xaf, 0x3f, 0xb4, 0xb7, 0xb1, 0xb1, 0x21]);
    expect(rates[0]).toBe("300");
    expect(rates.at(-1)).toBe("9600");
    expect(line.parityErrors).toBe(0);
  },
);

onTerminal(`mode E on a serial line ends in HDLC with eight bits${skipped}`, async () => {
  const { path, stream } = await terminal();
  new IecStation(stream, realClock, meter, quick);
  const reader = new IecReader(await openSerial(path, realClock), realClock, reading);
  await reader.signOn({ address: "4711" });
  const handed = await reader.enterBinary();
  const link = new HdlcLink(handed, realClock, { client: 16, server: 1, responseTimeoutMs: 10_000 });
  await link.connect();
  expect(await link.exchange(Uint8Array.of(0xc0, 0x81, 0xff, 0x01))).toEqual(
    Uint8Array.of(0x01, 0xff, 0x81, 0xc0),
  );
  await link.close();
});

onTerminal(`characters with odd parity are counted and handed on as seven bits${skipped}`, async () => {
  const { path, stream } = await terminal();
  const settings = { baudRate: 300, dataBits: 7, parity: "even" } as const;
  const line = await openSerial(path, realClock, { settings });
  const heard = new Promise<number[]>((resolve) => {
    const bytes: number[] = [];
    line.onBytes((chunk) => {
      bytes.push(...chunk);
      if (bytes.length === 3) resolve(bytes);
    });
  });
  stream.write(Uint8Array.of(0xaf, 0x2f, 0xb4));
  expect(await heard).toEqual([0x2f, 0x2f, 0x34]);
  expect(line.parityErrors).toBe(1);
  line.close();
});

onTerminal(`a line whose other end goes away tells so${skipped}`, async () => {
  const { path, stop } = await terminal();
  const line = await openSerial(path, realClock);
  const ended = new Promise<void>((resolve) => line.onEnd(() => resolve()));
  stop();
  await ended;
  line.write(Uint8Array.of(1));
  line.close();
});

onTerminal(`a local module on a serial port of 9600 baud, 7E1, is called and answers${skipped}`, async () => {
  const { path, stream } = await terminal();
  const clock = lineClock(Date.now);
  const site = buildFieldSite({ clock, seed: 5, modules: 2, inputs: 8, meters: 0 });
  joinBus(site.bus, stream, true);
  const settings = { baudRate: 9600, dataBits: 7, parity: "even" } as const;
  const line = await openSerial(path, realClock, { settings });
  let heard = "";
  line.onBytes((chunk) => {
    heard += String.fromCharCode(...chunk);
  });
  const [, second = ""] = site.modules.keys();
  line.write(Uint8Array.from(Buffer.from(`/?${second}!\r\n`)));
  await expect
    .poll(() => heard, { timeout: 5000 })
    .toMatch(/^\/ENS3LM08-1\.00\r\n\r\n[^!]*![0-9A-F]{4}\r\n$/);
  expect(heard).toContain(`0-0:96.1.0(${second})`);
  expect(line.parityErrors).toBe(0);
  site.stop();
  line.close();
});

test("a port that is not there is told by its code", async () => {
  await expect(openSerial("/dev/no-such-port", realClock)).rejects.toMatchObject({ code: "serial.unknown" });
});
