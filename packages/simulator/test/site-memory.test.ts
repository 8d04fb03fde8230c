import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunningConcentrator } from "@energsys/concentrator";
import { keyTransfer } from "@energsys/protocols/cosem";
import { countersInMemory, type DataValue, data } from "@energsys/protocols/dlms";
import { nodeCiphers } from "@energsys/protocols/node";
import { afterAll, afterEach, expect, test } from "vitest";
import { buildFieldSite } from "../src/field/field-site.ts";
import { SiteMemory } from "../src/field/site-memory.ts";
import { followDevice, followMeter, recallFlows } from "../src/field/site-recall.ts";
import { GridTown } from "../src/town/grid-town.ts";
import { concentratorsOf } from "../src/town/town-books.ts";
import { TownLedger } from "../src/town/town-ledger.ts";
import { StageClock } from "./field-line.ts";
import { associate, securedDevice } from "./secured.ts";
import { against, journalOf, minuteMs, openStreet, quarterMs, type Street } from "./street.ts";

// A simulator that ends at any moment is a town whose people sleep: relays stand where they were put, and modules number their events on.

const folder = mkdtempSync(join(tmpdir(), "energsys-site-memory-"));
const running: RunningConcentrator[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) await one.stop();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const hourMs = 60 * minuteMs;
const options = { points: 60, seed: 3, begin: "2026-10-20" } as const;

/** A street of a process of its own: nothing of an earlier one but its files. */
async function live(name: string, fromMs: number) {
  const town = new GridTown(options);
  const clock = new StageClock(fromMs);
  const memory = new SiteMemory(join(folder, `${name}.ndjson`));
  const street = openStreet({ town, concentrator: 0, clock, memory });
  const past = await street.site.gatherPast(async () => undefined);
  const one = await street.start(
    { store: { path: join(folder, `${name}.sqlite`) }, schedule: { profileBackDays: 3 } },
    { past: () => past, meanwhile: (devices, lastMs) => street.site.countsSince(devices, lastMs) },
  );
  running.push(one);
  const leave = async () => {
    await running.pop()!.stop();
    street.site.stop();
    return clock.now();
  };
  return { town, clock, street, edge: one.edge, leave };
}
type Live = Awaited<ReturnType<typeof live>>;

const pulsesOf = ({ site }: Street) =>
  site.points.find(({ attachment, exchange }) => attachment.kind === "pulses" && !exchange)!;
const deviceOf = ({ edge, street }: Live, point: Parameters<Street["site"]["nameOf"]>[0]) =>
  edge.devices().find(({ name }) => name === street.site.nameOf(point, false))!;

async function ordered({ clock, edge }: Live, logicalDevice: number, kind: "disconnect" | "reconnect") {
  const outcome = edge.giveOrder(logicalDevice, kind);
  await clock.advance(minuteMs);
  return outcome;
}

test("consumers that were disconnected stay so while the simulator is away and after it, until they are cleared; energy is that of the ledger", async () => {
  const begun = new GridTown(options);
  const startMs = begun.calendar.day(begun.beginDay + 1).startMs + 10 * hourMs + 7 * minuteMs;
  const first = await live("latched", startMs);
  await first.clock.advance(hourMs);
  const pulses = pulsesOf(first.street);
  // A mode in which the clearance closes the contact by itself.
  const spoken = first.street.site.points.find(
    ({ meter, attachment, exchange }) =>
      attachment.kind !== "pulses" && !exchange && [2, 4].includes(meter.relayMode ?? 0),
  )!;
  for (const point of [pulses, spoken]) {
    const { outcome, output } = await ordered(first, deviceOf(first, point).logicalDevice, "disconnect");
    expect({ outcome, output }).toEqual({ outcome: "confirmed", output: false });
  }
  const openedMs = first.clock.now();
  await first.clock.advance(80 * minuteMs);
  const leftMs = await first.leave();

  const second = await live("latched", leftMs + 5 * hourMs);
  await second.clock.advance(2 * hourMs);
  for (const point of [pulses, spoken]) {
    expect(deviceOf(second, point)).toMatchObject({ commanded: false, output: false });
    const index = point.index;
    const standing = second.street.ledger.register(index, openedMs + minuteMs);
    expect(second.street.ledger.register(index, second.clock.now())).toBe(standing);
  }
  for (const point of [pulses, spoken]) {
    const { outcome } = await ordered(second, deviceOf(second, point).logicalDevice, "reconnect");
    expect(outcome).toBe("confirmed");
  }
  await second.clock.advance(5 * hourMs);
  const again = await second.leave();

  const third = await live("latched", again + hourMs);
  await third.clock.advance(2 * hourMs);
  for (const point of [pulses, spoken]) expect(deviceOf(third, point)).toMatchObject({ output: true });
  const told = journalOf(third.edge);
  const toMs = Math.floor(third.clock.now() / quarterMs) * quarterMs - hourMs;
  expect(against(third.town, third.street, told.devices, toMs)).toEqual({ missing: [], wrong: [] });
  expect(told).toMatchObject({ repeated: 0, changed: 0 });
  // Hours without a watt between the two orders, and some after the second.
  const quarters = (from: number, to: number) => {
    const { intervals } = told.devices.get(third.street.site.nameOf(pulses, false))!;
    return [...intervals].filter(([ms]) => ms >= from && ms + quarterMs <= to).map(([, { wh }]) => wh);
  };
  const dark = quarters(openedMs + minuteMs, leftMs + 7 * hourMs);
  expect(dark.length).toBeGreaterThan(25);
  expect(new Set(dark)).toEqual(new Set([0]));
  expect(Math.max(...quarters(leftMs + 8 * hourMs, again))).toBeGreaterThan(0);
  // The ledger of a process that never ran this town, but knows its folder.
  const elsewhere = new GridTown(options);
  const site = concentratorsOf(elsewhere)[0]!;
  recallFlows(elsewhere, site, new SiteMemory(join(folder, "latched.ndjson")), third.clock);
  for (const { index } of [pulses, spoken])
    expect(new TownLedger(elsewhere).register(index, again)).toBe(third.street.ledger.register(index, again));
}, 90_000);

test("a simulator that ends between the command and the contact finishes the order when it is back, and events of its modules are told once, under new numbers", async () => {
  const startMs = Date.UTC(2026, 9, 22, 9, 7);
  const first = await live("cut", startMs);
  await first.clock.advance(30 * minuteMs);
  const module = first.street.site.modules[0]!;
  module.setDoor(1, false);
  await first.clock.advance(20 * minuteMs);
  const { next } = module.state.ring;
  expect(next).toBeGreaterThan(1);
  const point = pulsesOf(first.street);
  const { input } = point.attachment as { input: number };
  void module.command("W1", `0-${input}:96.3.10`, "0");
  expect(module.state.inputs[input - 1]).toMatchObject({ relay: "closed", relayOrdered: "open" });
  const leftMs = await first.leave();
  const file = join(folder, "cut.ndjson");
  expect(readFileSync(file, "utf8")).toContain('"ordered":"open"');
  // Killed in the middle of a line.
  appendFileSync(file, '{"kind":"module","of":"3');

  const second = await live("cut", leftMs + hourMs);
  const back = second.street.site.modules[0]!;
  expect(back.state.inputs[input - 1]).toMatchObject({ relay: "open", relayOrdered: "open" });
  // The contact, and the door that the town has had closed since.
  expect(back.state.doorsClosed).toEqual([true, true]);
  expect(back.state.ring.next).toBe(next + 2);
  await second.clock.advance(20 * minuteMs);
  const told = journalOf(second.edge);
  const codes = [...told.devices.values()].flatMap(({ events }) => events.map(({ code }) => code));
  for (const code of [0x1010, 0x1011, 0x1030]) expect(codes.filter((one) => one === code)).toHaveLength(1);
  expect(new SiteMemory(file).moduleRelay(point.meter.serial).at(-1)).toMatchObject({ relay: "open" });
}, 60_000);

test("clocks that were set or drifted, and what was written to a module and a supply unit, are as they were when the simulator is back", async () => {
  const clock = new StageClock(Date.UTC(2026, 9, 22, 9, 7));
  const file = join(folder, "set.ndjson");
  const build = () =>
    buildFieldSite({ clock, seed: 5, modules: 2, inputs: 8, meters: 2, memory: new SiteMemory(file) });
  const first = build();
  const { module } = [...first.modules.values()].at(0)!;
  const { meter } = first.meters.get("1")!;
  const before = meter.now();
  meter.setClock(before + 3 * hourMs);
  meter.setClock(meter.now() - hourMs);
  // An hour behind.
  expect(module.command("W1", "0-0:1.0.0", "261022110700S")).toMatchObject({ kind: "ack" });
  expect(module.command("W1", "0-0:96.1.1", "042")).toMatchObject({ kind: "ack" });
  expect(module.command("W1", "1-3:0.3.3", "2.500*Wh")).toMatchObject({ kind: "ack" });
  expect(module.command("W1", "0-4:96.1.0", "ENS70999999")).toMatchObject({ kind: "ack" });
  const supply = first.supply;
  expect(supply.command("W1", "0-0:1.0.0", "261022110700S")).toMatchObject({ kind: "ack" });
  supply.setMains(0);
  expect(supply.command("W1", "0-0:99.98.0", "1")).toMatchObject({ kind: "ack" });
  const drifting = [...first.modules.values()].at(-1)!.module;
  await clock.advance(hourMs);
  const kept = structuredClone(module.state);
  const unset = structuredClone(drifting.state.clock);
  const logged = meter.events(before - 1, before + 4 * hourMs);
  const shown = meter.now() - clock.now();
  const registers = meter.registersNow();
  first.stop();

  const second = build();
  const back = second.modules.get(module.serial)!.module;
  expect(back.state.clock).toEqual(kept.clock);
  // Nobody has set this one: it runs on from its first day.
  expect(second.modules.get(drifting.serial)!.module.state.clock).toEqual(unset);
  expect(back.state).toMatchObject({ shortAddress: "042", clockSet: true });
  expect(back.state.inputs[2]).toMatchObject({ energyPerPulseWh: "2.500" });
  expect(back.state.inputs.map(({ name }) => name)).toEqual(module.state.inputs.map(({ name }) => name));
  expect(back.state.inputs[3]).toMatchObject({ name: "ENS70999999" });
  // The name was that of the meter that hung there.
  back.connect(4, { name: "ENS70111111" });
  expect(back.state.inputs[3]).toMatchObject({ name: "ENS70111111" });
  // The mains is there again, which it says under the next number; what was taken over is not said twice.
  const { clock: supplyClock, ring, mainsV } = second.supply.state;
  expect({ supplyClock, mainsV }).toEqual({ supplyClock: supply.state.clock, mainsV: 230 });
  expect(ring.entries.map(({ number, code }) => [number, code])).toEqual([
    [2, 0x0101],
    [3, 0x0103],
    [4, 0x0102],
  ]);
  const meterBack = second.meters.get("1")!.meter;
  expect(meterBack.now() - clock.now()).toBe(shown);
  expect(meterBack.events(before - 1, before + 4 * hourMs)).toEqual(logged);
  expect(meterBack.registersNow()).toEqual(registers);
  second.stop();
});

test("what was written to a meter is as it was when the simulator is back: calendar, times of a script, limit, firmware, keys; counters rise on", async () => {
  const file = join(folder, "written.ndjson");
  let nowMs = Date.UTC(2026, 9, 22, 9, 7);
  const open = () => {
    const device = securedDevice(5, 0, true, {}, () => nowMs);
    const memory = new SiteMemory(file);
    followMeter(device.meter, memory);
    followDevice(device, memory);
    return device;
  };
  const octets = (bytes: Iterable<number>): DataValue => ({
    type: "octet-string",
    bytes: Uint8Array.from(bytes),
  });
  const latin1 = (text: string) => octets(Buffer.from(text, "latin1"));
  const calendar = (attribute: number) => ({ classId: 20, obis: "0-0:13.0.0*255", attribute });
  const limiter = (attribute: number) => ({ classId: 71, obis: "0-0:17.0.0*255", attribute });
  const encryption = new Uint8Array(16).fill(0x11);

  const first = open();
  const old = first.keys;
  const before = await associate(first);
  expect(await before.set(calendar(6), latin1("LATER"))).toMatchObject({ ok: true });
  // 13:00 and 14:00 of the summer time of that day.
  expect(
    await before.set(calendar(10), octets(Buffer.from("07ea0a16040d000000ff4c80", "hex"))),
  ).toMatchObject({
    ok: true,
  });
  const times = data.array(
    data.structure(octets(Buffer.from("0e000000", "hex")), octets(Buffer.from("07ea0a16ff", "hex"))),
  );
  const disconnection = { classId: 22, obis: "0-0:15.0.1*255", attribute: 4 };
  expect(await before.set(disconnection, times)).toMatchObject({ ok: true });
  expect(await before.set(limiter(4), data.uint32(900_000))).toMatchObject({ ok: true });
  first.firmware = "ESV-2.0";
  const changed = keyTransfer([{ name: "unicast", key: encryption }], old.master, nodeCiphers);
  const transfer = { classId: 64, obis: "0-0:43.0.0*255", method: 2 };
  expect(await before.action(transfer, changed)).toMatchObject({ actionResult: "success" });
  await before.release();
  const underNewKey = countersInMemory(1);
  const keys = { encryption, authentication: old.authentication };
  await (await associate(first, { keys, counters: underNewKey })).release();
  const heard = underNewKey.received()!;
  expect(heard).toBeGreaterThan(0);

  // Away over the first of the two times.
  nowMs = Date.UTC(2026, 9, 22, 10, 30);
  const second = open();
  const client = await associate(second, { keys, counters: underNewKey });
  expect(underNewKey.received()).toBeGreaterThan(heard);
  expect(await client.get(calendar(2))).toEqual({ ok: true, data: latin1("LATER") });
  expect(await client.get(limiter(4))).toEqual({ ok: true, data: data.uint32(900_000) });
  expect(await client.get(disconnection)).toEqual({ ok: true, data: times });
  expect(second.firmware).toBe("ESV-2.0");
  expect(second.meter.relayState).toBe(1);
  nowMs = Date.UTC(2026, 9, 22, 11, 1);
  second.catchUp();
  expect(second.meter.relayState).toBe(0);
  await client.release();
  const late = associate(second, { keys: old, counters: countersInMemory(100_000) });
  await expect(late).rejects.toMatchObject({ code: "dlms.deciphering-refused" });
});
