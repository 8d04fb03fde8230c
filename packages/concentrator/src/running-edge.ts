import type { ConcentratorConfig } from "./config.ts";
import { Clocks } from "./edge/clocks.ts";
import { DueTimes } from "./edge/due.ts";
import { EdgeLines } from "./edge/edge-lines.ts";
import { EdgeStore } from "./edge/edge-store.ts";
import { LineHealth } from "./edge/line-health.ts";
import { ModuleBlocks } from "./edge/module-blocks.ts";
import { ReadThrough } from "./edge/read-through.ts";
import { ReadingRound } from "./edge/reading-round.ts";
import { Scan } from "./edge/scan.ts";
import { Sealing } from "./edge/sealing.ts";
import { Supply } from "./edge/supply.ts";
import { Switching } from "./edge/switching.ts";
import { Timers } from "./edge/timers.ts";
import type {
  ConcentratorOptions,
  Device,
  Edge,
  EdgeState,
  OrderKind,
  OrderOutcome,
  ThroughAnswer,
  ThroughRequest,
} from "./edge.ts";
import { firmwareVersion } from "./firmware.ts";
import type { JournalEntry } from "./journal.ts";
import { OwnClock } from "./own-clock.ts";

const minuteMs = 60_000;
const dayMs = 86_400_000;

/** A concentrator without its serving side: store, lines, schedule, scan, orders, supply. */
export class RunningEdge implements Edge {
  readonly config: ConcentratorConfig;
  readonly clock: OwnClock;
  readonly firmware: string;
  readonly #store: EdgeStore;
  readonly #timers: Timers;
  readonly #lines: EdgeLines;
  readonly #supply: Supply;
  readonly #switching: Switching;
  readonly #clocks: Clocks;
  readonly #blocks: ModuleBlocks;
  readonly #scan: Scan;
  readonly #round: ReadingRound;
  readonly #through: ReadThrough;
  readonly #sealing: Sealing;

  /** @throws ConcentratorError `concentrator.store` */
  constructor(config: ConcentratorConfig, options: ConcentratorOptions) {
    this.config = config;
    this.firmware = options.firmware ?? firmwareVersion;
    this.clock = new OwnClock(options.clock, config.clockTrusted);
    const store = new EdgeStore(config, this.clock, options);
    const timers = new Timers(this.clock);
    const lines = new EdgeLines(store, options);
    const health = new LineHealth(store);
    const due = new DueTimes(store);
    const supply = new Supply(store, lines, timers, options.onShutdown);
    const switching = new Switching(store, lines, timers);
    const clocks = new Clocks(store, lines, due);
    const blocks = new ModuleBlocks(store, switching, supply, clocks, due);
    const scan = new Scan(store, lines, health, blocks);
    this.#store = store;
    this.#timers = timers;
    this.#lines = lines;
    this.#supply = supply;
    this.#switching = switching;
    this.#clocks = clocks;
    this.#blocks = blocks;
    this.#scan = scan;
    this.#round = new ReadingRound({ store, lines, timers, due, blocks, scan, switching, health });
    this.#through = new ReadThrough(store, lines, blocks, switching);
    this.#sealing = new Sealing(store, blocks);
  }

  get time() {
    return this.#store.time;
  }

  get journal() {
    return this.#store.journal;
  }

  get log() {
    return this.#store.log;
  }

  /** Begins: what is known is read, the lines are scanned, orders that stayed open are carried out. */
  start(): void {
    this.#lines.listen((line, block) => this.#blocks.keep(line, "", block));
    void this.scan().catch(() => undefined);
    this.#minute();
    this.#round.quarter();
    this.#timers.every(this.config.schedule.scanEverySeconds, () => this.scan());
    this.#timers.every(this.config.schedule.clocksEverySeconds, () => this.setClocks());
  }

  #minute(): void {
    // By itself: what is said of the room must not go with a write that found none.
    this.#store.guarded(() => this.#store.watchRoom());
    this.#store.guarded(() => this.#housekeep());
    this.#timers.after(minuteMs, () => this.#minute());
  }

  #housekeep(): void {
    this.#clocks.setFromModules();
    this.journal.dropTaken(this.clock.now() - this.config.store.keepDays * dayMs);
    if (this.#store.readingStopped) return;
    this.#switching.carryOutOpen();
    this.#sealing.whenDue();
    this.#round.minute();
  }

  devices(): readonly Device[] {
    return this.#store.devices.all();
  }

  findDevice(logicalDevice: number): Device | undefined {
    return this.#store.devices.find(logicalDevice);
  }

  lines() {
    return [...this.#lines.all.values()].map((line) => ({
      name: line.config.name,
      broken: line.broken,
      waiting: line.waiting,
    }));
  }

  state(): EdgeState {
    const { newest, taken, oldest } = this.journal;
    const { bytes, daysLeft } = this.#store.room();
    return {
      supply: this.#supply.state,
      batteryPercent: this.#supply.batteryPercent,
      storeDaysLeft: daysLeft,
      storeBytes: bytes,
      notTaken: newest - Math.max(taken, oldest - 1),
      starts: this.#store.starts,
      lastStartMs: this.#store.startedMs,
      readingStopped: this.#store.readingStopped,
    };
  }

  recordEvent(code: number, detail: string): void {
    this.#store.recordEvent(code, detail);
  }

  onUrgent(listener: (entries: readonly JournalEntry[]) => void): void {
    this.#store.onUrgent(listener);
  }

  giveOrder(logicalDevice: number, kind: OrderKind): Promise<OrderOutcome> {
    return this.#switching.give(logicalDevice, kind);
  }

  readThrough(logicalDevice: number, request: ThroughRequest): Promise<ThroughAnswer> {
    return this.#through.read(logicalDevice, request);
  }

  passApdu(logicalDevice: number, apdu: Uint8Array): Promise<Uint8Array> {
    return this.#through.pass(logicalDevice, apdu);
  }

  async scan(): Promise<void> {
    await this.#scan.everywhere();
    this.#clocks.setFromModules();
  }

  async readEverything(): Promise<void> {
    await this.#round.everything();
    this.#sealing.seal();
  }

  setClocks(): Promise<void> {
    return this.#clocks.setAll();
  }

  async stop(why: "ordered" | "supply" | "configuration" = "ordered"): Promise<void> {
    if (this.#store.stopped) return;
    this.#timers.stop();
    this.#lines.close();
    this.#store.stop(why);
  }
}
