import type { ByteStream, Clock } from "@energsys/protocols";
import { BitFlips } from "../faults/bit-flips.ts";
import { draws, hash } from "../random.ts";

export interface BusOptions {
  readonly clock: Clock;
  /** 4 wires (full, the default): slaves hear the master only. 2 wires (half): everybody hears everybody. */
  readonly duplex?: "full" | "half";
  /** Ten bits to a character at this rate; absent: the line takes no time, for towns of thousands and for stepped clocks. */
  readonly baudRate?: number;
  readonly seed?: number;
  /** Bits turned over by noise, per byte that passes; 0 unless told. */
  readonly flipsPerByte?: number;
  /** The master hears itself, as on a 2-wire converter that does not mute its receiver. */
  readonly echo?: boolean;
}

interface Transmission {
  readonly from: Port;
  readonly startMs: number;
  readonly endMs: number;
}

/** A character stream is handed on in pieces of this length, as a UART's driver would. */
const pieceMs = 40;

/** One place on the line: a byte stream for whoever sits there. */
class Port implements ByteStream {
  readonly #write: (from: Port, bytes: Uint8Array) => void;
  readonly #leave: (port: Port) => void;
  readonly #hearers: ((bytes: Uint8Array) => void)[] = [];
  readonly #ends: ((cause?: Error) => void)[] = [];
  #open = true;
  busyUntilMs = 0;

  constructor(write: (from: Port, bytes: Uint8Array) => void, leave: (port: Port) => void) {
    this.#write = write;
    this.#leave = leave;
  }

  write(bytes: Uint8Array): void {
    if (this.#open && bytes.length > 0) this.#write(this, bytes);
  }

  onBytes(listener: (bytes: Uint8Array) => void): void {
    this.#hearers.push(listener);
  }

  onEnd(listener: (cause?: Error) => void): void {
    this.#ends.push(listener);
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#leave(this);
    for (const end of this.#ends) end();
  }

  hear(bytes: Uint8Array): void {
    if (!this.#open) return;
    for (const hearer of this.#hearers) hearer(bytes);
  }
}

/**
 * An RS-485 line with one master and any number of slaves, in this process. Slaves that speak at the same time garble each other,
 * which is what two devices with one address do; noise turns bits over; a cut line ends before the slaves beyond the cut.
 *
 * On a line without a rate two slaves collide when they answer at once, in the same call, or at the same instant of the clock, where only
 * the later one is garbled: what the first one said has passed already.
 */
export class Bus {
  readonly #options: BusOptions;
  readonly #noise: BitFlips;
  readonly #draw: () => number;
  readonly #slaves: Port[] = [];
  #master: Port;
  #onAir: Transmission[] = [];
  /** Answers of the slaves to what the master is just saying. */
  #turn: { readonly from: Port; readonly bytes: Uint8Array }[] | undefined;
  #spoke: { readonly from: Port; readonly atMs: number } | undefined;
  #reaches = Number.POSITIVE_INFINITY;
  #short = false;
  /** Stretches in which two spoke at once. */
  collisions = 0;

  constructor(options: BusOptions) {
    this.#options = options;
    const seed = options.seed ?? 1;
    this.#noise = new BitFlips(options.flipsPerByte ?? 0, draws(hash(seed, 0xb05)));
    this.#draw = draws(hash(seed, 0xc011));
    this.#master = this.#port();
  }

  /** The master's end. A master that comes anew finds the line as it is; the one before hears nothing more. */
  master(): ByteStream {
    this.#master = this.#port();
    return this.#master;
  }

  /** The end of one more slave, further from the master than those before; closing it takes the slave off the line. */
  attach(): ByteStream {
    const port = this.#port();
    this.#slaves.push(port);
    return port;
  }

  get slaves(): number {
    return this.#slaves.length;
  }

  /** Bits turned over per byte, from now on. */
  set flipsPerByte(flipsPerByte: number) {
    this.#noise.flipsPerByte = flipsPerByte;
  }

  /** Bits that noise turned over so far. */
  get flips(): number {
    return this.#noise.flips;
  }

  /** The line is cut before the slave at this place (0 = the first): those beyond are out of reach. */
  cut(place = 0): void {
    this.#reaches = place;
  }

  /** Both wires touch: nothing passes. */
  short(): void {
    this.#short = true;
  }

  /** Neither cut nor short any more. */
  mend(): void {
    this.#reaches = Number.POSITIVE_INFINITY;
    this.#short = false;
  }

  #port(): Port {
    return new Port(
      (from, bytes) => this.#take(from, bytes),
      (port) => {
        const at = this.#slaves.indexOf(port);
        if (at >= 0) this.#slaves.splice(at, 1);
      },
    );
  }

  #take(from: Port, bytes: Uint8Array): void {
    if (from !== this.#master && !this.#slaves.includes(from)) return;
    if (this.#options.baudRate !== undefined) this.#transmit(from, bytes, this.#options.baudRate);
    else if (from === this.#master) this.#ask(bytes);
    else if (this.#turn) this.#turn.push({ from, bytes });
    else this.#speak(from, bytes);
  }

  /** A master's bytes on a line without a rate: whatever slaves answer at once is said at once. */
  #ask(bytes: Uint8Array): void {
    this.#spoke = undefined;
    const turn: { from: Port; bytes: Uint8Array }[] = [];
    this.#turn = turn;
    try {
      this.#carry(this.#master, bytes);
    } finally {
      this.#turn = undefined;
    }
    const speakers = new Set(turn.map(({ from }) => from));
    if (speakers.size > 1) this.collisions++;
    for (const { from, bytes: said } of turn) {
      this.#spoke = { from, atMs: this.#options.clock.now() };
      this.#carry(from, speakers.size > 1 ? this.#garbled(said) : said);
    }
  }

  #speak(from: Port, bytes: Uint8Array): void {
    const atMs = this.#options.clock.now();
    const collides = this.#spoke !== undefined && this.#spoke.from !== from && this.#spoke.atMs === atMs;
    if (collides) this.collisions++;
    this.#spoke = { from, atMs };
    this.#carry(from, collides ? this.#garbled(bytes) : bytes);
  }

  /** On a line with a rate: what overlaps in time on one pair of wires is garbled. */
  #transmit(from: Port, bytes: Uint8Array, baudRate: number): void {
    const { clock } = this.#options;
    const characterMs = 10_000 / baudRate;
    const startMs = Math.max(clock.now(), from.busyUntilMs);
    const endMs = startMs + bytes.length * characterMs;
    from.busyUntilMs = endMs;
    this.#onAir.push({ from, startMs, endMs });
    const length = Math.max(1, Math.floor(pieceMs / characterMs));
    const send = (offset: number) => {
      const piece = bytes.subarray(offset, offset + length);
      const pieceStartMs = startMs + offset * characterMs;
      const pieceEndMs = pieceStartMs + piece.length * characterMs;
      clock.after(Math.max(0, pieceEndMs - clock.now()), () => {
        const others = this.#onAir.filter((one) => one.from !== from && this.#sharesWires(one.from, from));
        const collides = others.some((one) => one.startMs < pieceEndMs && one.endMs > pieceStartMs);
        if (collides) this.collisions++;
        this.#carry(from, collides ? this.#garbled(piece) : piece);
        if (offset + length < bytes.length) send(offset + length);
        else this.#onAir = this.#onAir.filter((one) => one.endMs > pieceStartMs - 10 * pieceMs);
      });
    };
    send(0);
  }

  #sharesWires(one: Port, other: Port): boolean {
    if (this.#options.duplex === "half") return true;
    return (one === this.#master) === (other === this.#master);
  }

  /** Two drivers against each other: no character survives. */
  #garbled(bytes: Uint8Array): Uint8Array {
    return bytes.map((byte) => byte ^ (1 + Math.floor(this.#draw() * 127)));
  }

  #carry(from: Port, bytes: Uint8Array): void {
    if (this.#short || !this.#isReached(from)) return;
    const arrives = this.#noise.pass(bytes);
    const half = this.#options.duplex === "half";
    if (from === this.#master || half) {
      for (const slave of [...this.#slaves]) {
        if (slave !== from && this.#isReached(slave)) slave.hear(arrives);
      }
    }
    if (from !== this.#master || this.#options.echo) this.#master.hear(arrives);
  }

  #isReached(port: Port): boolean {
    return port === this.#master || this.#slaves.indexOf(port) < this.#reaches;
  }
}
