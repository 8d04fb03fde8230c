import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  allowDevices,
  type Database,
  findMessage,
  type Inventory,
  importGroups,
  importInventory,
  type KeyRing,
  notify,
  sql,
} from "@energsys/store";
import { findFreePorts } from "./free-ports.ts";
import { KeptProcess } from "./keep-running.ts";
import { fitSampleNetwork, giveSampleModems } from "./sample-fittings.ts";
import { giveSampleTariffs } from "./sample-tariffs.ts";

export interface SampleSize {
  readonly points: number;
  readonly seed: number;
  /** Past days that the town has when it is started first. */
  readonly days: number;
}

/** Zone of market days where nothing else is set. */
const usualZone = "Europe/Bucharest";
/** One point in fifteen is read directly at most, balance meters included. */
const directShareMax = 1 / 15;
const directMin = 64;

interface SampleOptions {
  readonly db: Database;
  /** Seals the secrets of the inventory's devices. */
  readonly keyRing: KeyRing;
  readonly folder: string;
  /** Where concentrators, and meters that call in, find the head-end. */
  readonly callIn: string;
  readonly sample: SampleSize;
  readonly environment: Readonly<Record<string, string>>;
  say(line: string): void;
}

/** Often enough that a newcomer sees the town being read. */
const planEverySeconds = 60;

/** `begin`: the market day on which its registers began; a sample network of an earlier version has none. */
type SampleState = SampleSize & {
  state: "starting" | "running" | "failed";
  begin?: string;
  error?: string;
};

/**
 * The simulated town: started when somebody asks for it on the screen, or by `energsys demo`. The rest of the system
 * sees an inventory like any other and devices at addresses.
 */
export class SampleNetwork {
  readonly #options: SampleOptions;
  #process: KeptProcess | undefined;
  #started: Promise<void> | undefined;

  constructor(options: SampleOptions) {
    this.#options = options;
  }

  /** Waits for the request that the server passes on. */
  async listen(): Promise<void> {
    await this.#options.db.listen("energsys_supervisor", (payload) => {
      if (findMessage<"energsys_supervisor">(payload)?.type !== "sample-network") return;
      this.start().catch((error: Error) => this.#options.say(`sample network failed: ${error.message}`));
    });
  }

  /** Starts the town that ran here before, with its own size and seed: its meters are in the database. */
  async startEarlier(): Promise<void> {
    const { rows } = await this.#options.db.query<{ value: SampleState }>(
      sql`select value from setting where name = 'sample-network'`,
    );
    const earlier = rows[0]?.value;
    if (!earlier || earlier.state === "failed") return;
    if (earlier.begin === undefined) {
      this.#options.say("field      the sample network is of an earlier version and is not started again");
      return;
    }
    await this.start(earlier, earlier.begin);
  }

  /** Asked twice, it starts once. `begin` is that of the town which ran here before. */
  start(size: SampleSize = this.#options.sample, begin?: string): Promise<void> {
    this.#started ??= this.#start(size, begin).catch((error) => {
      this.#started = undefined;
      throw error;
    });
    return this.#started;
  }

  async #start({ points, seed, days }: SampleSize, earlierBegin: string | undefined): Promise<void> {
    const { folder, callIn, environment, keyRing, db, say } = this.#options;
    const begin = earlierBegin ?? daysAgo(days, process.env.ENERGSYS_ZONE || usualZone);
    const sample = { points, seed, days, begin };
    await this.#record({ state: "starting", ...sample });
    const inventoryFile = join(folder, "sample-network.json");
    const takenFile = join(folder, "sample-network.taken");
    const concentrators = join(folder, "concentrators");
    await rm(takenFile, { force: true });
    // Their stores belong to the network that is in the database.
    if (earlierBegin === undefined) await rm(concentrators, { recursive: true, force: true });
    const args = Object.entries({
      points,
      seed,
      begin,
      "plan-every": planEverySeconds,
      // Of what was exchanged on the last days before the network was started first, nobody has entered anything yet.
      "entered-until": Temporal.PlainDate.from(begin)
        .add({ days: Math.max(0, days - 1) })
        .toString(),
      "base-port": await findFreePorts(Math.max(directMin, Math.ceil(points * directShareMax))),
      "call-in": callIn,
      "call-when": takenFile,
      folder: concentrators,
      inventory: inventoryFile,
    }).flatMap(([name, value]) => [`--${name}`, String(value)]);
    this.#process = new KeptProcess(
      {
        name: "simulator",
        main: "@energsys/simulator/main",
        args: ["town", ...args],
        environment,
        logFile: join(folder, "log", "simulator.log"),
      },
      say,
    );
    try {
      const ready = await this.#process.start();
      const inventory = JSON.parse(await readFile(inventoryFile, "utf8")) as Inventory;
      // The town's direct meters are on this machine, where otherwise no device is dialled.
      await allowDevices(db, "127.0.0.1/32");
      await importInventory(db, inventory, { keyRing });
      const fromMs = Date.UTC(Number(begin.slice(0, 4)), 0, 1);
      await fitSampleNetwork(db, inventory.points, fromMs);
      await giveSampleModems(db, inventory.gateways ?? [], fromMs);
      if (inventory.groups) {
        await importGroups(db, inventory.groups);
        // From a new year's day on, so that each month which the town has is counted as a whole.
        const fromDay = `${begin.slice(0, 4)}-01-01`;
        await giveSampleTariffs(db, inventory.groups.classes ?? [], { fromDay, nowMs: Date.now() });
      }
      await writeFile(takenFile, "");
      await notify(db, "energsys_work", { type: "devices-changed" });
      await this.#record({ state: "running", ...sample });
      say(
        `field      ${points} points on ${ready.concentrators} concentrators, ${ready.direct} meters read directly, from ${begin} on`,
      );
    } catch (error) {
      await this.#record({ state: "failed", ...sample, error: (error as Error).message });
      await this.#process.stop();
      this.#process = undefined;
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.#process?.stop();
  }

  async #record(value: SampleState): Promise<void> {
    await this.#options.db.query(sql`
      insert into setting (name, value) values ('sample-network', ${JSON.stringify(value)}::jsonb)
      on conflict (name) do update set value = excluded.value, changed_at = now()`);
  }
}

function daysAgo(days: number, zone: string): string {
  return Temporal.Now.plainDateISO(zone).subtract({ days }).toString();
}
