import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { Clock } from "@energsys/protocols";
import { describe, expect, test } from "vitest";
import { openLine } from "../src/links/meter-line.ts";
import type { MeterKind } from "../src/meter/description.ts";
import {
  ascii,
  asciiOf,
  bytesOf,
  calendar,
  deviceOf,
  type MeterChanges,
  meterOf,
  nowMs,
  surroundings,
} from "./support.ts";

const session = join(
  process.env.ENERGSYS_SHARED ?? join(import.meta.dirname, "../../../../shared"),
  "captures/sessions/iec-isk-me162-mode-c.json",
);

/** XOR of everything after the first character, as the standard says it, apart from our codec. */
function block(text: string): string {
  let check = 0;
  for (const character of text.slice(1)) check ^= character.charCodeAt(0);
  return text + String.fromCharCode(check);
}
const command = (body: string) => block(`\x01${body}\x03`);
const answer = (body: string) => block(`\x02${body}\x03`);

/** Time that moves only when a test says so; what is due at once happens at once. */
class StageClock implements Clock {
  #now: number;
  #timers: { atMs: number; action: () => void }[] = [];
  constructor(now: number) {
    this.#now = now;
  }
  now() {
    return this.#now;
  }
  after(delayMs: number, action: () => void) {
    if (delayMs <= 0) {
      action();
      return () => undefined;
    }
    const timer = { atMs: this.#now + delayMs, action };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }
  advance(ms: number): void {
    this.#now += ms;
    for (const { atMs, action } of [...this.#timers]) {
      if (atMs <= this.#now) action();
    }
    this.#timers = this.#timers.filter(({ atMs }) => atMs > this.#now);
  }
}

function open(
  kind: MeterKind,
  changes: MeterChanges = {},
  likelihood?: Parameters<typeof surroundings>[0],
  at = nowMs,
) {
  const clock = new StageClock(at);
  const now = () => clock.now();
  const meter = meterOf(kind, changes, surroundings(likelihood), now);
  let sent = "";
  const line = openLine(
    deviceOf(meter),
    {
      write: (bytes) => {
        sent += asciiOf(bytes);
      },
      destroy: () => undefined,
    },
    clock,
  );
  return {
    meter,
    wait: (ms: number) => clock.advance(ms),
    /** What came since the last request. */
    sent: () => sent,
    /** Sends, and gives what came back. */
    say: async (text: string) => {
      sent = "";
      line.receive(ascii(text));
      await setImmediate();
      return sent;
    },
  };
}
/** Control characters by their names, without the check byte. */
const shown = (text: string) =>
  text
    .slice(0, text.endsWith("\n") ? undefined : -1)
    .replaceAll("\x02", "<STX>")
    .replaceAll("\x03", "<ETX>")
    .replaceAll("\x01", "<SOH>");
const programming = async (device: ReturnType<typeof open>) => {
  await device.say("/?!\r\n");
  return device.say("\x06051\r\n");
};

describe("sign-on", () => {
  test.each([
    ["iec-own", "/ENS5ESV-IEC1.0\r\n"],
    ["iec-iskra", "/ISK5ME162-0033\r\n"],
    ["iec-landis", "/LGZ4ZMF100AC.M27\r\n"],
  ] as const)("of %s gives its identification, with its address or none", async (kind, identification) => {
    const { say } = open(kind);
    expect(await say("/?!\r\n")).toBe(identification);
    expect(await say("/?70100042!\r\n")).toBe(identification);
    expect(await say("/?00070100042!\r\n")).toBe(identification);
  });

  test.each([
    ["another meter's address", "/?70100043!\r\n"],
    ["noise", "\x00\x7f\xff\x7f"],
    ["a request without its end", "/?!"],
    ["an option without a sign-on", "\x06050\r\n"],
    ["a command without a sign-on", command("R1\x021.8.0()")],
  ])("nothing is answered to %s", async (_, text) => {
    expect(await open("iec-own").say(text)).toBe("");
  });

  test("is heard after noise, byte by byte, with the parity bit still there, and after a lone ACK", async () => {
    const bytewise = open("iec-own");
    let sent = "";
    for (const character of "\x00\x7f\x7f/?!\r\n") sent += await bytewise.say(character);
    expect(sent).toBe("/ENS5ESV-IEC1.0\r\n");
    const withParity = asciiOf(bytesOf("af3f218d0a"));
    expect(await open("iec-own").say(withParity)).toBe("/ENS5ESV-IEC1.0\r\n");
    expect(await open("iec-own").say("\x06/?!\r\n")).toBe("/ENS5ESV-IEC1.0\r\n");
  });

  test("is heard after half a request and a pause", async () => {
    const { say, wait } = open("iec-own");
    await say("\x01R1\x02");
    wait(2000);
    expect(await say("/?!\r\n")).toBe("/ENS5ESV-IEC1.0\r\n");
  });
});

describe("readout", () => {
  test("of the ISKRA dialect has the lines of the recorded meter, check byte included", async () => {
    const { say, meter } = open("iec-iskra");
    await say("/?!\r\n");
    const { importWh, rate1Wh, rate2Wh, exportWh } = meter.registersAt(nowMs);
    const kwh = (wh: number) =>
      `${String(Math.floor(wh / 1000)).padStart(7, "0")}.${String(wh % 1000).padStart(3, "0")}*kWh`;
    expect(await say("\x06050\r\n")).toBe(
      answer(
        `C.1.0(70100042)\r\n0.0.0(70100042)\r\n1.8.0(${kwh(importWh)})\r\n1.8.1(${kwh(rate1Wh)})\r\n1.8.2(${kwh(
          rate2Wh,
        )})\r\n2.8.0(${kwh(exportWh)})\r\n2.8.1(0000000.000*kWh)\r\n2.8.2(${kwh(exportWh)})\r\nF.F(0000000)\r\n!\r\n`,
      ),
    );
  });

  test("of our own dialect has the clock with its zone digit: winter, summer, standard time", async () => {
    const july = Date.UTC(2026, 6, 1, 9, 0, 5);
    const lines = async (device: ReturnType<typeof open>) => {
      await device.say("/?!\r\n");
      return (await device.say("\x06050\r\n")).split("\r\n");
    };
    expect(await lines(open("iec-own"))).toEqual(
      expect.arrayContaining(["0.9.1(0120730)", "0.9.2(0261110)"]),
    );
    expect(await lines(open("iec-own", {}, undefined, july))).toContain("0.9.1(1120005)");
    expect(await lines(open("iec-own", { followsSummerTime: false }, undefined, july))).toContain(
      "0.9.1(0110005)",
    );
  });

  test("of a meter with three phases has all of them, of one phase only the first", async () => {
    const addresses = async (phases: 1 | 3) => {
      const { say } = open("iec-own", { phases });
      await say("/?!\r\n");
      return (await say("\x06050\r\n"))
        .split("\r\n")
        .map((line) => line.replace(/\(.*/, "").replace("\x02", ""));
    };
    expect(await addresses(1)).not.toContain("52.7.0");
    expect(await addresses(3)).toEqual(
      expect.arrayContaining(["32.7.0", "52.7.0", "72.7.0", "31.7.0", "51.7.0", "71.7.0"]),
    );
  });

  test("is repeated on NAK", async () => {
    const { say } = open("iec-iskra");
    await say("/?!\r\n");
    const first = await say("\x06050\r\n");
    expect([await say("\x15"), await say("\x15")]).toEqual([first, first]);
  });
});

describe("programming mode", () => {
  test.skipIf(!existsSync(session))(
    "answers the recorded reader of a real ISKRA ME162 in the recorded form",
    async () => {
      const { steps } = JSON.parse(readFileSync(session, "utf8")) as {
        steps: { dir: string; hex: string }[];
      };
      const device = open("iec-iskra");
      // Numbers differ, everything around them is the same.
      const form = (text: string) => shown(text).replace(/[0-9]/g, "9");
      for (const [i, step] of steps.entries()) {
        if (step.dir !== "to-meter") continue;
        const reply = await device.say(asciiOf(bytesOf(step.hex)));
        const recorded = steps[i + 1]?.dir === "from-meter" ? asciiOf(bytesOf(steps[i + 1]!.hex)) : "";
        if (i < steps.length - 1) expect(form(reply), `step ${i}`).toBe(form(recorded));
      }
    },
  );

  test("begins with P0 and reads single registers by R1", async () => {
    const device = open("iec-iskra");
    expect(await programming(device)).toBe(block("\x01P0\x02()\x03"));
    // The check byte 5A of this command stands in the standard's examples.
    const wh = device.meter.registersAt(nowMs).importWh;
    const text = `${String(Math.floor(wh / 1000)).padStart(7, "0")}.${String(wh % 1000).padStart(3, "0")}`;
    expect(await device.say("\x01R1\x021.8.0()\x03\x5a")).toBe(answer(`(${text}*kWh)`));
    expect(await device.say(command("R1\x029.9.9()"))).toBe(answer("(ERROR)"));
    expect(await device.say(command("W1\x020.9.1(121500)"))).toBe(answer("(ERROR)"));
    expect(await device.say(command("R5\x02P.01(;)"))).toBe(answer("(ERROR)"));
  });

  test("answers NAK to a wrong check byte", async () => {
    const device = open("iec-iskra");
    await programming(device);
    expect(await device.say("\x01R1\x021.8.0()\x03\x5b")).toBe("\x15");
  });

  test("of our own dialect needs the password, and ends after three wrong ones", async () => {
    const device = open("iec-own");
    await programming(device);
    expect(await device.say(command("R1\x021.8.0()"))).toBe(answer("(ERROR)"));
    // 61: from the standard's examples.
    expect(await device.say("\x01P1\x02(00000000)\x03\x61")).toBe("\x06");
    expect(shown(await device.say(command("R1\x021.8.0()")))).toMatch(/^<STX>\(\d{7}\.\d{3}\*kWh\)<ETX>$/);
    await programming(device);
    await device.say(command("B0"));
    await programming(device);
    for (const _ of [1, 2]) expect(await device.say(command("P1\x02(11111111)"))).toBe(answer("(ERROR)"));
    expect(await device.say(command("P1\x02(11111111)"))).toBe("\x01B0\x03q");
    expect(await device.say("\x01P1\x02(00000000)\x03\x61")).toBe("");
  });

  test("ends by B0 and after two minutes without traffic", async () => {
    const device = open("iec-iskra");
    await programming(device);
    await device.say("\x01B0\x03\x71");
    expect(await device.say(command("R1\x021.8.0()"))).toBe("");
    await programming(device);
    device.wait(121_000);
    expect(await device.say(command("R1\x021.8.0()"))).toBe("");
  });
});

describe("load profile by R5", () => {
  const quiet = { plannedOutage: 0, faultOutage: 0, clockSet: 0, cover: 0 };
  async function read(device: ReturnType<typeof open>, body: string): Promise<string> {
    await programming(device);
    await device.say("\x01P1\x02(00000000)\x03\x61");
    return await device.say(command(`R5\x02${body}`));
  }

  test("names the end of the first period, and has one line for each", async () => {
    const device = open("iec-own", {}, quiet);
    const text = await read(device, "P.01(02611101100;02611101130)");
    const rows = device.meter.rowsBetween(Date.UTC(2026, 10, 10, 9), Date.UTC(2026, 10, 10, 9, 30));
    expect(rows.importWh).toHaveLength(3);
    const line = (n: number) => {
      const kilo = (value: number) => `(${(value / 1000).toFixed(3)})`;
      const { reactiveImport, reactiveExport } = device.meter.reactiveOf(
        rows.registers[n]!,
        rows.importWh[n]!,
        rows.exportWh[n]!,
      );
      return [rows.importWh[n]!, rows.exportWh[n]!, reactiveImport, reactiveExport].map(kilo).join("");
    };
    expect(text).toBe(
      answer(
        `P.01(0261110110000)(00)(15)(4)(1.29.0)(kWh)(2.29.0)(kWh)(3.29.0)(kvarh)(4.29.0)(kvarh)\r\n${line(0)}\r\n${line(1)}\r\n${line(2)}\r\n`,
      ),
    );
  });

  test("of the Landis+Gyr dialect gives mean demands in kW, four times the energy", async () => {
    const device = open("iec-landis", {}, quiet);
    await programming(device);
    const text = await device.say(command("R5\x02P.01(2611101100;2611101100)"));
    const wh = device.meter.rowsBetween(Date.UTC(2026, 10, 10, 9), Date.UTC(2026, 10, 10, 9)).importWh[0]!;
    expect(text).toContain(
      `P.01(0261110110000)(00000000)(15)(2)(1.5)(kW)(2.5)(kW)\r\n(${((wh * 4) / 1000).toFixed(3)})(`,
    );
  });

  test.each([
    ["2026-10-25", 100, ["1261025030000", "0261025030000"]],
    ["2026-03-29", 92, ["0260329001500", "1260329040000"]],
  ])("of %s has %d rows, and a new header where the clock changes", async (date, slots, stamps) => {
    const day = calendar.day(calendar.dayAt(Date.parse(`${date}T12:00Z`)));
    const device = open("iec-own", {}, quiet, day.startMs + 2 * 86_400_000);
    const utc = (ms: number) =>
      new Date(ms).toISOString().replace(/^..(..)-(..)-(..)T(..):(..).*/, "2$1$2$3$4$5");
    const text = await read(
      device,
      `P.01(${utc(day.startMs + 900_000)};${utc(day.startMs + day.slots * 900_000)})`,
    );
    const lines = text.split("\r\n");
    expect(lines.filter((line) => line.startsWith("("))).toHaveLength(slots);
    const headers = lines.map((line) => /P\.01\((\d{13})\)/.exec(line)?.[1]).filter(Boolean);
    expect(headers).toHaveLength(3); // first, change of the clock, midnight
    expect(headers).toContain(stamps[1]);
  });

  test("marks power down and up in the status, in headers of their own", async () => {
    const device = open("iec-own", {}, { ...quiet, faultOutage: 1 });
    const text = await read(device, "P.01(;)");
    const stati = [...text.matchAll(/P\.01\(\d{13}\)\((..)\)/g)].map((match) => match[1]);
    expect(new Set(stati)).toEqual(new Set(["00", "80", "C0"]));
  });

  test.each([
    ["before anything was recorded", "P.01(00001010000;00001020000)", "P.01(ERROR)"],
    ["in the future", "P.01(03001010000;)", "P.01(ERROR)"],
    ["of no time", "P.01(xyz;)", "(ERROR)"],
    ["of a profile that is not there", "P.02(;)", "(ERROR)"],
  ])("%s answers an error", async (_, body, expected) => {
    expect(await read(open("iec-own"), body)).toBe(answer(expected));
  });

  test("log entries stand one on a line with the VDEW status, and none is an error", async () => {
    const device = open("iec-own", {}, { ...quiet, faultOutage: 1 });
    const text = await read(device, "P.98(02611090000;02611092359)");
    expect(shown(text)).toMatch(
      /^<STX>P\.98\(0261109\d{6}\)\(80\)\(\)\(0\)\r\nP\.98\(0261109\d{6}\)\(40\)\(\)\(0\)\r\n<ETX>$/,
    );
    expect(await read(open("iec-own", {}, quiet), "P.98(02611090000;)")).toBe(answer("P.98(ERROR)"));
  });
});

describe("writing", () => {
  const unlocked = async (changes: MeterChanges = {}) => {
    const device = open("iec-own", { relayMode: 2, ...changes });
    await programming(device);
    await device.say("\x01P1\x02(00000000)\x03\x61");
    return device;
  };

  test.each([
    ["the time, with its zone digit", "W1", "0.9.1(0120700)", Date.UTC(2026, 10, 10, 10, 7, 0)],
    ["the time without one, by W5", "W5", "0.9.1(12:08:00)", Date.UTC(2026, 10, 10, 10, 8, 0)],
    ["the date", "W1", "0.9.2(261111)", Date.UTC(2026, 10, 11, 10, 7, 30)],
  ])("sets the clock: %s", async (_, name, body, expected) => {
    const device = await unlocked();
    expect(await device.say(command(`${name}\x02${body}`))).toBe("\x06");
    expect(device.meter.now()).toBe(expected);
    // The log has it twice: the time before and the time after.
    expect((await device.say(command("R5\x02P.98(02611100900;)"))).match(/\(20\)/g)).toHaveLength(2);
  });

  test("moves the relay, which R1 shows", async () => {
    const device = await unlocked();
    expect(await device.say(command("W1\x0296.3.10(0)"))).toBe("\x06");
    expect(await device.say(command("R1\x0296.3.10()"))).toBe(answer("(0)"));
    expect(device.meter.instant().importW).toBe(0);
    expect(await device.say(command("W1\x0296.3.10(1)"))).toBe("\x06");
    expect(device.meter.relayState).toBe(1);
  });

  test.each(["0.9.1(996199)", "0.9.1(12)", "96.3.10(2)", "1.8.0(0000000.000)"])(
    "of %s is refused",
    async (body) => {
      expect(await (await unlocked()).say(command(`W1\x02${body}`))).toBe(answer("(ERROR)"));
    },
  );

  test("needs the password", async () => {
    const device = open("iec-own", { relayMode: 2 });
    await programming(device);
    expect(await device.say(command("W1\x0296.3.10(0)"))).toBe(answer("(ERROR)"));
    expect(device.meter.relayState).toBe(1);
  });
});

describe("the other modes", () => {
  test("A and B read out at once, and take a password right after it", async () => {
    for (const [kind, sign] of [
      ["iec-mode-a", "@"],
      ["iec-mode-b", "E"],
    ] as const) {
      const device = open(kind);
      const text = await device.say("/?70100042!\r\n");
      expect(text.startsWith(`/ENS${sign}ESV-IEC1.0\r\n\x02F.F(00000000)\r\n`)).toBe(true);
      expect(await device.say("\x01P1\x02(00000000)\x03\x61")).toBe("\x06");
      expect(shown(await device.say(command("R1\x021.8.0()")))).toMatch(/^<STX>\(\d{7}\.\d{3}\*kWh\)<ETX>$/);
    }
  });

  test("D sends by itself every ten seconds, without check byte, and hears nothing", async () => {
    const device = open("iec-mode-d");
    expect(await device.say("/?!\r\n")).toBe("");
    device.wait(10_000);
    expect(device.sent()).toMatch(/^\/ENS3ESV-IEC1\.0\r\nF\.F\(00000000\)\r\n[\s\S]*!\r\n$/);
  });

  test("E hands the line over to HDLC", async () => {
    const device = open("iec-mode-e");
    expect(await device.say("/?!\r\n")).toBe("/ENS5\\2ESV-IEC1.0\r\n");
    expect(await device.say("\x06252\r\n")).toBe("\x06252\r\n");
    const ua = await device.say(asciiOf(bytesOf("7EA0070321930F017E")));
    expect(Buffer.from(ua, "latin1").toString("hex")).toMatch(/^7ea01e210373/);
  });

  test("R6 gives the profile in blocks that are acknowledged", async () => {
    const device = open("iec-own");
    await programming(device);
    await device.say("\x01P1\x02(00000000)\x03\x61");
    let text = "";
    let block = await device.say(command("R6\x02P.01(02611100000;)"));
    for (; block.at(-2) === "\x04"; block = await device.say("\x06")) text += block.slice(1, -2);
    text += block.slice(1, -2);
    expect(answer(text)).toBe(await device.say(command("R5\x02P.01(02611100000;)")));
  });
});
