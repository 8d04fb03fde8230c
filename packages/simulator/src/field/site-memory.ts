import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { WrittenKept } from "../dlms/meter-device.ts";
import type { ClockKept, RelayKept } from "../meter/virtual-meter.ts";
import type { RingState } from "./event-ring.ts";
import type { FieldClockState } from "./field-clock.ts";
import type { GivenName } from "./module-state.ts";
import type { SupplyState } from "./supply-unit.ts";

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

/** How a module is set: its clock, its short address, and the constants and names of its inputs as they were written last. */
export interface ModuleSet {
  readonly clock: FieldClockState;
  readonly clockSet: boolean;
  readonly shortAddress: string;
  readonly energyPerPulseWh: readonly string[];
  /** By input; `null` where none was written. Absent in older files. */
  readonly names?: readonly (GivenName | null)[];
}

/** A supply unit: its clock, mains and battery, and the ring of its events. Its outputs are on whenever it begins. */
export type SupplyKept = Omit<SupplyState, "outputs" | "restarted">;

/** By the serial number of a meter with a line of its own, of one behind the relay of a module, of a module, or of a supply unit. */
type Kept = { readonly of: string } & (
  | ({ readonly kind: "meter" } & RelayKept)
  | ({ readonly kind: "module" } & ModuleRelay)
  | ({ readonly kind: "told" } & ModuleTold)
  | ({ readonly kind: "clock" } & ClockKept)
  | ({ readonly kind: "written" } & WrittenKept)
  | ({ readonly kind: "set" } & ModuleSet)
  | ({ readonly kind: "supply" } & SupplyKept)
);

/**
 * What people did to one site, in the folder of its simulator: how relays were moved and clocks set, what was written to its meters, what its modules and its supply
 * unit tell and how they are set. It is no function of the seed and has to outlive the process as the contacts would. A line is written with each change; without
 * a file it is in memory.
 */
export class SiteMemory {
  readonly #file: string | undefined;
  readonly #happened: Kept[] = [];
  readonly #told = new Map<string, ModuleTold>();
  readonly #set = new Map<string, ModuleSet>();
  readonly #supplies = new Map<string, SupplyKept>();
  readonly #written = new Map<string, Map<string, string>>();

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

  /** How a supply unit was last. */
  supply(serial: string): SupplyKept | undefined {
    return this.#supplies.get(serial);
  }

  /** What a meter with a line of its own keeps, by the name of the place; empty where nobody wrote to it. */
  written(serial: string): ReadonlyMap<string, string> {
    return this.#written.get(serial) ?? new Map();
  }

  keep(kept: Kept): void {
    this.#take(kept);
    if (this.#file !== undefined) appendFileSync(this.#file, `${JSON.stringify(kept)}\n`);
  }

  #take(kept: Kept): void {
    if (kept.kind === "told") this.#told.set(kept.of, kept);
    else if (kept.kind === "set") this.#set.set(kept.of, kept);
    else if (kept.kind === "supply") this.#supplies.set(kept.of, kept);
    else if (kept.kind === "written") {
      const places = this.#written.get(kept.of) ?? new Map<string, string>();
      this.#written.set(kept.of, places.set(kept.name, kept.value));
    } else this.#happened.push(kept);
  }
}

/** Of the meters of a town that hang on no concentrator. */
export const directMemory = "direct";

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
