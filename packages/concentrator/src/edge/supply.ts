import { errorCode } from "@energsys/drivers";
import type { Device, SupplyState } from "../edge.ts";
import { type ModuleBlock, moduleState } from "../module-block.ts";
import type { EdgeLines } from "./edge-lines.ts";
import type { EdgeStore } from "./edge-store.ts";
import type { Timers } from "./timers.ts";

const batteryLowPercent = 20;
const shutDownAgainMs = 5000;

/** What the supply unit says: mains, battery, and the shutdown that is announced before it cuts the supply. */
export class Supply {
  readonly #store: EdgeStore;
  readonly #lines: EdgeLines;
  readonly #timers: Timers;
  readonly #onShutdown: (() => void) | undefined;
  #state: SupplyState = "unknown";
  #batteryPercent = 0;

  constructor(store: EdgeStore, lines: EdgeLines, timers: Timers, onShutdown: (() => void) | undefined) {
    this.#store = store;
    this.#lines = lines;
    this.#timers = timers;
    this.#onShutdown = onShutdown;
  }

  get state(): SupplyState {
    return this.#state;
  }

  get batteryPercent(): number {
    return this.#batteryPercent;
  }

  take(device: Device, block: ModuleBlock): void {
    this.#batteryPercent = block.chargePercent;
    if (this.#state === "stopping") return;
    const backup = (block.state & moduleState.onBattery) !== 0;
    const low =
      backup && ((block.state & moduleState.batteryLow) !== 0 || block.chargePercent <= batteryLowPercent);
    const next: SupplyState = low ? "low" : backup ? "backup" : "mains";
    const before = this.#state;
    if (next === before) return;
    this.#state = next;
    const charge = `${block.chargePercent} %`;
    if (backup && before !== "backup" && before !== "low") {
      this.#store.recordEvent(0x0101, "");
      this.#store.recordEvent(0x0103, charge);
    }
    if (next === "mains" && before !== "unknown") this.#store.recordEvent(0x0102, charge);
    if (!low) return;
    this.#store.recordEvent(0x0104, charge);
    this.#store.recordEvent(0x0105, charge);
    this.#state = "stopping";
    this.#timers.after(0, () => void this.#shutDown(device));
  }

  /** The announced shutdown: the unit cuts its outputs ten seconds after the command. */
  async #shutDown(device: Device): Promise<void> {
    const line = this.#lines.of(device);
    try {
      await this.#lines.module(line, "order", (client) =>
        client.program(device.address, this.#lines.passwordOf(device), [
          { command: "W1", address: "0-0:96.3.2", value: "00" },
        ]),
      );
      this.#onShutdown?.();
    } catch (error) {
      this.#store.log.error({ code: errorCode(error) }, "the supply unit did not take the shutdown");
      this.#timers.after(shutDownAgainMs, () => void this.#shutDown(device));
    }
  }
}
