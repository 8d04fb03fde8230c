import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  allowDevices,
  type Database,
  findMessage,
  type Inventory,
  importInventory,
  type KeyRing,
  notify,
  sql,
} from "@energsys/store";
import { findFreePorts } from "./free-ports.ts";
import { KeptProcess } from "./keep-running.ts";

export interface SampleSize {
  readonly points: number;
  readonly seed: number;
  /** Days of history that the virtual meters hold. */
  readonly days: number;
}

interface SampleOptions {
  readonly db: Database;
  /** Seals the secrets of the inventory's devices. */
  readonly keyRing: KeyRing;
  readonly folder: string;
  /** Where those of the virtual meters that call in find the head-end. */
  readonly callIn: string;
  readonly sample: SampleSize;
  readonly environment: Readonly<Record<string, string>>;
  say(line: string): void;
}

/** Often enough that a newcomer sees the town being read. */
const planEverySeconds = 60;

type SampleState = SampleSize & { state: "starting" | "running" | "failed"; error?: string };

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
    if (earlier && earlier.state !== "failed") await this.start(earlier);
  }

  /** Asked twice, it starts once. */
  start(size: SampleSize = this.#options.sample): Promise<void> {
    this.#started ??= this.#start(size).catch((error) => {
      this.#started = undefined;
      throw error;
    });
    return this.#started;
  }

  async #start({ points, seed, days }: SampleSize): Promise<void> {
    const { folder, callIn, environment, keyRing, db, say } = this.#options;
    const sample = { points, seed, days };
    await this.#record({ state: "starting", ...sample });
    const inventoryFile = join(folder, "sample-network.json");
    const args = Object.entries({
      ...sample,
      "plan-every": planEverySeconds,
      "base-port": await findFreePorts(points),
      "call-in": callIn,
      inventory: inventoryFile,
    }).flatMap(([name, value]) => [`--${name}`, String(value)]);
    this.#process = new KeptProcess(
      {
        name: "simulator",
        main: "@energsys/simulator/main",
        args,
        environment,
        logFile: join(folder, "log", "simulator.log"),
      },
      say,
    );
    try {
      await this.#process.start();
      const inventory = JSON.parse(await readFile(inventoryFile, "utf8")) as Inventory;
      // The town's meters are on this machine, where otherwise no device is dialled.
      await allowDevices(db, "127.0.0.1/32");
      await importInventory(db, inventory, { keyRing });
      await notify(db, "energsys_work", { type: "devices-changed" });
      await this.#record({ state: "running", ...sample });
      say(`field      ${points} virtual meters with ${days} days of history`);
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
