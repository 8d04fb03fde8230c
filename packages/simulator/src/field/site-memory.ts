import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ClockKept, RelayKept } from "../meter/virtual-meter.ts";
import type { RingState } from "./event-ring.ts";
import type { FieldClockState } from "./field-clock.ts";

/** The relay of a module in front of a meter was ordered or moved, at a true instant. */
export interface ModuleRelay {
  readonly atMs: number;
  readonly relay: "open" | "closed";
  readonly ordered: "open" | "closed";
}

/** What a module tells: the ring of its events, and how its doors stand. */
export interface ModuleTold {
  readonly ring: RingState;
  readonly doorsClosed: readonly [boolean, boolean];
}

/** How a module is set: its clock, its short address, and the constants of its inputs as they were written last. */
export interface ModuleSet {
  readonly clock: FieldClockState;
  readonly clockSet: boolean;
  readonly shortAddress: string;
  readonly energyPerPulseWh: readonly string[];
}

/** By the serial number of a meter with a relay of its own, of one behind the relay of a module, or of a module. */
type Kept = { readonly of: string } & (
  | ({ readonly kind: "meter" } & RelayKept)
  | ({ readonly kind: "module" } & ModuleRelay)
  | ({ readonly kind: "told" } & ModuleTold)
  | ({ readonly kind: "clock" } & ClockKept)
  | ({ readonly kind: "set" } & ModuleSet)
);

/**
 * What people did to one site, in the folder of its simulator: how relays were moved and clocks set, what its modules tell and how they are set. It is no function
 * of the seed and has to outlive the process as the contacts would. A line is written with each change; without a file it is in memory.
 */
export class SiteMemory {
  readonly #file: string | undefined;
  readonly #happened: Kept[] = [];
  readonly #told = new Map<string, ModuleTold>();
  readonly #set = new Map<string, ModuleSet>();

  constructor(file?: string) {
    this.#file = file;
    const text = file !== undefined && existsSync(file) ? readFileSync(file, "utf8") : "";
    for (const kept of text.split("\n").flatMap(parse)) this.#take(kept);
    // A process that was killed while it wrote has left a part of a line.
    if (file !== undefined && text !== "" && !text.endsWith("\n")) appendFileSync(file, "\n");
  }

  /** Of a meter with a relay of its own, in the order in which it happened. */
  ownRelay(serial: string): RelayKept[] {
    return this.#happened.flatMap((kept) => (kept.of === serial && kept.kind === "meter" ? [kept] : []));
  }

  /** Of the relay of a module in front of a meter, in order. */
  moduleRelay(serial: string): ModuleRelay[] {
    return this.#happened.flatMap((kept) => (kept.of === serial && kept.kind === "module" ? [kept] : []));
  }

  /** What a module told last. */
  told(serial: string): ModuleTold | undefined {
    return this.#told.get(serial);
  }

  /** Of the clock of a meter, in order. */
  clock(serial: string): ClockKept[] {
    return this.#happened.flatMap((kept) => (kept.of === serial && kept.kind === "clock" ? [kept] : []));
  }

  /** How a module was set last. */
  set(serial: string): ModuleSet | undefined {
    return this.#set.get(serial);
  }

  keep(kept: Kept): void {
    this.#take(kept);
    if (this.#file !== undefined) appendFileSync(this.#file, `${JSON.stringify(kept)}\n`);
  }

  #take(kept: Kept): void {
    if (kept.kind === "told") this.#told.set(kept.of, kept);
    else if (kept.kind === "set") this.#set.set(kept.of, kept);
    else this.#happened.push(kept);
  }
}

/** Beside the store of its concentrator. */
export const memoryFile = (folder: string, identity: string): string =>
  join(folder, `${identity}.memory.ndjson`);

function parse(line: string): Kept[] {
  try {
    return line === "" ? [] : [JSON.parse(line) as Kept];
  } catch {
    return [];
  }
}
