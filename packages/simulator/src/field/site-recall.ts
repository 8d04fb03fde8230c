import type { Clock } from "@energsys/protocols";
import type { MeterDevice } from "../dlms/meter-device.ts";
import { objectModelOf } from "../dlms/object-model.ts";
import type { VirtualMeter } from "../meter/virtual-meter.ts";
import type { GridTown } from "../town/grid-town.ts";
import type { TownConcentrator } from "../town/town-books.ts";
import type { ModuleState, NewInput } from "./module-state.ts";
import type { PulseMeter } from "./pulse-meter.ts";
import type { ModuleSet, SiteMemory } from "./site-memory.ts";
import { pulsingOf, spokenOf } from "./site-meters.ts";
import { newSupplyState, type SupplyState } from "./supply-unit.ts";

/** The relay of an input as an earlier process left it, and what it let flow meanwhile. */
export function recallInput(meter: PulseMeter, memory: SiteMemory): Pick<NewInput, "relay" | "relayOrdered"> {
  const moves = memory.moduleRelay(meter.meter.description.serial);
  for (const { atMs, relay } of moves) meter.switchSupply(relay === "closed", atMs);
  const { relay = "closed", ordered = relay } = moves.at(-1) ?? {};
  return { relay, relayOrdered: ordered };
}

/** What flowed at the points of a concentrator while relays stood open, by what was kept of it: for the ledger of another process. */
export function recallFlows(
  town: GridTown,
  { points }: TownConcentrator,
  memory: SiteMemory,
  clock: Clock,
): void {
  for (const point of points) {
    for (const { first } of pulsingOf(town, point, clock)) recallInput(first, memory);
    for (const { meter } of spokenOf(town, point, clock))
      meter.recallRelay(memory.ownRelay(meter.description.serial));
  }
}

/** A module goes on with the numbers of its events, since a concentrator takes none a second time, its doors as they were, and as it was set. */
export function recallTold(state: ModuleState, serial: string, memory: SiteMemory): void {
  const told = memory.told(serial);
  if (told) {
    state.ring = structuredClone(told.ring);
    state.doorsClosed = [...told.doorsClosed];
  }
  const set = memory.set(serial);
  if (!set) return;
  state.clock = { ...set.clock };
  state.clockSet = set.clockSet;
  state.shortAddress = set.shortAddress;
  for (const [index, energyPerPulseWh] of set.energyPerPulseWh.entries()) {
    const input = state.inputs[index];
    if (input) input.energyPerPulseWh = energyPerPulseWh;
  }
  for (const [index, given] of (set.names ?? []).entries()) {
    const input = state.inputs[index];
    if (!input || !given) continue;
    input.given = given;
    // Of a meter that is there it holds once that is wired.
    if (given.wired !== input.wired) continue;
    input.name = given.name;
    input.used ||= given.name !== "";
  }
}

function settingOf({ clock, clockSet, shortAddress, inputs }: ModuleState): ModuleSet {
  const energyPerPulseWh = inputs.map((input) => input.energyPerPulseWh);
  const names = inputs.map(({ given }) => given ?? null);
  return { clock: { ...clock }, clockSet, shortAddress, energyPerPulseWh, names };
}

/** What a module does whenever its state is to outlive it: relays that were ordered or moved are kept, news of ring and doors, and how it is set. */
export function moduleKeeper(
  serial: string,
  state: ModuleState,
  meterOf: (input: number) => PulseMeter | undefined,
  memory: SiteMemory,
  clock: Clock,
): () => void {
  const standing = () => state.inputs.map(({ relay, relayOrdered }) => `${relay} ${relayOrdered}`);
  const ringed = ({ next, acknowledged } = state.ring) => `${next} ${acknowledged}`;
  let known = standing();
  let ring = ringed();
  // A new one is kept at once: its clock drifts from its first day, set or not.
  let setting = memory.set(serial) ? JSON.stringify(settingOf(state)) : "";
  return () => {
    const now = standing();
    for (const [index, { relay, relayOrdered: ordered = relay }] of state.inputs.entries()) {
      const meter = meterOf(index + 1);
      if (now[index] === known[index] || !meter || !relay || !ordered) continue;
      const of = meter.meter.description.serial;
      memory.keep({ kind: "module", of, atMs: clock.now(), relay, ordered });
    }
    known = now;
    const set = settingOf(state);
    if (JSON.stringify(set) !== setting) {
      setting = JSON.stringify(set);
      memory.keep({ kind: "set", of: serial, ...set });
    }
    if (ring === ringed()) return;
    ring = ringed();
    const { next, acknowledged, entries } = state.ring;
    // What the concentrator has taken over nobody asks for any more.
    const waiting = entries.filter(({ number }) => number > acknowledged);
    const doorsClosed = [...state.doorsClosed] as const;
    memory.keep({ kind: "told", of: serial, ring: { next, acknowledged, entries: waiting }, doorsClosed });
  };
}

/** A supply unit as it comes, or as an earlier process left it. */
export function recallSupply(serial: string, nowMs: number, memory: SiteMemory): SupplyState {
  return { ...newSupplyState(nowMs), ...structuredClone(memory.supply(serial)) };
}

/** What a supply unit does whenever its state is to outlive it. */
export const supplyKeeper =
  (serial: string, state: SupplyState, memory: SiteMemory): (() => void) =>
  () => {
    const { outputs: _, restarted: __, ring, ...kept } = structuredClone(state);
    const entries = ring.entries.filter(({ number }) => number > ring.acknowledged);
    memory.keep({ kind: "supply", of: serial, ...kept, ring: { ...ring, entries } });
  };

/** What was written to a meter is as an earlier process left it, with what waits for its time, and what is written from now on is kept. */
export function followDevice(device: MeterDevice, memory: SiteMemory): void {
  const { description } = device.meter;
  const written = memory.written(description.serial);
  if (written.size > 0) {
    device.recall(written);
    for (const { recall } of objectModelOf(description).all) recall?.(device);
  }
  device.onWritten = (kept) => memory.keep({ kind: "written", of: description.serial, ...kept });
}

/** Relay and clock of a meter are as an earlier process left them, and what happens to them from now on is kept. */
export function followMeter(meter: VirtualMeter, memory: SiteMemory): void {
  const { serial } = meter.description;
  meter.recallClock(memory.clock(serial));
  meter.onClock = (kept) => memory.keep({ kind: "clock", of: serial, ...kept });
  meter.recallRelay(memory.ownRelay(serial));
  meter.onRelay = (kept) => memory.keep({ kind: "meter", of: serial, ...kept });
}
