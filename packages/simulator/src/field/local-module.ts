import type { Clock } from "@energsys/protocols";
import type { DataSet, IdentificationParts, StationAnswer } from "@energsys/protocols/iec62056-21";
import type { LocalCalendar } from "../calendar.ts";
import { Battery } from "./battery.ts";
import type { BlockDevice } from "./block-station.ts";
import { dataSet, failed, hexOf, ok, one, ringSets } from "./block-words.ts";
import { acknowledge, type FieldEvent, note } from "./event-ring.ts";
import { FieldClock } from "./field-clock.ts";
import type { InputState, ModuleState } from "./module-state.ts";
import { PulseInput, type PulseSource } from "./pulse-input.ts";

export interface LocalModuleOptions {
  /** 8 digits. */
  readonly serial: string;
  readonly clock: Clock;
  readonly calendar: LocalCalendar;
  /** From `newModuleState`, or one that was kept. */
  readonly state: ModuleState;
  readonly firmware?: string;
  /** How much its clock runs ahead, parts per million. */
  readonly driftPpm?: number;
  /** Hours that its full battery lasts; 30 days unless told. */
  readonly batteryHours?: number;
  /** A relay's contact moves so long after its coil; 60 ms unless told. */
  readonly relayMoveMs?: number;
  /** Called whenever something is written that must outlive the supply: the state is to be kept then. */
  readonly save?: (state: ModuleState) => void;
  /** A contact moved. */
  readonly onRelay?: (input: number, closed: boolean) => void;
}

const lowCharge = 0.1;
const inputsMax = { LM08: 8, LM16: 16, LM32: 32 } as const;
type Size = keyof typeof inputsMax;

/**
 * A local module: counts the pulses of up to 32 meters, watches their covers and the doors of the cabinet, and moves their relays
 * (docs/protocols/module-concentrator.md). It lives on the supply of the line, then on its battery, on which it counts but does not
 * speak; its counters, constants, ring and relays outlive both. Inputs are numbered from 1.
 */
export class LocalModule implements BlockDevice {
  readonly serial: string;
  readonly state: ModuleState;
  readonly #options: LocalModuleOptions;
  readonly #clock: FieldClock;
  readonly #battery: Battery;
  readonly #inputs: readonly PulseInput[];
  readonly #stuck = new Set<number>();

  constructor(options: LocalModuleOptions) {
    const { state } = options;
    this.serial = options.serial;
    this.state = state;
    this.#options = options;
    this.#clock = new FieldClock(options.calendar, options.driftPpm ?? 0, state.clock);
    const capacityHours = options.batteryHours ?? 30 * 24;
    this.#battery = new Battery(state.battery, { capacityHours, chargeHours: 12 });
    this.#inputs = state.inputs.map((input) => new PulseInput(input));
    // What was ordered before this process ended is finished as after any loss of supply.
    if (this.speaks()) this.#finishOrders();
  }

  get identification(): IdentificationParts {
    const size: Size =
      this.state.inputs.length === 8 ? "LM08" : this.state.inputs.length === 16 ? "LM16" : "LM32";
    return {
      manufacturer: "ENS",
      baudCharacter: "3",
      identification: `${size}-${this.#options.firmware ?? "1.00"}`,
    };
  }

  addresses(): readonly string[] {
    return [this.serial, this.state.shortAddress];
  }

  /** Without supply from the line it is silent. */
  speaks(): boolean {
    return this.state.supplied && this.state.alive;
  }

  // What happens to it.

  /** The line gives supply, or no longer does. */
  setSupply(on: boolean): void {
    const nowMs = this.#settle();
    const { state } = this;
    if (on === state.supplied) return;
    state.supplied = on;
    if (on) {
      this.#battery.turn("charging", nowMs);
      state.batteryLowSaid = false;
      if (state.alive) this.#note("onSupply");
      else this.#start(nowMs);
      this.#finishOrders();
    } else if (state.alive) {
      this.#note("onBattery");
      this.#battery.turn("feeding", nowMs);
    }
    this.#save();
  }

  /** Its program starts anew (watchdog); supply, battery and clock are as they were. */
  restart(): void {
    const nowMs = this.#settle();
    if (!this.state.alive) return;
    this.#begin(nowMs);
    if (this.speaks()) this.#finishOrders();
    this.#save();
  }

  /** Another battery is put in; with line supply there is no gap. */
  replaceBattery(charge = 1): void {
    const nowMs = this.#settle();
    const { state } = this;
    // Taken out while nothing else feeds it, it starts anew with the new one.
    this.#battery.replace(charge, nowMs);
    if (!state.supplied) {
      this.#battery.turn("feeding", nowMs);
      state.batteryLowSaid = false;
      if (!state.alive) this.#loseClock(nowMs);
      state.alive = true;
      this.#begin(nowMs);
    }
    this.#save();
  }

  /** The contact of a meter's output closes or opens; bounces are edges like any other. */
  edge(input: number, closed: boolean, atMs = this.#options.clock.now()): void {
    const state = this.#input(input);
    this.#settle(atMs);
    if (this.state.alive && !state.lineBroken) this.#pulses(input).edge(closed, atMs);
  }

  /** Whole pulses at once. */
  addPulses(input: number, pulses: number): void {
    const state = this.#input(input);
    this.#settle();
    if (this.state.alive && !state.lineBroken) this.#pulses(input).add(pulses);
  }

  /** Counts the running total of a meter's output from now on, or nothing any more. */
  followPulses(input: number, source: PulseSource | undefined): void {
    this.#pulses(input).follow(source, this.#settle());
  }

  /** The pulses of an input now. */
  pulses(input: number): number {
    this.#settle();
    return this.#input(input).pulses;
  }

  /** The cover of a meter, or another contact on it, opens or closes. */
  setTamper(input: number, open: boolean): void {
    this.#change(input, "tamperOpen", open, open ? "tamperOpened" : "tamperClosed");
  }

  /** A supervised pulse line is broken or mended; what the meter sends meanwhile is lost. */
  breakPulseLine(input: number, broken: boolean): void {
    const nowMs = this.#settle();
    this.#pulses(input).skip(nowMs);
    this.#change(input, "lineBroken", broken, broken ? "pulseLineBroken" : undefined);
  }

  /** The meter's LED says that it is wired the wrong way. */
  setWrongWiring(input: number, wrong: boolean): void {
    this.#change(input, "wrongWiring", wrong, wrong ? "wrongWiring" : undefined);
  }

  /** Door 1 or 2 of the cabinet. */
  setDoor(door: 1 | 2, closed: boolean): void {
    this.#settle();
    const { doorsClosed } = this.state;
    if (doorsClosed[door - 1] === closed) return;
    doorsClosed[door - 1] = closed;
    if (this.state.alive) this.#note(closed ? "doorClosed" : "doorOpened");
    this.#save();
  }

  /** A relay whose contact does not move, whatever its coil does. */
  jamRelay(input: number, jammed: boolean): void {
    if (jammed) this.#stuck.add(input);
    else this.#stuck.delete(input);
  }

  /** The check sum of a part of its memory is wrong. */
  damageMemory(): void {
    this.state.memoryError = true;
    this.#save();
  }

  /** Another meter is on the input; the counter goes on, as the module does not know. */
  connect(input: number, meter: { readonly name: string; readonly ledImpPerKwh?: number }): void {
    const state = this.#input(input);
    state.used = true;
    if (state.given?.wired !== meter.name) delete state.given;
    state.wired = meter.name;
    state.name = state.given?.name ?? meter.name;
    state.ledImpPerKwh = meter.ledImpPerKwh ?? state.ledImpPerKwh;
    this.#save();
  }

  // What it says.

  block(): readonly DataSet[] {
    const nowMs = this.#settle();
    const { state } = this;
    const sets = [
      dataSet("0-0:96.1.0", this.serial),
      dataSet("0-0:96.1.1", state.shortAddress),
      dataSet("0-0:1.0.0", this.#clock.text(this.#clock.at(nowMs))),
      dataSet("0-0:96.5.0", hexOf(this.#stateBits(nowMs), 2)),
      dataSet("0-0:96.6.6", this.#battery.voltsAt(nowMs).toFixed(2), "V"),
      dataSet("0-0:96.7.0", String(state.starts % 100_000).padStart(5, "0")),
      dataSet("0-0:96.3.1", hexOf((state.doorsClosed[0] ? 1 : 0) | (state.doorsClosed[1] ? 2 : 0), 2)),
      ...state.inputs.flatMap((input, index) => inputSets(input, index + 1)),
      ...ringSets(state.ring, this.#clock),
    ];
    state.restarted = false;
    return sets;
  }

  command(
    command: string,
    address: string,
    argument: string,
  ): StationAnswer | Promise<StationAnswer | undefined> {
    const relay = /^0-(\d{1,2}):96\.3\.10$/.exec(address);
    if (relay) {
      const input = Number(relay[1]);
      if (this.state.inputs[input - 1]?.relay === undefined) return failed("ERR10");
      if (command === "R1") return one(address, relayDigit(this.#input(input)));
      if (command !== "W1" || (argument !== "0" && argument !== "1")) return failed("ERROR");
      return this.#order(input, argument === "1" ? "closed" : "open");
    }
    if (command !== "W1") return failed("ERROR");
    const answer = this.#write(address, argument);
    if (answer.kind === "ack") this.#save();
    return answer;
  }

  #write(address: string, argument: string): StationAnswer {
    const { state } = this;
    const nowMs = this.#settle();
    switch (address) {
      case "0-0:1.0.0": {
        const toMs = this.#clock.parse(argument);
        if (toMs === undefined) return failed("ERROR");
        const movedMs = this.#clock.set(toMs, nowMs);
        state.clockSet = true;
        if (Math.abs(movedMs) > 60_000) this.#note("clockSet");
        return ok;
      }
      case "0-0:96.1.1":
        if (!/^\d{0,3}$/.test(argument)) return failed("ERROR");
        state.shortAddress = argument;
        return ok;
      case "0-0:99.98.0":
        return /^\d{1,10}$/.test(argument) && acknowledge(state.ring, Number(argument))
          ? ok
          : failed("ERROR");
      default:
        return this.#writeInput(address, argument);
    }
  }

  #writeInput(address: string, argument: string): StationAnswer {
    const [, group, number, what] = /^([01])-(\d{1,2}):(0\.3\.3|96\.1\.0)$/.exec(address) ?? [];
    const input = this.state.inputs[Number(number) - 1];
    if (!input) return failed("ERROR");
    if (group === "1" && what === "0.3.3") {
      const [value = ""] = argument.split("*");
      if (!/^\d{1,6}(\.\d{1,3})?$/.test(value) || Number(value) === 0) return failed("ERROR");
      input.energyPerPulseWh = value;
      return ok;
    }
    if (group !== "0" || what !== "96.1.0" || !/^([A-Z]{3}[0-9A-Za-z]{1,16})?$/.test(argument)) {
      return failed("ERROR");
    }
    input.given = { wired: input.wired, name: argument };
    input.name = argument;
    input.used = argument !== "" || input.used;
    return ok;
  }

  // Relays.

  /** Written first, then the contact moves, then it is looked at; without supply meanwhile there is no answer. */
  async #order(input: number, to: "open" | "closed"): Promise<StationAnswer | undefined> {
    const state = this.#input(input);
    state.relayOrdered = to;
    this.#save();
    await new Promise<void>((resolve) => {
      this.#options.clock.after(this.#options.relayMoveMs ?? 60, resolve);
    });
    if (!this.speaks()) return undefined;
    // A later command was faster.
    if (state.relayOrdered !== to) return failed("ERR31");
    return this.#move(input) ? ok : failed("ERR31");
  }

  #finishOrders(): void {
    this.state.inputs.forEach((input, index) => {
      if (input.relay !== input.relayOrdered) this.#move(index + 1);
    });
  }

  /** Moves a contact to where it was ordered; `false` when it does not obey, which ends the order. */
  #move(input: number): boolean {
    const state = this.#input(input);
    const to = state.relayOrdered;
    if (to === undefined || to === state.relay) return true;
    if (this.#stuck.has(input)) {
      if (state.relay !== undefined) state.relayOrdered = state.relay;
      this.#note("relayStuck", input);
      this.#save();
      return false;
    }
    state.relay = to;
    this.#note(to === "open" ? "relayOpened" : "relayClosed", input);
    this.#save();
    this.#options.onRelay?.(input, to === "closed");
    return true;
  }

  // Time and supply.

  /** Brings everything to an instant: what the battery did meanwhile, and the counters. */
  #settle(nowMs = this.#options.clock.now()): number {
    const { state } = this;
    if (!state.alive) {
      for (const input of this.#inputs) input.skip(nowMs);
      return nowMs;
    }
    const lowMs = this.#battery.reachesMs(lowCharge);
    if (lowMs <= nowMs && !state.batteryLowSaid) {
      state.batteryLowSaid = true;
      this.#note("batteryLow", 0, lowMs);
    }
    const emptyMs = this.#battery.reachesMs(0);
    const livesUntilMs = Math.min(nowMs, emptyMs);
    state.inputs.forEach((input, index) => {
      const counter = this.#inputs[index] as PulseInput;
      if (input.lineBroken) counter.skip(livesUntilMs);
      else counter.settle(livesUntilMs);
    });
    if (emptyMs <= nowMs) {
      state.alive = false;
      this.#save();
      for (const input of this.#inputs) input.skip(nowMs);
    }
    return nowMs;
  }

  /** Supply after none at all: the clock stood still. */
  #start(nowMs: number): void {
    this.#loseClock(nowMs);
    this.state.alive = true;
    this.#begin(nowMs);
  }

  #loseClock(nowMs: number): void {
    this.#clock.lose(nowMs);
  }

  #begin(nowMs: number): void {
    const { state } = this;
    state.starts += 1;
    state.restarted = true;
    state.clockSet = false;
    this.#note("started", 0, nowMs);
  }

  #stateBits(nowMs: number): number {
    const { state } = this;
    return (
      (state.supplied ? 0 : 0x01) |
      (this.#battery.chargeAt(nowMs) <= lowCharge ? 0x02 : 0) |
      (state.clockSet ? 0 : 0x04) |
      (state.memoryError ? 0x08 : 0) |
      (state.restarted ? 0x10 : 0)
    );
  }

  #change(
    input: number,
    what: "tamperOpen" | "wrongWiring" | "lineBroken",
    to: boolean,
    event: FieldEvent | undefined,
  ): void {
    this.#settle();
    const state = this.#input(input);
    if (state[what] === to) return;
    state[what] = to;
    if (this.state.alive && event) this.#note(event, input);
    this.#save();
  }

  #note(event: FieldEvent, input = 0, trueMs = this.#options.clock.now()): void {
    note(this.state.ring, event, this.#clock.at(trueMs), input);
  }

  #input(input: number): InputState {
    const state = this.state.inputs[input - 1];
    if (!state) throw new RangeError(`module ${this.serial} has no input ${input}`);
    return state;
  }

  #pulses(input: number): PulseInput {
    this.#input(input);
    return this.#inputs[input - 1] as PulseInput;
  }

  #save(): void {
    this.#options.save?.(this.state);
  }
}

const relayDigit = ({ relay }: InputState): string =>
  relay === undefined ? "-" : relay === "closed" ? "1" : "0";

function inputSets(input: InputState, n: number): DataSet[] {
  const bits =
    (input.tamperOpen ? 0x01 : 0) |
    (input.wrongWiring ? 0x02 : 0) |
    (input.lineBroken ? 0x04 : 0) |
    (input.used ? 0 : 0x08);
  return [
    dataSet(`1-${n}:82.8.0`, String(input.pulses).padStart(10, "0")),
    dataSet(`1-${n}:0.3.3`, input.energyPerPulseWh, "Wh"),
    dataSet(`1-${n}:0.3.0`, String(input.ledImpPerKwh), "imp/kWh"),
    dataSet(`0-${n}:96.1.0`, input.name),
    dataSet(`0-${n}:96.5.1`, hexOf(bits, 2)),
    dataSet(`0-${n}:96.3.10`, relayDigit(input)),
  ];
}
