import { errorCode, type ReadRequest, readDevice, readLimits } from "@energsys/drivers";
import { findMeterModel } from "@energsys/metering/models";
import type { ByteStream, EpochMs } from "@energsys/protocols";
import { HdlcLink } from "@energsys/protocols/hdlc";
import { zoneOffset } from "@energsys/protocols/iec62056-21";
import { encodeEventsBody, intervalQuality, intervalsPerEntry } from "./bodies.ts";
import type { ConcentratorConfig, LineConfig } from "./config.ts";
import { Counters, indexOf, lateMs, type PulseConstant, quarterMs } from "./counters.ts";
import { Database } from "./database.ts";
import { type Change, Devices, eventCodes } from "./devices.ts";
import { type SwitchSeen, switchDlms } from "./dlms-switch.ts";
import type {
  ConcentratorOptions,
  Device,
  Edge,
  EdgeState,
  OrderKind,
  OrderOutcome,
  SupplyState,
  ThroughAnswer,
  ThroughRequest,
} from "./edge.ts";
import { ConcentratorError } from "./errors.ts";
import { firmwareVersion } from "./firmware.ts";
import { switchIec } from "./iec-switch.ts";
import { entryKinds, type JournalEntry, type NewEntry, SqliteJournal } from "./journal.ts";
import { StoredKeyCounters } from "./key-counters.ts";
import { LineOwner, type Priority } from "./line.ts";
import { setDlmsClock, setIecClock } from "./meter-clock.ts";
import { entriesOf, meterKeys, meterName, meterUrl } from "./meter-reading.ts";
import { findModuleBlock, type ModuleBlock, type ModuleInput, moduleState } from "./module-block.ts";
import { ModuleClient } from "./module-client.ts";
import { type OpenOrder, Orders } from "./orders.ts";
import { OwnClock } from "./own-clock.ts";
import { bringPast } from "./past.ts";
import { LocalTime } from "./zone.ts";

const minuteMs = 60_000;
const dayMs = 86_400_000;
const orderWaitMs = 30_000;
const passageIdleMs = 10_000;
/** Failed calls in a row until a device counts as missing, and until a line on which nobody answers counts as broken. */
const failuresMax = 3;
/** A module's clock that is off by more is set. */
const clockToleranceMs = 5000;
/** A deviation of our own clock from the modules' that is worth an event. */
const notableMs = 2000;
const batteryLowPercent = 20;
/** So soon after a border a module that was not understood is read again. */
const readAgainMs = 10_000;
/** Failures that say nothing about the device that was to be read. */
const notTheDevice: ReadonlySet<string> = new Set(["line.broken", "line.closed", "read.cancelled"]);
const modulePassword = "00000000";
/** Events of modules and meters that are sent at once: supply, door, tamper and relay. */
const urgentCodes = new Set([
  0x1002, 0x1003, 0x1004, 0x1010, 0x1011, 0x1020, 0x1021, 0x1022, 0x1023, 0x1030, 0x1031, 0x1032,
]);

/** A meter with a line of its own whose output can be asked for. */
const hasSwitch = ({ kind, model }: Device): boolean =>
  kind === "dlms" || (kind === "iec" && findMeterModel(model)?.programmed?.output !== undefined);
const switchOf = ({ kind }: Device) => (kind === "dlms" ? switchDlms : switchIec);

interface Due {
  registersMs: EpochMs;
  profilesMs: EpochMs;
  eventsMs: EpochMs;
}

/** A concentrator without its serving side: store, lines, schedule, scan, orders, supply. */
export class RunningEdge implements Edge {
  readonly config: ConcentratorConfig;
  readonly clock: OwnClock;
  readonly time: LocalTime;
  readonly journal: SqliteJournal;
  readonly firmware: string;
  readonly #database: Database;
  readonly #options: ConcentratorOptions;
  readonly #devices: Devices;
  readonly #keyCounters: StoredKeyCounters;
  readonly #counters: Counters;
  readonly #orders: Orders;
  readonly #lines: ReadonlyMap<string, LineOwner>;
  readonly #offset;
  readonly #timers = new Set<() => void>();
  readonly #urgent: ((entries: readonly JournalEntry[]) => void)[] = [];
  readonly #urgentNumbers = new Set<number>();
  /** The border at which a module was last read in time. */
  readonly #borders = new Map<number, EpochMs>();
  readonly #failures = new Map<number, number>();
  readonly #silent = new Map<string, Set<number>>();
  readonly #garbled = new Map<string, number>();
  readonly #due = new Map<number, Due>();
  readonly #carried = new Set<number>();
  /** Reads under way, by line and address. */
  readonly #polls = new Map<string, Promise<void>>();
  readonly #votes: number[] = [];
  readonly #passing = new Map<number, (apdu: Uint8Array) => Promise<Uint8Array>>();
  #supply: SupplyState = "unknown";
  #batteryPercent = 0;
  #readingStopped = false;
  #nearlyFull = false;
  #stopped = false;
  #sealedMs = 0;
  readonly #starts: number;
  readonly #startedMs: EpochMs;

  constructor(config: ConcentratorConfig, options: ConcentratorOptions) {
    this.config = config;
    this.#options = options;
    this.firmware = options.firmware ?? firmwareVersion;
    this.clock = new OwnClock(options.clock, config.clockTrusted);
    this.time = new LocalTime(config.zone);
    this.#offset = zoneOffset(config.zone);
    const { path, sizeMaxMiB } = config.store;
    this.#database = new Database({
      path,
      nowMs: this.clock.now(),
      ...(sizeMaxMiB === undefined ? {} : { sizeMaxMiB }),
      ...options.store,
    });
    this.#keyCounters = new StoredKeyCounters(this.#database);
    const now = () => this.clock.now();
    this.journal = new SqliteJournal(this.#database, this.time, now);
    this.#devices = new Devices(this.#database, this.journal, this.time, now);
    this.#counters = new Counters(this.#database, this.journal, this.time);
    this.#orders = new Orders(this.#database, this.journal, this.#devices, this.time, now);
    this.journal.onAppended((entries) => {
      const urgent = entries.filter(
        ({ number, logicalDevice, kind }) =>
          kind === entryKinds.events && (logicalDevice === 1 || this.#urgentNumbers.delete(number)),
      );
      if (urgent.length > 0) for (const listener of this.#urgent) listener(urgent);
    });
    this.#lines = new Map(
      config.lines.map((line) => [
        line.name,
        new LineOwner(line, options.clock, options.openLine, (broken, detail) =>
          this.#guarded(() => {
            this.log.warn({ line: line.name, detail }, broken ? "line broken" : "line back");
            this.recordEvent(broken ? 0x0307 : 0x0308, detail ? `${line.name}: ${detail}` : line.name);
          }),
        ),
      ]),
    );
    if (options.meanwhile && this.journal.newest > 0) {
      const counters = this.#counters;
      const readings = options.meanwhile(this.#devices.all(), (device) => counters.lastOf(device));
      this.#guarded(() => counters.keep(readings));
    } else if (options.past && this.journal.newest === 0) {
      const { journal } = this;
      bringPast(options.past(this.time), { journal, devices: this.#devices, counters: this.#counters });
    }
    this.#startedMs = this.clock.now();
    this.#starts = Number(this.#database.findState("starts") ?? 0) + 1;
    this.#guarded(() => {
      this.#database.setState("starts", String(this.#starts));
      if (this.#database.repaired !== undefined) this.recordEvent(0x0201, this.#database.repaired);
      const why = options.startedBecause ?? (this.#database.before === "crash" ? "after a crash" : "ordered");
      this.recordEvent(0x0001, why);
      if (!this.clock.reliable) this.recordEvent(0x0004, "not set since start");
    });
    this.clock.onSet((setting) => {
      const shiftMs = setting.afterMs - setting.beforeMs;
      if (setting.first || Math.abs(shiftMs) > notableMs) {
        const seconds = (shiftMs / 1000).toFixed(1);
        this.#guarded(() => {
          this.#counters.restamp(shiftMs, Math.abs(shiftMs) > notableMs ? intervalQuality.clockSet : 0);
          // What was due by the time before is due now.
          this.#due.clear();
          this.recordEvent(0x0003, `${seconds} s by ${setting.source}`);
        });
      }
    });
  }

  get log() {
    return this.#options.log;
  }

  /** Begins: what is known is read, the lines are scanned, orders that stayed open are carried out. */
  start(): void {
    for (const [name, line] of this.#lines) {
      if (!line.config.supply) continue;
      let text = new Uint8Array(0);
      line.onUnasked = (chunk) => {
        text = Uint8Array.from([...text, ...chunk.map((byte) => byte & 0x7f)].slice(-4096));
        const block = findModuleBlock(text, this.#offset);
        if (!block) return;
        text = new Uint8Array(0);
        this.#guarded(() => this.#takeBlock(name, "", block));
      };
      void line.listen();
    }
    void this.scan().catch(() => undefined);
    this.#minute();
    this.#quarter();
    this.#every(this.config.schedule.scanEverySeconds, () => this.scan());
    this.#every(this.config.schedule.clocksEverySeconds, () => this.setClocks());
  }

  devices(): readonly Device[] {
    return this.#devices.all();
  }

  findDevice(logicalDevice: number): Device | undefined {
    return this.#devices.find(logicalDevice);
  }

  lines() {
    return [...this.#lines.values()].map((line) => ({
      name: line.config.name,
      broken: line.broken,
      waiting: line.waiting,
    }));
  }

  state(): EdgeState {
    const { bytes, freeBytes, roomBytes } = this.#database.size();
    const days = Math.max(1 / 24, (this.clock.now() - this.#startedMs) / dayMs);
    const perDay = Math.max(1, (bytes - freeBytes) / Math.max(1, Math.min(days, this.config.store.keepDays)));
    return {
      supply: this.#supply,
      batteryPercent: this.#batteryPercent,
      storeDaysLeft: Math.min(0xffff, Math.floor(roomBytes / perDay)),
      storeBytes: bytes,
      notTaken: this.journal.newest - Math.max(this.journal.taken, this.journal.oldest - 1),
      starts: this.#starts,
      lastStartMs: this.#startedMs,
      readingStopped: this.#readingStopped,
    };
  }

  recordEvent(code: number, detail: string): void {
    const atMs = this.clock.now();
    const body = encodeEventsBody([{ atMs, code, sequence: 0, detail }], this.time, !this.clock.reliable);
    this.journal.append([{ logicalDevice: 1, kind: entryKinds.events, body }]);
  }

  onUrgent(listener: (entries: readonly JournalEntry[]) => void): void {
    this.#urgent.push(listener);
  }

  async giveOrder(logicalDevice: number, kind: OrderKind): Promise<OrderOutcome> {
    const device = this.#devices.find(logicalDevice);
    const gone = device?.state === "exchanged" || device?.state === "removed";
    if (gone || device?.output === undefined || !["input", "dlms", "iec"].includes(device.kind))
      throw new ConcentratorError("order.no-output");
    const order = this.#orders.write(logicalDevice, kind);
    const waiting = (detail: string): OrderOutcome => ({
      order: order.number,
      outcome: "waiting",
      output: this.#devices.find(logicalDevice)?.output,
      detail,
    });
    let cancel = () => {};
    const late = new Promise<OrderOutcome>((resolve) => {
      cancel = this.clock.after(orderWaitMs, () => resolve(waiting("no answer in time")));
    });
    const outcome = await Promise.race([this.#carryOut(order), late]);
    cancel();
    return outcome;
  }

  async readThrough(logicalDevice: number, request: ThroughRequest): Promise<ThroughAnswer> {
    const device = this.#known(logicalDevice);
    const line = this.#lineOf(device);
    if (device.kind === "input" || device.kind === "module" || device.kind === "supply") {
      const block = await this.#module(line, "through", (client) => client.read(device.address));
      this.#guarded(() => this.#takeBlock(device.line, device.address, block));
      const input = block.inputs.find((other) => other.input === device.input);
      const atMs = this.clock.now();
      const value = input && indexOf(input.count, this.#constant(device, input.whPerPulse));
      return {
        registers:
          value && request.registers
            ? [{ obis: "1-0:1.8.0*255", measuredAtMs: atMs, value, unit: "Wh", flags: 0 }]
            : [],
        ...(block.clockMs === undefined ? {} : { deviceMs: block.clockMs }),
        ...(input?.closed === undefined ? {} : { output: input.closed }),
      };
    }
    const reading = await line.run("through", (stream, signal) =>
      this.#readMeter(device, line.config, stream, signal, {
        ...(request.registers ? { registers: request.registers } : {}),
        ...(request.clock ? { clock: true } : {}),
      }),
    );
    const output =
      request.output && hasSwitch(device) ? await this.#readSwitch(device, line, "through") : undefined;
    return {
      registers: reading.registers,
      ...(reading.clock ? { deviceMs: reading.clock.deviceMs } : {}),
      ...(output === undefined ? {} : { output }),
    };
  }

  async passApdu(logicalDevice: number, apdu: Uint8Array): Promise<Uint8Array> {
    const device = this.#known(logicalDevice);
    if (device.kind !== "dlms") throw new ConcentratorError("device.no-dlms", device.name);
    const passing = this.#passing.get(logicalDevice) ?? (await this.#openPassage(device));
    return passing(apdu);
  }

  /**
   * An association spans several APDUs, so the meter's line is held for the caller until it has been silent for ten seconds; orders
   * on that line wait for no longer.
   */
  #openPassage(device: Device): Promise<(apdu: Uint8Array) => Promise<Uint8Array>> {
    const line = this.#lineOf(device);
    const url = meterUrl(line.config, device.address);
    if (url.protocol !== "dlms") throw new ConcentratorError("device.no-dlms", device.name);
    return new Promise((resolve, reject) => {
      const job = line.run("through", async (stream) => {
        const link = new HdlcLink(stream, this.clock, {
          client: url.client,
          server: url.server,
          responseTimeoutMs: readLimits.responseMs,
          closeStream: false,
          ...(url.physical === undefined ? {} : { physical: url.physical }),
          ...(url.addressBytes === undefined ? {} : { serverAddressBytes: url.addressBytes }),
        });
        await link.connect();
        await new Promise<void>((idle) => {
          let cancel = this.clock.after(passageIdleMs, idle);
          const exchange = async (apdu: Uint8Array) => {
            cancel();
            try {
              return await link.exchange(apdu);
            } catch (error) {
              idle();
              throw error;
            } finally {
              cancel = this.clock.after(passageIdleMs, idle);
            }
          };
          this.#passing.set(device.logicalDevice, exchange);
          resolve(exchange);
        });
        this.#passing.delete(device.logicalDevice);
        await link.close();
      });
      job.catch((error: unknown) => {
        this.#passing.delete(device.logicalDevice);
        reject(error);
      });
    });
  }

  /** Calls every address of the ranges and of the configuration, and tells what changed. */
  async scan(): Promise<void> {
    const jobs: Promise<unknown>[] = [];
    for (const [name, line] of this.#lines) {
      const given = this.config.meters.filter((meter) => meter.line === name).map(({ address }) => address);
      const known = this.devices()
        .filter((device) => device.line === name)
        .map(({ address }) => address);
      const addresses = line.config.supply ? [""] : [...new Set([...given, ...known, ...line.config.scan])];
      for (const address of addresses) {
        jobs.push(
          (line.config.kind === "dlms" ? this.#findDlms(line, address) : this.#findIec(line, address)).catch(
            (error: unknown) =>
              this.log.debug({ line: name, address, code: errorCode(error) }, "nobody there"),
          ),
        );
      }
    }
    await Promise.all(jobs);
    this.#setFromModules();
  }

  async readEverything(): Promise<void> {
    await Promise.all(
      this.devices().map(async (device) => {
        const key = `${device.line} ${device.address}`;
        // What is under way may have asked its meter before this was wanted: it is read once more.
        await this.#polls.get(key);
        this.#due.delete(device.logicalDevice);
        await (this.#polls.get(key) ?? this.#poll(device));
      }),
    );
    this.#seal();
  }

  async setClocks(): Promise<void> {
    if (!this.clock.reliable) return;
    const there = this.devices().filter(
      ({ kind, state }) =>
        kind !== "input" && state !== "missing" && state !== "exchanged" && state !== "removed",
    );
    for (const device of there) {
      const setting = device.kind === "iec" || device.kind === "dlms" ? "meter" : "module";
      const work = setting === "meter" ? this.#setMeterClock(device) : this.#setModuleClock(device);
      await work.catch((error: unknown) =>
        this.log.info({ device: device.name, code: errorCode(error) }, "clock not set"),
      );
    }
  }

  async stop(why: "ordered" | "supply" | "configuration" = "ordered"): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    for (const cancel of this.#timers) cancel();
    for (const line of this.#lines.values()) line.close();
    this.#guarded(() => {
      if (why === "ordered") this.recordEvent(0x0002, why);
    });
    this.#database.close();
  }

  // --- time -----------------------------------------------------------------------------------------------------

  #after(delayMs: number, action: () => void): void {
    const cancel = this.clock.after(delayMs, () => {
      this.#timers.delete(cancel);
      if (!this.#stopped) action();
    });
    this.#timers.add(cancel);
  }

  #every(seconds: number, action: () => Promise<void>): void {
    this.#after(seconds * 1000, () => {
      void action().catch(() => undefined);
      this.#every(seconds, action);
    });
  }

  /**
   * A second after each border of a quarter-hour every module is read; one that was not understood is read again while what it says
   * still tells what stood at the border. A module that is missing, and one on a broken line, is asked once.
   */
  #quarter(polledMs = this.clock.now()): void {
    const now = this.clock.now();
    const border = Math.floor(now / quarterMs) * quarterMs;
    const fresh = border !== Math.floor(polledMs / quarterMs) * quarterMs;
    const unread = this.devices().filter(
      ({ kind, logicalDevice }) => kind === "module" && this.#borders.get(logicalDevice) !== border,
    );
    if (fresh) for (const device of unread) void this.#poll(device);
    const again =
      now - border > lateMs
        ? []
        : unread.filter(({ state, line }) => state !== "missing" && !this.#lines.get(line)?.broken);
    if (!fresh) for (const device of again) void this.#poll(device, "again");
    const next = border + quarterMs + 1000 - now;
    // In steps, since the clock may be set in between.
    this.#after(Math.min(next, again.length > 0 ? readAgainMs : minuteMs), () => this.#quarter(now));
  }

  #minute(): void {
    // By itself: what is said of the room must not go with a write that found none.
    this.#guarded(() => this.#watchRoom());
    this.#guarded(() => this.#housekeep());
    this.#after(minuteMs, () => this.#minute());
  }

  #housekeep(): void {
    this.#setFromModules();
    this.journal.dropTaken(this.clock.now() - this.config.store.keepDays * dayMs);
    if (this.#readingStopped) return;
    for (const order of this.#orders.open()) void this.#carryOut(order);
    if (
      this.clock.now() - this.#sealedMs >= this.config.schedule.sealEverySeconds * 1000 ||
      this.clock.now() < this.#sealedMs
    ) {
      this.#seal();
    }
    for (const device of this.devices()) {
      const meter = device.kind === "iec" || device.kind === "dlms";
      if (device.kind === "supply" || (meter && !this.#waitsForTime)) void this.#poll(device);
    }
  }

  /**
   * Until the clock is reliable nothing is sealed and no register is written: a setting can still put the stamps of the one right, and the
   * other is read anew. After a day both are written with a mark.
   */
  get #waitsForTime(): boolean {
    return !this.clock.reliable && this.clock.now() - this.#startedMs < dayMs;
  }

  #seal(): void {
    if (this.#waitsForTime) return;
    // The border that was read a moment ago belongs to this hour as well.
    if (this.clock.now() % quarterMs < lateMs / 5 && this.#sealedMs !== 0) return;
    this.#sealedMs = this.clock.now();
    for (const logicalDevice of this.#counters.devices()) {
      const device = this.#devices.find(logicalDevice);
      const { whPerPulse } = this.#devices.settings(logicalDevice);
      if (!device || whPerPulse === undefined) continue;
      const constant = this.#constant(device, whPerPulse);
      // An entry holds four days at most.
      while (this.#counters.seal(logicalDevice, constant) >= intervalsPerEntry / 2);
    }
  }

  /** The clock of the modules, by their median, when nobody better has set ours. */
  #setFromModules(): void {
    if (this.clock.reliable || this.#votes.length === 0) return;
    const sorted = this.#votes.toSorted((a, b) => a - b);
    const median = sorted[Math.floor(sorted.length / 2)]!;
    this.#votes.length = 0;
    this.clock.set(this.clock.now() + (Math.abs(median) > notableMs ? median : 0), "module");
  }

  // --- store ----------------------------------------------------------------------------------------------------

  /** Writes; a full store first gives up what is taken, then stops the reading. */
  #guarded(work: () => void): boolean {
    try {
      this.journal.together(work);
      return true;
    } catch (error) {
      if (!(error instanceof ConcentratorError) || error.code !== "concentrator.store-full") {
        if (this.#stopped) return false;
        throw error;
      }
      try {
        if (this.journal.dropTaken(Number.MAX_SAFE_INTEGER) > 0) return this.#guarded(work);
      } catch {
        // Not even room to drop: the headroom below is for that.
      }
      this.#stopReading();
      return false;
    }
  }

  #stopReading(): void {
    if (this.#readingStopped) return;
    this.#readingStopped = true;
    this.#database.giveHeadroom();
    try {
      this.recordEvent(0x0203, `${this.journal.newest - this.journal.taken} entries are not taken`);
    } catch (error) {
      this.log.error({ code: errorCode(error) }, "the store is full");
    }
  }

  #watchRoom(): void {
    const { bytes, freeBytes, roomBytes } = this.#database.size();
    const used = bytes - freeBytes;
    if (this.#readingStopped) {
      let dropped = 0;
      for (let part = 1; part > 0 && dropped < 5000; dropped += part) {
        part = this.journal.dropTaken(Number.MAX_SAFE_INTEGER);
      }
      const room = this.#database.size().roomBytes;
      if (room < Math.max(65_536, 0.05 * used)) return;
      this.#database.takeHeadroom();
      this.#readingStopped = false;
      this.recordEvent(0x0204, `${Math.floor(Math.min(room, 1e12) / 1024)} KiB`);
    } else if (roomBytes < 0.1 * (used + roomBytes) && !this.#nearlyFull) {
      this.#nearlyFull = true;
      this.recordEvent(0x0202, `${Math.floor(roomBytes / 1024)} KiB left`);
    } else if (roomBytes > 0.2 * (used + roomBytes)) this.#nearlyFull = false;
  }

  // --- devices --------------------------------------------------------------------------------------------------

  #known(logicalDevice: number): Device {
    const device = this.#devices.find(logicalDevice);
    if (!device) throw new ConcentratorError("device.unknown", String(logicalDevice));
    return device;
  }

  #lineOf(device: Device): LineOwner {
    const line = this.#lines.get(device.line);
    if (!line) throw new ConcentratorError("line.broken", `no line ${device.line}`);
    return line;
  }

  #module<Result>(
    line: LineOwner,
    priority: Priority,
    work: (client: ModuleClient) => Promise<Result>,
  ): Promise<Result> {
    return line.run(priority, (stream) =>
      work(
        new ModuleClient(stream, {
          clock: this.clock,
          offset: this.#offset,
          baudRate: line.config.place.kind === "serial" ? line.config.place.baudRate : 9600,
          evenParity: line.config.evenParity,
        }),
      ),
    );
  }

  /**
   * Reads one device as the schedule wants it now; one job at a time for each. Failures count once for a border: how often it was read
   * `again` in vain says nothing more.
   */
  async #poll(device: Device, turn: "first" | "again" = "first"): Promise<void> {
    const key = `${device.line} ${device.address}`;
    if (this.#readingStopped || device.kind === "input" || this.#polls.has(key)) return;
    if (device.state === "exchanged" || device.state === "removed") return;
    const line = this.#lines.get(device.line);
    if (!line) return;
    const request = device.kind === "iec" || device.kind === "dlms" ? this.#dueOf(device) : undefined;
    if ((device.kind === "iec" || device.kind === "dlms") && !request) return;
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
    try {
      if (request) {
        await line.run("schedule", (stream, signal) =>
          this.#readMeter(device, line.config, stream, signal, request),
        );
        if (hasSwitch(device) && request.registers) await this.#readSwitch(device, line, "schedule");
        this.#done(device, request);
      } else {
        const block = await this.#module(line, "schedule", (client) => client.read(device.address));
        const kept = this.#guarded(() => this.#takeBlock(device.line, device.address, block));
        // The ring of a module forgets only what is in our store.
        if (kept && block.events.length > 0) await this.#acknowledge(line, device, block);
      }
      this.#answered(device, line);
    } catch (error) {
      const code = errorCode(error);
      this.log.debug({ device: device.name, code }, "not read");
      if (code === "identity.mismatch" && this.#lines.has(device.line)) await this.#findAgain(device, line);
      else if (turn === "first" && !notTheDevice.has(code)) {
        this.#guarded(() => this.#failed(device, line, code));
      }
    }
  }

  async #findAgain(device: Device, line: LineOwner): Promise<void> {
    const found =
      line.config.kind === "dlms"
        ? this.#findDlms(line, device.address)
        : this.#findIec(line, device.address);
    await found.catch(() => undefined);
  }

  async #acknowledge(line: LineOwner, device: Device, block: ModuleBlock): Promise<void> {
    const last = Math.max(...block.events.map(({ sequence }) => sequence));
    await this.#module(line, "schedule", (client) =>
      client.program(device.address, this.#password(device), [
        { command: "W1", address: "0-0:99.98.0", value: String(last).padStart(10, "0") },
      ]),
    );
  }

  #keys(name: string) {
    return meterKeys(this.config, name, (key) => this.#keyCounters.open(key));
  }

  #password(device: Device): string {
    return this.config.secrets.get(device.name)?.password ?? modulePassword;
  }

  #answered(device: Device, line: LineOwner): void {
    this.#failures.delete(device.logicalDevice);
    this.#garbled.delete(`${device.line} ${device.address}`);
    this.#silent.get(device.line)?.clear();
    line.mark(false, "");
  }

  #failed(device: Device, line: LineOwner, code: string): void {
    const place = `${device.line} ${device.address}`;
    if (code === "link.garbled") {
      const times = (this.#garbled.get(place) ?? 0) + 1;
      this.#garbled.set(place, times);
      // Noise would spoil the others as well; two that answer at once spoil only their own address.
      const others = this.#readOn(device.line).filter(({ address }) => address !== device.address);
      const alone = others.length === 0;
      const good = ({ line: name, address, logicalDevice }: Device) =>
        !this.#garbled.has(`${name} ${address}`) && !this.#failures.has(logicalDevice);
      if (times === failuresMax && (alone || others.some(good))) {
        this.recordEvent(eventCodes.oneAddress, `${place}: garbled`);
      }
      return;
    }
    const failures = (this.#failures.get(device.logicalDevice) ?? 0) + 1;
    this.#failures.set(device.logicalDevice, failures);
    const silent = this.#silent.get(device.line) ?? new Set<number>();
    this.#silent.set(device.line, silent.add(device.logicalDevice));
    const own = this.#readOn(device.line);
    if (failures < failuresMax) return;
    if (own.length > 1 && silent.size >= own.length) {
      line.mark(true, "nobody answers");
      return;
    }
    const change = this.#devices.miss(device.logicalDevice);
    if (change) this.#tell([change]);
    for (const other of this.devices()) {
      if (other.module === device.logicalDevice) this.#devices.miss(other.logicalDevice);
    }
  }

  /** Whoever is called on a line. */
  #readOn(line: string): Device[] {
    return this.devices().filter(
      ({ line: name, kind, state }) =>
        name === line && kind !== "input" && state !== "exchanged" && state !== "removed",
    );
  }

  #tell(changes: readonly Change[]): void {
    for (const { code, detail } of changes) this.recordEvent(code, detail);
  }

  async #findIec(line: LineOwner, address: string): Promise<void> {
    const caller = await this.#module(line, "scan", (client) => client.call(address));
    const name = line.config.name;
    if (caller.kind === "module") {
      this.#guarded(() => this.#takeBlock(name, address, caller.block));
      return;
    }
    if (caller.kind === "garbled") {
      const place = `${name} ${address}`;
      const times = (this.#garbled.get(place) ?? 0) + 1;
      this.#garbled.set(place, times);
      if (times === 1 && !this.#devices.findAt(name, address)) {
        this.#guarded(() => this.recordEvent(eventCodes.oneAddress, `${place}: garbled`));
      }
      return;
    }
    if (caller.kind === "meter") await this.#findMeter(line, address, "iec");
  }

  async #findDlms(line: LineOwner, address: string): Promise<void> {
    await this.#findMeter(line, address, "dlms");
  }

  /** Who the meter at an address is, by its own words. */
  async #findMeter(line: LineOwner, address: string, kind: "iec" | "dlms"): Promise<void> {
    const given = this.config.meters.find(
      (meter) => meter.line === line.config.name && meter.address === address,
    );
    const model = given?.model === undefined ? undefined : findMeterModel(given.model);
    const options = { clock: this.clock, limits: { ...readLimits, responseMs: 3000 } };
    const request: ReadRequest = {
      zone: this.config.zone,
      ...(model ? { model } : {}),
      ...this.#keys(given?.name ?? ""),
    };
    const reading = await line.run("scan", (stream, signal) =>
      readDevice(meterUrl(line.config, address), request, { ...options, stream, signal }),
    );
    const name = meterName(reading, given?.name ?? "");
    if (name === "") return;
    this.#guarded(() => {
      const { device, changes } = this.#devices.seen({
        name,
        kind,
        model: reading.model.name,
        line: line.config.name,
        address,
        module: 0,
        input: 0,
      });
      this.#tell(changes);
      this.#devices.set(device.logicalDevice, { identity: reading.identity });
      this.#failures.delete(device.logicalDevice);
    });
  }

  #dueOf(device: Device): ReadRequest | undefined {
    const now = this.clock.now();
    const due = this.#due.get(device.logicalDevice) ?? { registersMs: 0, profilesMs: 0, eventsMs: 0 };
    const { profileBackDays } = this.config.schedule;
    const { profileToMs = now - profileBackDays * dayMs, eventsToMs = now - profileBackDays * dayMs } =
      this.#devices.settings(device.logicalDevice);
    const [registers, profiles, events] = [
      due.registersMs <= now,
      due.profilesMs <= now,
      due.eventsMs <= now,
    ];
    if (!registers && !profiles && !events) return undefined;
    const model = findMeterModel(device.model);
    return {
      zone: this.config.zone,
      ...(model ? { model } : {}),
      ...this.#keys(device.name),
      ...(registers ? { registers: true, clock: true } : {}),
      ...(profiles && profileToMs < now ? { profiles: [{ fromMs: profileToMs, toMs: now }] } : {}),
      ...(events ? { events: { fromMs: eventsToMs } } : {}),
    };
  }

  #done(device: Device, request: ReadRequest): void {
    const now = this.clock.now();
    const before = this.#due.get(device.logicalDevice) ?? { registersMs: 0, profilesMs: 0, eventsMs: 0 };
    const { registersEverySeconds, profilesEverySeconds, eventsEverySeconds } = this.config.schedule;
    this.#due.set(device.logicalDevice, {
      registersMs: request.registers ? now + registersEverySeconds * 1000 : before.registersMs,
      profilesMs: request.profiles ? now + profilesEverySeconds * 1000 : before.profilesMs,
      eventsMs: request.events ? now + eventsEverySeconds * 1000 : before.eventsMs,
    });
  }

  /** Reads a meter; each part is in the store before the meter is asked on. */
  async #readMeter(
    device: Device,
    line: LineConfig,
    stream: ByteStream,
    signal: AbortSignal,
    part: Partial<ReadRequest>,
  ) {
    const model = findMeterModel(device.model);
    // Another meter in its place is noticed before a value of it is taken.
    const { identity } = this.#devices.settings(device.logicalDevice);
    const registers: ThroughAnswer["registers"][number][] = [];
    const reading = await readDevice(
      meterUrl(line, device.address),
      {
        zone: this.config.zone,
        ...(identity ? { identity } : {}),
        ...(model ? { model } : {}),
        ...this.#keys(device.name),
        ...part,
      },
      {
        clock: this.clock,
        stream,
        signal,
        onPortion: async (portion) => {
          registers.push(...portion.registers);
          const entries: NewEntry[] = entriesOf(device, portion, this.time, !this.clock.reliable);
          const kept = this.#guarded(() => {
            this.journal.append(entries);
            const ends = portion.profiles.flatMap(({ startsMs, periodSeconds }) =>
              startsMs.length === 0 ? [] : [startsMs.at(-1)! + periodSeconds * 1000],
            );
            if (ends.length > 0) this.#devices.set(device.logicalDevice, { profileToMs: Math.max(...ends) });
            const times = portion.events.map(({ atMs }) => atMs + 1);
            if (times.length > 0) this.#devices.set(device.logicalDevice, { eventsToMs: Math.max(...times) });
          });
          if (!kept) throw new ConcentratorError("concentrator.store-full");
        },
      },
    );
    const name = meterName(reading, device.name);
    this.#guarded(() =>
      this.#tell(this.#devices.seen({ ...device, name, model: reading.model.name }).changes),
    );
    return { registers, clock: reading.clock };
  }

  /** Everything that a block says, in one transaction: topology, counters, events of the ring, relays that stand wrong. */
  #takeBlock(line: string, address: string, block: ModuleBlock): void {
    const { device, changes } = this.#devices.seen({
      name: `ENS${block.serial}`,
      kind: block.kind,
      model: block.model,
      line,
      address,
      module: 0,
      input: 0,
    });
    this.#tell(changes);
    const before = this.#devices.settings(device.logicalDevice);
    const now = this.clock.now();
    if (
      block.clockMs !== undefined &&
      (block.state & moduleState.clockNeverSet) === 0 &&
      !this.clock.reliable
    ) {
      this.#votes.push(block.clockMs - now);
    }
    const meters = new Map<number, number>();
    const restarted = before.starts !== undefined && before.starts !== block.starts;
    const flags =
      (restarted ? intervalQuality.partial : 0) |
      (this.clock.reliable ? 0 : intervalQuality.clockNotReliable);
    for (const input of block.inputs) {
      if (input.state & 0x08) continue;
      meters.set(input.input, this.#takeInput(device, input, flags));
    }
    const fresh = block.events.filter(({ sequence }) => sequence > (before.ring ?? 0) || restarted);
    for (const { atMs, code, sequence, input } of fresh) {
      const logicalDevice = meters.get(input) ?? device.logicalDevice;
      if (urgentCodes.has(code)) this.#urgentNumbers.add(this.journal.newest + 1);
      const body = encodeEventsBody([{ atMs, code, sequence, detail: "" }], this.time);
      this.journal.append([{ logicalDevice, kind: entryKinds.events, body, fromMs: atMs }]);
    }
    const ring = Math.max(before.ring ?? 0, ...block.events.map(({ sequence }) => sequence));
    this.#devices.set(device.logicalDevice, { starts: block.starts, ring });
    if (now % quarterMs <= lateMs) this.#borders.set(device.logicalDevice, now - (now % quarterMs));
    if (block.kind === "supply") this.#takeSupply(device, block);
  }

  #takeInput(module: Device, input: ModuleInput, flags: number): number {
    const { device, changes } = this.#devices.seen({
      name: input.name || `${module.name}-${input.input}`,
      kind: "input",
      model: "pulse",
      line: module.line,
      address: module.address,
      module: module.logicalDevice,
      input: input.input,
      ...(input.closed === undefined ? {} : { output: input.closed }),
    });
    this.#tell(changes);
    const { logicalDevice } = device;
    const before = this.#devices.settings(logicalDevice);
    const now = this.clock.now();
    const constant = this.#constant(device, input.whPerPulse);
    if (before.whPerPulse !== undefined && before.whPerPulse !== input.whPerPulse) {
      // What was counted so far was counted by the old constant.
      this.#counters.seal(logicalDevice, this.#constant(device, before.whPerPulse));
    }
    this.#devices.set(logicalDevice, {
      whPerPulse: input.whPerPulse,
      count: input.count,
      ...(input.closed === undefined ? {} : { output: input.closed }),
    });
    const doubtful = input.state & 0x06 ? intervalQuality.doubtful : 0;
    this.#counters.keep([{ logicalDevice, readMs: now, count: input.count, flags: flags | doubtful }]);
    const due = this.#due.get(logicalDevice);
    if ((!due || due.registersMs <= now) && !this.#waitsForTime) {
      const registersMs = now + this.config.schedule.registersEverySeconds * 1000;
      this.#due.set(logicalDevice, { registersMs, profilesMs: 0, eventsMs: 0 });
      this.#counters.register(logicalDevice, now, input.count, constant, !this.clock.reliable);
    }
    if (device.commanded === false && input.closed === true) this.#assertOpen(device);
    return logicalDevice;
  }

  /** A disconnected output that is found closed without an order is opened again, and reported. */
  #assertOpen(device: Device): void {
    if (this.#orders.open().some(({ logicalDevice }) => logicalDevice === device.logicalDevice)) return;
    this.#urgentNumbers.add(this.journal.newest + 1);
    const event = {
      atMs: this.clock.now(),
      code: 0x1032,
      sequence: 0,
      detail: "found closed without an order",
    };
    const body = encodeEventsBody([event], this.time);
    this.journal.append([{ logicalDevice: device.logicalDevice, kind: entryKinds.events, body }]);
    const order = this.#orders.write(device.logicalDevice, "disconnect");
    this.#after(0, () => void this.#carryOut(order));
  }

  #constant(device: Device, whPerPulse: string): PulseConstant {
    const { meters } = this.config;
    // By its place only where nobody entered a name: another meter in the same place has another register.
    const unnamed = device.name === `${this.#devices.find(device.module)?.name}-${device.input}`;
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

  async #setModuleClock(device: Device): Promise<void> {
    const line = this.#lineOf(device);
    const block = await this.#module(line, "schedule", (client) => client.read(device.address));
    const off =
      block.clockMs === undefined ? Number.POSITIVE_INFINITY : Math.abs(block.clockMs - this.clock.now());
    if (off <= clockToleranceMs && (block.state & moduleState.clockNeverSet) === 0) return;
    await this.#module(line, "schedule", (client) =>
      client.program(device.address, this.#password(device), [
        { command: "W1", address: "0-0:1.0.0", value: this.time.moduleStamp(this.clock.now()) },
      ]),
    );
  }

  /** The clock of a meter that has one and lets it be set. */
  async #setMeterClock(device: Device): Promise<void> {
    const line = this.#lineOf(device);
    const { offMs, set, error } = await line.run("schedule", (stream, signal) => {
      const meter = this.#switched(device, line, stream, signal);
      return device.kind === "dlms"
        ? setDlmsClock(meter, clockToleranceMs)
        : setIecClock(meter, clockToleranceMs, (ms) => this.time.zonedStamp(ms));
    });
    if (set) this.log.info({ device: device.name, offMs }, "clock of a meter set");
    else if (error) this.log.warn({ device: device.name, offMs, error }, "clock of a meter not set");
  }

  // --- orders ---------------------------------------------------------------------------------------------------

  /** Reads the state, gives the command unless it is fulfilled, and reads back. */
  async #carryOut(order: OpenOrder): Promise<OrderOutcome> {
    const { logicalDevice } = order;
    const result = (outcome: OrderOutcome["outcome"], detail: string): OrderOutcome => ({
      order: order.number,
      outcome,
      output: this.#devices.find(logicalDevice)?.output,
      detail,
    });
    if (this.#carried.has(order.number)) return result("waiting", "is being carried out");
    this.#carried.add(order.number);
    const device = this.#known(logicalDevice);
    const closed = order.kind === "reconnect";
    try {
      const seen =
        device.kind === "input"
          ? await this.#switchInput(order, device)
          : await this.#switchMeter(order, device);
      if (!seen || !this.#orders.isOpen(order)) return result("superseded", "a later order came");
      if (seen.state !== undefined) this.#devices.set(logicalDevice, { output: seen.state });
      if (seen.state === closed) {
        this.#orders.end(order, "confirmed", "");
        return result("confirmed", "");
      }
      const detail = seen.error || "the output stands as before";
      this.#orders.end(order, "failed", detail);
      this.#urgentNumbers.add(this.journal.newest + 1);
      const event = { atMs: this.clock.now(), code: 0x1032, sequence: 0, detail };
      this.journal.append([
        { logicalDevice, kind: entryKinds.events, body: encodeEventsBody([event], this.time) },
      ]);
      return result("failed", detail);
    } catch (error) {
      const code = errorCode(error);
      if (!this.#stopped) this.#guarded(() => this.#orders.waits(order, code));
      return result("waiting", code);
    } finally {
      this.#carried.delete(order.number);
    }
  }

  /** The relay of a module; `undefined` when a later order came while this one waited for the line. */
  #switchInput(order: OpenOrder, device: Device): Promise<SwitchSeen | undefined> {
    const closed = order.kind === "reconnect";
    const inputOf = (block: ModuleBlock) => block.inputs.find(({ input }) => input === device.input);
    return this.#module(this.#lineOf(device), "order", async (client) => {
      if (!this.#orders.isOpen(order)) return undefined;
      const before = inputOf(await client.read(device.address));
      if (before?.name && before.name !== device.name)
        return { state: undefined, error: `${before.name} is in its place` };
      const first = before?.closed;
      if (first === closed) return { state: first, error: "" };
      const { outcomes } = await client.program(device.address, this.#password(this.#known(device.module)), [
        { command: "W1", address: `0-${device.input}:96.3.10`, value: closed ? "1" : "0" },
      ]);
      const [outcome] = outcomes;
      return {
        state: inputOf(await client.read(device.address))?.closed,
        error: outcome?.ok ? "" : (outcome?.error ?? ""),
      };
    });
  }

  /** The disconnector of a meter with a line of its own, as `#switchInput`. */
  #switchMeter(order: OpenOrder, device: Device): Promise<SwitchSeen | undefined> {
    const line = this.#lineOf(device);
    return line.run("order", async (stream, signal) =>
      this.#orders.isOpen(order)
        ? switchOf(device)(this.#switched(device, line, stream, signal), order.kind)
        : undefined,
    );
  }

  /** How the disconnector of a meter stands; one that is found closed against its order is opened again. */
  async #readSwitch(device: Device, line: LineOwner, priority: Priority): Promise<boolean | undefined> {
    const { state } = await line.run(priority, (stream, signal) =>
      switchOf(device)(this.#switched(device, line, stream, signal)),
    );
    if (state === undefined) return undefined;
    this.#guarded(() => {
      this.#devices.set(device.logicalDevice, { output: state });
      const now = this.#known(device.logicalDevice);
      if (now.commanded === false && state) this.#assertOpen(now);
    });
    return state;
  }

  #switched(device: Device, line: LineOwner, stream: ByteStream, signal: AbortSignal) {
    const model = findMeterModel(device.model);
    return {
      url: meterUrl(line.config, device.address),
      request: {
        zone: this.config.zone,
        ...(model ? { model } : {}),
        ...this.#keys(device.name),
      },
      name: device.name,
      clock: this.clock,
      stream,
      signal,
    };
  }

  // --- supply ---------------------------------------------------------------------------------------------------

  #takeSupply(device: Device, block: ModuleBlock): void {
    this.#batteryPercent = block.chargePercent;
    if (this.#supply === "stopping") return;
    const backup = (block.state & moduleState.onBattery) !== 0;
    const low =
      backup && ((block.state & moduleState.batteryLow) !== 0 || block.chargePercent <= batteryLowPercent);
    const next: SupplyState = low ? "low" : backup ? "backup" : "mains";
    const before = this.#supply;
    if (next === before) return;
    this.#supply = next;
    const charge = `${block.chargePercent} %`;
    if (backup && before !== "backup" && before !== "low") {
      this.recordEvent(0x0101, "");
      this.recordEvent(0x0103, charge);
    }
    if (next === "mains" && before !== "unknown") this.recordEvent(0x0102, charge);
    if (!low) return;
    this.recordEvent(0x0104, charge);
    this.recordEvent(0x0105, charge);
    this.#supply = "stopping";
    this.#after(0, () => void this.#shutDown(device));
  }

  /** The announced shutdown: the unit cuts its outputs ten seconds after the command. */
  async #shutDown(device: Device): Promise<void> {
    const line = this.#lineOf(device);
    try {
      await this.#module(line, "order", (client) =>
        client.program(device.address, this.#password(device), [
          { command: "W1", address: "0-0:96.3.2", value: "00" },
        ]),
      );
      this.#options.onShutdown?.();
    } catch (error) {
      this.log.error({ code: errorCode(error) }, "the supply unit did not take the shutdown");
      this.#after(5000, () => void this.#shutDown(device));
    }
  }
}
