import { checkConfig, type Edge, entryKinds, startConcentrator } from "@energsys/concentrator";
import type { ByteStream } from "@energsys/protocols";
import { decodeData, integerOf } from "@energsys/protocols/dlms";
import { pino } from "pino";
import { afterAll, test } from "vitest";
import { attachBlockDevice } from "../src/field/bus-slaves.ts";
import { buildFieldSite } from "../src/field/field-site.ts";
import { LocalModule } from "../src/field/local-module.ts";
import { newModuleState } from "../src/field/module-state.ts";
import { command, realLineClock } from "./field-line.ts";
import { asciiOf, calendar } from "./support.ts";

// The concentrator on the virtual line: two programs that were written from one agreement and share its codec only. A line of
// 9600 bit/s makes both wait: the sites run at once.

const running: { stop(): unknown }[] = [];
afterAll(async () => {
  for (const one of running.reverse()) await one.stop();
});

/** A site with a concentrator above it; `heard` sees what the concentrator says on the bus. */
async function stage(
  modules: number,
  meters: number,
  heard: (text: string) => void = () => undefined,
  baudRate?: number,
) {
  const line = { ...(baudRate !== undefined && { baudRate }) };
  const site = buildFieldSite({ clock: realLineClock, seed: 3, modules, inputs: 8, meters, ...line });
  running.push(site);
  const [first = "", last = first] = [[...site.modules.keys()][0], [...site.modules.keys()].at(-1)];
  const checked = checkConfig({
    identity: "ENC0000000000017",
    clockTrusted: true,
    centre: { addresses: ["127.0.0.1:9"] },
    store: { path: ":memory:" },
    lines: [{ name: "bus", url: "tcp://127.0.0.1:1", kind: "iec", scan: [`${first}-${last}`, "1-3"] }],
  });
  if (!checked.ok) throw new Error(checked.faults.join("\n"));
  const concentrator = await startConcentrator(checked.config, {
    clock: realLineClock,
    log: pino({ level: "silent" }),
    random: () => 0.5,
    openLine: async () => overheard(site.bus.master(), heard),
    openCentre: () => Promise.reject(new Error("no centre")),
  });
  running.push(concentrator);
  return { site, edge: concentrator.edge, first };
}

const overheard = (stream: ByteStream, heard: (text: string) => void): ByteStream => ({
  ...stream,
  onBytes: (listener) => stream.onBytes(listener),
  onEnd: (listener) => stream.onEnd(listener),
  close: () => stream.close(),
  write: (bytes) => {
    stream.write(bytes);
    heard(asciiOf(bytes));
  },
});

/** Codes of the events in the journal, with whom they are about. */
function eventsIn({ journal }: Edge): [logicalDevice: number, code: number][] {
  const found: [number, number][] = [];
  for (const entry of journal.entries(1, journal.newest)) {
    if (entry.kind !== entryKinds.events) continue;
    const body = decodeData(entry.body);
    if (body.type !== "array") throw new Error("events are an array");
    for (const event of body.items) {
      if (event.type !== "structure") throw new Error("an event is a structure");
      found.push([entry.logicalDevice, Number(integerOf(event.items[1]!))]);
    }
  }
  return found;
}

const named = (edge: Edge, name: string) => edge.devices().find((device) => device.name === name);

test.concurrent("it finds modules, their inputs and the meters on the line, and reads what they count", async ({
  expect,
}) => {
  const { site, edge, first } = await stage(2, 2);
  await edge.scan();
  const kinds = edge.devices().map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind === "module")).toHaveLength(2);
  expect(kinds.filter((kind) => kind === "input")).toHaveLength(16);
  expect(kinds.filter((kind) => kind === "iec")).toHaveLength(2);

  const { module, meters } = site.modules.get(first)!;
  module.addPulses(1, 1234);
  const meter = named(edge, meters[0]!.name)!;
  const { registers } = await edge.readThrough(meter.logicalDevice, { registers: true });
  const shown = registers.find(({ obis }) => obis === "1-0:1.8.0*255");
  const wh = Number(shown?.value) * (shown?.unit === "kWh" ? 1000 : 1);
  expect(wh).toBe(module.pulses(1) * 5);
}, 60_000);

test.concurrent("an order whose module loses its supply is carried out when the supply is back, and confirmed", async ({
  expect,
}) => {
  const order = command("W1\x020-1:96.3.10(0)");
  const { site, edge, first } = await stage(1, 0, (text) => {
    // The command is on the module's side; its contact has not moved yet.
    if (text === order) setTimeout(() => site.modules.get(first)!.module.setSupply(false), 40);
  });
  await edge.scan();
  const { module, meters } = site.modules.get(first)!;
  const meter = named(edge, meters[0]!.name)!;
  const outcome = edge.giveOrder(meter.logicalDevice, "disconnect");
  await expect.poll(() => module.state.supplied, { timeout: 20_000 }).toBe(false);
  expect(module.state.inputs[0]).toMatchObject({ relay: "closed", relayOrdered: "open" });
  module.setSupply(true);
  expect(module.state.inputs[0]?.relay).toBe("open");
  const { outcome: became } = await outcome;
  if (became !== "confirmed") {
    expect(became).toBe("waiting");
    await edge.readEverything();
  }
  await expect.poll(() => edge.findDevice(meter.logicalDevice)?.output, { timeout: 20_000 }).toBe(false);
  expect(edge.findDevice(meter.logicalDevice)?.commanded).toBe(false);
  // The contact moved once: an order that is fulfilled is not given again.
  expect(module.state.ring.entries.filter(({ code }) => code === 0x1030)).toHaveLength(1);
}, 90_000);

test.concurrent("two modules with one address are told as such", async ({ expect }) => {
  const { site, edge, first } = await stage(2, 0, undefined, 57_600);
  await edge.scan();
  const state = newModuleState(8, [], Date.now());
  const twin = new LocalModule({ serial: first, clock: realLineClock, calendar, state });
  attachBlockDevice(site.bus, twin, realLineClock);
  // It takes several garbled answers to tell two devices from a moment of noise.
  for (let round = 0; round < 5; round++) await edge.readEverything();
  expect(site.bus.collisions).toBeGreaterThan(5);
  expect(eventsIn(edge).map(([, code]) => code)).toContain(0x0306);
}, 120_000);

test.concurrent("a meter that was exchanged without a word is noticed by its name on the input", async ({
  expect,
}) => {
  const { site, edge, first } = await stage(1, 0);
  await edge.scan();
  const { module } = site.modules.get(first)!;
  module.connect(2, { name: "ISK0099887" });
  await edge.scan();
  expect(named(edge, "ISK0099887")).toMatchObject({ kind: "input", input: 2 });
  expect(eventsIn(edge).map(([, code]) => code)).toContain(0x0305);
}, 60_000);

test.concurrent("tamper, door and supply of a module reach the journal, and the ring is acknowledged", async ({
  expect,
}) => {
  const { site, edge, first } = await stage(1, 0);
  await edge.scan();
  const { module, meters } = site.modules.get(first)!;
  meters[2]!.interfere("cover", true);
  module.setDoor(1, false);
  await edge.readEverything();
  const meter = named(edge, meters[2]!.name)!;
  const own = named(edge, `ENS${first}`)!;
  const events = eventsIn(edge);
  expect(events).toContainEqual([meter.logicalDevice, 0x1020]);
  expect(events).toContainEqual([own.logicalDevice, 0x1010]);
  await expect
    .poll(() => module.state.ring.acknowledged, { timeout: 10_000 })
    .toBe(module.state.ring.next - 1);
}, 60_000);
