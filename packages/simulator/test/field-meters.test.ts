import { describe, expect, test } from "vitest";
import { LocalModule } from "../src/field/local-module.ts";
import { newModuleState } from "../src/field/module-state.ts";
import { PulseMeter } from "../src/field/pulse-meter.ts";
import { openLine } from "../src/links/meter-line.ts";
import type { MeterKind } from "../src/meter/description.ts";
import { magnetShare } from "../src/meter/interference.ts";
import { realLineClock, StageClock } from "./field-line.ts";
import {
  ascii,
  asciiOf,
  calendar,
  deviceOf,
  type MeterChanges,
  meterOf,
  nowMs,
  quiet,
  surroundings,
} from "./support.ts";

const hourMs = 3_600_000;

function stage(kind: MeterKind, changes: MeterChanges = {}) {
  const clock = new StageClock(nowMs);
  const meter = meterOf(kind, changes, surroundings(quiet), () => clock.now());
  /** The same customer with a meter that nobody touches: what really flowed. */
  const truth = meterOf(kind, changes, surroundings(quiet), () => clock.now());
  /** Energy in an hour from now on, measured and true. */
  const hour = async () => {
    const before = [meter.registersNow(), truth.registersNow()] as const;
    await clock.advance(hourMs);
    const after = [meter.registersNow(), truth.registersNow()] as const;
    return {
      measuredWh: after[0].importWh - before[0].importWh,
      measuredExportWh: after[0].exportWh - before[0].exportWh,
      trueWh: after[1].importWh - before[1].importWh,
    };
  };
  return { clock, meter, truth, hour };
}

/** A whole quarter-hour is cut into at most two parts by a change, each rounded down. */
const nearlyWh = 8;

describe("the pulse meter", () => {
  test("has two constants: 1600 flashes and 200 pulses to a kilowatt-hour", () => {
    const { clock, meter } = stage("iec-lcd", { startWh: { rate1: 12_345_678, rate2: 0, export: 0 } });
    const pulsing = new PulseMeter(meter);
    const wh = pulsing.countedWh(clock.now());
    expect(pulsing.pulses(clock.now())).toBe(Math.floor(wh / 5));
    expect(pulsing.ledPulses(clock.now())).toBe(Math.floor(wh * 1.6));
    expect(pulsing.drums(clock.now())).toBe((Math.floor(wh / 100) / 10).toFixed(1).padStart(8, "0"));
  });

  test("counts on a module what its drums count, through an outage of the line and a broken wire", async () => {
    const { clock, meter } = stage("iec-lcd");
    const pulsing = new PulseMeter(meter);
    const state = newModuleState(8, [{}], clock.now());
    const module = new LocalModule({ serial: "00000001", clock, calendar, state });
    pulsing.wire(module, 1, clock.now());
    const before = pulsing.pulses(clock.now());
    await clock.advance(5 * hourMs);
    module.setSupply(false);
    await clock.advance(5 * hourMs);
    module.setSupply(true);
    await clock.advance(5 * hourMs);
    const sent = pulsing.pulses(clock.now()) - before;
    expect(sent).toBeGreaterThan(100);
    expect(module.pulses(1)).toBe(sent);

    module.breakPulseLine(1, true);
    await clock.advance(5 * hourMs);
    module.breakPulseLine(1, false);
    expect(module.pulses(1)).toBe(sent);
    expect(state.inputs[0]).toMatchObject({ name: "ENS70100042", ledImpPerKwh: 1600 });
  });

  test("tells its cover and its wrong wiring to the module, and does not run backwards", async () => {
    const { clock, meter } = stage("iec-lcd");
    const pulsing = new PulseMeter(meter);
    const state = newModuleState(8, [{}], clock.now());
    const module = new LocalModule({ serial: "00000001", clock, calendar, state });
    pulsing.wire(module, 1, clock.now());
    await clock.advance(2 * hourMs);
    pulsing.interfere("cover", true);
    pulsing.interfere("wrong-wiring", true);
    expect(pulsing.ledGlows).toBe(true);
    const counted = module.pulses(1);
    expect(counted).toBeGreaterThan(0);
    await clock.advance(5 * hourMs);
    expect(module.pulses(1)).toBe(counted);
    expect(state.inputs[0]).toMatchObject({ tamperOpen: true, wrongWiring: true });
    expect(state.ring.entries.map(({ code, input }) => [code, input])).toEqual([
      [0x1020, 1],
      [0x1023, 1],
    ]);
    pulsing.interfere("wrong-wiring", false);
    await clock.advance(5 * hourMs);
    expect(module.pulses(1)).toBeGreaterThan(counted);
    expect(state.inputs[0]?.wrongWiring).toBe(false);
  });
});

describe("what is done to a meter changes what it measures", () => {
  test.each([
    ["a magnet", "magnet", 1, magnetShare],
    ["a bypass of two fifths", "bypass", 1, 0.6],
    ["no neutral at one phase", "neutral-loss", 1, 0],
    ["no neutral at three phases", "neutral-loss", 3, 1],
    ["one transformer of three the wrong way round", "wrong-wiring", 3, 1 / 3],
  ] as const)("%s", async (_, what, phases, share) => {
    const { meter, hour } = stage(phases === 1 ? "iec-lcd" : "iec-elster", {
      phases,
      customer: { annualWh: 9_000_000 },
    });
    meter.interfere(what, true, 0.4);
    const during = await hour();
    expect(during.trueWh).toBeGreaterThan(200);
    expect(Math.abs(during.measuredWh - during.trueWh * share)).toBeLessThanOrEqual(nearlyWh);
    meter.interfere(what, false);
    const after = await hour();
    expect(Math.abs(after.measuredWh - after.trueWh)).toBeLessThanOrEqual(nearlyWh);
  });

  test("one phase the wrong way round counts in the other register", async () => {
    const { meter, hour } = stage("iec-lcd", { customer: { annualWh: 9_000_000 } });
    meter.interfere("wrong-wiring", true);
    const { measuredWh, measuredExportWh, trueWh } = await hour();
    expect(measuredWh).toBe(0);
    expect(Math.abs(measuredExportWh - trueWh)).toBeLessThanOrEqual(nearlyWh);
    expect(meter.instant().exportW).toBeGreaterThan(0);
    expect(meter.instant().importW).toBe(0);
  });

  test("its curve, its registers and its profile agree on it to the last watt-hour", async () => {
    const { clock, meter } = stage("iec-own");
    await clock.advance(20 * 60_000);
    meter.interfere("magnet", true);
    await clock.advance(100 * 60_000);
    meter.interfere("magnet", false);
    await clock.advance(24 * hourMs);
    const fromMs = nowMs - (nowMs % 900_000);
    const rows = meter.profileRows(fromMs + 900_000, clock.now());
    rows.endsMs.forEach((endMs, n) => {
      const delta = meter.registersAt(endMs).importWh - meter.registersAt(endMs - 900_000).importWh;
      expect(delta).toBe(rows.importWh[n]);
    });
    expect(rows.endsMs.length).toBeGreaterThan(90);
  });

  test("its log says what it noticed, and a bypass it cannot notice", async () => {
    const { clock, meter } = stage("dlms-gmac");
    const from = clock.now();
    for (const what of ["magnet", "neutral-loss", "wrong-wiring", "cover", "bypass"] as const) {
      meter.interfere(what, true);
      await clock.advance(1000);
    }
    for (const what of ["magnet", "cover"] as const) meter.interfere(what, false);
    expect(meter.events(from, clock.now()).map(({ kind }) => kind)).toEqual([
      "magnet-on",
      "neutral-lost",
      "current-reversed",
      "terminal-cover-removed",
      "magnet-off",
      "terminal-cover-closed",
    ]);
  });

  test("without neutral three phases drift apart, and one phase has no voltage", () => {
    const three = stage("iec-elster", { phases: 3 }).meter;
    const [least, most] = [Math.min(...three.instant().volts), Math.max(...three.instant().volts)];
    expect(most - least).toBeLessThan(10);
    three.interfere("neutral-loss", true);
    expect(Math.max(...three.instant().volts) - Math.min(...three.instant().volts)).toBeGreaterThan(60);
    const one = stage("iec-lcd").meter;
    one.interfere("neutral-loss", true);
    expect(one.instant().volts).toEqual([0]);
  });
});

test("voltage, current and power factor fit the power of each phase", () => {
  const { meter } = stage("iec-elster", { phases: 3, customer: { annualWh: 20_000_000 } });
  const { importW, volts, amps, powerFactor } = meter.instant();
  const apparent = volts.reduce((sum, volt, phase) => sum + volt * (amps[phase] ?? 0), 0);
  expect(importW).toBeGreaterThan(500);
  expect(Math.abs(apparent * powerFactor - importW) / importW).toBeLessThan(0.01);
});

/** What a meter reads out after sign-on and option select. */
async function readoutOf(meter: ReturnType<typeof meterOf>, option: string): Promise<string> {
  let sent = "";
  const outlet = {
    write: (bytes: Uint8Array) => {
      sent += asciiOf(bytes);
    },
    destroy: () => undefined,
  };
  const line = openLine(deviceOf(meter), outlet, realLineClock);
  line.receive(ascii("/?!\r\n"));
  line.receive(ascii(option));
  await new Promise((resolve) => setImmediate(resolve));
  line.end?.();
  return sent;
}

test("the meter with a display has both directions in registers of their own, and says which way it flows", async () => {
  const { meter } = stage("iec-lcd", { startWh: { rate1: 1000, rate2: 0, export: 7000 } });
  const before = await readoutOf(meter, "\x06050\r\n");
  expect(before).toMatch(/^\/ENS5ESL-LCD1\.0\r\n/);
  expect(before).toMatch(
    /\r\n1\.8\.0\(\d{6}\.\d{3}\*kWh\)\r\n2\.8\.0\(000007\.000\*kWh\)\r\n96\.5\.0\(00\)\r\n/,
  );
  expect(before).toContain("0.3.0(1000*imp/kWh)");
  meter.interfere("wrong-wiring", true);
  meter.interfere("cover", true);
  expect(await readoutOf(meter, "\x06050\r\n")).toContain("\r\n96.5.0(0B)\r\n");
});

test("a load curve is an option: the same meter without it refuses", async () => {
  const read = async (changes: MeterChanges) => {
    const { meter } = stage("iec-elster", changes);
    let sent = "";
    const outlet = {
      write: (bytes: Uint8Array) => {
        sent = asciiOf(bytes);
      },
      destroy: () => undefined,
    };
    const line = openLine(deviceOf(meter), outlet, realLineClock);
    const check = (body: string) => {
      let bcc = 0;
      for (const character of body.slice(1)) bcc ^= character.charCodeAt(0);
      return ascii(body + String.fromCharCode(bcc));
    };
    line.receive(ascii("/?!\r\n"));
    expect(sent).toBe("/ELS5\\@V10.04\r\n");
    line.receive(ascii("\x06051\r\n"));
    await new Promise((resolve) => setImmediate(resolve));
    line.receive(check("\x01P1\x02(00000000)\x03"));
    line.receive(check("\x01R5\x02P.01(;)\x03"));
    line.end?.();
    return sent;
  };
  expect(await read({ phases: 3 })).toContain("(15)(4)(1.5.0)(kW)(2.5.0)(kW)(3.5.0)(kvar)(4.5.0)(kvar)");
  expect(await read({ phases: 3, withoutLoadCurve: true })).toContain("(ERROR)");
});
