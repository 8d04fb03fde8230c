/**
 * Array parameters as text. The driver's own conversion looks at each element for quotes and types; for numbers and days
 * that is most of the time of a batch.
 */
export const numbers = (list: readonly (number | null)[]): string => {
  let text = "{";
  for (let index = 0; index < list.length; index++) {
    if (index > 0) text += ",";
    text += list[index] ?? "NULL";
  }
  return `${text}}`;
};

/** Words without blanks, quotes, commas or braces, such as days. */
export const words = (list: readonly string[]): string => `{${list.join(",")}}`;

/** Byte strings as one parameter, with where each starts (from 1) and how long it is, null for none: `substring($1 from $2 for $3)`. */
export class ByteColumn {
  readonly #parts: (Uint8Array | null)[] = [];
  #length = 0;
  readonly #starts: (number | null)[] = [];
  readonly #lengths: (number | null)[] = [];

  push(part: Uint8Array | null): void {
    this.#parts.push(part);
    this.#starts.push(part ? this.#length + 1 : null);
    this.#lengths.push(part ? part.length : null);
    this.#length += part?.length ?? 0;
  }

  get bytes(): Buffer {
    const bytes = Buffer.allocUnsafe(this.#length);
    let at = 0;
    for (const part of this.#parts) {
      if (!part) continue;
      bytes.set(part, at);
      at += part.length;
    }
    return bytes;
  }

  get starts(): string {
    return numbers(this.#starts);
  }

  get lengths(): string {
    return numbers(this.#lengths);
  }
}
