import type { Clock } from "@energsys/protocols";
import { BitFlips } from "./bit-flips.ts";
import type { LinkProfile } from "./link-profile.ts";

export interface PathEnd {
  /** Bytes arrive. */
  deliver(bytes: Uint8Array): void;
  /** The connection is cut here; nothing arrives any more. */
  cut(): void;
  /** Nothing passes any more, in neither direction, and nobody is told. */
  die(): void;
}

/** Lost pieces come again after the transport's time-out, each time later. */
const retransmitMs = 1000;
const retransmitsMax = 6;
/** A slow line hands on in pieces of a tenth of a second. */
const piecesPerSecond = 10;
const pieceLengthMin = 32;

/**
 * One direction of a bad connection. Order is kept, whatever is late; what happens is drawn by bytes and pieces, so equal draws and
 * equal bytes go the same way. Without latency and rate everything passes in the call.
 */
export class ImpairedPath {
  readonly #profile: LinkProfile;
  readonly #clock: Clock;
  readonly #draw: () => number;
  readonly #end: PathEnd;
  readonly #noise: BitFlips;
  readonly #queue: { readonly bytes: Uint8Array; readonly atMs: number }[] = [];
  #cutAfter: number;
  #deadAfter: number;
  #freeMs = 0;
  #arrivesMs = 0;
  #held = false;
  #cancel: (() => void) | undefined;
  #over = false;
  /** Bytes on the way. */
  queued = 0;
  /** Called when bytes arrived and less are on the way. */
  onDrain: (() => void) | undefined;

  constructor(profile: LinkProfile, clock: Clock, draw: () => number, end: PathEnd) {
    this.#profile = profile;
    this.#clock = clock;
    this.#draw = draw;
    this.#end = end;
    this.#noise = new BitFlips(profile.flipsPerByte ?? 0, draw);
    this.#cutAfter = this.#distance(profile.cutsPerByte);
    this.#deadAfter = this.#distance(profile.deadPerByte);
  }

  get flips(): number {
    return this.#noise.flips;
  }

  push(bytes: Uint8Array): void {
    if (this.#over) return;
    const { latencyMs, jitterMs, bytesPerSecond, lossPart, stallPart } = this.#profile;
    const timeless = !latencyMs && !jitterMs && !bytesPerSecond && !lossPart && !stallPart;
    if (timeless && this.#queue.length === 0 && !this.#held) {
      this.#arrive(bytes);
      return;
    }
    const length = bytesPerSecond
      ? Math.max(pieceLengthMin, Math.floor(bytesPerSecond / piecesPerSecond))
      : bytes.length;
    for (let at = 0; at < bytes.length; at += length) {
      const piece = bytes.slice(at, at + length);
      this.queued += piece.length;
      this.#queue.push({ bytes: piece, atMs: this.#schedule(piece.length) });
    }
    this.#wait();
  }

  /** Nothing passes until it is released; then it goes on where it was. */
  hold(held: boolean): void {
    this.#held = held;
    this.#wait();
  }

  /** What is on the way is lost, and all that comes. */
  stop(): void {
    this.#over = true;
    this.#cancel?.();
    this.#queue.length = 0;
    this.queued = 0;
    this.onDrain?.();
  }

  #schedule(length: number): number {
    const {
      latencyMs = 0,
      jitterMs = 0,
      bytesPerSecond,
      lossPart = 0,
      stallPart = 0,
      stallMs,
    } = this.#profile;
    const now = this.#clock.now();
    this.#freeMs = Math.max(now, this.#freeMs);
    if (stallPart > 0 && this.#draw() < stallPart) {
      const [least, most] = stallMs ?? [0, 0];
      this.#freeMs += least + (most - least) * this.#draw();
    }
    for (let again = 0; lossPart > 0 && again < retransmitsMax && this.#draw() < lossPart; again++) {
      this.#freeMs += retransmitMs * 2 ** again;
    }
    if (bytesPerSecond) this.#freeMs += (length * 1000) / bytesPerSecond;
    const wander = jitterMs > 0 ? jitterMs * (2 * this.#draw() - 1) : 0;
    this.#arrivesMs = Math.max(this.#arrivesMs, this.#freeMs + Math.max(0, latencyMs + wander));
    return this.#arrivesMs;
  }

  #wait(): void {
    const [head] = this.#queue;
    this.#cancel?.();
    this.#cancel = undefined;
    if (!head || this.#over || this.#held) return;
    this.#cancel = this.#clock.after(Math.max(0, head.atMs - this.#clock.now()), () => this.#handOn());
  }

  #handOn(): void {
    const now = this.#clock.now();
    while (!this.#over && !this.#held && this.#queue[0] && this.#queue[0].atMs <= now) {
      const { bytes } = this.#queue.shift() as { bytes: Uint8Array };
      this.queued -= bytes.length;
      this.#arrive(bytes);
    }
    this.#wait();
    this.onDrain?.();
  }

  #arrive(bytes: Uint8Array): void {
    const passing = Math.min(this.#cutAfter, this.#deadAfter);
    if (passing < bytes.length) {
      const isCut = this.#cutAfter <= this.#deadAfter;
      if (passing > 0) this.#end.deliver(this.#noise.pass(bytes.subarray(0, passing)));
      this.stop();
      if (isCut) this.#end.cut();
      else this.#end.die();
      return;
    }
    this.#cutAfter -= bytes.length;
    this.#deadAfter -= bytes.length;
    this.#end.deliver(this.#noise.pass(bytes));
  }

  #distance(perByte = 0): number {
    if (perByte <= 0) return Number.POSITIVE_INFINITY;
    return Math.floor(Math.log(1 - this.#draw()) / Math.log1p(-Math.min(perByte, 0.999_999)));
  }
}
