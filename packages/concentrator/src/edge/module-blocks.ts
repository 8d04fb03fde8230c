import type { EpochMs } from "@energsys/protocols";
import { encodeEventsBody, intervalQuality } from "../bodies.ts";
import { indexOf, lateMs, type PulseConstant, quarterMs } from "../counters.ts";
import type { Device, ThroughAnswer } from "../edge.ts";
import { entryKinds } from "../journal.ts";
import { type ModuleBlock, type ModuleInput, moduleState } from "../module-block.ts";
import type { Clocks } from "./clocks.ts";
import type { DueTimes } from "./due.ts";
import type { EdgeStore } from "./edge-store.ts";
import type { Supply } from "./supply.ts";
import type { Switching } from "./switching.ts";

/** Events of modules and meters that are sent at once: supply, door, tamper and relay. */
const urgentCodes = new Set([
  0x1002, 0x1003, 0x1004, 0x1010, 0x1011, 0x1020, 0x1021, 0x1022, 0x1023, 0x1030, 0x1031, 0x1032,
]);

/** What modules and supply units say in their blocks. */
export class ModuleBlocks {
  readonly #store: EdgeStore;
  readonly #switching: Switching;
  readonly #supply: Supply;
  readonly #clocks: Clocks;
  readonly #due: DueTimes;
  /** The border at which a module was last read in time. */
  readonly #borders = new Map<number, EpochMs>();

  constructor(store: EdgeStore, switching: Switching, supply: Supply, clocks: Clocks, due: DueTimes) {
    this.#store = store;
    this.#switching = switching;
    this.#supply = supply;
    this.#clocks = clocks;
    this.#due = due;
  }

  /** The border of a quarter-hour at which a module was last read in time. */
  borderOf(logicalDevice: number): EpochMs | undefined {
    return this.#borders.get(logicalDevice);
  }

  /** Everything that a block says, in one transaction; `false` when there was no room for it. */
  keep(line: string, address: string, block: ModuleBlock): boolean {
    return this.#store.guarded(() => this.#take(line, address, block));
  }

  /** Topology, counters, events of the ring, relays that stand wrong. */
  #take(line: string, address: string, block: ModuleBlock): void {
    const { devices, clock, time, journal } = this.#store;
    const { device, changes } = devices.seen({
      name: `ENS${block.serial}`,
      kind: block.kind,
      model: block.model,
      line,
      address,
      module: 0,
      input: 0,
    });
    this.#store.tell(changes);
    const before = devices.settings(device.logicalDevice);
    const now = clock.now();
    if (block.clockMs !== undefined && (block.state & moduleState.clockNeverSet) === 0) {
      this.#clocks.heard(block.clockMs);
    }
    const meters = new Map<number, number>();
    const restarted = before.starts !== undefined && before.starts !== block.starts;
    const flags =
      (restarted ? intervalQuality.partial : 0) | (clock.reliable ? 0 : intervalQuality.clockNotReliable);
    for (const input of block.inputs) {
      if (input.state & 0x08) continue;
      meters.set(input.input, this.#takeInput(device, input, flags));
    }
    const fresh = block.events.filter(({ sequence }) => sequence > (before.ring ?? 0) || restarted);
    for (const { atMs, code, sequence, input } of fresh) {
      const logicalDevice = meters.get(input) ?? device.logicalDevice;
      const body = encodeEventsBody([{ atMs, code, sequence, detail: "" }], time);
      const entry = { logicalDevice, kind: entryKinds.events, body, fromMs: atMs };
      if (urgentCodes.has(code)) this.#store.appendUrgent(entry);
      else journal.append([entry]);
    }
    const ring = Math.max(before.ring ?? 0, ...block.events.map(({ sequence }) => sequence));
    devices.set(device.logicalDevice, { starts: block.starts, ring });
    if (now % quarterMs <= lateMs) this.#borders.set(device.logicalDevice, now - (now % quarterMs));
    if (block.kind === "supply") this.#supply.take(device, block);
  }

  #takeInput(module: Device, input: ModuleInput, flags: number): number {
    const { devices, counters, clock } = this.#store;
    const { device, changes } = devices.seen({
      name: input.name || `${module.name}-${input.input}`,
      kind: "input",
      model: "pulse",
      line: module.line,
      address: module.address,
      module: module.logicalDevice,
      input: input.input,
      ...(input.closed === undefined ? {} : { output: input.closed }),
    });
    this.#store.tell(changes);
    const { logicalDevice } = device;
    const before = devices.settings(logicalDevice);
    const now = clock.now();
    const constant = this.constantOf(device, input.whPerPulse);
    if (before.whPerPulse !== undefined && before.whPerPulse !== input.whPerPulse) {
      // What was counted so far was counted by the old constant.
      counters.seal(logicalDevice, this.constantOf(device, before.whPerPulse));
    }
    devices.set(logicalDevice, {
      whPerPulse: input.whPerPulse,
      count: input.count,
      ...(input.closed === undefined ? {} : { output: input.closed }),
    });
    const doubtful = input.state & 0x06 ? intervalQuality.doubtful : 0;
    counters.keep([{ logicalDevice, readMs: now, count: input.count, flags: flags | doubtful }]);
    if (this.#due.takeRegister(logicalDevice)) {
      counters.register(logicalDevice, now, input.count, constant, !clock.reliable);
    }
    if (input.closed === true) this.#switching.assertOpen(device);
    return logicalDevice;
  }

  /** What an input shows at this moment, as an answer to somebody who asked for it. */
  answerOf(device: Device, block: ModuleBlock, wantsRegisters: boolean): ThroughAnswer {
    const input = block.inputs.find((other) => other.input === device.input);
    const value = input && indexOf(input.count, this.constantOf(device, input.whPerPulse));
    const measuredAtMs = this.#store.clock.now();
    return {
      registers:
        value && wantsRegisters ? [{ obis: "1-0:1.8.0*255", measuredAtMs, value, unit: "Wh", flags: 0 }] : [],
      ...(block.clockMs === undefined ? {} : { deviceMs: block.clockMs }),
      ...(input?.closed === undefined ? {} : { output: input.closed }),
    };
  }

  /** What a pulse is worth, and with what the register of its meter began. */
  constantOf(device: Device, whPerPulse: string): PulseConstant {
    const { meters } = this.#store.config;
    // By its place only where nobody entered a name: another meter in the same place has another register.
    const unnamed = device.name === `${this.#store.devices.find(device.module)?.name}-${device.input}`;
    const given =
      meters.find(({ name }) => name === device.name) ??
      (unnamed
        ? meters.findLast(
            ({ line, address, input }) =>
              line === device.line && address === device.address && input === device.input,
          )
        : undefined);
    return {
      whPerPulse: whPerPulse || "1",
      indexStartWh: given?.indexStartWh ?? "0",
      counterStart: given?.counterStart ?? 0,
    };
  }
}
