import { type DeviceSecret, faultsOfSecret, type SecretKind, secretKinds } from "@energsys/metering";
import { DriverError } from "./errors.ts";

/** Query parameters; each is asked for by name, and what nobody asked for is a spelling mistake. */
export class Parameters {
  readonly #parameters: URLSearchParams;
  readonly #asked = new Set<string>();

  constructor(parameters: URLSearchParams) {
    this.#parameters = parameters;
  }

  text(name: string): string | undefined {
    this.#asked.add(name);
    return this.#parameters.get(name) ?? undefined;
  }

  number(name: string, min: number, max: number): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (!/^\d{1,7}$/.test(text) || value < min || value > max) {
      throw new DriverError("url.parameter-invalid", `${name}=${text}: a number from ${min} to ${max}`);
    }
    return value;
  }

  /** One of some words; the first of them when it is absent. */
  word<const Words extends readonly [string, ...string[]]>(name: string, words: Words): Words[number] {
    const text = this.text(name) ?? words[0];
    const found = words.find((word) => word === text);
    if (found === undefined)
      throw new DriverError("url.parameter-invalid", `${name}=${text}: ${words.join(", ")}`);
    return found;
  }

  /** Bytes as hexadecimal digits, of one of these lengths. */
  bytes(name: string, lengths: readonly number[]): Uint8Array | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    if (!/^[0-9a-f]+$/i.test(text) || !lengths.some((length) => text.length === 2 * length)) {
      const wanted = `${lengths.join(" or ")} bytes as hexadecimal digits`;
      throw new DriverError("url.parameter-invalid", `${name}: ${wanted}`);
    }
    return new Uint8Array(Buffer.from(text, "hex"));
  }

  /** The secrets in the URL, by kind; they are not repeated in the error. */
  secrets(kinds: readonly SecretKind[]): DeviceSecret {
    const found: { -readonly [Kind in SecretKind]?: string } = {};
    for (const kind of kinds) {
      const value = this.text(secretKinds[kind].parameter);
      if (value !== undefined) found[kind] = value;
    }
    for (const [kind, fault] of Object.entries(faultsOfSecret(found))) {
      const { parameter } = secretKinds[kind as SecretKind];
      throw new DriverError("url.parameter-invalid", `${parameter}: ${fault}`);
    }
    return found;
  }

  /** `yes` or `no`. */
  flag(name: string): boolean | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    if (text !== "yes" && text !== "no")
      throw new DriverError("url.parameter-invalid", `${name}=${text}: yes or no`);
    return text === "yes";
  }

  refuseUnknown(): void {
    for (const name of this.#parameters.keys()) {
      if (!this.#asked.has(name))
        throw new DriverError("url.parameter-unknown", `unknown parameter: ${name}`);
    }
  }
}
