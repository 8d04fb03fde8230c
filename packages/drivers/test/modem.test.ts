import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import type { ByteStream, Clock } from "@energsys/protocols";
import {
  buildMeters,
  calledMeter,
  lineClock,
  listenModem,
  MeterDevice,
  type Subscriber,
  VirtualModem,
  type VirtualModemOptions,
} from "@energsys/simulator";
import { afterEach, describe, expect, test } from "vitest";
import { callByModem, type ModemCall } from "../src/modem-call.ts";
import { resultOf } from "../src/modem-results.ts";
import { askModem } from "../src/modem-state.ts";
import { readDevice } from "../src/read-device.ts";
import { realClock } from "../src/real-clock.ts";
import { openPseudoTerminal, pythonIsThere } from "./pseudo-terminal.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Both ends of a cable between a computer and its modem, with whatever the computer wrote. */
function cable() {
  const hearers: { computer: ((bytes: Uint8Array) => void)[]; modem: ((bytes: Uint8Array) => void)[] } = {
    computer: [],
    modem: [],
  };
  const ends: (() => void)[] = [];
  let closed = false;
  let written = "";
  const end = (mine: "computer" | "modem", other: "computer" | "modem"): ByteStream => ({
    write: (bytes) => {
      if (closed) return;
      if (mine === "computer") written += String.fromCharCode(...bytes);
      for (const hearer of hearers[other]) hearer(bytes);
    },
    onBytes: (listener) => void hearers[mine].push(listener),
    onEnd: (listener) => void ends.push(listener),
    close: () => {
      if (closed) return;
      closed = true;
      for (const listener of ends) listener();
    },
  });
  return {
    computer: end("computer", "modem"),
    modem: end("modem", "computer"),
    written: () => written,
    closed: () => closed,
  };
}

/** Time that a test moves; whatever was promised on the way is kept before the next thing is due. */
class StageClock implements Clock {
  #now = 0;
  #timers: { atMs: number; action: () => void }[] = [];
  now() {
    return this.#now;
  }
  after(delayMs: number, action: () => void) {
    const timer = { atMs: this.#now + delayMs, action };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }
  async until<Value>(result: Promise<Value>): Promise<Value> {
    let over = false;
    result.then(
      () => {
        over = true;
      },
      () => {
        over = true;
      },
    );
    for (let step = 0; step < 20_000; step++) {
      await new Promise((resolve) => setImmediate(resolve));
      if (over) break;
      const next = this.#timers.sort((a, b) => a.atMs - b.atMs).shift();
      if (!next) throw new Error("nothing is due, and nothing came of it");
      this.#now = Math.max(this.#now, next.atMs);
      next.action();
    }
    return result;
  }
  async advance(ms: number): Promise<void> {
    await this.until(
      new Promise<void>((resolve) => {
        this.after(ms, resolve);
      }),
    );
  }
}

const call: ModemCall = { number: "0740123456", dialling: "plain", connectMs: 60_000 };

function stage(options: Partial<VirtualModemOptions> = {}) {
  const clock = new StageClock();
  const ends = cable();
  const far = cable();
  const answers: Subscriber = { kind: "answers", afterMs: 4000, answer: () => far.computer };
  const subscribers = new Map<string, Subscriber>([
    [call.number, answers],
    ["+40740123456", answers],
    ["0740000002", { kind: "busy" }],
    ["0740000003", { kind: "no-answer" }],
  ]);
  const modem = new VirtualModem(ends.modem, { clock, subscribers, profile: {}, ...options });
  return { clock, far, ...ends, modem };
}

describe("what a modem says of itself", () => {
  test.each([
    ["in its network", {}, { network: "registered", signalDbm: -77 }],
    ["without a SIM card", { fault: "no-sim" }, { network: "off" }],
    ["in a cell that is out", { fault: "no-network" }, { network: "searching" }],
  ] as const)("%s", async (_, options, state) => {
    const { clock, computer, closed } = stage(options);
    expect(await clock.until(askModem(computer, clock))).toEqual(state);
    expect(closed()).toBe(true);
  });

  test("LTE alone is a network too, and a line that is no information is passed over", async () => {
    const clock = new StageClock();
    const { computer, modem } = cable();
    const answers: Readonly<Record<string, string>> = {
      "AT+CREG?": "+CREG: 0,3",
      "AT+CGREG?": "^RSSI:17\r\n+CGREG: 0,2",
      "AT+CEREG?": '+CEREG: 2,5,"1A2B","01C3D4E5",7',
      "AT+CSQ": "+CSQ: 31,99",
    };
    modem.onBytes((bytes) => {
      const asked = String.fromCharCode(...bytes).trim();
      modem.write(Uint8Array.from(Buffer.from(`\r\n${answers[asked] ?? ""}\r\n\r\nOK\r\n`)));
    });
    expect(await clock.until(askModem(computer, clock))).toEqual({ network: "registered", signalDbm: -51 });
  });

  test("a modem on a fixed line has no network to tell of, a silent one nothing at all", async () => {
    const fixed = stage({ network: "fixed" });
    await expect(fixed.clock.until(askModem(fixed.computer, fixed.clock))).rejects.toMatchObject({
      code: "modem.refused",
    });
    const clock = new StageClock();
    const { computer, closed } = cable();
    await expect(clock.until(askModem(computer, clock))).rejects.toMatchObject({ code: "modem.silent" });
    expect(closed()).toBe(true);
  });
});

describe("a data call", () => {
  test("is set up by commands, carries bytes both ways, and ends by escape and hang-up", async () => {
    const { clock, modem, computer, far, written, closed } = stage();
    const open = await clock.until(callByModem(computer, clock, { ...call, init: "+CBST=7,0,1" }));
    expect(open.baudRate).toBe(9600);
    expect(modem.commands).toEqual(["E0Q0V1X4", "S0=0", "S7=60", "+CBST=7,0,1", "D0740123456"]);
    expect(modem.carrier).toBe(true);
    const [heard, sent]: [number[], number[]] = [[], []];
    open.onBytes((bytes) => heard.push(...bytes));
    far.modem.onBytes((bytes) => sent.push(...bytes));
    open.write(Uint8Array.of(1, 2, 0x8d));
    far.modem.write(Uint8Array.of(4, 0xff));
    await clock.advance(100);
    expect([heard, sent]).toEqual([
      [4, 0xff],
      [1, 2, 0x8d],
    ]);
    open.close();
    await clock.until(open.released);
    expect(written().endsWith("+++ATH\r")).toBe(true);
    expect(modem.carrier).toBe(false);
    expect(closed()).toBe(true);
    expect(far.closed()).toBe(true);
  });

  test.each([
    ["tone", "DT0740123456"],
    ["pulse", "DP0740123456"],
  ] as const)("dials by %s where the line wants it", async (dialling, command) => {
    const { clock, modem, computer } = stage({ network: "fixed" });
    await clock.until(callByModem(computer, clock, { ...call, dialling }));
    expect(modem.commands.at(-1)).toBe(command);
  });

  test.each([
    ["busy", "0740000002", {}, "modem.busy"],
    ["nobody answers", "0740000003", {}, "modem.no-answer"],
    ["nobody has the number", "0740999999", {}, "modem.no-carrier"],
    ["no dial tone", call.number, { network: "fixed", fault: "no-dialtone" }, "modem.no-dialtone"],
    ["no SIM card", call.number, { fault: "no-sim" }, "modem.network"],
    ["no network", call.number, { fault: "no-network" }, "modem.network"],
  ] as const)("%s has a code of its own, and the line is free after it", async (_, number, options, code) => {
    const { clock, computer, closed } = stage(options);
    await expect(clock.until(callByModem(computer, clock, { ...call, number }))).rejects.toMatchObject({
      code,
    });
    expect(closed()).toBe(true);
  });

  test("a command that the modem refuses ends the attempt before it dials", async () => {
    const { clock, modem, computer } = stage({ network: "fixed" });
    const attempt = callByModem(computer, clock, { ...call, init: "+CBST=7,0,1" });
    await expect(clock.until(attempt)).rejects.toMatchObject({ code: "modem.refused" });
    expect(modem.dialled).toEqual([]);
  });

  test("a modem that says nothing is tried three times", async () => {
    const clock = new StageClock();
    const { computer, written } = cable();
    await expect(clock.until(callByModem(computer, clock, call))).rejects.toMatchObject({
      code: "modem.silent",
    });
    expect(written().match(/ATE0Q0V1X4\r/g)).toHaveLength(3);
  });

  test("a modem that never tells how the dialling ended is given up", async () => {
    const clock = new StageClock();
    const { computer, modem } = cable();
    modem.onBytes((bytes) => {
      if (!String.fromCharCode(...bytes).startsWith("ATD"))
        modem.write(Uint8Array.from(Buffer.from("\r\nOK\r\n")));
    });
    await expect(clock.until(callByModem(computer, clock, call))).rejects.toMatchObject({
      code: "modem.timeout",
    });
    expect(clock.now()).toBe(65_000);
  });

  test("a modem that somebody left in a call is brought back by the escape", async () => {
    const { clock, modem, computer } = stage();
    const first = await clock.until(callByModem(computer, clock, call));
    expect(first).toBeDefined();
    // The program ended without hanging up; the next one finds data.
    const again = await clock.until(callByModem(computer, clock, { ...call, init: "H" }));
    expect(again.baudRate).toBe(9600);
    expect(modem.dialled).toHaveLength(2);
  });

  test("a cancelled dialling is stopped at the modem", async () => {
    const { clock, modem, computer } = stage();
    const stop = new AbortController();
    clock.after(2000, () => stop.abort());
    const attempt = callByModem(computer, clock, { ...call, signal: stop.signal });
    await expect(clock.until(attempt)).rejects.toMatchObject({ code: "read.cancelled" });
    await clock.advance(10_000);
    expect(modem.carrier).toBe(false);
  });
});

describe("carrier", () => {
  test("that is lost ends the call with a code of its own", async () => {
    const { clock, modem, computer } = stage();
    const open = await clock.until(callByModem(computer, clock, call));
    const ended = new Promise((resolve) => open.onEnd(resolve));
    modem.lose();
    expect(await clock.until(ended)).toMatchObject({ code: "modem.lost" });
    await clock.until(open.released);
  });

  test("in words inside of data is data", async () => {
    const { clock, computer, far } = stage();
    const open = await clock.until(callByModem(computer, clock, call));
    let ended = false;
    open.onEnd(() => {
      ended = true;
    });
    far.modem.write(Uint8Array.from(Buffer.from("note:\r\nNO CARRIER\r\n")));
    await clock.advance(100);
    far.modem.write(Uint8Array.from(Buffer.from("and more")));
    await clock.advance(5000);
    expect(ended).toBe(false);
  });

  test("that the port shows is watched, that it never showed is not", async () => {
    for (const [shown, ends] of [
      [[true, true, false], true],
      [[false, false, false], false],
      [[undefined], false],
    ] as const) {
      const { clock, computer } = stage();
      const states: (boolean | undefined)[] = [...shown];
      const open = await clock.until(callByModem(computer, clock, call, async () => states.shift()));
      let cause: unknown;
      open.onEnd((error) => {
        cause = error;
      });
      await clock.advance(5000);
      expect(cause !== undefined).toBe(ends);
    }
  });
});

test.each([
  ["OK", { kind: "ok" }],
  ["CONNECT", { kind: "connect" }],
  ["connect 9600/ARQ", { kind: "connect", baudRate: 9600 }],
  ["NO DIAL TONE", { kind: "failed", code: "modem.no-dialtone", text: "NO DIAL TONE" }],
  ["DELAYED 00:00:59", { kind: "failed", code: "modem.delayed", text: "DELAYED 00:00:59" }],
  ["+CME ERROR: 10", { kind: "failed", code: "modem.network", text: "+CME ERROR: 10" }],
  ["ATD0740123456", undefined],
  ["RING", undefined],
  ["CONNECTED", undefined],
])("%s means what the standard says", (line, result) => {
  expect(resultOf(`${line}\r`)).toEqual(result);
});

/** Two meters with telephone numbers. */
function numbered(kinds: Parameters<typeof buildMeters>[0]["shares"]) {
  const { meters } = buildMeters({ points: 1, seed: 11, days: 2, shares: kinds ?? {}, nowMs: Date.now });
  const meter = meters[0]!;
  const { serial, identity } = meter.description;
  const device = new MeterDevice(meter, { serial, identity });
  const subscribers = new Map([["0740123456", calledMeter(device, lineClock(Date.now), 100)]]);
  return { meter, subscribers, clock: lineClock(Date.now) };
}

test.each([
  ["iec62056-21+modem+tcp", "iec-own", ""],
  ["dlms+hdlc+modem+tcp", "dlms-hdlc", "&client=16&server=1&physical=17"],
] as const)(
  "%s: a meter behind a telephone number is read through a serial server",
  async (scheme, kind, more) => {
    const { meter, ...options } = numbered({ [kind]: 1 });
    const password = meter.description.password;
    const server = await listenModem({ ...options, profile: { latencyMs: 20 } });
    closing.push(() => server.close());
    const given = kind === "dlms-hdlc" && password ? `&auth=low&password=${password}` : "";
    const client = given ? more.replace("client=16", "client=17") : more;
    const url = `${scheme}://127.0.0.1:${server.port}?number=0740123456${client}${given}`;
    const before = meter.registersNow().importWh;
    const reading = await readDevice(
      url,
      { zone: "Europe/Bucharest", registers: ["1-0:1.8.0*255"] },
      { clock: realClock },
    );
    const after = meter.registersNow().importWh;
    expect(reading.identity).toBe(meter.description.identity);
    const [register] = reading.registers ?? [];
    expect(register?.unit).toMatch(/^k?Wh$/);
    const wh = Math.round(Number(register?.value) * (register?.unit === "kWh" ? 1000 : 1));
    expect(wh).toBeGreaterThanOrEqual(before);
    expect(wh).toBeLessThanOrEqual(after);
    // The modem is on the hook again.
    await expect.poll(() => server.modem()?.carrier, { timeout: 8000 }).toBe(false);
  },
);

const skipped = pythonIsThere ? "" : " (skipped: python3 is not there to make a pseudo terminal)";

test.skipIf(!pythonIsThere)(
  `\`energsys read iec62056-21+modem:…\` dials on a serial port, reads and hangs up${skipped}`,
  async () => {
    const terminal = await openPseudoTerminal();
    closing.push(() => terminal.stop());
    const { meter, ...options } = numbered({ "iec-own": 1 });
    const modem = new VirtualModem(terminal.stream, { ...options, profile: { latencyMs: 20 } });
    const cli = fileURLToPath(new URL("../../cli/src/main.ts", import.meta.url));
    const run = (number: string) =>
      outcome(
        spawn(process.execPath, [
          cli,
          "read",
          `iec62056-21+modem:${terminal.path}?number=${number}`,
          "--json",
        ]),
      );
    const { code, output } = await run("0740123456");
    expect(code).toBe(0);
    expect(output).toContain(meter.description.serial);
    expect(output).toContain('"obis": "1-0:1.8.0*255"');
    expect(modem.dialled).toEqual(["0740123456"]);
    // The last bytes of the ended program are still on their way through the terminal.
    await expect.poll(() => modem.commands.at(-1), { timeout: 20_000 }).toBe("H");
    expect(modem.carrier).toBe(false);

    const failed = await run("0740999999");
    expect(failed.code).toBe(1);
    expect(failed.errors).toContain("modem.no-carrier");
  },
  60_000,
);

async function outcome(child: ChildProcess) {
  let output = "";
  let errors = "";
  child.stdout?.on("data", (bytes) => {
    output += bytes;
  });
  child.stderr?.on("data", (bytes) => {
    errors += bytes;
  });
  const code = await new Promise((resolve) => child.once("close", resolve));
  return { code, output, errors };
}

test("a serial server with a modem is dialled only where the networks that may be called allow it", async () => {
  const url = "iec62056-21+modem+tcp://127.0.0.1:4059?number=0740123456";
  const options = { clock: realClock, mayDial: () => false };
  const asked = { zone: "UTC", registers: true };
  await expect(readDevice(url, asked, options)).rejects.toMatchObject({ code: "dial.not-allowed" });
});

test("nobody at the serial server is told as on any other line", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  const url = `iec62056-21+modem+tcp://127.0.0.1:${port}?number=0740123456`;
  await expect(readDevice(url, { zone: "UTC", registers: true }, { clock: realClock })).rejects.toMatchObject(
    {
      code: "dial.refused",
    },
  );
});
