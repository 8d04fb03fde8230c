import type { Clock } from "@energsys/protocols";
import type { DataSet, IdentificationParts, StationAnswer } from "@energsys/protocols/iec62056-21";
import type { LocalCalendar } from "../calendar.ts";
import { Battery, type BatteryState } from "./battery.ts";
import type { BlockDevice } from "./block-station.ts";
import { dataSet, failed, hexOf, ok, one, ringSets } from "./block-words.ts";
import { acknowledge, emptyRing, type FieldEvent, note, type RingState } from "./event-ring.ts";
import { FieldClock, type FieldClockState } from "./field-clock.ts";

/** The two outputs of a supply unit. */
export interface Rails {
  readonly modules: boolean;
  readonly concentrator: boolean;
}

/** Everything of a supply unit that outlives its supply; plain JSON. */
export interface SupplyState {
  mainsV: number;
  restarted: boolean;
  lowSaid: boolean;
  outputs: Rails;
  clock: FieldClockState;
  battery: BatteryState;
  ring: RingState;
}

export const mainsUsualV = 230;

export const newSupplyState = (nowMs: number): SupplyState => ({
  mainsV: mainsUsualV,
  restarted: false,
  lowSaid: false,
  outputs: { modules: true, concentrator: true },
  clock: { shownMs: nowMs, trueMs: nowMs },
  battery: { charge: 1, sinceMs: nowMs, flow: "charging" },
  ring: emptyRing(),
});

export interface SupplyUnitOptions {
  /** 8 digits. */
  readonly serial: string;
  readonly clock: Clock;
  readonly calendar: LocalCalendar;
  readonly state: SupplyState;
  readonly firmware?: string;
  readonly driftPpm?: number;
  /** Hours that a full battery feeds both outputs; 8 unless told. */
  readonly batteryHours?: number;
  /** Its state is to outlive it. */
  readonly save?: () => void;
  /** Its outputs changed: whoever hangs on them has supply or not. */
  readonly onOutputs?: (rails: Rails) => void;
}

const shutdownMs = 10_000;
const returnMs = 60_000;
/** Below it the mains has failed. */
const mainsLowV = 170;
const lowCharge = 0.2;

/**
 * A supply unit: mains and backup battery feed a rail of modules and modem and one of the concentrator. It tells each change
 * at once on a line of its own, and a shutdown is announced before it comes (docs/protocols/module-concentrator.md, section 4).
 */
export class SupplyUnit implements BlockDevice {
  readonly serial: string;
  readonly state: SupplyState;
  /** Something changed that a unit on a line of its own says at once. */
  onChange: () => void = () => undefined;
  readonly #options: SupplyUnitOptions;
  readonly #clock: FieldClock;
  readonly #battery: Battery;
  #cancelShutdown: (() => void) | undefined;
  #cancelReturn: (() => void) | undefined;
  #cancelBattery: (() => void) | undefined;

  constructor(options: SupplyUnitOptions) {
    const { state } = options;
    this.serial = options.serial;
    this.state = state;
    this.#options = options;
    this.#clock = new FieldClock(options.calendar, options.driftPpm ?? 0, state.clock);
    const capacityHours = options.batteryHours ?? 8;
    this.#battery = new Battery(state.battery, { capacityHours, chargeHours: 10 });
    this.#watchBattery();
  }

  get identification(): IdentificationParts {
    return {
      manufacturer: "ENS",
      baudCharacter: "3",
      identification: `PS00-${this.#options.firmware ?? "1.00"}`,
    };
  }

  addresses(): readonly string[] {
    return [this.serial];
  }

  speaks(): boolean {
    return this.#onMains || this.#battery.chargeAt(this.#now) > 0;
  }

  get outputs(): Rails {
    return this.state.outputs;
  }

  /** Voltage of the mains: 0 is an outage. */
  setMains(volts: number): void {
    const was = this.#onMains;
    const wasDead = !this.speaks();
    this.state.mainsV = volts;
    if (was === this.#onMains) return;
    if (this.#onMains) this.#mainsBack(wasDead);
    else this.#mainsFailed();
    this.#watchBattery();
    this.onChange();
  }

  /** No timers any more. */
  stop(): void {
    this.#cancelShutdown?.();
    this.#cancelReturn?.();
    this.#cancelBattery?.();
  }

  block(): readonly DataSet[] {
    const { state } = this;
    const charge = this.#battery.chargeAt(this.#now);
    const bits = (this.#onMains ? 0 : 0x01) | (charge <= lowCharge ? 0x02 : 0) | (state.restarted ? 0x10 : 0);
    state.restarted = false;
    return [
      dataSet("0-0:96.1.0", this.serial),
      dataSet("0-0:1.0.0", this.#clock.text(this.#clock.at(this.#now))),
      dataSet("0-0:96.5.0", hexOf(bits, 2)),
      dataSet("0-0:96.6.0", String(Math.round(charge * 100)), "%"),
      dataSet("0-0:32.7.0", state.mainsV.toFixed(1), "V"),
      dataSet("0-0:96.3.2", this.#outputBits),
      ...ringSets(state.ring, this.#clock),
    ];
  }

  command(command: string, address: string, argument: string): StationAnswer {
    if (command === "R1" && address === "0-0:96.3.2") return one(address, this.#outputBits);
    if (command !== "W1") return failed("ERROR");
    switch (address) {
      case "0-0:1.0.0": {
        const toMs = this.#clock.parse(argument);
        if (toMs === undefined) return failed("ERROR");
        if (Math.abs(this.#clock.set(toMs, this.#now)) > 60_000) this.#note("clockSet");
        this.#save();
        return ok;
      }
      case "0-0:99.98.0":
        if (!/^\d{1,10}$/.test(argument)) return failed("ERROR");
        if (!acknowledge(this.state.ring, Number(argument))) return failed("ERROR");
        this.#save();
        return ok;
      case "0-0:96.3.2":
        if (!/^0[0-3]$/.test(argument)) return failed("ERROR");
        this.#announce({ modules: "13".includes(argument[1]!), concentrator: "23".includes(argument[1]!) });
        return ok;
      default:
        return failed("ERROR");
    }
  }

  get #now(): number {
    return this.#options.clock.now();
  }

  get #onMains(): boolean {
    return this.state.mainsV >= mainsLowV;
  }

  get #outputBits(): string {
    const { modules, concentrator } = this.state.outputs;
    return hexOf((modules ? 1 : 0) | (concentrator ? 2 : 0), 2);
  }

  get #feeds(): boolean {
    return this.state.outputs.modules || this.state.outputs.concentrator;
  }

  #mainsFailed(): void {
    this.#cancelReturn?.();
    this.#battery.turn(this.#feeds ? "feeding" : "resting", this.#now);
    this.#note("mainsFailed");
    if (this.#feeds) this.#note("onBackup");
  }

  #mainsBack(wasDead: boolean): void {
    if (wasDead) {
      this.#clock.lose(this.#now);
      this.state.restarted = true;
    }
    this.#battery.turn("charging", this.#now);
    this.state.lowSaid = false;
    this.#note("mainsBack");
    if (!this.#feeds) this.#giveAgain();
  }

  #giveAgain(): void {
    this.#cancelReturn?.();
    this.#cancelReturn = this.#options.clock.after(returnMs, () => {
      if (this.#onMains) this.#switch({ modules: true, concentrator: true });
    });
  }

  /** The announced shutdown: what hangs on the outputs has ten seconds to end in order. */
  #announce(rails: Rails): void {
    this.#cancelShutdown?.();
    if (!rails.concentrator) this.#note("shuttingDown");
    this.#cancelShutdown = this.#options.clock.after(shutdownMs, () => {
      this.#switch(rails);
      if (this.#onMains && !this.#feeds) this.#giveAgain();
    });
    this.onChange();
  }

  #switch(rails: Rails): void {
    this.state.outputs = rails;
    if (!this.#onMains) this.#battery.turn(this.#feeds ? "feeding" : "resting", this.#now);
    this.#watchBattery();
    this.#options.onOutputs?.(rails);
    this.onChange();
  }

  /** Waits for the battery to become low, then for its end. */
  #watchBattery(): void {
    this.#cancelBattery?.();
    const dueMs = this.#battery.reachesMs(this.state.lowSaid ? 0 : lowCharge);
    if (dueMs === Number.POSITIVE_INFINITY) return;
    this.#cancelBattery = this.#options.clock.after(Math.max(0, dueMs - this.#now), () => {
      if (this.state.lowSaid) {
        this.state.outputs = { modules: false, concentrator: false };
        this.#options.onOutputs?.(this.state.outputs);
        return;
      }
      this.state.lowSaid = true;
      this.#note("backupLow");
      this.#watchBattery();
      this.onChange();
    });
  }

  #note(event: FieldEvent): void {
    note(this.state.ring, event, this.#clock.at(this.#now));
    this.#save();
  }

  #save(): void {
    this.#options.save?.();
  }
}
