import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
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

function open(
  kind: MeterKind,
  changes: MeterChanges = {},
  likelihood?: Parameters<typeof surroundings>[0],
  at = nowMs,
) {
  let now = at;
  const meter = meterOf(kind, changes, surroundings(likelihood), () => now);
  let sent = "";
  const line = openLine(
    deviceOf(meter),
    {
      write: (bytes) => {
        sent += asciiOf(bytes);
      },
      destroy: () => undefined,
    },
    () => now,
  );
  return {
    meter,
    wait: (ms: number) => {
      now += ms;
    },
    /** Sends, and gives what came back. */
    say: (text: string) => {
      sent = "";
      line.receive(ascii(text));
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
const programming = (device: ReturnType<typeof open>) => {
  device.say("/?!\r\n");
  return device.say("\x06051\r\n");
};

describe("sign-on", () => {
  test.each([
    ["iec-own", "/ENS5ESV-IEC1.0\r\n"],
    ["iec-iskra", "/ISK5ME162-0033\r\n"],
    ["iec-landis", "/LGZ4ZMF100AC.M27\r\n"],
  ] as const)("of %s gives its identification, with its address or none", (kind, identification) => {
    const { say } = open(kind);
    expect(say("/?!\r\n")).toBe(identification);
    expect(say("/?70100042!\r\n")).toBe(identification);
    expect(say("/?00070100042!\r\n")).toBe(identification);
  });

  test.each([
    ["another meter's address", "/?70100043!\r\n"],
    ["noise", "\x00\x7f\xff\x7f"],
    ["a request without its end", "/?!"],
    ["an option without a sign-on", "\x06050\r\n"],
    ["a command without a sign-on", command("R1\x021.8.0()")],
  ])("nothing is answered to %s", (_, text) => {
    expect(open("iec-own").say(text)).toBe("");
  });

  test("is heard after noise, byte by byte, with the parity bit still there, and after a lone ACK", () => {
    const bytewise = open("iec-own");
    let sent = "";
    for (const character of "\x00\x7f\x7f/?!\r\n") sent += bytewise.say(character);
    expect(sent).toBe("/ENS5ESV-IEC1.0\r\n");
    const withParity = asciiOf(bytesOf("af3f218d0a"));
    expect(open("iec-own").say(withParity)).toBe("/ENS5ESV-IEC1.0\r\n");
    expect(open("iec-own").say("\x06/?!\r\n")).toBe("/ENS5ESV-IEC1.0\r\n");
  });

  test("is heard after half a request and a pause", () => {
    const { say, wait } = open("iec-own");
    say("\x01R1\x02");
    wait(2000);
    expect(say("/?!\r\n")).toBe("/ENS5ESV-IEC1.0\r\n");
  });
});

describe("readout", () => {
  test("of the ISKRA dialect has the lines of the recorded meter, check byte included", () => {
    const { say, meter } = open("iec-iskra");
    say("/?!\r\n");
    const { importWh, rate1Wh, rate2Wh, exportWh } = meter.registersAt(nowMs);
    const kwh = (wh: number) =>
      `${String(Math.floor(wh / 1000)).padStart(7, "0")}.${String(wh % 1000).padStart(3, "0")}*kWh`;
    expect(say("\x06050\r\n")).toBe(
      answer(
        `C.1.0(70100042)\r\n0.0.0(70100042)\r\n1.8.0(${kwh(importWh)})\r\n1.8.1(${kwh(rate1Wh)})\r\n1.8.2(${kwh(
          rate2Wh,
        )})\r\n2.8.0(${kwh(exportWh)})\r\n2.8.1(0000000.000*kWh)\r\n2.8.2(${kwh(exportWh)})\r\nF.F(0000000)\r\n!\r\n`,
      ),
    );
  });

  test("of our own dialect has the clock with its zone digit: winter, summer, standard time", () => {
    const july = Date.UTC(2026, 6, 1, 9, 0, 5);
    const lines = (device: ReturnType<typeof open>) => {
      device.say("/?!\r\n");
      return device.say("\x06050\r\n").split("\r\n");
    };
    expect(lines(open("iec-own"))).toEqual(expect.arrayContaining(["0.9.1(0120730)", "0.9.2(0261110)"]));
    expect(lines(open("iec-own", {}, undefined, july))).toContain("0.9.1(1120005)");
    expect(lines(open("iec-own", { followsSummerTime: false }, undefined, july))).toContain("0.9.1(0110005)");
  });

  test("of a meter with three phases has all of them, of one phase only the first", () => {
    const addresses = (phases: 1 | 3) => {
      const { say } = open("iec-own", { phases });
      say("/?!\r\n");
      return say("\x06050\r\n")
        .split("\r\n")
        .map((line) => line.replace(/\(.*/, "").replace("\x02", ""));
    };
    expect(addresses(1)).not.toContain("52.7.0");
    expect(addresses(3)).toEqual(
      expect.arrayContaining(["32.7.0", "52.7.0", "72.7.0", "31.7.0", "51.7.0", "71.7.0"]),
    );
  });

  test("is repeated on NAK, three times at most", () => {
    const { say } = open("iec-iskra");
    say("/?!\r\n");
    const first = say("\x06050\r\n");
    expect([say("\x15"), say("\x15"), say("\x15"), say("\x15")]).toEqual([first, first, first, ""]);
  });
});

describe("programming mode", () => {
  test.skipIf(!existsSync(session))(
    "answers the recorded reader of a real ISKRA ME162 in the recorded form",
    () => {
      const { steps } = JSON.parse(readFileSync(session, "utf8")) as {
        steps: { dir: string; hex: string }[];
      };
      const device = open("iec-iskra");
      // Numbers differ, everything around them is the same.
      const form = (text: string) => shown(text).replace(/[0-9]/g, "9");
      steps.forEach((step, i) => {
        if (step.dir !== "to-meter") return;
        const reply = device.say(asciiOf(bytesOf(step.hex)));
        const recorded = steps[i + 1]?.dir === "from-meter" ? asciiOf(bytesOf(steps[i + 1]!.hex)) : "";
        if (i < steps.length - 1) expect(form(reply), `step ${i}`).toBe(form(recorded));
      });
    },
  );

  test("begins with P0 and reads single registers by R1", () => {
    const device = open("iec-iskra");
    expect(programming(device)).toBe(block("\x01P0\x02()\x03"));
    // The check byte 5A of this command stands in the standard's examples.
    const wh = device.meter.registersAt(nowMs).importWh;
    const text = `${String(Math.floor(wh / 1000)).padStart(7, "0")}.${String(wh % 1000).padStart(3, "0")}`;
    expect(device.say("\x01R1\x021.8.0()\x03\x5a")).toBe(answer(`(${text}*kWh)`));
    expect(device.say(command("R1\x029.9.9()"))).toBe(answer("(ERROR)"));
    expect(device.say(command("W1\x020.9.1(121500)"))).toBe(answer("(ERROR)"));
    expect(device.say(command("R5\x02P.01(;)"))).toBe(answer("(ERROR)"));
  });

  test("answers NAK to a wrong check byte", () => {
    const device = open("iec-iskra");
    programming(device);
    expect(device.say("\x01R1\x021.8.0()\x03\x5b")).toBe("\x15");
  });

  test("of our own dialect needs the password, and ends after three wrong ones", () => {
    const device = open("iec-own");
    programming(device);
    expect(device.say(command("R1\x021.8.0()"))).toBe(answer("(ERROR)"));
    // 61: from the standard's examples.
    expect(device.say("\x01P1\x02(00000000)\x03\x61")).toBe("\x06");
    expect(shown(device.say(command("R1\x021.8.0()")))).toMatch(/^<STX>\(\d{7}\.\d{3}\*kWh\)<ETX>$/);
    programming(device);
    device.say(command("B0"));
    programming(device);
    for (const _ of [1, 2]) expect(device.say(command("P1\x02(11111111)"))).toBe(answer("(ERROR)"));
    expect(device.say(command("P1\x02(11111111)"))).toBe("\x01B0\x03q");
    expect(device.say("\x01P1\x02(00000000)\x03\x61")).toBe("");
  });

  test("ends by B0 and after two minutes without traffic", () => {
    const device = open("iec-iskra");
    programming(device);
    device.say("\x01B0\x03\x71");
    expect(device.say(command("R1\x021.8.0()"))).toBe("");
    programming(device);
    device.wait(121_000);
    expect(device.say(command("R1\x021.8.0()"))).toBe("");
  });
});

describe("load profile by R5", () => {
  const quiet = { plannedOutage: 0, faultOutage: 0, clockSet: 0, cover: 0 };
  function read(device: ReturnType<typeof open>, body: string): string {
    programming(device);
    device.say("\x01P1\x02(00000000)\x03\x61");
    return device.say(command(`R5\x02${body}`));
  }

  test("names the end of the first period, and has one line for each", () => {
    const device = open("iec-own", {}, quiet);
    const text = read(device, "P.01(02611101100;02611101130)");
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

  test("of the Landis+Gyr dialect gives mean demands in kW, four times the energy", () => {
    const device = open("iec-landis", {}, quiet);
    programming(device);
    const text = device.say(command("R5\x02P.01(2611101100;2611101100)"));
    const wh = device.meter.rowsBetween(Date.UTC(2026, 10, 10, 9), Date.UTC(2026, 10, 10, 9)).importWh[0]!;
    expect(text).toContain(
      `P.01(0261110110000)(00000000)(15)(2)(1.5)(kW)(2.5)(kW)\r\n(${((wh * 4) / 1000).toFixed(3)})(`,
    );
  });

  test.each([
    ["2026-10-25", 100, ["1261025030000", "0261025030000"]],
    ["2026-03-29", 92, ["0260329001500", "1260329040000"]],
  ])("of %s has %d rows, and a new header where the clock changes", (date, slots, stamps) => {
    const day = calendar.day(calendar.dayAt(Date.parse(`${date}T12:00Z`)));
    const device = open("iec-own", {}, quiet, day.startMs + 2 * 86_400_000);
    const utc = (ms: number) =>
      new Date(ms).toISOString().replace(/^..(..)-(..)-(..)T(..):(..).*/, "2$1$2$3$4$5");
    const text = read(
      device,
      `P.01(${utc(day.startMs + 900_000)};${utc(day.startMs + day.slots * 900_000)})`,
    );
    const lines = text.split("\r\n");
    expect(lines.filter((line) => line.startsWith("("))).toHaveLength(slots);
    const headers = lines.map((line) => /P\.01\((\d{13})\)/.exec(line)?.[1]).filter(Boolean);
    expect(headers).toHaveLength(3); // first, change of the clock, midnight
    expect(headers).toContain(stamps[1]);
  });

  test("marks power down and up in the status, in headers of their own", () => {
    const device = open("iec-own", {}, { ...quiet, faultOutage: 1 });
    const text = read(device, "P.01(;)");
    const stati = [...text.matchAll(/P\.01\(\d{13}\)\((..)\)/g)].map((match) => match[1]);
    expect(new Set(stati)).toEqual(new Set(["00", "80", "C0"]));
  });

  test.each([
    ["before anything was recorded", "P.01(00001010000;00001020000)", "P.01(ERROR)"],
    ["in the future", "P.01(03001010000;)", "P.01(ERROR)"],
    ["of no time", "P.01(xyz;)", "(ERROR)"],
    ["of a profile that is not there", "P.02(;)", "(ERROR)"],
  ])("%s answers an error", (_, body, expected) => {
    expect(read(open("iec-own"), body)).toBe(answer(expected));
  });

  test("log entries stand one on a line with the VDEW status, and none is an error", () => {
    const device = open("iec-own", {}, { ...quiet, faultOutage: 1 });
    const text = read(device, "P.98(02611090000;02611092359)");
    expect(shown(text)).toMatch(
      /^<STX>P\.98\(0261109\d{6}\)\(80\)\(\)\(0\)\r\nP\.98\(0261109\d{6}\)\(40\)\(\)\(0\)\r\n<ETX>$/,
    );
    expect(read(open("iec-own", {}, quiet), "P.98(02611090000;)")).toBe(answer("P.98(ERROR)"));
  });
});
