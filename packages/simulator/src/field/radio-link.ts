import type { ByteStream, Clock } from "@energsys/protocols";
import { type ImpairedStream, impair } from "../faults/impaired-stream.ts";
import { type LinkProfile, linkProfiles } from "../faults/link-profile.ts";
import { between, hash, whole } from "../random.ts";

export interface RadioLinkOptions {
  readonly clock: Clock;
  readonly seed: number;
  /** `gprs` unless told. */
  readonly profile?: LinkProfile;
  /** An outage of the cell that is shorter leaves address and connections alive; 20 s unless told. */
  readonly keepsMs?: number;
  /** From power or a cell that is back until it is registered; drawn up to twice as long. */
  readonly registerMs?: number;
}

export type RadioState = "off" | "searching" | "registered" | "connected";

/**
 * A GSM/GPRS modem as its data see it: it registers, is given an address out of the operator's pool, another one each time, and
 * carries connections that its device made or that were made to that address. In an outage of the cell everything stands still;
 * when it lasts, the address is gone and so are the connections: the device is told, the other side is not.
 */
export class RadioLink {
  readonly #options: RadioLinkOptions;
  readonly #carried = new Set<ImpairedStream>();
  #state: RadioState = "off";
  #address: string | undefined;
  #registrations = 0;
  #connections = 0;
  #cellUp = true;
  #cancel: (() => void) | undefined;
  /** Told when the address changes; `undefined` while there is none. */
  onAddress: (address: string | undefined) => void = () => undefined;

  constructor(options: RadioLinkOptions) {
    this.#options = options;
  }

  get state(): RadioState {
    if (this.#state !== "registered") return this.#state;
    return this.#carried.size > 0 ? "connected" : "registered";
  }

  get address(): string | undefined {
    return this.#address;
  }

  /** -113 (nothing) to -51; 0 while it has no cell. */
  get signalDbm(): number {
    if (this.#state === "off" || !this.#cellUp) return 0;
    const { clock, seed } = this.#options;
    return Math.round(
      between(-95, -65, seed, 0x516) + between(-4, 4, seed, Math.floor(clock.now() / 60_000)),
    );
  }

  /** Gives it supply, or takes it away. */
  power(on: boolean): void {
    if (on === (this.#state !== "off")) return;
    this.#cancel?.();
    if (on) this.#search();
    else {
      this.#state = "off";
      this.#lose("the modem has no supply");
    }
  }

  /** The cell goes away or comes back. */
  setCell(up: boolean): void {
    if (up === this.#cellUp) return;
    this.#cellUp = up;
    if (this.#state === "off") return;
    this.#cancel?.();
    if (!up) {
      for (const stream of this.#carried) stream.hold(true);
      this.#cancel = this.#options.clock.after(this.#options.keepsMs ?? 20_000, () => {
        this.#state = "searching";
        this.#lose("the cell is gone");
      });
    } else if (this.#state === "registered") {
      for (const stream of this.#carried) stream.hold(false);
    } else this.#search();
  }

  /**
   * Carries a connection, whichever side made it: `far` is the side of the network, what is returned is the device's.
   * `undefined` while there is no address.
   */
  carry(far: ByteStream): ByteStream | undefined {
    if (this.#address === undefined || !this.#cellUp) return undefined;
    const { clock, seed, profile = linkProfiles.gprs } = this.#options;
    this.#connections += 1;
    const stream = impair(far, profile, clock, hash(seed, this.#connections));
    this.#carried.add(stream);
    stream.onEnd(() => this.#carried.delete(stream));
    return stream;
  }

  #search(): void {
    this.#state = "searching";
    if (!this.#cellUp) return;
    const { clock, seed, registerMs = 8000 } = this.#options;
    this.#registrations += 1;
    const waitMs = registerMs * between(1, 2, seed, 0x4e6, this.#registrations);
    this.#cancel = clock.after(waitMs, () => {
      this.#state = "registered";
      const draw = (least: number, most: number, n: number) =>
        whole(least, most, seed, this.#registrations, n);
      this.#address = `10.${draw(64, 127, 1)}.${draw(0, 255, 2)}.${draw(1, 254, 3)}`;
      this.onAddress(this.#address);
    });
  }

  #lose(why: string): void {
    const had = this.#address !== undefined;
    this.#address = undefined;
    for (const stream of [...this.#carried]) stream.break(new Error(why), false);
    this.#carried.clear();
    if (had) this.onAddress(undefined);
  }
}
