import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Edge, RunningConcentrator } from "@energsys/concentrator";
import { data, encodeData } from "@energsys/protocols/dlms";
import { afterAll, afterEach, expect, test } from "vitest";
import { attachBlockDevice } from "../src/field/bus-slaves.ts";
import { LocalModule } from "../src/field/local-module.ts";
import { newModuleState } from "../src/field/module-state.ts";
import { GridTown } from "../src/town/grid-town.ts";
import { doorsOf } from "../src/town/happenings.ts";
import { TownLedger } from "../src/town/town-ledger.ts";
import { StageClock } from "./field-line.ts";
import {
  clockAdjusted,
  clockInvalid,
  compare,
  journalOf,
  minuteMs,
  openStreet,
  quarterMs,
  type Street,
  smallTown,
  type Told,
} from "./street.ts";
import { type ReadEntry, ThirdPartyCentre } from "./third-party-centre.ts";

// What goes wrong in the field, each with a street of a town below a real concentrator: what is in the journal then is what the ledger says.

const folder = mkdtempSync(join(tmpdir(), "energsys-faults-"));
const running: RunningConcentrator[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) await one.stop();
});
afterAll(() => rmSync(folder, { recursive: true }));

const hourMs = 60 * minuteMs;
const started = async (one: Promise<RunningConcentrator>): Promise<Edge> => {
  const concentrator = await one;
  running.push(concentrator);
  return concentrator.edge;
};
const codesOf = (edge: Edge) =>
  [...journalOf(edge).devices.values()].flatMap(({ events }) => events.map(({ code }) => code));

function smallStreet(fromMs: number, baudRate?: number) {
  const town = new GridTown(smallTown);
  const clock = new StageClock(fromMs);
  const line = baudRate === undefined ? {} : { baudRate };
  return { town, clock, street: openStreet({ town, concentrator: 0, clock, ...line }) };
}

/** The whole span is in the journal, but for `missing` intervals. */
function expectTruth(
  town: GridTown,
  street: Street,
  edge: Edge,
  fromMs: number,
  toMs: number,
  missing: number,
) {
  const told = journalOf(edge);
  const verdict = compare(town, street, told.devices, fromMs, toMs);
  expect(verdict.wrong).toEqual([]);
  expect(told).toMatchObject({ repeated: 0, changed: 0 });
  expect(told.numbers).toEqual(told.numbers.map((_, n) => (told.numbers[0] ?? 1) + n));
  expect(verdict.missing).toBe(missing);
  expect(verdict.right).toBeGreaterThan(0);
  expect(verdict.registers).toBeGreaterThan(0);
  return told;
}

test("the store is full: reading stops and says so, nothing that was not taken is lost, and it goes on when there is room", async () => {
  const fromMs = Date.UTC(2026, 10, 4, 9, 50);
  const { town, clock, street } = smallStreet(fromMs);
  const path = join(folder, "full.sqlite");
  const edge = await started(
    street.start({ store: { path, sizeMaxMiB: 1 } }, { store: { durability: "process" } }),
  );
  await clock.advance(3 * hourMs);
  // Somebody fills it: reports of a long time without a centre.
  const fill = (count: number, bytes: number, upToBytes = Number.POSITIVE_INFINITY) => {
    const body = encodeData(data.octets(new Uint8Array(bytes)));
    try {
      while (edge.state().storeBytes < upToBytes)
        edge.journal.append(Array.from({ length: count }, () => ({ logicalDevice: 16, kind: 5, body })));
    } catch (error) {
      expect(error).toMatchObject({ code: "concentrator.store-full" });
    }
  };
  // Nearly: there is room for the news of it.
  fill(4, 2000, 0.93 * 1_048_576);
  await clock.advance(minuteMs);
  expect(codesOf(edge)).toContain(0x0202);
  fill(1, 10);
  for (let n = 0; n < 12 && !edge.state().readingStopped; n++) await clock.advance(5 * minuteMs);
  expect(edge.state().readingStopped).toBe(true);
  const stoppedMs = clock.now();
  expect(codesOf(edge)).toContain(0x0203);
  const { oldest, newest } = edge.journal;
  await clock.advance(3 * hourMs);
  expect(edge.journal).toMatchObject({ oldest: 1, newest });
  expect(oldest).toBe(1);
  // The centre takes it, all but the last hundred.
  const kept = journalOf(edge);
  edge.journal.setTaken(newest - 100);
  await clock.advance(2 * minuteMs);
  expect(edge.state().readingStopped).toBe(false);
  expect(codesOf(edge)).toContain(0x0204);
  expect(edge.journal.oldest).toBeLessThanOrEqual(newest - 99);
  await clock.advance(3 * hourMs);
  // What the centre took, and what came since: one journal without a gap or a second time.
  const later = journalOf(edge);
  expect(later.numbers[0]).toBeLessThanOrEqual(newest - 99);
  const devices = new Map(
    [...new Set([...kept.devices.keys(), ...later.devices.keys()])].map((name): [string, Told] => {
      const [first, second] = [kept.devices.get(name), later.devices.get(name)];
      return [
        name,
        {
          intervals: new Map([...(first?.intervals ?? []), ...(second?.intervals ?? [])]),
          missing: new Set<number>(),
          registers: [...(first?.registers ?? []), ...(second?.registers ?? [])],
          doubtful: 0,
          events: [],
        },
      ];
    }),
  );
  const firstMs = Math.ceil(fromMs / quarterMs) * quarterMs;
  const lastMs = Math.floor((clock.now() - 90 * minuteMs) / quarterMs) * quarterMs;
  const verdict = compare(town, street, devices, firstMs, lastMs);
  expect(verdict.wrong).toEqual([]);
  // Only pulse meters have a gap, while nothing was read: the others keep their own profile.
  const pulses = street.site.points.filter(({ attachment }) => attachment.kind === "pulses").length;
  const stoppedQuarters = (3 * hourMs) / quarterMs + 2;
  expect(verdict.missing).toBeGreaterThanOrEqual(pulses * ((3 * hourMs) / quarterMs - 1));
  expect(verdict.missing).toBeLessThanOrEqual(pulses * stoppedQuarters);
  expect(stoppedMs).toBeGreaterThan(fromMs);
}, 120_000);

test("its clock is wrong by seven hours until the centre sets it: what was stamped before is put right and marked, nothing stands under a wrong day", async () => {
  const trueMs = Date.UTC(2026, 10, 4, 16, 50);
  const { town, clock, street } = smallStreet(trueMs);
  // Without a clock of its own, beside modules that lost theirs; by its own time it is already tomorrow.
  for (const { state } of street.site.modules) state.clockSet = false;
  const machine = { now: () => clock.now() + 7 * hourMs, after: clock.after.bind(clock) };
  const edge = await started(street.start({ clockTrusted: false }, { clock: machine }));
  await clock.advance(2 * hourMs);
  expect(edge.clock.reliable).toBe(false);
  const before = journalOf(edge);
  expect([...before.devices.values()].flatMap(({ intervals }) => [...intervals.keys()])).toEqual([]);
  expect([...before.devices.values()].flatMap(({ registers }) => registers)).toEqual([]);
  const setMs = clock.now();
  edge.clock.set(setMs, "centre");
  await clock.advance(4 * hourMs);
  const firstMs = Math.ceil(trueMs / quarterMs) * quarterMs;
  const told = expectTruth(town, street, edge, firstMs, firstMs + 4 * hourMs, 0);
  for (const point of street.site.points.filter(({ attachment }) => attachment.kind === "pulses")) {
    const { intervals } = told.devices.get(street.site.nameOf(point, false))!;
    for (const [startMs, { flags }] of intervals) {
      expect(startMs).toBeGreaterThanOrEqual(firstMs);
      expect(startMs).toBeLessThan(clock.now());
      expect(flags & clockAdjusted).toBe(startMs + quarterMs <= setMs ? clockAdjusted : 0);
    }
  }
  for (const { registers } of told.devices.values())
    for (const { atMs } of registers) expect(atMs).toBeLessThanOrEqual(clock.now());
  expect(codesOf(edge)).toEqual(expect.arrayContaining([0x0004, 0x0003]));
}, 60_000);

test("a clock that nobody sets for a day: from then on values are told, and every one of them is marked", async () => {
  const { clock, street } = smallStreet(Date.UTC(2026, 10, 4, 16, 50));
  for (const { state } of street.site.modules) state.clockSet = false;
  const machine = { now: () => clock.now() + 7 * hourMs, after: clock.after.bind(clock) };
  const edge = await started(street.start({ clockTrusted: false }, { clock: machine }));
  await clock.advance(27 * hourMs);
  const told = journalOf(edge);
  const stamped = street.site.points.filter(({ attachment }) => attachment.kind === "pulses");
  for (const point of stamped) {
    const { intervals, doubtful, registers } = told.devices.get(street.site.nameOf(point, false))!;
    expect(intervals.size).toBeGreaterThan(96);
    for (const { flags } of intervals.values()) expect(flags & clockInvalid).toBe(clockInvalid);
    expect(registers.length).toBeGreaterThan(0);
    expect(doubtful).toBe(registers.length);
  }
}, 60_000);

test("two modules with one address: it is said, and nothing of one stands under the other", async () => {
  const fromMs = Date.UTC(2026, 10, 4, 9, 50);
  const { town, clock, street } = smallStreet(fromMs, 9600);
  const edge = await started(street.start());
  await clock.advance(hourMs);
  // A module from the workshop that was given the number of the one that is here.
  const { serial } = street.site.modules[0]!;
  const state = newModuleState(16, [{ name: "ENS79900001", pulses: 7_000_000 }], clock.now());
  const bus = street.site.lines.get("modules")!;
  const twin = new LocalModule({ serial, clock, calendar: town.calendar, state });
  const slave = attachBlockDevice(bus, twin, clock, { baudRate: 9600 });
  const togetherMs = clock.now();
  await clock.advance(2 * hourMs);
  expect(bus.collisions).toBeGreaterThan(0);
  expect(codesOf(edge)).toContain(0x0306);
  // It is taken away again.
  slave.detach();
  const aloneMs = clock.now();
  await clock.advance(2 * hourMs);
  expect(edge.devices().map(({ name }) => name)).not.toContain("ENS79900001");
  const told = journalOf(edge);
  const firstMs = Math.ceil(fromMs / quarterMs) * quarterMs;
  const verdict = compare(town, street, told.devices, firstMs, firstMs + 3.5 * hourMs);
  expect(verdict.wrong).toEqual([]);
  const pulses = street.site.points.filter(({ attachment }) => attachment.kind === "pulses").length;
  const quarters = Math.round((aloneMs - togetherMs) / quarterMs);
  expect(verdict.missing).toBeGreaterThanOrEqual(pulses * (quarters - 1));
  expect(verdict.missing).toBeLessThanOrEqual(pulses * (quarters + 1));
}, 120_000);

test.each([
  { kind: "pulses", seed: 3 },
  { kind: "iec", seed: 6 },
  { kind: "hdlc", seed: 11 },
])(
  "a meter ($kind) is swapped without notice: nothing of the new one stands under the old one, and it is told",
  async ({ kind, seed }) => {
    const town = new GridTown({ points: 12, seed, begin: "2026-11-02" });
    const point = town.points[6]!;
    expect(point.attachment.kind).toBe(kind);
    const { atMs } = point.exchange!;
    const fromMs = Math.floor(atMs / quarterMs) * quarterMs - 4 * hourMs - 10 * minuteMs;
    const clock = new StageClock(fromMs);
    const street = openStreet({ town, concentrator: 0, clock });
    const [oldName, newName] = [street.site.nameOf(point, false), street.site.nameOf(point, true)];
    // Nobody has entered the new one.
    const meters = street.site.config.meters?.filter(({ name }) => name !== newName);
    const edge = await started(street.start({ meters }));
    await clock.advance(9 * hourMs);
    const told = journalOf(edge);
    const old = told.devices.get(oldName)!;
    for (const startMs of old.intervals.keys()) expect(startMs + quarterMs).toBeLessThanOrEqual(atMs);
    for (const register of old.registers) expect(register.atMs).toBeLessThanOrEqual(atMs);
    const fresh = told.devices.get(newName)!;
    for (const startMs of fresh.intervals.keys()) expect(startMs).toBeGreaterThanOrEqual(atMs);
    expect(fresh.intervals.size).toBeGreaterThan(8);
    // Its register is known where the meter says it; behind a module somebody has to enter it.
    if (kind === "pulses") fresh.registers.length = 0;
    const verdict = compare(town, street, told.devices, fromMs + 10 * minuteMs, fromMs + 7 * hourMs);
    expect(verdict.wrong).toEqual([]);
    expect(codesOf(edge)).toContain(0x0305);
    const states = new Map(edge.devices().map(({ name, state }) => [name, state]));
    expect([states.get(oldName), states.get(newName)]).toEqual(["exchanged", "new"]);
    // An order for the old one does not reach the new one.
    const gone = edge.devices().find(({ name }) => name === oldName)!;
    await expect(edge.giveOrder(gone.logicalDevice, "disconnect")).rejects.toMatchObject({
      code: "order.no-output",
    });
  },
  60_000,
);

test("the centre is away for a week: nothing is lost, and when it is back it gets all of it over the line, once", async () => {
  // Behind the exchange of the first days, which costs its own quarter-hours.
  const fromMs = Date.UTC(2026, 10, 11, 9, 50);
  const { town, clock, street } = smallStreet(fromMs);
  const centre = new ThirdPartyCentre();
  let away = true;
  const edge = await started(
    street.start(
      {
        schedule: {
          profileBackDays: 8,
          registersEverySeconds: 21_600,
          profilesEverySeconds: 21_600,
          eventsEverySeconds: 21_600,
        },
      },
      {
        openCentre: async () => {
          if (away) throw new Error("nobody answers");
          return centre.line();
        },
      },
    ),
  );
  await clock.advance(7 * 24 * hourMs);
  expect(edge.journal.taken).toBe(0);
  const firstMs = Math.ceil(fromMs / quarterMs) * quarterMs;
  expectTruth(town, street, edge, firstMs, firstMs + 7 * 24 * hourMs - 7 * hourMs, 0);
  away = false;
  // It calls again after a quarter of an hour at the latest.
  await clock.advance(20 * minuteMs);
  expect(centre.announced.length).toBeGreaterThan(0);
  const drained = (async () => {
    await centre.associate(1, 1);
    return centre.drain(1);
  })();
  let entries: readonly ReadEntry[] = [];
  void drained.then((all) => {
    entries = all;
  });
  for (let n = 0; n < 600 && entries.length === 0; n++) await clock.advance(50);
  const { newest, taken } = edge.journal;
  expect(entries.map(({ number }) => number)).toEqual(Array.from({ length: newest }, (_, n) => n + 1));
  expect(taken).toBe(newest);
}, 120_000);

test("a cabinet is opened without a work order: it is told at once, once, at the second it happened, and so is that it was closed", async () => {
  const town = new GridTown(smallTown);
  const beginMs = town.calendar.day(town.beginDay).startMs;
  const door = [...doorsOf(town, 0, beginMs, beginMs + 300 * 24 * hourMs)].find(
    ({ workOrder }) => !workOrder,
  )!;
  const { clock, street } = smallStreet(door.fromMs - 2 * hourMs);
  const edge = await started(street.start());
  const urgent = new Set<number>();
  edge.onUrgent((entries) => {
    for (const { number } of entries) urgent.add(number);
  });
  await clock.advance(door.toMs + hourMs - clock.now());
  const module = journalOf(edge).devices.get(`ENS${street.site.modules[0]!.serial}`)!;
  expect(module.events).toEqual([
    { code: 0x1010, atMs: door.fromMs },
    { code: 0x1011, atMs: door.toMs },
  ]);
  const numbers = [...edge.journal.entries(1, edge.journal.newest)]
    .filter(({ kind, logicalDevice }) => kind === 3 && edge.findDevice(logicalDevice)?.kind === "module")
    .map(({ number }) => number);
  expect(numbers).toHaveLength(2);
  for (const number of numbers) expect(urgent).toContain(number);
}, 60_000);

test("a transformer goes out: the meters behind it say when, their quarter-hours are what still flowed, and nothing is taken for a fault of a meter", async () => {
  const town = new GridTown(smallTown);
  const beginMs = town.calendar.day(town.beginDay).startMs;
  const ledger = new TownLedger(town);
  const outage = [...ledger.happenings(beginMs, beginMs + 200 * 24 * hourMs)].find(
    ({ kind, fromMs, toMs }) => kind === "transformer-outage" && toMs - fromMs > 20 * minuteMs,
  )!;
  const fromMs = Math.floor(outage.fromMs / quarterMs) * quarterMs - 2 * hourMs;
  const toMs = Math.ceil(outage.toMs / quarterMs) * quarterMs + 2 * hourMs;
  const { clock, street } = smallStreet(fromMs - 10 * minuteMs);
  const edge = await started(street.start());
  await clock.advance(toMs + 90 * minuteMs - clock.now());
  const told = journalOf(edge);
  const verdict = compare(town, street, told.devices, fromMs, toMs);
  expect(verdict.wrong).toEqual([]);
  let said = 0;
  for (const point of street.site.points) {
    const { meter, attachment } = point;
    if (attachment.kind !== "hdlc" || meter.drift) continue;
    const exchanged = (point.exchange?.atMs ?? toMs) < fromMs;
    const { events } = told.devices.get(street.site.nameOf(point, exchanged))!;
    const within = events.filter(({ atMs }) => atMs >= fromMs && atMs < toMs);
    const dark = [...ledger.outages(point.index, fromMs, toMs)];
    // IDIS: 1 power down, 2 power up.
    expect(within.filter(({ code }) => code === 1).map(({ atMs }) => atMs)).toEqual(
      dark.map((one) => one.fromMs),
    );
    expect(within.filter(({ code }) => code === 2).map(({ atMs }) => atMs)).toEqual(
      dark.map((one) => one.toMs),
    );
    said++;
  }
  expect(said).toBeGreaterThan(0);
  expect(codesOf(edge)).not.toContain(0x0302);
}, 60_000);
