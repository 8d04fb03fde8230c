import { checkConfig, startConcentrator } from "@energsys/concentrator";
import { decodeProfileBody } from "@energsys/metering";
import { pino } from "pino";
import { expect, test } from "vitest";
import { readTownConfig } from "../src/field/town-command.ts";
import { startTownField } from "../src/field/town-field.ts";
import { buildTownSite } from "../src/field/town-site.ts";
import { VirtualMeter } from "../src/meter/virtual-meter.ts";
import { balanceMeters } from "../src/town/balance-meters.ts";
import { GridTown } from "../src/town/grid-town.ts";
import { concentratorsOf, nameBehindConcentrator } from "../src/town/town-books.ts";
import { TownLedger } from "../src/town/town-ledger.ts";
import { realLineClock } from "./field-line.ts";

const zone = "Europe/Bucharest";
const begin = Temporal.Now.plainDateISO(zone).subtract({ days: 2 }).toString();

test("a concentrator of a town brings the past of its meters along, equal to the ledger, under the names of the books", async () => {
  const town = new GridTown({ points: 60, seed: 3, begin, zone });
  const [its] = concentratorsOf(town);
  const clock = realLineClock;
  const site = buildTownSite(town, its!, { clock, supplyEveryMs: 60_000 });
  const checked = checkConfig(
    {
      identity: "ENC0000000300000",
      clockTrusted: true,
      centre: { addresses: ["127.0.0.1:9"] },
      store: { path: ":memory:" },
      ...site.config,
      secretsFile: "secrets.json",
    },
    ".",
    () => JSON.stringify(site.secrets),
  );
  if (!checked.ok) throw new Error(checked.faults.join("\n"));
  const past = await site.gatherPast(async () => undefined);
  const started = await startConcentrator(checked.config, {
    clock,
    log: pino({ level: "silent" }),
    random: Math.random,
    openLine: async ({ name }) => site.lines.get(name)!.master(),
    openCentre: () => new Promise(() => undefined),
    past: () => past,
  });
  try {
    const { edge } = started;
    const ledger = new TownLedger(town);
    const fromMs = town.calendar.day(town.beginDay).startMs;
    const toMs = town.calendar.day(town.beginDay + 2).startMs;
    const meters = edge.devices().filter(({ kind }) => kind !== "module" && kind !== "supply");
    expect(meters.map(({ name }) => name).sort()).toEqual(
      its!.points.map((point) => nameBehindConcentrator(point)).sort(),
    );
    expect(edge.devices().every(({ state }) => state === "known")).toBe(true);

    for (const point of its!.points) {
      const { logicalDevice, kind } = meters.find(({ name }) => name === nameBehindConcentrator(point))!;
      const profiles = edge.journal
        .readOf(logicalDevice, 1, fromMs, toMs)
        .map(({ body }) => decodeProfileBody(body));
      if (point.meter.kind === "iec-iskra") {
        expect(profiles).toEqual([]);
        continue;
      }
      const told = new Map<number, number>();
      for (const { startsMs, values } of profiles)
        startsMs.forEach((startMs, n) => {
          told.set(startMs, values[0]![n] as number);
        });
      const truth = ledger.point(point.index, fromMs, toMs);
      const start = point.meter.startWh.rate1 + point.meter.startWh.rate2;
      let wh = start;
      let pulses = Math.floor(start / 5);
      truth.startsMs.forEach((startMs, n) => {
        const metered = truth.meteredWh[n] as number;
        wh += metered;
        const counted = Math.floor(wh / 5);
        const expected =
          kind === "input"
            ? (counted - pulses) * 5
            : point.meter.kind === "dlms-hdlc"
              ? wh
              : point.meter.kind === "iec-landis"
                ? metered * 4
                : metered;
        pulses = counted;
        // One meter in ten writes no row for a quarter-hour without supply.
        if (!told.has(startMs)) expect(metered).toBe(0);
        else expect(told.get(startMs)).toBe(expected);
      });
    }

    // The counters go on where the past ends: what the modules show belongs to the same register.
    await edge.scan();
    const input = meters.find(({ kind }) => kind === "input")!;
    const { index } = its!.points.find((point) => nameBehindConcentrator(point) === input.name)!;
    const shown = await edge.readThrough(input.logicalDevice, { registers: true });
    expect(Number(shown.registers[0]!.value)).toBeCloseTo(ledger.register(index, clock.now()), -1);
  } finally {
    await started.stop();
    site.stop();
  }
}, 60_000);

test("a town has concentrators with modules and direct meters, and its books name them all", async () => {
  const field = await startTownField({
    points: 10_000,
    seed: 1,
    begin,
    zone,
    basePort: 0,
    everySeconds: 60,
    callIn: { host: "127.0.0.1", port: 9 },
    callWhen: "/nonexistent/never",
  });
  try {
    const { points, gateways = [] } = field.inventory;
    expect(gateways.length).toBeGreaterThanOrEqual(300);
    const behind = new Set(gateways.flatMap(({ meters }) => meters));
    const direct = points.filter(({ device }) => !behind.has(device.identity));
    expect(behind.size + direct.length).toBe(points.length);
    expect(direct.length).toBe(field.direct);
    expect(direct.filter(({ name }) => name.startsWith("Balanță PT")).length).toBe(
      field.town.transformers.length,
    );
    const dialled = direct.filter(({ device }) => device.direction === "dial");
    expect(new Set(dialled.map(({ device }) => new URL(device.url).host)).size).toBe(dialled.length);
    expect(new Set(points.map(({ pod }) => pod)).size).toBe(points.length);
    expect(new Set(points.map(({ device }) => device.identity)).size).toBe(points.length);
  } finally {
    await field.stop();
  }
}, 30_000);

test("everything that is wrong with its command is told at once", () => {
  expect(() => readTownConfig(["--points", "50001", "--begin", "2023-01-01"], Date.now())).toThrow(
    "--call-in is HOST:PORT; --begin is a day such as 2026-09-01, not before 2024-01-01; --points is 1 to 50000",
  );
});

test("balance meters show primary values that are as large as a feeder's", () => {
  const town = new GridTown({ points: 2000, seed: 1, begin, zone });
  const noonMs = town.calendar.day(town.beginDay + 1).startMs + 12 * 3_600_000;
  for (const point of balanceMeters(town, 90)) {
    const meter = new VirtualMeter(point.meter, town.surroundings, () => noonMs, point.curve);
    const { importW, exportW, volts, amps } = meter.instant();
    const watts = volts.reduce((sum, volt, phase) => sum + volt * amps[phase]!, 0) * 0.958;
    expect(watts / Math.max(1, importW + exportW)).toBeCloseTo(1, 1);
    const nominal = point.voltageRatio === 1 ? 230 : 11_547;
    for (const volt of volts) expect(Math.abs(volt / nominal - 1)).toBeLessThan(0.06);
  }
});
