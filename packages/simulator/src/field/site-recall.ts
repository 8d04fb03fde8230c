import type { Clock } from "@energsys/protocols";
import type { VirtualMeter } from "../meter/virtual-meter.ts";
import type { GridTown } from "../town/grid-town.ts";
import type { TownConcentrator } from "../town/town-books.ts";
import type { ModuleState, NewInput } from "./module-state.ts";
import type { PulseMeter } from "./pulse-meter.ts";
import type { SiteMemory } from "./site-memory.ts";
import { pulsingOf, spokenOf } from "./site-meters.ts";

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

/** A module goes on with the numbers of its events, since a concentrator takes none a second time, and with its doors as they were. */
export function recallTold(state: ModuleState, serial: string, memory: SiteMemory): void {
  const told = memory.told(serial);
  if (!told) return;
  state.ring = structuredClone(told.ring);
  state.doorsClosed = [...told.doorsClosed];
}

/** What a module does whenever its state is to outlive it: relays that were ordered or moved are kept, and news of ring and doors. */
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
  return () => {
    const now = standing();
    for (const [index, { relay, relayOrdered: ordered = relay }] of state.inputs.entries()) {
      const meter = meterOf(index + 1);
      if (now[index] === known[index] || !meter || !relay || !ordered) continue;
      const of = meter.meter.description.serial;
      memory.keep({ kind: "module", of, atMs: clock.now(), relay, ordered });
    }
    known = now;
    if (ring === ringed()) return;
    ring = ringed();
    const { next, acknowledged, entries } = state.ring;
    // What the concentrator has taken over nobody asks for any more.
    const waiting = entries.filter(({ number }) => number > acknowledged);
    const doorsClosed = [...state.doorsClosed] as const;
    memory.keep({ kind: "told", of: serial, ring: { next, acknowledged, entries: waiting }, doorsClosed });
  };
}

/** A meter with a relay of its own stands as an earlier process left it, and what happens to it from now on is kept. */
export function followMeter(meter: VirtualMeter, memory: SiteMemory): void {
  const { serial } = meter.description;
  meter.recallRelay(memory.ownRelay(serial));
  meter.onRelay = (kept) => memory.keep({ kind: "meter", of: serial, ...kept });
}
