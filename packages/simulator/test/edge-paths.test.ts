import {
  type ConcentratorOptions,
  checkConfig,
  type Edge,
  entryKinds,
  type JournalEntry,
  type RunningConcentrator,
  startConcentrator,
} from "@energsys/concentrator";
import type { ByteStream } from "@energsys/protocols";
import { type DataValue, decodeData, integerOf } from "@energsys/protocols/dlms";
import pino from "pino";
import { afterEach, expect, test, vi } from "vitest";
import { Bus } from "../src/field/bus.ts";
import { attachBlockDevice, attachMeter, attachSupplyUnit } from "../src/field/bus-slaves.ts";
import { LocalModule } from "../src/field/local-module.ts";
import { newModuleState } from "../src/field/module-state.ts";
import { newSupplyState, SupplyUnit } from "../src/field/supply-unit.ts";
import { StageClock } from "./field-line.ts";
import { bytesOf, calendar, deviceOf, hexOf, meterOf, quiet, surroundings } from "./support.ts";

// What hangs below a concentrator beside its modules: meters with lines of their own, and the supply unit. Time is moved by hand.

const running: { stop(): unknown }[] = [];
afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.stop();
});

const startMs = Date.UTC(2026, 10, 26, 9, 50);
const minute = 60_000;

async function begin(
  clock: StageClock,
  lines: readonly ({ readonly name: string; readonly bus: Bus } & Record<string, unknown>)[],
  options: Partial<ConcentratorOptions> = {},
): Promise<RunningConcentrator> {
  const checked = checkConfig(
    {
      identity: "ENC0000000000017",
      clockTrusted: true,
      centre: { addresses: ["127.0.0.1:4060"] },
      store: { path: ":memory:" },
      secretsFile: "secrets.json",
      schedule: { profileBackDays: 20 },
      // The password of the DLMS meter is found by its place.
      meters: lines
        .filter(({ name }) => name === "b")
        .map(({ name }) => ({ name: "ENS0000070100042", line: name, address: "17" })),
      lines: lines.map(({ bus: _, ...line }, n) => ({ url: `tcp://127.0.0.1:${4001 + n}`, ...line })),
    },
    ".",
    () =>
      JSON.stringify({ ENS70100042: { password: "00000000" }, ENS0000070100042: { password: "12345678" } }),
  );
  if (!checked.ok) throw new Error(checked.faults.join("\n"));
  const concentrator = await startConcentrator(checked.config, {
    clock,
    log: pino({ level: "silent" }),
    random: () => 0.5,
    openLine: async ({ name }) => lines.find((line) => line.name === name)!.bus.master(),
    openCentre: () => new Promise<ByteStream>(() => undefined),
    ...options,
  });
  running.push(concentrator);
  await clock.advance(0);
  return concentrator;
}

const items = (value: DataValue | undefined): readonly DataValue[] =>
  value && "items" in value ? value.items : [];
const entriesOf = (edge: Edge, kind: number, logicalDevice: number): JournalEntry[] =>
  [...edge.journal.entries(1, edge.journal.newest)].filter(
    (entry) => entry.kind === kind && entry.logicalDevice === logicalDevice,
  );
const codesOf = (edge: Edge, logicalDevice: number) =>
  entriesOf(edge, entryKinds.events, logicalDevice).flatMap(({ body }) =>
    items(decodeData(body)).map((event) => Number(integerOf(items(event)[1]!))),
  );

/** The quarter-hours of a device in the order of the journal, with their bits. */
const profileOf = (edge: Edge, logicalDevice: number) =>
  entriesOf(edge, entryKinds.profile, logicalDevice).flatMap(({ body, fromMs }) => {
    const parts = items(decodeData(body));
    const quality = new Map<number, number>();
    for (const run of items(parts[5])) {
      const [first, length, bits] = items(run).map((part) => Number(integerOf(part)));
      for (let at = first!; at < first! + length!; at++) quality.set(at, bits!);
    }
    return items(items(parts[4])[0]).map((value, index) => ({
      value: Number(integerOf(value)),
      quality: quality.get(index) ?? 0,
      startMs: fromMs + index * 15 * minute,
    }));
  });

test("meters of IEC 62056-21 and of DLMS over HDLC give registers, twenty days of their profile, and their events", async () => {
  const clock = new StageClock(startMs);
  const [iecBus, dlmsBus] = [new Bus({ clock }), new Bus({ clock })];
  const now = () => clock.now();
  const iec = meterOf("iec-own", {}, surroundings(quiet), now);
  const dlms = meterOf("dlms-hdlc", {}, surroundings(quiet), now);
  for (const meter of [iec, dlms]) meter.record("parameter-changed", startMs - 60 * minute);
  attachMeter(iecBus, deviceOf(iec), clock, { address: "1" });
  attachMeter(dlmsBus, deviceOf(dlms), clock, { physical: 17 });
  const { edge } = await begin(clock, [
    { name: "a", bus: iecBus, kind: "iec", scan: ["1"] },
    { name: "b", bus: dlmsBus, kind: "dlms", scan: ["17"], dlms: "client=16&server=1" },
  ]);
  await clock.advance(3 * minute);
  expect(edge.devices().map(({ kind, line, address }) => [kind, line, address])).toEqual(
    expect.arrayContaining([
      ["iec", "a", "1"],
      ["dlms", "b", "17"],
    ]),
  );
  for (const device of edge.devices()) {
    const profile = entriesOf(edge, entryKinds.profile, device.logicalDevice);
    expect(entriesOf(edge, entryKinds.registers, device.logicalDevice)).not.toHaveLength(0);
    // The quarter-hours of the days, each once.
    const starts = profile.flatMap(({ fromMs, toMs }) =>
      Array.from({ length: (toMs - fromMs) / 900_000 }, (_, index) => fromMs + index * 900_000),
    );
    expect(new Set(starts).size).toBe(starts.length);
    expect(starts.length).toBeGreaterThanOrEqual(20 * 96 - 1);
    expect(codesOf(edge, device.logicalDevice)).toHaveLength(1);
  }
}, 60_000);

test("an APDU of a client of its own is handed to a DLMS meter as it is", async () => {
  const clock = new StageClock(startMs);
  const bus = new Bus({ clock });
  attachMeter(bus, deviceOf(meterOf("dlms-hdlc", {}, surroundings(quiet), () => clock.now())), clock, {
    physical: 17,
  });
  const { edge } = await begin(clock, [
    { name: "b", bus, kind: "dlms", scan: ["17"], dlms: "client=16&server=1" },
  ]);
  await clock.advance(3 * minute);
  const [device] = edge.devices();
  const ask = async (hex: string) => {
    const answer = edge.passApdu(device!.logicalDevice, bytesOf(hex));
    await clock.advance(2000);
    return hexOf(await answer);
  };
  // Requests as the standard writes them: AARQ without security, GET of the clock's time.
  expect(await ask("601DA109060760857405080101BE10040E01000000065F1F0400007E1F04B0")).toMatch(
    /^6129a109060760857405080101a203020100/,
  );
  expect(await ask("C001C100080000010000FF0200")).toMatch(/^c401c100090c07ea0b1a/);
  // The line is given back when the caller has been silent, and the schedule goes on.
  await clock.advance(15_000);
  expect(edge.lines()).toMatchObject([{ broken: false, waiting: 0 }]);
}, 60_000);

test("mains fails, the battery runs low, the shutdown is announced, and the supply is cut ten seconds later", async () => {
  const clock = new StageClock(startMs);
  const [bus, supplyBus] = [new Bus({ clock }), new Bus({ clock })];
  const state = newModuleState(8, [{ name: "ENS70500001", energyPerPulseWh: "1", relay: "closed" }], startMs);
  state.shortAddress = "2";
  const module = new LocalModule({ serial: "00012345", clock, calendar, state });
  attachBlockDevice(bus, module, clock);
  const rails: [atMs: number, concentrator: boolean][] = [];
  const unit = new SupplyUnit({
    serial: "39000001",
    clock,
    calendar,
    state: newSupplyState(startMs),
    batteryHours: 1,
    onOutputs: ({ concentrator, modules }) => {
      rails.push([clock.now(), concentrator]);
      module.setSupply(modules);
    },
  });
  running.push(unit);
  attachSupplyUnit(supplyBus, unit, clock);
  let shutDownMs = 0;
  const { edge } = await begin(
    clock,
    [
      { name: "a", bus, kind: "iec", scan: ["2"] },
      { name: "supply", bus: supplyBus, kind: "iec", supply: true },
    ],
    { onShutdown: () => (shutDownMs = clock.now()) },
  );
  const urgent: number[] = [];
  edge.onUrgent((entries) => urgent.push(...entries.map(({ number }) => number)));
  await clock.advance(2 * minute);
  expect(edge.state().supply).toBe("mains");
  // Noise and the end of a block whose beginning nobody heard end nothing, and a block that was damaged hides no later one.
  const noise = supplyBus.attach();
  for (const text of [
    "\x7f 0-0:96.6.0(100*%)\r\n!12AB\r\n",
    "/ENS3PS00-1.00\r\n\r\n0-0:96.1.0(3900100",
    "/ENS3PS00-1.00\r\n\r\n0-0:96.1.0(39001000)\r\n!0000\r\n",
  ]) {
    noise.write(Buffer.from(text, "latin1"));
    await clock.advance(500);
  }
  unit.setMains(0);
  await clock.advance(1000);
  expect(codesOf(edge, 1)).toEqual(expect.arrayContaining([0x0101, 0x0103]));
  expect(edge.state().supply).toBe("backup");
  // A return of the mains in between is told as well.
  unit.setMains(230);
  await clock.advance(1000);
  expect(codesOf(edge, 1)).toContain(0x0102);
  unit.setMains(0);
  await clock.advance(60 * minute);
  const codes = codesOf(edge, 1);
  expect(codes.slice(codes.indexOf(0x0104))).toEqual(expect.arrayContaining([0x0104, 0x0105]));
  expect(codes.filter((code) => code === 0x0105)).toHaveLength(1);
  // Each of them was handed on in the moment that it was written.
  const supplyEntries = entriesOf(edge, entryKinds.events, 1).filter(({ body }) =>
    items(decodeData(body)).some((event) => (Number(integerOf(items(event)[1]!)) & 0xff00) === 0x0100),
  );
  expect(urgent).toEqual(expect.arrayContaining(supplyEntries.map(({ number }) => number)));
  expect(shutDownMs).toBeGreaterThan(0);
  const cut = rails.find(([, concentrator]) => !concentrator)!;
  expect(cut[0] - shutDownMs).toBeGreaterThan(9000);
  expect(cut[0] - shutDownMs).toBeLessThanOrEqual(10_000);
  expect(module.state.supplied).toBe(false);
  // The mains is back: the unit gives both rails again after a minute.
  unit.setMains(230);
  await clock.advance(2 * minute);
  expect(rails.at(-1)![1]).toBe(true);
  expect(module.state.supplied).toBe(true);
}, 60_000);

test("a DLMS meter is disconnected once by order, is seen open, and is opened again when somebody closes it", async () => {
  const clock = new StageClock(startMs);
  const bus = new Bus({ clock });
  const meter = meterOf("dlms-hdlc", { relayMode: 4, password: "12345678" }, surroundings(quiet), () =>
    clock.now(),
  );
  attachMeter(bus, deviceOf(meter), clock, { physical: 17 });
  const { edge } = await begin(clock, [
    { name: "b", bus, kind: "dlms", scan: ["17"], dlms: "client=1&server=1&auth=low" },
  ]);
  await clock.advance(3 * minute);
  const { logicalDevice } = edge.devices()[0]!;
  expect(edge.findDevice(logicalDevice)).toMatchObject({ kind: "dlms", output: true });
  const order = async (kind: "disconnect" | "reconnect") => {
    const given = edge.giveOrder(logicalDevice, kind);
    await clock.advance(5000);
    return given;
  };
  expect(await order("disconnect")).toMatchObject({ outcome: "confirmed", output: false });
  expect(meter.relayState).toBe(0);
  // Given again it is fulfilled already.
  expect(await order("disconnect")).toMatchObject({ outcome: "confirmed", output: false });
  meter.switchRelay("remote", "reconnect");
  await clock.advance(6 * 60 * minute + 2 * minute);
  expect(meter.relayState).toBe(0);
  expect(codesOf(edge, logicalDevice)).toContain(0x1032);
  expect(await order("reconnect")).toMatchObject({ outcome: "confirmed", output: true });
  expect(meter.relayState).toBe(1);
}, 60_000);

test("a DLMS meter that waits for a hand after a reconnection is told as such", async () => {
  const clock = new StageClock(startMs);
  const bus = new Bus({ clock });
  const meter = meterOf("dlms-hdlc", { relayMode: 1, password: "12345678" }, surroundings(quiet), () =>
    clock.now(),
  );
  attachMeter(bus, deviceOf(meter), clock, { physical: 17 });
  const { edge } = await begin(clock, [
    { name: "b", bus, kind: "dlms", scan: ["17"], dlms: "client=1&server=1&auth=low" },
  ]);
  await clock.advance(3 * minute);
  const { logicalDevice } = edge.devices()[0]!;
  const order = async (kind: "disconnect" | "reconnect") => {
    const given = edge.giveOrder(logicalDevice, kind);
    await clock.advance(5000);
    return given;
  };
  expect(await order("disconnect")).toMatchObject({ outcome: "confirmed" });
  expect(await order("reconnect")).toMatchObject({
    outcome: "failed",
    output: false,
    detail: "ready for reconnection by hand at the meter",
  });
  expect(meter.relayState).toBe(2);
}, 60_000);

/** Moves time until a promise is settled; a minute at most. */
async function settled<Result>(clock: StageClock, promise: Promise<Result>): Promise<Result> {
  let over = false;
  const end = () => {
    over = true;
  };
  promise.then(end, end);
  for (let second = 0; !over && second < 60; second++) await clock.advance(1000);
  return promise;
}

/** A mode C meter with a relay on a bus of its own, found by the concentrator. */
async function iecStage(description: Parameters<typeof meterOf>[1] = {}) {
  const clock = new StageClock(startMs);
  const bus = new Bus({ clock });
  const meter = meterOf("iec-own", { relayMode: 4, ...description }, surroundings(quiet), () => clock.now());
  const slave = attachMeter(bus, deviceOf(meter), clock, { address: "1" });
  const { edge } = await begin(clock, [{ name: "a", bus, kind: "iec", scan: ["1"] }]);
  await clock.advance(3 * minute);
  return { clock, bus, meter, slave, edge, logicalDevice: edge.devices()[0]!.logicalDevice };
}

test("a meter of IEC 62056-21 with a relay is switched in its programming mode, once, and is opened again when somebody closes it", async () => {
  const { clock, meter, edge, logicalDevice } = await iecStage();
  expect(edge.findDevice(logicalDevice)).toMatchObject({ kind: "iec", output: true });
  const order = (kind: "disconnect" | "reconnect") => settled(clock, edge.giveOrder(logicalDevice, kind));
  expect(await order("disconnect")).toMatchObject({ outcome: "confirmed", output: false });
  expect(meter.relayState).toBe(0);
  expect(await order("disconnect")).toMatchObject({ outcome: "confirmed", output: false });
  expect(await settled(clock, edge.readThrough(logicalDevice, { output: true }))).toMatchObject({
    output: false,
  });
  meter.switchRelay("remote", "reconnect");
  await clock.advance(6 * 60 * minute + 2 * minute);
  expect(meter.relayState).toBe(0);
  expect(codesOf(edge, logicalDevice)).toContain(0x1032);
  expect(await order("reconnect")).toMatchObject({ outcome: "confirmed", output: true });
  expect(meter.relayState).toBe(1);
}, 60_000);

test("a meter that stands in the place of another is neither switched nor given its password", async () => {
  const { clock, bus, meter, slave, edge, logicalDevice } = await iecStage();
  slave.detach();
  const other = meterOf("iec-own", { serial: "70100777", relayMode: 4 }, surroundings(quiet), () =>
    clock.now(),
  );
  attachMeter(bus, deviceOf(other), clock, { address: "1" });
  expect(await settled(clock, edge.giveOrder(logicalDevice, "disconnect"))).toMatchObject({
    outcome: "waiting",
    detail: "identity.mismatch",
  });
  expect([meter.relayState, other.relayState]).toEqual([1, 1]);
}, 60_000);

test("a relay that a meter does not have gives no order", async () => {
  const clock = new StageClock(startMs);
  const bus = new Bus({ clock });
  const meter = meterOf("iec-lcd", {}, surroundings(quiet), () => clock.now());
  attachMeter(bus, deviceOf(meter), clock, { address: "1" });
  const { edge } = await begin(clock, [{ name: "a", bus, kind: "iec", scan: ["1"] }]);
  await clock.advance(3 * minute);
  await expect(edge.giveOrder(edge.devices()[0]!.logicalDevice, "disconnect")).rejects.toMatchObject({
    code: "order.no-output",
  });
}, 60_000);

test("clocks of meters that are off are set from the concentrator's; those that are right are left alone", async () => {
  const clock = new StageClock(startMs);
  const [iecBus, dlmsBus] = [new Bus({ clock }), new Bus({ clock })];
  const now = () => clock.now();
  const late = { clockOffsetMs: -95_000 };
  const iec = meterOf("iec-own", late, surroundings(quiet), now);
  const dlms = meterOf("dlms-hdlc", { ...late, password: "12345678" }, surroundings(quiet), now);
  attachMeter(iecBus, deviceOf(iec), clock, { address: "1" });
  attachMeter(dlmsBus, deviceOf(dlms), clock, { physical: 17 });
  const { edge } = await begin(clock, [
    { name: "a", bus: iecBus, kind: "iec", scan: ["1"] },
    { name: "b", bus: dlmsBus, kind: "dlms", scan: ["17"], dlms: "client=1&server=1&auth=low" },
  ]);
  await clock.advance(3 * minute);
  expect(edge.devices()).toHaveLength(2);
  for (const meter of [iec, dlms]) expect(meter.now() - clock.now()).toBeLessThan(-90_000);
  const settings = [iec, dlms].map((meter) => vi.spyOn(meter, "setClock"));
  await settled(clock, edge.setClocks());
  for (const meter of [iec, dlms]) expect(Math.abs(meter.now() - clock.now())).toBeLessThan(3000);
  const times = settings.map(({ mock }) => mock.calls.length);
  // Date and time of day are written one after the other in programming mode.
  expect(times).toEqual([2, 1]);
  await settled(clock, edge.setClocks());
  expect(settings.map(({ mock }) => mock.calls.length)).toEqual(times);
}, 60_000);

test("reading everything waits for what is being read, and reads it again", async () => {
  const clock = new StageClock(startMs);
  const bus = new Bus({ clock, baudRate: 9600 });
  const state = newModuleState(8, [{ name: "ENS70500001" }], startMs);
  state.shortAddress = "2";
  attachBlockDevice(bus, new LocalModule({ serial: "00012345", clock, calendar, state }), clock, {
    baudRate: 9600,
  });
  const { edge } = await begin(clock, [{ name: "a", bus, kind: "iec", scan: ["2"] }]);
  await clock.advance(10 * minute + 1050);
  // The quarter-hour's reading has begun; the block that is on its way does not hold what is counted from now on.
  await clock.advance(250);
  state.inputs[0]!.pulses += 777;
  await settled(clock, edge.readEverything());
  const { logicalDevice } = edge.devices().find(({ name }) => name === "ENS70500001")!;
  const newest = entriesOf(edge, entryKinds.registers, logicalDevice).at(-1)!;
  const [, value, scaler] = items(items(items(decodeData(newest.body))[1])[0]);
  expect(Number(integerOf(value!)) * 10 ** Number(integerOf(scaler!))).toBe(777 * 5);
}, 60_000);

test.each([
  { flipsPerBit: 1e-4, least: 48 },
  { flipsPerBit: 3e-4, least: 40 },
  { flipsPerBit: 1e-3, least: 0 },
])(
  "under noise of $flipsPerBit flips per bit $least of 48 quarter-hours are whole, and none is wrong",
  async ({ flipsPerBit, least }) => {
    const clock = new StageClock(startMs);
    const bus = new Bus({ clock, seed: 11, baudRate: 9600 });
    const modules = ["00012345", "00012346"].map((serial, nth) => {
      const state = newModuleState(
        8,
        Array.from({ length: 8 }, (_, n) => ({ name: `ENS7050${nth}00${n}`, energyPerPulseWh: "0.625" })),
        startMs,
      );
      state.shortAddress = String(nth + 2);
      attachBlockDevice(bus, new LocalModule({ serial, clock, calendar, state }), clock, { baudRate: 9600 });
      return state;
    });
    const { edge } = await begin(clock, [{ name: "a", bus, kind: "iec", scan: ["2-3"] }]);
    await clock.advance(minute);
    // In the middle of each quarter-hour input n sends 8 n pulses.
    const pass = async (quarters: number) => {
      for (let quarter = 0; quarter < quarters; quarter++) {
        await clock.advance(15 * minute);
        for (const { inputs } of modules)
          for (const [n, input] of inputs.entries()) input.pulses += 8 * (n + 1);
      }
    };
    await pass(4);
    const noisyFromMs = clock.now();
    bus.flipsPerByte = 8 * flipsPerBit;
    await pass(48);
    const noisyToMs = clock.now();
    bus.flipsPerByte = 0;
    await pass(8);
    const lastPulseMs = clock.now();
    await clock.advance(61 * minute);
    expect(edge.devices()).toHaveLength(18);
    // Noise is not two modules with one address.
    expect(codesOf(edge, 1)).not.toContain(0x0306);
    let whole = 0;
    for (const { logicalDevice, kind, input } of edge.devices()) {
      if (kind !== "input") continue;
      const rows = profileOf(edge, logicalDevice).filter(
        (row) => (row.quality & 0x01) === 0 && row.startMs + 15 * minute < lastPulseMs,
      );
      // 0.625 Wh for each pulse, in thousandths of a Wh: what is not missing is exactly that.
      expect(new Set(rows.map(({ value }) => value))).toEqual(new Set([5000 * input]));
      expect(new Set(rows.map(({ startMs }) => startMs)).size).toBe(rows.length);
      // Those of the calm before and after at least: 3 and 7 have both of their borders in it.
      expect(rows.length).toBeGreaterThanOrEqual(10);
      whole += rows.filter(({ startMs }) => startMs >= noisyFromMs && startMs < noisyToMs).length;
    }
    expect(whole / 16).toBeGreaterThanOrEqual(least);
  },
  60_000,
);

test("a module that is read minutes after the border counts, and the intervals on both sides say so", async () => {
  const clock = new StageClock(startMs);
  const bus = new Bus({ clock });
  const state = newModuleState(8, [{ name: "ENS70500001", energyPerPulseWh: "1" }], startMs);
  state.shortAddress = "2";
  const module = new LocalModule({ serial: "00012345", clock, calendar, state });
  attachBlockDevice(bus, module, clock);
  const { edge } = await begin(clock, [{ name: "a", bus, kind: "iec", scan: ["2"] }]);
  // 9:50; silent from 10:29 to 10:32, and from 11:14 to 11:22.
  const silent = async (fromMinute: number, toMinute: number) => {
    await clock.advance(startMs + fromMinute * minute - clock.now());
    module.setSupply(false);
    await clock.advance(startMs + toMinute * minute - clock.now());
    module.setSupply(true);
  };
  for (let quarter = 0; quarter < 8; quarter++) {
    await clock.advance(startMs + (15 * quarter + 20) * minute - clock.now());
    state.inputs[0]!.pulses += 7;
    if (quarter === 1) await silent(39, 42);
    if (quarter === 4) await silent(84, 92);
  }
  await clock.advance(61 * minute);
  const input = edge.devices().find(({ kind }) => kind === "input")!;
  const rows = profileOf(edge, input.logicalDevice).slice(0, 7);
  expect(rows.map(({ startMs: at }) => new Date(at).toISOString().slice(11, 16))).toEqual([
    "10:00",
    "10:15",
    "10:30",
    "10:45",
    "11:00",
    "11:15",
    "11:30",
  ]);
  expect(rows.map(({ value, quality }) => (quality & 0x01 ? "missing" : value))).toEqual([
    7,
    7,
    7,
    7,
    "missing",
    "missing",
    7,
  ]);
  expect(rows.map(({ quality }) => quality & 0x40)).toEqual([0, 0x40, 0x40, 0, 0, 0, 0]);
}, 60_000);

test("a cut line is told broken once all its modules are silent, and back when one answers", async () => {
  const clock = new StageClock(startMs);
  const bus = new Bus({ clock });
  for (const [serial, shortAddress] of [
    ["00012345", "2"],
    ["00012346", "3"],
  ] as const) {
    const state = newModuleState(8, [], startMs);
    state.shortAddress = shortAddress;
    attachBlockDevice(bus, new LocalModule({ serial, clock, calendar, state }), clock);
  }
  const { edge } = await begin(clock, [{ name: "a", bus, kind: "iec", scan: ["2-3"] }]);
  await clock.advance(minute);
  bus.cut(0);
  await clock.advance(60 * minute);
  expect(codesOf(edge, 1).filter((code) => code === 0x0307)).toHaveLength(1);
  expect(edge.lines()).toMatchObject([{ broken: true }]);
  bus.cut(Number.POSITIVE_INFINITY);
  await clock.advance(20 * minute);
  expect(codesOf(edge, 1).filter((code) => code === 0x0308)).toHaveLength(1);
  expect(edge.lines()).toMatchObject([{ broken: false }]);
}, 60_000);
