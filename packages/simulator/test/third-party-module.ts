import type { ByteStream, Clock } from "@energsys/protocols";
import { crc16 } from "./field-line.ts";

// A local module as somebody would build it who has docs/protocols/module-concentrator.md and IEC 62056-21, and nothing of ours.

export class ThirdPartyModule {
  readonly serial: string;
  pulses = 120_345;
  /** Where the contact stands, and where a command that is written wants it. */
  closed = true;
  ordered = true;
  moves = 0;
  supplied = true;
  /** Commands that it got, as text. */
  readonly commands: string[] = [];
  readonly #clock: Clock;
  #programming = false;
  #open = false;
  #typed = "";

  constructor(serial: string, clock: Clock) {
    this.serial = serial;
    this.#clock = clock;
  }

  line(): ByteStream {
    const listeners: ((bytes: Uint8Array) => void)[] = [];
    const say = (text: string) =>
      this.#clock.after(30, () => {
        for (const listener of listeners) if (this.supplied) listener(Buffer.from(text, "latin1"));
      });
    return {
      write: (bytes) => this.#hear(Buffer.from(bytes).toString("latin1"), say),
      onBytes: (listener) => void listeners.push(listener),
      onEnd: () => undefined,
      close: () => undefined,
    };
  }

  setSupply(on: boolean): void {
    this.supplied = on;
    this.#programming = false;
    this.#open = false;
    this.#typed = "";
    if (on && this.closed !== this.ordered) this.#move();
  }

  #move(): void {
    this.closed = this.ordered;
    this.moves++;
  }

  #hear(text: string, say: (text: string) => void): void {
    if (!this.supplied) return;
    this.#typed += text;
    const call = /\/\?(\w{1,32})!\r\n$/.exec(this.#typed);
    if (call) {
      this.#typed = "";
      this.#programming = false;
      this.#open = call[1] === this.serial;
      if (this.#open) say(this.#block());
      return;
    }
    const [begin, end] = [this.#typed.indexOf("\x01"), this.#typed.indexOf("\x03")];
    if (begin < 0 || end < begin || this.#typed.length < end + 2) return;
    const body = this.#typed.slice(begin + 1, end);
    const check = this.#typed[end + 1];
    this.#typed = "";
    if (!this.#open) return;
    if (bcc(`${body}\x03`) === check) this.#command(body.replace("\x02", " "), say);
    else say("\x15");
  }

  #command(body: string, say: (text: string) => void): void {
    if (body === "P1 (00000000)") {
      this.#programming = true;
      say("\x06");
      return;
    }
    if (body.startsWith("B0") || !this.#programming) {
      this.#open = false;
      return;
    }
    this.commands.push(body);
    const relay = /^W1 0-1:96\.3\.10\(([01])\)$/.exec(body)?.[1];
    if (relay === undefined) {
      say(body.startsWith("W1 0-0:") ? "\x06" : said("(ERROR)"));
      return;
    }
    this.ordered = relay === "1";
    this.#clock.after(60, () => {
      if (!this.supplied) return;
      if (this.closed !== this.ordered) this.#move();
      say("\x06");
    });
  }

  #block(): string {
    const local = new Date(this.#clock.now() + 2 * 3_600_000).toISOString().replace(/\D/g, "").slice(2, 14);
    const lines = [
      "/ENS3LM08-9.01",
      "",
      `0-0:96.1.0(${this.serial})`,
      "0-0:96.1.1()",
      `0-0:1.0.0(${local}W)`,
      "0-0:96.5.0(00)",
      "0-0:96.6.6(3.92*V)",
      "0-0:96.7.0(00002)",
      "0-0:96.3.1(03)",
      `1-1:82.8.0(${String(this.pulses).padStart(10, "0")})`,
      "1-1:0.3.3(5.000*Wh)",
      "1-1:0.3.0(1600*imp/kWh)",
      "0-1:96.1.0(XYZ70500001)",
      "0-1:96.5.1(00)",
      `0-1:96.3.10(${this.closed ? 1 : 0})`,
      "!",
    ];
    const text = lines.join("\r\n");
    return `${text}${crc16(text)}\r\n`;
  }
}

const bcc = (text: string) => {
  let check = 0;
  for (const character of text) check ^= character.charCodeAt(0);
  return String.fromCharCode(check);
};
const said = (text: string) => `\x02${text}\x03${bcc(`${text}\x03`)}`;
