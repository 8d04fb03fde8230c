import { timingSafeEqual } from "node:crypto";
import { inspect } from "node:util";

const shown = "[secret]";

/**
 * Holds a secret on its way through a process: printed, joined into a text, inspected or put into JSON it says `[secret]`. Only
 * `reveal` gives the value, at the place that uses it.
 */
export class Secret<Value extends string | Uint8Array> {
  readonly #value: Value;

  constructor(value: Value) {
    this.#value = value;
  }

  reveal(): Value {
    return this.#value;
  }

  /** Compares in a time that does not depend on where the first difference is. */
  equals(other: Secret<Value> | Value): boolean {
    return sameSecret(this.#value, other instanceof Secret ? other.reveal() : other);
  }

  /** Overwrites bytes with zeros; a text cannot be overwritten and stays until it is collected. */
  wipe(): void {
    if (typeof this.#value !== "string") this.#value.fill(0);
  }

  toString(): string {
    return shown;
  }

  toJSON(): string {
    return shown;
  }

  [Symbol.toPrimitive](): string {
    return shown;
  }

  [inspect.custom](): string {
    return shown;
  }
}

/** Compares two secrets in constant time; only their lengths show. */
export function sameSecret(one: string | Uint8Array, other: string | Uint8Array): boolean {
  const [left, right] = [Buffer.from(one as string), Buffer.from(other as string)];
  return left.length === right.length && timingSafeEqual(left, right);
}
