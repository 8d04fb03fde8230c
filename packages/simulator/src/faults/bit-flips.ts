/**
 * Line noise: single bits of what passes are turned over. The distance to the next hit is drawn (geometric distribution), so
 * bytes that nothing happens to cost nothing, and equal draws hit equal places however the bytes are cut into chunks.
 */
export class BitFlips {
  readonly #draw: () => number;
  #flipsPerByte: number;
  /** Bytes that still pass before the next hit. */
  #skip = 0;
  /** Bits that were turned over so far. */
  flips = 0;

  /** @param draw uniform in [0, 1) */
  constructor(flipsPerByte: number, draw: () => number) {
    this.#draw = draw;
    this.#flipsPerByte = flipsPerByte;
    this.#skip = this.#distance();
  }

  get flipsPerByte(): number {
    return this.#flipsPerByte;
  }

  set flipsPerByte(flipsPerByte: number) {
    this.#flipsPerByte = flipsPerByte;
    this.#skip = this.#distance();
  }

  /** What arrives: the same bytes when none was hit, else a changed copy. */
  pass(bytes: Uint8Array): Uint8Array {
    if (this.#skip >= bytes.length) {
      this.#skip -= bytes.length;
      return bytes;
    }
    const changed = bytes.slice();
    let at = this.#skip;
    while (at < changed.length) {
      changed[at] = (changed[at] as number) ^ (1 << Math.floor(this.#draw() * 8));
      this.flips++;
      at += 1 + this.#distance();
    }
    this.#skip = at - changed.length;
    return changed;
  }

  #distance(): number {
    if (this.#flipsPerByte <= 0) return Number.POSITIVE_INFINITY;
    if (this.#flipsPerByte >= 1) return 0;
    return Math.floor(Math.log(1 - this.#draw()) / Math.log1p(-this.#flipsPerByte));
  }
}
