import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type ConcentratorOptions,
  checkConfig,
  entryKinds,
  type JournalEntry,
  type RunningConcentrator,
  startConcentrator,
} from "@energsys/concentrator";
import type { ByteStream } from "@energsys/protocols";
import { type DataValue, decodeData } from "@energsys/protocols/dlms";
import pino from "pino";
import { afterAll, afterEach, expect, test } from "vitest";
import { Bus } from "../src/field/bus.ts";
import { attachBlockDevice, type BusSlave } from "../src/field/bus-slaves.ts";
import { LocalModule } from "../src/field/local-module.ts";
import { type NewInput, newModuleState } from "../src/field/module-state.ts";
import { StageClock } from "./field-line.ts";
import { calendar } from "./support.ts";

const folder = mkdtempSync(join(tmpdir(), "energsys-edge-"));
const running: RunningConcentrator[] = [];
afterEach(async () => {
  for (const concentrator of running.splice(0)) await concentrator.stop();
});
afterAll(() => rmSync(folder, { recursive: true }));

const startMs = Date.UTC(2026, 10, 26, 9, 50);
const minute = 60_000;
const meter: NewInput = {
  name: "ENS70500001",
  energyPerPulseWh: "0.625",
  pulses: 9_999_999_990,
  relay: "closed",
};

function site(machineAheadMs = 0, line: { baudRate?: number } = {}) {
  const clock = new StageClock(startMs);
  const bus = new Bus({ clock, ...line });
  const machine = { now: () => clock.now() + machineAheadMs, after: clock.after.bind(clock) };
  const slaves = new Map<string, BusSlave>();
  const put = (serial: string, inputs: readonly NewInput[], shortAddress = "") => {
    const state = newModuleState(8, inputs, startMs);
    state.shortAddress = shortAddress;
    const module = new LocalModule({ serial, clock, calendar, state });
    slaves.set(serial, attachBlockDevice(bus, module, clock));
    return state;
  };
  const begin = async (
    path = ":memory:",
    changes: object = {},
    options: Partial<ConcentratorOptions> = {},
  ) => {
    const checked = checkConfig({
      identity: "ENC0000000000017",
      centre: { addresses: ["127.0.0.1:4060"] },
      store: { path },
      lines: [{ name: "a", url: "tcp://127.0.0.1:4001", kind: "iec", scan: ["1-3"] }],
      ...changes,
    });
    if (!checked.ok) throw new Error(checked.faults.join("\n"));
    const concentrator = await startConcentrator(checked.config, {
      clock: machine,
      log: pino({ level: "silent" }),
      random: () => 0.5,
      openLine: async () => bus.master(),
      openCentre: () => new Promise<ByteStream>(() => undefined),
      ...options,
    });
    running.push(concentrator);
    // The line opens before time goes on.
    await clock.advance(0);
    return concentrator.edge;
  };
  return { clock, bus, put, slaves, begin };
}

const entriesOf = (edge: RunningConcentrator["edge"], kind: number): JournalEntry[] =>
  [...edge.journal.entries(1, 1e9)].filter((entry) => entry.kind === kind);
const items = (value: DataValue | undefined): readonly DataValue[] =>
  value && "items" in value ? value.items : [];
const eventCodes = (edge: RunningConcentrator["edge"]) =>
  entriesOf(edge, entryKinds.events).flatMap(({ body }) =>
    items(decodeData(body)).map((event) => (items(event)[1] as { value: number }).value),
  );
const amounts = (edge: RunningConcentrator["edge"], logicalDevice: number) =>
  entriesOf(edge, entryKinds.profile)
    .filter((entry) => entry.logicalDevice === logicalDevice)
    .flatMap(({ body, fromMs }) => {
      const parts = items(decodeData(body));
      const values = items(items(parts[4])[0]).map((value) => (value as { value: number }).value);
      return values.map(
        (value, index) => [new Date(fromMs + index * 900_000).toISOString().slice(11, 16), value] as const,
      );
    });

test("a scan finds a module and its meters, and the counter becomes exact intervals across its roll-over", async () => {
  const { clock, put, begin } = site();
  const state = put("00012345", [meter], "2");
  const edge = await begin();
  await clock.advance(minute);
  expect(
    edge.devices().map(({ logicalDevice, name, kind, state: how }) => [logicalDevice, name, kind, how]),
  ).toEqual([
    [16, "ENS00012345", "module", "new"],
    [17, "ENS70500001", "input", "new"],
  ]);
  for (let quarter = 0; quarter < 6; quarter++) {
    await clock.advance(15 * minute);
    state.inputs[0]!.pulses = (state.inputs[0]!.pulses + 8) % 10_000_000_000;
  }
  await clock.advance(60 * minute);
  // 8 pulses of 0.625 Wh are 5.000 Wh, in thousandths.
  expect(amounts(edge, 17).slice(0, 4)).toEqual([
    ["10:00", 5000],
    ["10:15", 5000],
    ["10:30", 5000],
    ["10:45", 5000],
  ]);
  edge.journal.setTaken(edge.journal.newest);
  expect(edge.findDevice(17)?.state).toBe("known");
});

test("a relay order is seen carried out, and holds when somebody closes the relay at the module", async () => {
  const { clock, put, begin } = site();
  const state = put("00012345", [meter], "2");
  const path = join(folder, "orders.sqlite");
  const edge = await begin(path);
  await clock.advance(minute);
  const given = edge.giveOrder(17, "disconnect");
  await clock.advance(0);
  await clock.advance(20_000);
  expect(await given).toMatchObject({ outcome: "confirmed", output: false });
  expect(state.inputs[0]!.relay).toBe("open");
  // Somebody closes it at the module: it is opened again and reported.
  state.inputs[0]!.relay = "closed";
  await clock.advance(20 * minute);
  expect(state.inputs[0]!.relay).toBe("open");
  expect(eventCodes(edge)).toContain(0x1032);
  await expect(edge.giveOrder(16, "disconnect")).rejects.toMatchObject({ code: "order.no-output" });
});

test("an order to a module without supply waits, and is carried out when it is back, once", async () => {
  const { clock, put, slaves, begin } = site();
  const state = put("00012345", [meter], "2");
  const path = join(folder, "waiting.sqlite");
  const first = await begin(path);
  await clock.advance(minute);
  slaves.get("00012345")!.detach();
  const given = first.giveOrder(17, "disconnect");
  await clock.advance(40_000);
  expect(await given).toMatchObject({ outcome: "waiting" });
  // The concentrator itself loses its supply in the middle: its store is opened anew and knows.
  await running.pop()!.stop();
  put("00012345", [], "2");
  slaves.get("00012345")!.detach();
  const again = new LocalModule({ serial: "00012345", clock, calendar, state });
  const { bus } = { bus: new Bus({ clock }) };
  attachBlockDevice(bus, again, clock);
  const second = await begin(path, {}, { openLine: async () => bus.master() });
  await clock.advance(3 * minute);
  expect(state.inputs[0]!.relay).toBe("open");
  const outcomes = entriesOf(second, entryKinds.outcome).map(
    ({ body }) => (items(decodeData(body))[2] as { value: number }).value,
  );
  expect(outcomes).toEqual([2, 0]);
});

test("a clock that is wrong by hours is set from the modules, and the intervals stand where they were", async () => {
  const { clock, put, begin } = site(7 * 3_600_000 + 120_000);
  const state = put("00012345", [meter], "2");
  const edge = await begin();
  expect(edge.clock.reliable).toBe(false);
  await clock.advance(2 * minute);
  expect(edge.clock.reliable).toBe(true);
  expect(Math.abs(edge.clock.now() - clock.now())).toBeLessThan(5000);
  for (let quarter = 0; quarter < 6; quarter++) {
    await clock.advance(15 * minute);
    state.inputs[0]!.pulses = (state.inputs[0]!.pulses + 8) % 10_000_000_000;
  }
  await clock.advance(60 * minute);
  expect(amounts(edge, 17)[0]).toEqual(["10:00", 5000]);
  expect(eventCodes(edge)).toEqual(expect.arrayContaining([0x0004, 0x0003]));
});

test("a meter that was swapped is another meter with another number", async () => {
  const { clock, put, begin } = site();
  const state = put("00012345", [meter], "2");
  const edge = await begin();
  await clock.advance(minute);
  state.inputs[0]!.name = "ENS70500002";
  await clock.advance(20 * minute);
  expect(edge.devices().map(({ name, state: how }) => [name, how])).toEqual([
    ["ENS00012345", "new"],
    ["ENS70500001", "exchanged"],
    ["ENS70500002", "new"],
  ]);
  expect(eventCodes(edge)).toContain(0x0305);
});

test("two modules with one address are told apart from noise and reported", async () => {
  // Two that speak at once spoil each other only where characters take their time.
  const { clock, put, begin } = site(0, { baudRate: 9600 });
  put("00012345", [meter], "2");
  put("00012399", [{ ...meter, name: "ENS70500009" }], "2");
  const edge = await begin();
  await clock.advance(minute);
  expect(eventCodes(edge)).toContain(0x0306);
});

test("the events of a ring are in the journal before the module hears that it may forget them", async () => {
  const { clock, put, begin } = site();
  const state = put("00012345", [meter], "2");
  const edge = await begin();
  await clock.advance(minute);
  state.inputs[0]!.tamperOpen = false;
  const urgent: number[] = [];
  edge.onUrgent((entries) => urgent.push(...entries.map(({ logicalDevice }) => logicalDevice)));
  const given = edge.giveOrder(17, "disconnect");
  await clock.advance(30 * minute);
  await given;
  // The relay's own event, of the meter on the input.
  expect(eventCodes(edge).filter((code) => code === 0x1030)).toHaveLength(1);
  expect(urgent).toContain(17);
  expect(state.inputs[0]!.relay).toBe("open");
});
