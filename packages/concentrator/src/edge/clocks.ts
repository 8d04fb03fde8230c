import { errorCode } from "@energsys/drivers";
import type { EpochMs } from "@energsys/protocols";
import { intervalQuality } from "../bodies.ts";
import type { Device } from "../edge.ts";
import { setDlmsClock, setIecClock } from "../meter-clock.ts";
import { moduleState } from "../module-block.ts";
import type { DueTimes } from "./due.ts";
import type { EdgeLines } from "./edge-lines.ts";
import type { EdgeStore } from "./edge-store.ts";
import { meterOnLine } from "./meter-on-line.ts";

/** A module's clock that is off by more is set. */
const toleranceMs = 5000;
/** A deviation of our own clock from the modules' that is worth an event. */
const notableMs = 2000;

/** Our own clock by those of the modules, until somebody better sets it; theirs and those of the meters by ours. */
export class Clocks {
  readonly #store: EdgeStore;
  readonly #lines: EdgeLines;
  readonly #votes: number[] = [];

  constructor(store: EdgeStore, lines: EdgeLines, due: DueTimes) {
    this.#store = store;
    this.#lines = lines;
    store.clock.onSet(({ beforeMs, afterMs, source, first }) => {
      const shiftMs = afterMs - beforeMs;
      const notable = Math.abs(shiftMs) > notableMs;
      if (!first && !notable) return;
      store.guarded(() => {
        store.counters.restamp(shiftMs, notable ? intervalQuality.clockSet : 0);
        due.clear();
        store.recordEvent(0x0003, `${(shiftMs / 1000).toFixed(1)} s by ${source}`);
      });
    });
  }

  /** A module that knows the time says what it is. */
  heard(moduleMs: EpochMs): void {
    if (!this.#store.clock.reliable) this.#votes.push(moduleMs - this.#store.clock.now());
  }

  /** The clock of the modules, by their median, when nobody better has set ours. */
  setFromModules(): void {
    const { clock } = this.#store;
    if (clock.reliable || this.#votes.length === 0) return;
    const sorted = this.#votes.toSorted((a, b) => a - b);
    const median = sorted[Math.floor(sorted.length / 2)]!;
    this.#votes.length = 0;
    clock.set(clock.now() + (Math.abs(median) > notableMs ? median : 0), "module");
  }

  /** Sets those that are off, one after the other. */
  async setAll(): Promise<void> {
    if (!this.#store.clock.reliable) return;
    const there = this.#store.devices
      .all()
      .filter(
        ({ kind, state }) =>
          kind !== "input" && state !== "missing" && state !== "exchanged" && state !== "removed",
      );
    for (const device of there) {
      const isMeter = device.kind === "iec" || device.kind === "dlms";
      const work = isMeter ? this.#setMeter(device) : this.#setModule(device);
      await work.catch((error: unknown) =>
        this.#store.log.info({ device: device.name, code: errorCode(error) }, "clock not set"),
      );
    }
  }

  async #setModule(device: Device): Promise<void> {
    const { clock, time } = this.#store;
    const line = this.#lines.of(device);
    const block = await this.#lines.module(line, "schedule", (client) => client.read(device.address));
    const off =
      block.clockMs === undefined ? Number.POSITIVE_INFINITY : Math.abs(block.clockMs - clock.now());
    if (off <= toleranceMs && (block.state & moduleState.clockNeverSet) === 0) return;
    await this.#lines.module(line, "schedule", (client) =>
      client.program(device.address, this.#lines.passwordOf(device), [
        { command: "W1", address: "0-0:1.0.0", value: time.moduleStamp(clock.now()) },
      ]),
    );
  }

  /** The clock of a meter that has one and lets it be set. */
  async #setMeter(device: Device): Promise<void> {
    const { log, time } = this.#store;
    const line = this.#lines.of(device);
    const { offMs, set, error } = await line.run("schedule", (stream, signal) => {
      const meter = meterOnLine(this.#store, device, line.config, stream, signal);
      return device.kind === "dlms"
        ? setDlmsClock(meter, toleranceMs)
        : setIecClock(meter, toleranceMs, (ms) => time.zonedStamp(ms));
    });
    if (set) log.info({ device: device.name, offMs }, "clock of a meter set");
    else if (error) log.warn({ device: device.name, offMs, error }, "clock of a meter not set");
  }
}
