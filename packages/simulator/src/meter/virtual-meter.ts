import { slotMs } from "../calendar.ts";
import { type CumulatedWh, LoadCurve, overlapMs, type Surroundings } from "../load/curve.ts";
import {
  clockSetOf,
  type Happening,
  type HappeningKind,
  happeningsOf,
  lostPhaseHappenings,
  lostPhaseOf,
  type Outage,
  qualityOf,
  supplyOutagesOf,
} from "../load/happenings.ts";
import { phaseShares } from "../load/phases.ts";
import { pick } from "../random.ts";
import type { MeterDescription } from "./description.ts";
import { DriftedCurve, ownTime } from "./drifted-curve.ts";
import { type InstantValues, instantValues } from "./instant.ts";
import { type Interference, measuringUnder, voltsUnder } from "./interference.ts";
import { type LocalTime, localTime } from "./local-time.ts";
import { nextState, type RelayActor, type RelayCommand, type RelayMode, type RelayState } from "./relay.ts";

/** Energy registers at one instant, in whole Wh and varh. */
export interface Registers {
  readonly importWh: number;
  readonly rate1Wh: number;
  readonly rate2Wh: number;
  readonly exportWh: number;
  readonly importVarh: number;
  readonly exportVarh: number;
}

/** What happened in an interval; each protocol has its own bits for it. */
export const rowMark = { powerDown: 1, clockSet: 2, summerTime: 4, powerUp: 8 } as const;

/** What a meter keeps of its relay in memory that outlives everything: where it stands since an instant of its own clock. */
export interface RelayKept {
  readonly atMs: number;
  readonly state: RelayState;
  readonly mode: RelayMode;
  /** What its log says of it. */
  readonly happening?: HappeningKind;
}

/** A meter's clock was set: what it showed before, and by how much it moved. */
export interface ClockKept {
  readonly beforeMs: number;
  readonly shiftMs: number;
}

/** What flows through a meter. */
export type MeterCurve = Pick<LoadCurve, keyof LoadCurve>;

/** Where a double-long-unsigned ends. */
const registerModulo = 2 ** 32;
/** Entries that a meter keeps of what was done to it. */
const recordedMax = 500;

/** Rows of the load profile, by column. Registers at the end of the interval, and the energy in it. */
export interface ProfileRows {
  readonly endsMs: number[];
  readonly marks: number[];
  readonly registers: Registers[];
  readonly importWh: number[];
  readonly exportWh: number[];
}

const relayEvents: Readonly<Record<`${RelayActor}-${RelayCommand}`, HappeningKind>> = {
  "remote-disconnect": "remote-disconnect",
  "remote-reconnect": "remote-connect",
  "manual-disconnect": "manual-disconnect",
  "manual-reconnect": "manual-connect",
  "local-disconnect": "local-disconnect",
  "local-reconnect": "local-connect",
};

/** What the log says of an interference, and of its end. */
const interferenceEvents: Readonly<Record<Interference, readonly [HappeningKind?, HappeningKind?]>> = {
  magnet: ["magnet-on", "magnet-off"],
  "wrong-wiring": ["current-reversed"],
  "neutral-loss": ["neutral-lost"],
  cover: ["terminal-cover-removed", "terminal-cover-closed"],
  bypass: [],
};

/**
 * One meter: registers, load profile and log at any instant of its own clock, computed when asked. Only what is done to
 * it is stored (relay, clock, entries of its log), so five thousand of them cost little more than their sockets.
 */
export class VirtualMeter {
  readonly description: MeterDescription;
  readonly #surroundings: Surroundings;
  readonly #trueNow: () => number;
  readonly #curve: MeterCurve;
  /** By how much the clock was set, in all. */
  #clockSetMs = 0;
  /** A clock that was put back: what has flowed has flowed, so registers stand until it comes here again. */
  #heldMs = -Infinity;
  #recorded: Happening[] | undefined;
  #onRecord: ((happening: Happening) => void) | undefined;
  readonly #interference = new Set<Interference>();
  #bypassedPart = 0;
  #relayState: RelayState = 1;
  #relayMode: RelayMode;
  #onRelay: ((kept: RelayKept) => void) | undefined;
  #onClock: ((kept: ClockKept) => void) | undefined;

  /** @param curve what it measures; without it, the load of its customer alone */
  constructor(
    description: MeterDescription,
    surroundings: Surroundings,
    trueNow: () => number,
    curve: MeterCurve = new LoadCurve(description.customer, surroundings),
  ) {
    this.description = description;
    this.#surroundings = surroundings;
    this.#trueNow = trueNow;
    this.#curve = description.drift
      ? new DriftedCurve(curve, description.drift, surroundings.calendar)
      : curve;
    this.#relayMode = description.relayMode ?? 0;
  }

  /** The meter's own idea of the present, in whole seconds. */
  now(): number {
    const trueMs = this.#trueNow();
    const { clockOffsetMs, drift } = this.description;
    const shownMs = (drift ? ownTime(drift, trueMs) : trueMs) + clockOffsetMs;
    return Math.floor(shownMs / 1000) * 1000 + this.#clockSetMs;
  }

  /** Sets the clock; the log gets the time before and after. */
  setClock(toMs: number): void {
    const beforeMs = this.now();
    const kept = { beforeMs, shiftMs: Math.round((toMs - beforeMs) / 1000) * 1000 };
    this.#moveClock(kept);
    this.#onClock?.(kept);
  }

  #moveClock({ beforeMs, shiftMs }: ClockKept): void {
    this.record("clock-old", beforeMs);
    this.#heldMs = Math.max(this.#heldMs, beforeMs);
    this.#clockSetMs += shiftMs;
    this.record("clock-new", beforeMs + shiftMs);
  }

  /** The clock goes on as an earlier process left it, and the log has what that wrote. */
  recallClock(kept: readonly ClockKept[]): void {
    for (const one of kept) this.#moveClock(one);
  }

  /** Writes an entry into the log, stamped by the meter's clock. */
  record(kind: HappeningKind, atMs = this.now()): void {
    this.#recorded ??= [];
    const happening = { atMs, kind };
    this.#recorded.push(happening);
    this.#onRecord?.(happening);
    if (this.#recorded.length > recordedMax) this.#recorded.shift();
  }

  /** What its HDLC line takes, by the seed; the lower address is the same for all. */
  get hdlc(): {
    readonly informationLengthMax: number;
    readonly windowMax: number;
    readonly physical: number;
  } {
    const { key } = this.description;
    return {
      informationLengthMax: pick([128, 248, 512, 1024], key, 0x4d1c),
      windowMax: pick([1, 1, 3, 7], key, 0x4d1d),
      physical: 17,
    };
  }

  /** Hears of every entry as it is written. */
  set onRecord(listener: ((happening: Happening) => void) | undefined) {
    this.#onRecord = listener;
  }

  get relayState(): RelayState {
    return this.#relayState;
  }

  get relayMode(): RelayMode {
    return this.#relayMode;
  }

  set relayMode(mode: RelayMode) {
    this.#relayMode = mode;
    this.#keepRelay(this.#flowMs());
  }

  /** Hears of whatever has to outlive this process, as it is written. */
  set onRelay(listener: (kept: RelayKept) => void) {
    this.#onRelay = listener;
  }

  /** Hears of each setting of the clock, which has to outlive this process too. */
  set onClock(listener: (kept: ClockKept) => void) {
    this.#onClock = listener;
  }

  /** Moves the disconnector, and the load with it; `false` where its control mode knows no such way from its state. */
  switchRelay(actor: RelayActor, command: RelayCommand): boolean {
    const was = this.#relayState;
    const next = nextState(this.#relayMode, was, actor, command);
    if (next === undefined) return false;
    const atMs = this.#flowMs();
    this.#relayState = next;
    this.supply(next === 1, atMs);
    const armed = actor === "remote" && next === 2;
    const happening = armed ? "ready-for-reconnection" : relayEvents[`${actor}-${command}`];
    this.record(happening);
    this.#keepRelay(atMs, happening);
    return true;
  }

  #keepRelay(atMs: number, happening?: HappeningKind): void {
    const kept = { atMs, state: this.#relayState, mode: this.#relayMode };
    this.#onRelay?.({ ...kept, ...(happening && { happening }) });
  }

  /** Put in at an instant of its own clock, connected as it comes from the works. */
  connect(atMs: number): void {
    this.#relayState = 1;
    this.supply(true, atMs);
    this.#keepRelay(atMs);
  }

  /** The relay stands as an earlier process left it, the log has what that wrote, and nothing flowed meanwhile. */
  recallRelay(kept: readonly RelayKept[]): void {
    for (const { atMs, state, mode, happening } of kept) {
      this.#relayState = state;
      this.#relayMode = mode;
      this.supply(state === 1, atMs);
      if (happening) this.record(happening, atMs);
    }
  }

  /** A relay that is not the meter's own, such as that of a module, cuts what flows through it, or lets it flow again. */
  supply(on: boolean, atMs = this.#flowMs()): void {
    if (on) this.#curve.restore(atMs);
    else if (!this.#curve.isCut(atMs)) this.#curve.cut(atMs);
  }

  /**
   * Somebody does something to the meter, or undoes it: from now on it measures otherwise, and its log says what it noticed.
   * A bypass it cannot notice.
   * @param part of the current that goes past the meter; of a bypass only
   */
  interfere(what: Interference, on: boolean, part = 0.5): void {
    if (this.#interference.has(what) === on && what !== "bypass") return;
    if (on) this.#interference.add(what);
    else this.#interference.delete(what);
    if (what === "bypass") this.#bypassedPart = part;
    const noticed = interferenceEvents[what][on ? 0 : 1];
    if (what !== "cover") {
      const measuring = measuringUnder(this.#interference, this.description.phases, this.#bypassedPart);
      this.#curve.measure(this.#flowMs(), measuring);
    }
    if (noticed) this.record(noticed);
  }

  /** What is being done to it. */
  get interference(): ReadonlySet<Interference> {
    return this.#interference;
  }

  /** The instant of the load curve that is now: the clock's, unless it was put back. */
  #flowMs(): number {
    return Math.max(this.now(), this.#heldMs);
  }

  registersNow(): Registers {
    return this.registersAt(this.#flowMs());
  }

  local(ms: number): LocalTime {
    return localTime(this.#surroundings.calendar, this.description.followsSummerTime, ms);
  }

  /** Minutes of the meter's zone: standard time ahead of UTC, and what summer adds. */
  get standardMinutes(): number {
    return this.#surroundings.calendar.standardMinutes;
  }

  /** What a register of 32 bits shows of what was counted. */
  shown(counted: number): number {
    return counted % (this.description.registerModuloWh ?? registerModulo);
  }

  registersAt(ms: number): Registers {
    return this.#registers(this.#curve.cumulatedAt(ms));
  }

  /** The oldest and the newest end of an interval that the profile can hold now. */
  profileWindow(now = this.now()): { readonly firstEndMs: number; readonly lastEndMs: number } {
    const lastEndMs = Math.floor(now / slotMs) * slotMs;
    const oldest = lastEndMs - (this.description.profile.capacityRows - 1) * slotMs;
    return { firstEndMs: Math.max(oldest, this.#firstRowMs()), lastEndMs };
  }

  /** End of its first row ever. One of indexes says first what its counting began with; one that was put in writes its first whole interval. */
  #firstRowMs(): number {
    const { installedMs, profile } = this.description;
    const { calendar } = this.#surroundings;
    if (installedMs !== undefined) return Math.ceil(installedMs / slotMs) * slotMs + slotMs;
    const { firstDay } = this.#curve;
    const begunMs = calendar.day(firstDay).startMs;
    return firstDay > 0 && profile.columns === "index" ? begunMs : begunMs + slotMs;
  }

  /** Rows that end in [fromMs, toMs], as far as the profile holds them, oldest first. */
  profileRows(fromMs: number, toMs: number, now = this.now()): ProfileRows {
    const window = this.profileWindow(now);
    return this.rowsBetween(Math.max(fromMs, window.firstEndMs), Math.min(toMs, window.lastEndMs));
  }

  /** Rows that end in [fromMs, toMs] without regard to what the profile still holds or already has. */
  rowsBetween(fromMs: number, toMs: number): ProfileRows {
    const { calendar } = this.#surroundings;
    const rows: ProfileRows = { endsMs: [], marks: [], registers: [], importWh: [], exportWh: [] };
    if (toMs < fromMs) return rows;
    const firstIndex = Math.max(0, calendar.dayAt(fromMs - 1));
    for (let index = firstIndex; calendar.day(index).startMs < toMs; index++) {
      const load = this.#curve.day(index);
      const sum = { ...this.#curve.beforeDay(index) };
      const marks = this.#marks(index);
      for (let i = 0; i < load.day.slots; i++) {
        const endMs = load.day.startMs + (i + 1) * slotMs;
        if (endMs > toMs) break;
        const counts = index >= this.#curve.firstDay;
        const importWh = counts ? (load.importWh[i] as number) : 0;
        const exportWh = counts ? (load.exportWh[i] as number) : 0;
        sum[load.night[i] ? "rate2Wh" : "rate1Wh"] += importWh;
        sum.importWh += importWh;
        sum.exportWh += exportWh;
        if (endMs < fromMs || marks?.skipped[i]) continue;
        rows.endsMs.push(endMs);
        rows.marks.push((marks?.marks[i] ?? 0) | (this.#isSummer(endMs) ? rowMark.summerTime : 0));
        rows.registers.push(this.#registers(sum));
        rows.importWh.push(importWh);
        rows.exportWh.push(exportWh);
      }
    }
    return rows;
  }

  /** Reactive energies of an interval, from the registers at its end and its active energies. */
  reactiveOf(
    end: Registers,
    importWh: number,
    exportWh: number,
  ): { reactiveImport: number; reactiveExport: number } {
    const { tangent } = this.description;
    return {
      reactiveImport: end.importVarh - Math.floor((end.importWh - importWh) * tangent.import),
      reactiveExport: end.exportVarh - Math.floor((end.exportWh - exportWh) * tangent.export),
    };
  }

  /** How many rows the profile holds now. */
  rowsInUse(now = this.now()): number {
    const { firstEndMs, lastEndMs } = this.profileWindow(now);
    const all = (lastEndMs - firstEndMs) / slotMs + 1;
    return all - this.#skippedBetween(firstEndMs, lastEndMs);
  }

  /** End of the n-th row held now, n from 1 = oldest. */
  endOfRow(n: number, now = this.now()): number {
    const { firstEndMs, lastEndMs } = this.profileWindow(now);
    let endMs = firstEndMs + (n - 1) * slotMs;
    // Every row that is missing before the n-th moves it one further; a second look finds those in the added part.
    for (let skipped = -1; ; ) {
      const found = this.#skippedBetween(firstEndMs, Math.min(endMs, lastEndMs));
      if (found === skipped || endMs > lastEndMs) return endMs;
      skipped = found;
      endMs = firstEndMs + (n - 1 + skipped) * slotMs;
    }
  }

  /** Log entries stamped in [fromMs, toMs], oldest first; nothing later than now. */
  events(fromMs: number, toMs: number, now = this.now()): Happening[] {
    const { calendar, likelihood } = this.#surroundings;
    const { key, customer, followsSummerTime, profile, installedMs = calendar.firstMs } = this.description;
    const oldest = now - profile.capacityRows * slotMs;
    const from = Math.max(fromMs, oldest, installedMs);
    const to = Math.min(toMs, now);
    // A clock that was put back leaves entries that are later than its present.
    const found = (this.#recorded ?? []).filter(({ atMs }) => atMs >= fromMs && atMs <= toMs);
    if (to < from) return found;
    const meter = { ...customer, key, followsSummerTime };
    for (let index = calendar.dayAt(from); index <= calendar.dayAt(to); index++) {
      for (const happening of happeningsOf(calendar, meter, calendar.day(index), likelihood)) {
        if (happening.atMs >= from && happening.atMs <= to) found.push(happening);
      }
    }
    if (this.#recorded) found.sort((a, b) => a.atMs - b.atMs);
    return found;
  }

  /** Entries of the power quality log in [fromMs, toMs], oldest first. */
  quality(fromMs: number, toMs: number, now = this.now()): Happening[] {
    const { calendar, likelihood } = this.#surroundings;
    const from = Math.max(fromMs, now - this.description.profile.capacityRows * slotMs, calendar.firstMs);
    const to = Math.min(toMs, now);
    const found: Happening[] = [];
    if (to < from) return found;
    for (let index = calendar.dayAt(from); index <= calendar.dayAt(to); index++) {
      const { customer } = this.description;
      for (const happening of [
        ...qualityOf(customer.transformerKey, calendar.day(index)),
        ...lostPhaseHappenings(customer, calendar.day(index), likelihood),
      ].sort((a, b) => a.atMs - b.atMs)) {
        if (happening.atMs >= from && happening.atMs <= to) found.push(happening);
      }
    }
    return found;
  }

  /** Midnights of the meter's own clock in [fromMs, toMs], with the registers then (the daily profile). */
  dailyRows(fromMs: number, toMs: number, now = this.now()): { endMs: number; registers: Registers }[] {
    const { calendar } = this.#surroundings;
    const rows: { endMs: number; registers: Registers }[] = [];
    const oldest = now - this.description.profile.capacityRows * slotMs;
    const from = Math.max(fromMs, oldest, calendar.firstMs);
    for (let index = Math.max(0, calendar.dayAt(from)); ; index++) {
      const day = calendar.day(index);
      const shift = this.description.followsSummerTime
        ? 0
        : (calendar.offsetAt(day.startMs).minutes - calendar.standardMinutes) * 60_000;
      const endMs = day.startMs + shift;
      if (endMs > Math.min(toMs, now)) return rows;
      if (endMs >= from) rows.push({ endMs, registers: this.registersAt(endMs) });
    }
  }

  instant(ms = this.now()): InstantValues {
    const { calendar, likelihood } = this.#surroundings;
    const { key, phases, tangent, customer, primary } = this.description;
    const index = Math.max(0, calendar.dayAt(ms));
    const load = this.#curve.day(index);
    const slot = Math.max(0, Math.floor((ms - load.day.startMs) / slotMs));
    const outages = supplyOutagesOf(customer, load.day, likelihood);
    const supplied = !outages.some((outage) => outage.fromMs <= ms && ms < outage.toMs);
    const flows = load.uncut ?? load;
    const closed = this.#curve.isCut(Math.max(ms, this.#heldMs)) ? 0 : 1;
    const { share, reversed } = this.#curve.measuringAt(ms);
    const lost = lostPhaseOf(customer, load.day, likelihood);
    const without = lost && lost.fromMs <= ms && ms < lost.toMs ? lost.phase : undefined;
    const present =
      closed * share * (lost ? this.#phaseFactor(lost, load.day.startMs + slot * slotMs, ms) : 1);
    const taken = (flows.importWh[slot] as number) * present;
    const given = (flows.exportWh[slot] as number) * present;
    const meanWh = reversed ? { import: given, export: taken } : { import: taken, export: given };
    const values = instantValues(
      { key, phases, tangent: tangent.import, ...(primary && { primary }) },
      meanWh,
      supplied,
      ms,
      without,
    );
    return supplied ? { ...values, volts: voltsUnder(this.#interference, values.volts) } : values;
  }

  /** What flows at an instant by what its quarter-hour has on the whole, of which a phase may have been lost for a part. */
  #phaseFactor(lost: Outage & { readonly phase: number }, startMs: number, ms: number): number {
    const part = phaseShares(this.description.customer.key, 3)[lost.phase] as number;
    const now = lost.fromMs <= ms && ms < lost.toMs ? 1 - part : 1;
    return now / (1 - (part * overlapMs(lost, startMs)) / slotMs);
  }

  #registers(sum: CumulatedWh): Registers {
    const { startWh, tangent } = this.description;
    return {
      importWh: startWh.rate1 + startWh.rate2 + sum.importWh,
      rate1Wh: startWh.rate1 + sum.rate1Wh,
      rate2Wh: startWh.rate2 + sum.rate2Wh,
      exportWh: startWh.export + sum.exportWh,
      importVarh: Math.floor((startWh.rate1 + startWh.rate2 + sum.importWh) * tangent.import),
      exportVarh: Math.floor((startWh.export + sum.exportWh) * tangent.export),
    };
  }

  #isSummer(ms: number): boolean {
    return this.description.followsSummerTime && this.#surroundings.calendar.offsetAt(ms).summer;
  }

  /** Marks of a day on which something happened; most days have none. */
  #marks(index: number): { marks: Uint8Array; skipped: Uint8Array } | undefined {
    const { calendar, likelihood } = this.#surroundings;
    const { key, customer, profile } = this.description;
    const day = calendar.day(index);
    const outages = supplyOutagesOf(customer, day, likelihood);
    const drawn = clockSetOf(key, day, likelihood);
    const endOfDayMs = day.startMs + day.slots * slotMs;
    const sets = (this.#recorded ?? [])
      .filter(({ kind, atMs }) => kind === "clock-new" && atMs >= day.startMs && atMs < endOfDayMs)
      .map(({ atMs }) => atMs);
    if (drawn) sets.push(drawn.atMs);
    if (outages.length === 0 && sets.length === 0) return undefined;
    const marks = new Uint8Array(day.slots);
    const skipped = new Uint8Array(day.slots);
    for (let i = 0; i < day.slots; i++) {
      const startMs = day.startMs + i * slotMs;
      const endMs = startMs + slotMs;
      let mark = sets.some((atMs) => atMs >= startMs && atMs < endMs) ? rowMark.clockSet : 0;
      for (const outage of outages) {
        if (outage.fromMs < endMs && outage.toMs > startMs) mark |= rowMark.powerDown;
        if (outage.toMs >= startMs && outage.toMs < endMs) mark |= rowMark.powerUp;
        if (profile.skipsOutages && outage.fromMs <= startMs && outage.toMs >= endMs) skipped[i] = 1;
      }
      marks[i] = mark;
    }
    return { marks, skipped };
  }

  #skippedBetween(firstEndMs: number, lastEndMs: number): number {
    const { calendar } = this.#surroundings;
    if (!this.description.profile.skipsOutages) return 0;
    let count = 0;
    const last = calendar.dayAt(lastEndMs - 1);
    for (let index = Math.max(0, calendar.dayAt(firstEndMs - 1)); index <= last; index++) {
      const day = calendar.day(index);
      this.#marks(index)?.skipped.forEach((skipped, i) => {
        const endMs = day.startMs + (i + 1) * slotMs;
        if (skipped && endMs >= firstEndMs && endMs <= lastEndMs) count += 1;
      });
    }
    return count;
  }
}
