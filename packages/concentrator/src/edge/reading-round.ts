import { errorCode, type ReadRequest } from "@energsys/drivers";
import { lateMs, quarterMs } from "../counters.ts";
import type { Device } from "../edge.ts";
import type { LineOwner } from "../line.ts";
import type { ModuleBlock } from "../module-block.ts";
import type { DueTimes } from "./due.ts";
import type { EdgeLines } from "./edge-lines.ts";
import type { EdgeStore } from "./edge-store.ts";
import type { LineHealth } from "./line-health.ts";
import { readMeter } from "./meter-reader.ts";
import type { ModuleBlocks } from "./module-blocks.ts";
import type { Scan } from "./scan.ts";
import { hasSwitch, type Switching } from "./switching.ts";
import type { Timers } from "./timers.ts";

const minuteMs = 60_000;
/** So soon after a border a module that was not understood is read again. */
const readAgainMs = 10_000;
/** Failures that say nothing about the device that was to be read. */
const notTheDevice: ReadonlySet<string> = new Set(["line.broken", "line.closed", "read.cancelled"]);

export interface ReadingParts {
  readonly store: EdgeStore;
  readonly lines: EdgeLines;
  readonly timers: Timers;
  readonly due: DueTimes;
  readonly blocks: ModuleBlocks;
  readonly scan: Scan;
  readonly switching: Switching;
  readonly health: LineHealth;
}

/** What is read when: modules at the borders of quarter-hours, meters as they are due. */
export class ReadingRound {
  readonly #parts: ReadingParts;
  /** Reads under way, by line and address. */
  readonly #polls = new Map<string, Promise<void>>();

  constructor(parts: ReadingParts) {
    this.#parts = parts;
  }

  /**
   * A second after each border of a quarter-hour every module is read; one that was not understood is read again while what it says
   * still tells what stood at the border. A module that is missing, and one on a broken line, is asked once.
   */
  quarter(polledMs = this.#parts.store.clock.now()): void {
    const { store, lines, blocks, timers } = this.#parts;
    const now = store.clock.now();
    const border = Math.floor(now / quarterMs) * quarterMs;
    const fresh = border !== Math.floor(polledMs / quarterMs) * quarterMs;
    const unread = store.devices
      .all()
      .filter(({ kind, logicalDevice }) => kind === "module" && blocks.borderOf(logicalDevice) !== border);
    if (fresh) for (const device of unread) void this.#poll(device);
    const again =
      now - border > lateMs
        ? []
        : unread.filter(({ state, line }) => state !== "missing" && !lines.all.get(line)?.broken);
    if (!fresh) for (const device of again) void this.#poll(device, "again");
    const next = border + quarterMs + 1000 - now;
    // In steps, since the clock may be set in between.
    timers.after(Math.min(next, again.length > 0 ? readAgainMs : minuteMs), () => this.quarter(now));
  }

  /** Supply units, and meters with a line of their own as they are due. */
  minute(): void {
    const { devices, waitsForTime } = this.#parts.store;
    for (const device of devices.all()) {
      const meter = device.kind === "iec" || device.kind === "dlms";
      if (device.kind === "supply" || (meter && !waitsForTime)) void this.#poll(device);
    }
  }

  async everything(): Promise<void> {
    await Promise.all(
      this.#parts.store.devices.all().map(async (device) => {
        const key = `${device.line} ${device.address}`;
        // What is under way may have asked its meter before this was wanted: it is read once more.
        await this.#polls.get(key);
        this.#parts.due.forget(device.logicalDevice);
        await (this.#polls.get(key) ?? this.#poll(device));
      }),
    );
  }

  /**
   * Reads one device as the schedule wants it now; one job at a time for each. Failures count once for a border: how often it was read
   * `again` in vain says nothing more.
   */
  async #poll(device: Device, turn: "first" | "again" = "first"): Promise<void> {
    const { store, lines, due } = this.#parts;
    const key = `${device.line} ${device.address}`;
    if (store.readingStopped || device.kind === "input" || this.#polls.has(key)) return;
    if (device.state === "exchanged" || device.state === "removed") return;
    const line = lines.all.get(device.line);
    if (!line) return;
    const isMeter = device.kind === "iec" || device.kind === "dlms";
    const request = isMeter ? due.requestOf(device) : undefined;
    if (isMeter && !request) return;
    const reading = this.#read(device, line, request, turn).finally(() => this.#polls.delete(key));
    this.#polls.set(key, reading);
    await reading;
  }

  async #read(
    device: Device,
    line: LineOwner,
    request: ReadRequest | undefined,
    turn: "first" | "again",
  ): Promise<void> {
    const { store, scan, health } = this.#parts;
    try {
      if (request) await this.#readMeter(device, line, request);
      else await this.#readModule(device, line);
      health.answered(device, line);
    } catch (error) {
      const code = errorCode(error);
      store.log.debug({ device: device.name, code }, "not read");
      if (code === "identity.mismatch") await scan.at(line, device.address).catch(() => undefined);
      else if (turn === "first" && !notTheDevice.has(code)) {
        store.guarded(() => health.failed(device, line, code));
      }
    }
  }

  async #readMeter(device: Device, line: LineOwner, request: ReadRequest): Promise<void> {
    const { store, switching, due } = this.#parts;
    await line.run("schedule", (stream, signal) =>
      readMeter(store, device, line.config, stream, signal, request),
    );
    if (hasSwitch(device) && request.registers) await switching.readSwitch(device, line, "schedule");
    due.done(device, request);
  }

  async #readModule(device: Device, line: LineOwner): Promise<void> {
    const { lines, blocks } = this.#parts;
    const block = await lines.module(line, "schedule", (client) => client.read(device.address));
    const kept = blocks.keep(device.line, device.address, block);
    // The ring of a module forgets only what is in our store.
    if (kept && block.events.length > 0) await this.#acknowledge(line, device, block);
  }

  async #acknowledge(line: LineOwner, device: Device, block: ModuleBlock): Promise<void> {
    const { lines } = this.#parts;
    const last = Math.max(...block.events.map(({ sequence }) => sequence));
    await lines.module(line, "schedule", (client) =>
      client.program(device.address, lines.passwordOf(device), [
        { command: "W1", address: "0-0:99.98.0", value: String(last).padStart(10, "0") },
      ]),
    );
  }
}
