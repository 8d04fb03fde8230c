import { openSerial, realClock } from "@energsys/drivers";
import { openPseudoTerminal, pythonIsThere } from "@energsys/drivers/testing";
import { afterEach, expect, test } from "vitest";
import { holdSerialConsole, type SerialConsole } from "../src/console/serial.ts";
import type { Edge } from "../src/edge.ts";
import { HeldCore } from "./served.ts";
import { configOf } from "./testing.ts";

const skipped = pythonIsThere ? "" : " (skipped: python3 is not there to make a pseudo terminal)";
const onTerminal = test.skipIf(!pythonIsThere);
const nowMs = Date.UTC(2026, 10, 26, 12, 0, 0);
const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

interface Held {
  readonly events: string[];
  readonly troubles: string[];
  readonly console: SerialConsole;
}

/** The console on a port, at the rate of its configuration. */
function hold(url: string, clock = realClock): Held {
  const place = configOf({ console: { serial: url } }).console?.serial;
  if (!place) throw new Error("no serial port in the configuration");
  const core = new HeldCore(nowMs);
  const events: string[] = [];
  const troubles: string[] = [];
  const edge = {
    lines: () => [{ name: "rs485-1", broken: false, waiting: 0 }],
    recordEvent: (code: number, detail: string) => events.push(`${code.toString(16)} ${detail}`),
  } as unknown as Edge;
  const centre = {
    line: "accepted",
    address: undefined,
    sinceMs: nowMs,
    failures: 0,
    lastReceivedMs: nowMs,
  } as const;
  const held = holdSerialConsole({
    place,
    open: ({ path, baudRate }) =>
      openSerial(path, realClock, { settings: { baudRate, dataBits: 8, parity: "none" } }),
    subject: () => ({ edge, core, centre: () => centre }),
    clock,
    onTrouble: (code) => troubles.push(code),
  });
  stops.push(() => held.stop());
  return { events, troubles, console: held };
}

async function terminal() {
  const { path, stream, rates, stop } = await openPseudoTerminal();
  stops.push(stop);
  const screen = { text: "" };
  stream.onBytes((bytes) => {
    screen.text += Buffer.from(bytes).toString("latin1");
  });
  /** What appears after the keys, until the prompt (or another end). */
  async function press(keys: string, until = /(^|\n)> $/): Promise<string> {
    screen.text = "";
    stream.write(Buffer.from(keys, "latin1"));
    await expect.poll(() => screen.text, { timeout: 5000, interval: 5 }).toMatch(until);
    return screen.text;
  }
  return { path, rates, screen, press, stop };
}

onTerminal(
  `a terminal is silent until a key is pressed, shows what is typed, and a new session begins after exit${skipped}`,
  async () => {
    const { path, rates, screen, press } = await terminal();
    const { events } = hold(`serial:${path}?baud=115200`);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(screen.text).toBe("");
    expect(await press("\r")).toMatch(/^ENERGSys ENC0000000000007\r\nConsola .*\r\nConsole .*\r\n> $/);
    expect(await press("limba em\x08n\r\n")).toBe("limba em\b \bn\r\nlanguage English\r\n> ");
    expect(await press("lines\r")).toBe("lines\r\nrs485-1:      good, waiting: 0\r\n> ");
    expect(await press("\r")).toBe("\r\n> ");
    expect(events).toEqual([`402 ${path}`]);
    expect(await press("exit\r", /closed\r\n$|\r\n[^>]+\r\n$/)).not.toContain("> ");
    // Another technician, who finds Romanian again, and is an event of its own.
    expect(await press("linii\r", /asteptare: 0\r\n> $/)).toContain(
      "> linii\r\nrs485-1:      buna, in asteptare: 0\r\n> ",
    );
    expect(events).toEqual([`402 ${path}`, `402 ${path}`]);
    expect(new Set(rates)).toEqual(new Set(["115200"]));
  },
);

onTerminal(`the port is free once the console has stopped${skipped}`, async () => {
  const { path, press } = await terminal();
  const first = hold(`serial:${path}`);
  await new Promise((resolve) => setTimeout(resolve, 200));
  await press("\r");
  await first.console.stop();
  const { troubles } = hold(`serial:${path}`);
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(await press("stare?\r")).toContain("ajutor");
  expect(troubles).toEqual([]);
});

test("a port that is not there is told once, looked for again, and hinders nobody", async () => {
  const waits: { delayMs: number; action: () => void }[] = [];
  const clock = {
    now: () => nowMs,
    after: (delayMs: number, action: () => void) => {
      waits.push({ delayMs, action });
      return () => {};
    },
  };
  const { troubles, console } = hold("serial:/dev/no-such-port", clock);
  await expect.poll(() => waits.length, { timeout: 5000 }).toBe(1);
  expect(waits[0]?.delayMs).toBe(10_000);
  waits[0]?.action();
  await expect.poll(() => waits.length, { timeout: 5000 }).toBe(2);
  expect(troubles).toEqual(["serial.unknown"]);
  await console.stop();
});
