import { intervalsPerEntry } from "../bodies.ts";
import { lateMs, quarterMs } from "../counters.ts";
import type { EdgeStore } from "./edge-store.ts";
import type { ModuleBlocks } from "./module-blocks.ts";

/** Counters of inputs become intervals in the journal, as often as the configuration wants. */
export class Sealing {
  readonly #store: EdgeStore;
  readonly #blocks: ModuleBlocks;
  #sealedMs = 0;

  constructor(store: EdgeStore, blocks: ModuleBlocks) {
    this.#store = store;
    this.#blocks = blocks;
  }

  /** Seals when it is time; a clock that was put back is no reason to wait. */
  whenDue(): void {
    const now = this.#store.clock.now();
    const everyMs = this.#store.config.schedule.sealEverySeconds * 1000;
    if (now - this.#sealedMs >= everyMs || now < this.#sealedMs) this.seal();
  }

  seal(): void {
    const { clock, counters, devices, waitsForTime } = this.#store;
    if (waitsForTime) return;
    // The border that was read a moment ago belongs to this hour as well.
    if (clock.now() % quarterMs < lateMs / 5 && this.#sealedMs !== 0) return;
    this.#sealedMs = clock.now();
    for (const logicalDevice of counters.devices()) {
      const device = devices.find(logicalDevice);
      const { whPerPulse } = devices.settings(logicalDevice);
      if (!device || whPerPulse === undefined) continue;
      const constant = this.#blocks.constantOf(device, whPerPulse);
      // An entry holds four days at most.
      while (counters.seal(logicalDevice, constant) >= intervalsPerEntry / 2);
    }
  }
}
