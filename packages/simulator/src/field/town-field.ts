import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as nextTurn, setTimeout as wait } from "node:timers/promises";
import {
  checkConfig,
  openCentre,
  type Past,
  type RunningConcentrator,
  silentLog,
  startConcentrator,
} from "@energsys/concentrator";
import type { Clock } from "@energsys/protocols";
import type { Logger } from "pino";
import { slotMs } from "../calendar.ts";
import { SimulatorError } from "../errors.ts";
import { type Inventory, writeInventory } from "../inventory.ts";
import { pacedClock } from "../links/paced-clock.ts";
import { openDirectMeters } from "../town/direct-meters.ts";
import { GridTown } from "../town/grid-town.ts";
import { booksOf, concentratorIdentity, concentratorsOf, type TownConcentrator } from "../town/town-books.ts";
import { directMemory, memoryFile, SiteMemory } from "./site-memory.ts";
import { buildTownSite, type TownSite } from "./town-site.ts";

export interface TownFieldOptions {
  /** Points with a customer, 1 to 50000; the balance meters come on top. */
  readonly points: number;
  readonly seed: number;
  /** Market day from which the registers count and the concentrators have a past. */
  readonly begin: string;
  readonly zone: string;
  /** The centre's listener. */
  readonly callIn: { readonly host: string; readonly port: number };
  /** First port of the direct meters; 0 = any free port for each. */
  readonly basePort: number;
  /** Where the concentrators keep their stores; absent: in memory, and what is not taken is lost with the process. */
  readonly folder?: string;
  readonly inventoryFile?: string;
  /** Concentrators call, and meters that call in, only when this file is there. */
  readonly callWhen?: string;
  /** Market day before which an exchanged meter stands in the inventory; later ones somebody has to accept. Absent: yesterday. */
  readonly enteredUntil?: string;
  /** The reading plan of the direct meters. */
  readonly everySeconds: number;
  readonly log?: Logger;
  readonly nowMs?: () => number;
}

export interface TownField {
  readonly town: GridTown;
  readonly inventory: Inventory;
  readonly direct: number;
  readonly concentrators: number;
  /** All concentrators run. */
  readonly running: Promise<void>;
  stop(): Promise<void>;
}

const host = "127.0.0.1";
/** Of the direct meters with the wrapper. */
const callInShare = 0.25;
/** Above so many concentrators the supply units speak by themselves less often: nobody looks at all of them. */
const manyConcentrators = 100;

/**
 * Starts a town whose households hang on concentrators, and whose large consumers and balance meters are read directly. Direct meters
 * listen, and the inventory is written, before it resolves; concentrators are started one after the other from then on.
 * @throws SimulatorError `simulator.port-used`, `simulator.port-denied`, `simulator.inventory-unwritable`
 */
export async function startTownField(options: TownFieldOptions): Promise<TownField> {
  const { points, seed, begin, zone, basePort, everySeconds, folder } = options;
  const nowMs = options.nowMs ?? Date.now;
  // Today's curve of each point is asked for every quarter of an hour.
  const town = new GridTown({ points, seed, begin, zone, daysKept: Math.max(4096, 2 * points) });
  const days = town.calendar.dayAt(nowMs()) - town.beginDay + 1;
  if (folder !== undefined) mkdirSync(folder, { recursive: true });
  const { callWhen } = options;
  let mayCall = callWhen === undefined;
  const { points: direct, lines } = await openDirectMeters(
    town,
    Math.max(90, days),
    {
      basePort,
      host,
      nowMs,
      mayCall: () => {
        mayCall ||= existsSync(callWhen!);
        return mayCall;
      },
      callIn: { ...options.callIn, share: callInShare },
    },
    folder === undefined ? undefined : new SiteMemory(memoryFile(folder, directMemory)),
  );
  const today = town.calendar.dayAt(nowMs());
  const enteredUntilMs =
    options.enteredUntil === undefined
      ? town.calendar.day(today - 1).startMs
      : town.calendar.day(dayOf(town, options.enteredUntil)).startMs;
  const inventory = booksOf(town, { host, ports: lines.ports, direct, everySeconds, days, enteredUntilMs });
  try {
    if (options.inventoryFile !== undefined) writeInventory(options.inventoryFile, inventory);
  } catch (error) {
    await lines.close();
    throw error;
  }
  const concentrators = concentratorsOf(town);
  const runner = new Runner(town, concentrators, options, pacedClock(nowMs));
  return {
    town,
    inventory,
    direct: direct.length,
    concentrators: concentrators.length,
    running: runner.start(),
    async stop() {
      await runner.stop();
      await lines.close();
    },
  };
}

const dayOf = ({ calendar }: GridTown, date: string): number =>
  calendar.dayAt(Temporal.PlainDate.from(date).toZonedDateTime(calendar.zone).epochMilliseconds);

/** Brings the concentrators of a town up, and down again. */
class Runner {
  readonly #town: GridTown;
  readonly #concentrators: readonly TownConcentrator[];
  readonly #options: TownFieldOptions;
  readonly #clock: Clock;
  readonly #log = silentLog();
  readonly #running: { readonly concentrator: RunningConcentrator; readonly site: TownSite }[] = [];
  #stopped = false;

  constructor(
    town: GridTown,
    concentrators: readonly TownConcentrator[],
    options: TownFieldOptions,
    clock: Clock,
  ) {
    this.#town = town;
    this.#concentrators = concentrators;
    this.#options = options;
    this.#clock = clock;
  }

  async start(): Promise<void> {
    const { callWhen, log } = this.#options;
    while (callWhen !== undefined && !existsSync(callWhen) && !this.#stopped) await wait(200);
    for (const concentrator of this.#concentrators) {
      // A turn of the loop for whoever runs already.
      await nextTurn();
      if (this.#stopped) return;
      await this.#startOne(concentrator);
    }
    log?.info({ concentrators: this.#running.length }, "concentrators run");
  }

  async #startOne(its: TownConcentrator): Promise<void> {
    const { zone, folder, callIn, seed } = this.#options;
    const clock = this.#clock;
    const many = this.#concentrators.length > manyConcentrators;
    const site = buildTownSite(this.#town, its, {
      clock,
      supplyEveryMs: many ? 300_000 : 10_000,
      modulesDrift: true,
      ...(folder !== undefined && {
        memory: new SiteMemory(memoryFile(folder, concentratorIdentity(seed, its.number))),
      }),
    });
    const given = {
      identity: site.identity,
      zone,
      clockTrusted: true,
      centre: { addresses: [`${callIn.host}:${callIn.port}`] },
      store: { path: folder === undefined ? ":memory:" : join(folder, `${site.identity}.sqlite`) },
      ...site.config,
      schedule: { profileBackDays: Math.max(1, this.#daysBack()) },
      secretsFile: "secrets.json",
    };
    const checked = checkConfig(given, ".", () => JSON.stringify(site.secrets));
    if (!checked.ok) {
      site.stop();
      throw new SimulatorError("simulator.option-invalid", checked.faults.join("; "));
    }
    const past = await this.#pastOf(site, checked.config.store.path);
    if (this.#stopped) return site.stop();
    const concentrator = await startConcentrator(checked.config, {
      clock,
      log: this.#log,
      random: Math.random,
      openLine: async ({ name }) => site.lines.get(name)!.master(),
      openCentre: (address) => openCentre(address, undefined, clock),
      ...(past && { past: () => past }),
      meanwhile: (devices, lastMs) => site.countsSince(devices, lastMs),
      store: { durability: "process" },
    });
    this.#running.push({ concentrator, site });
  }

  /** Of one whose store is new. A border that passes meanwhile has to be in it: its counters begin there. */
  async #pastOf(site: TownSite, path: string): Promise<Past | undefined> {
    if (path !== ":memory:" && existsSync(path)) return undefined;
    for (;;) {
      const quarter = Math.floor(this.#clock.now() / slotMs);
      const past = await site.gatherPast(nextTurn);
      if (Math.floor(this.#clock.now() / slotMs) === quarter) return past;
    }
  }

  #daysBack(): number {
    return this.#town.calendar.dayAt(this.#clock.now()) - this.#town.beginDay + 1;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const { concentrator, site } of this.#running) {
      await concentrator.stop();
      site.stop();
    }
  }
}
