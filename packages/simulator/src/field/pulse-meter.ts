import type { Interference } from "../meter/interference.ts";
import type { VirtualMeter } from "../meter/virtual-meter.ts";
import type { LocalModule } from "./local-module.ts";
import type { PulseSource } from "./pulse-input.ts";

export interface PulseMeterOptions {
  /** LED, imp/kWh. */
  readonly ledImpPerKwh?: number;
  /** Output (IEC 62053-31, class B), Wh per pulse. */
  readonly whPerPulse?: number;
  /** Three letters of its maker. */
  readonly maker?: string;
}

/**
 * A one-phase static meter with a mechanical register and no other voice than its output: 1600 imp/kWh on the LED, 5 Wh a pulse on the
 * output, which are two constants. Its load is that of a virtual meter, and so is what a magnet or a wrong connection does to it.
 * It counts one direction only.
 */
export class PulseMeter {
  readonly meter: VirtualMeter;
  readonly ledImpPerKwh: number;
  readonly whPerPulse: number;
  readonly #maker: string;
  #wired: { readonly module: LocalModule; readonly input: number } | undefined;

  constructor(meter: VirtualMeter, options: PulseMeterOptions = {}) {
    this.meter = meter;
    this.ledImpPerKwh = options.ledImpPerKwh ?? 1600;
    this.whPerPulse = options.whPerPulse ?? 5;
    this.#maker = options.maker ?? "ENS";
  }

  /** As a module and a concentrator name it. */
  get name(): string {
    return `${this.#maker}${this.meter.description.serial}`;
  }

  /** What its register has counted at an instant, Wh. */
  countedWh(atMs: number): number {
    return this.meter.registersAt(atMs + this.meter.description.clockOffsetMs).importWh;
  }

  /** Pulses of its output from its first day on. */
  readonly pulses: PulseSource = (atMs) => Math.floor(this.countedWh(atMs) / this.whPerPulse);

  /** Flashes of its LED from its first day on. */
  ledPulses(atMs: number): number {
    return Math.floor((this.countedWh(atMs) * this.ledImpPerKwh) / 1000);
  }

  /** What somebody reads off its drums: six digits and a red one, kWh. */
  drums(atMs: number): string {
    const tenths = Math.floor(this.countedWh(atMs) / 100) % 10_000_000;
    return `${String(Math.floor(tenths / 10)).padStart(6, "0")}.${tenths % 10}`;
  }

  /** Its LED glows without a pause when it is wired the wrong way (M21). */
  get ledGlows(): boolean {
    return this.meter.interference.has("wrong-wiring");
  }

  /**
   * Wires its output, its cover contact and the eye on its LED to an input of a module.
   * @param output what is counted there, where another meter gave pulses before
   */
  wire(module: LocalModule, input: number, atMs: number, output: PulseSource = this.pulses): void {
    this.#wired = { module, input };
    module.connect(input, { name: this.name, ledImpPerKwh: this.ledImpPerKwh });
    module.followPulses(input, (ms) => output(Math.max(ms, atMs)));
    this.#tell();
  }

  /** Somebody does something to it, or undoes it. */
  interfere(what: Interference, on: boolean, part?: number): void {
    // What it counted before is the module's already.
    if (this.#wired) this.#wired.module.pulses(this.#wired.input);
    this.meter.interfere(what, on, part);
    this.#tell();
  }

  /** A relay in front of it opens or closes. */
  switchSupply(closed: boolean, atMs: number): void {
    if (this.#wired) this.#wired.module.pulses(this.#wired.input);
    this.meter.supply(closed, atMs + this.meter.description.clockOffsetMs);
  }

  #tell(): void {
    if (!this.#wired) return;
    const { module, input } = this.#wired;
    module.setTamper(input, this.meter.interference.has("cover"));
    module.setWrongWiring(input, this.ledGlows);
  }
}
