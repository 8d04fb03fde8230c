import type { ByteStream } from "@energsys/protocols";

// A centre as somebody would build it who has docs/protocols/concentrator-centre.md and the standards that it names, and nothing of ours:
// bytes by hand, from the type of the stream alone on.

/** A value of A-XDR: bytes of octet-strings, numbers, lists. */
export type Plain = number | bigint | boolean | null | Buffer | Plain[];

/** An entry of the journal (section 3). */
export interface ReadEntry {
  readonly number: number;
  readonly writtenMs: number;
  readonly logicalDevice: number;
  readonly kind: number;
  readonly body: Plain[];
}

const obis = (text: string) => Buffer.from(text.split(/[-:.*]/).map(Number));
const frame = (from: number, to: number, apdu: Buffer) => {
  const header = Buffer.alloc(8);
  header.writeUInt16BE(1, 0);
  header.writeUInt16BE(from, 2);
  header.writeUInt16BE(to, 4);
  header.writeUInt16BE(apdu.length, 6);
  return Buffer.concat([header, apdu]);
};
/** AARQ: logical names without ciphering; get, set, action, selective access, blocks of get; the longest APDU. */
const aarq = Buffer.from("601da109060760857405080101be10040e01000000065f1f040000101dffff", "hex");

/** date-time (12 bytes) to an instant; its deviation is in minutes from local time to UTC. */
export function instantOf(stamp: Buffer): number {
  const local = Date.UTC(
    stamp.readUInt16BE(0),
    stamp[2]! - 1,
    stamp[3]!,
    stamp[5]!,
    stamp[6]!,
    stamp[7]!,
    stamp[8] === 0xff ? 0 : stamp[8]! * 10,
  );
  const deviation = stamp.readInt16BE(9);
  return local + (deviation === -0x8000 ? 0 : deviation * 60_000);
}

/** Numbers by their tag: width in bytes, and whether signed. */
const numbers: Readonly<Record<number, readonly [number, boolean]>> = {
  5: [4, true],
  6: [4, false],
  15: [1, true],
  16: [2, true],
  17: [1, false],
  18: [2, false],
  20: [8, true],
  21: [8, false],
  22: [1, false],
};

class Reading {
  #at = 0;
  readonly #bytes: Buffer;
  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }
  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }
  take(count: number): Buffer {
    if (this.#at + count > this.#bytes.length) throw new Error("bytes end early");
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }
  byte(): number {
    return this.take(1)[0]!;
  }
  length(): number {
    const first = this.byte();
    return first < 0x80 ? first : this.take(first & 0x7f).readUIntBE(0, first & 0x7f);
  }
  value(tag = this.byte()): Plain {
    if (tag === 0) return null;
    if (tag === 1 || tag === 2) return Array.from({ length: this.length() }, () => this.value());
    if (tag === 3) return this.byte() !== 0;
    if (tag === 9 || tag === 10 || tag === 12) return this.take(this.length());
    if (tag === 19) {
      const type = this.byte();
      const inner = new Reading(this.take(this.length()));
      const values: Plain[] = [];
      while (!inner.done) values.push(inner.value(type));
      return values;
    }
    const [width, signed] = numbers[tag] ?? [];
    if (width === undefined) throw new Error(`tag ${tag}`);
    const bytes = this.take(width);
    if (width === 8) return signed ? bytes.readBigInt64BE() : bytes.readBigUInt64BE();
    return signed ? bytes.readIntBE(0, width) : bytes.readUIntBE(0, width);
  }
}

export class ThirdPartyCentre {
  /** What was announced, as often as it was. */
  readonly announced: Plain[][] = [];
  /** Entries that were pushed at once. */
  readonly pushed: ReadEntry[] = [];
  #hear: (chunk: Uint8Array) => void = () => undefined;
  #received = Buffer.alloc(0);
  readonly #waiting: ((apdu: Buffer) => void)[] = [];

  /** The concentrator's end of the line that it called. */
  line(): ByteStream {
    return {
      write: (bytes) => this.#receive(Buffer.from(bytes)),
      onBytes: (listener) => {
        this.#hear = listener;
      },
      onEnd: () => undefined,
      close: () => undefined,
    };
  }

  #receive(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    while (this.#received.length >= 8) {
      const length = this.#received.readUInt16BE(6);
      if (this.#received.length < 8 + length) return;
      const [from, to] = [this.#received.readUInt16BE(2), this.#received.readUInt16BE(4)];
      const apdu = this.#received.subarray(8, 8 + length);
      this.#received = this.#received.subarray(8 + length);
      if (apdu[0] === 0x0f) this.#notified(from, to, apdu);
      else this.#waiting.shift()?.(apdu);
    }
  }

  #notified(from: number, to: number, apdu: Buffer): void {
    const body = new Reading(apdu.subarray(6 + apdu[5]!)).value() as Plain[];
    if (body.length === 8) this.announced.push(body);
    else this.pushed.push(...(body[1] as Plain[]).map(entryOf));
    // Confirmed when the priority bit of the service class says so.
    if ((apdu[1]! & 0x40) === 0) return;
    const confirmation = Buffer.concat([Buffer.from([0x10]), apdu.subarray(1, 5), Buffer.from([0])]);
    setImmediate(() => this.#hear(frame(to, from, confirmation)));
  }

  #ask(client: number, device: number, apdu: Buffer): Promise<Buffer> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#hear(frame(client, device, apdu));
    });
  }

  async associate(client: number, device: number): Promise<void> {
    const aare = await this.#ask(client, device, aarq);
    if (aare[0] !== 0x61 || !aare.includes(Buffer.from("a203020100", "hex"))) throw new Error("refused");
  }

  async get(client: number, device: number, classId: number, name: string, attribute: number, access = "") {
    const head = Buffer.from([0xc0, 1, 0xc1, 0, classId, ...obis(name), attribute, access === "" ? 0 : 1]);
    let answer = await this.#ask(client, device, Buffer.concat([head, Buffer.from(access, "hex")]));
    const blocks: Buffer[] = [];
    while (answer[1] === 2) {
      const block = new Reading(answer.subarray(9));
      if (answer[8] !== 0) throw new Error(`data access ${answer[9]}`);
      blocks.push(block.take(block.length()));
      if (answer[3] !== 0) return new Reading(Buffer.concat(blocks)).value();
      const next = Buffer.concat([Buffer.from([0xc0, 2, 0xc1]), answer.subarray(4, 8)]);
      answer = await this.#ask(client, device, next);
    }
    if (answer[3] !== 0) throw new Error(`data access ${answer[4]}`);
    return new Reading(answer.subarray(4)).value();
  }

  async set(client: number, device: number, name: string, value: Buffer): Promise<number> {
    const head = Buffer.from([0xc1, 1, 0xc1, 0, 1, ...obis(name), 2, 0]);
    return (await this.#ask(client, device, Buffer.concat([head, value])))[3]!;
  }

  /** Result of an action with integer 0: 0 success, 2 temporary failure. */
  async action(client: number, device: number, classId: number, name: string, method: number) {
    const apdu = Buffer.from([0xc3, 1, 0xc1, 0, classId, ...obis(name), method, 1, 0x0f, 0]);
    return (await this.#ask(client, device, apdu))[3]!;
  }

  /** Reads the journal from `next` on until an answer is empty (section 3), then says what it has. */
  async drain(from: number): Promise<ReadEntry[]> {
    const found: ReadEntry[] = [];
    for (let next = from; ; next = found.at(-1)!.number + 1) {
      const number = (value: number) => `06${value.toString(16).padStart(8, "0")}`;
      const range = `010204020412000109060080600800ff0f02120000${number(next)}${number(0xffff_ffff)}0100`;
      const rows = (await this.get(1, 1, 7, "0-128:99.1.0*255", 2, range)) as Plain[];
      if (rows.length === 0) break;
      found.push(...rows.map(entryOf));
    }
    const last = Buffer.alloc(5, 6);
    last.writeUInt32BE(found.at(-1)?.number ?? from - 1, 1);
    const refused = await this.set(1, 1, "0-128:96.9.0*255", last);
    if (refused !== 0) throw new Error(`taken: ${refused}`);
    return found;
  }
}

function entryOf(row: Plain): ReadEntry {
  const [number, written, logicalDevice, kind, body] = row as [number, Buffer, number, number, Plain[]];
  return { number, writtenMs: instantOf(written), logicalDevice, kind, body };
}
