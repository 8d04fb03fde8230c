const nothing = new Uint8Array(0);

/**
 * Bytes of a stream that are still needed. A chunk that is used up at once is never copied; what is left of it is, for
 * its owner may use it again.
 */
export class ByteWindow {
  bytes: Uint8Array = nothing;
  /** How many of `bytes` count; the rest is room. */
  end = 0;
  /** Bytes of the stream before `bytes[0]`. */
  origin = 0;
  #owned = false;

  append(chunk: Uint8Array): void {
    if (this.end === 0) {
      this.bytes = chunk;
      this.#owned = false;
    } else {
      const needed = this.end + chunk.length;
      if (!this.#owned || needed > this.bytes.length) {
        const larger = new Uint8Array(Math.max(needed * 2, 256));
        larger.set(this.bytes.subarray(0, this.end));
        this.bytes = larger;
        this.#owned = true;
      }
      this.bytes.set(chunk, this.end);
    }
    this.end += chunk.length;
  }

  /** Drops the first `count` bytes and makes the rest this window's own. */
  drop(count: number): void {
    if (count === 0 && this.#owned) return;
    this.origin += count;
    this.bytes = count === this.end ? nothing : this.bytes.slice(count, this.end);
    this.#owned = true;
    this.end -= count;
  }
}
