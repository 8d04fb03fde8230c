import { connect, type Socket } from "node:net";
import { announcementBody, array, journalOf, structure, text } from "@energsys/store/testing/journal-bytes";

const be16 = (value: number): number[] => [value >> 8, value & 0xff];
/** AARE, accepted, conformance with GET, SET, ACTION, blocks and selection, longest APDU 65535; by hand from IEC 62056-5-3. */
const aare = [
  0x61, 0x29, 0xa1, 0x09, 0x06, 0x07, 0x60, 0x85, 0x74, 0x05, 0x08, 0x01, 0x01, 0xa2, 0x03, 0x02, 0x01, 0x00,
  0xa3, 0x05, 0xa1, 0x03, 0x02, 0x01, 0x00, 0xbe, 0x10, 0x04, 0x0e, 0x08, 0x00, 0x06, 0x5f, 0x1f, 0x04, 0x00,
  0x00, 0x7e, 0x1f, 0xff, 0xff, 0x00, 0x07,
];

/** A concentrator's journal on a real socket: whole answers, no blocks, written from the agreement and not from our codecs. */
export class FakeConcentrator {
  readonly identity: string;
  entries: Uint8Array[] = [];
  taken: number[] = [];
  clockSets = 0;
  confirmations = 0;
  /** Entries in one answer. */
  atOnce = 50;
  /** Cuts the line instead of taking *taken*. */
  cutAtTaken = false;
  /** Hears what it is asked for of its journal, and says nothing any more. */
  silentAtJournal = false;
  asked: [number, number][] = [];
  /** JSON in force, and what was proposed and confirmed. */
  configuration = "";
  proposed = "";
  confirmed = false;
  onTrial = false;
  /** Goes back to what was before, with this as its reason. */
  fault = "";
  #socket: Socket | undefined;
  #received = Buffer.alloc(0);
  closed: Promise<void> = Promise.resolve();

  constructor(identity: string) {
    this.identity = identity;
  }

  async call(address: string): Promise<void> {
    const [host, port] = [address.slice(0, address.lastIndexOf(":")), Number(address.split(":").at(-1))];
    const socket = connect({ host, port });
    this.#socket = socket;
    this.#received = Buffer.alloc(0);
    socket.on("error", () => {});
    socket.on("data", (chunk: Buffer) => this.#receive(chunk));
    this.closed = new Promise((resolve) => socket.once("close", () => resolve()));
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", () => resolve());
      socket.once("error", reject);
    });
    this.announce();
  }

  announce(supply = 0): void {
    this.#notify(announcementBody(this.identity, this.entries.length, supply));
  }

  push(entries: readonly Uint8Array[]): void {
    this.#notify(structure(text(this.identity), array(...entries.map((entry) => [...entry]))));
  }

  hangUp(): void {
    this.#socket?.destroy();
  }

  #notify(body: readonly number[]): void {
    this.#send(1, 16, [0x0f, 0x40, 0x00, 0x00, 0x01, 0x00, ...body]);
  }

  #send(from: number, to: number, apdu: Iterable<number>): void {
    const bytes = Uint8Array.from(apdu);
    this.#socket?.write(
      Uint8Array.from([...be16(1), ...be16(from), ...be16(to), ...be16(bytes.length), ...bytes]),
    );
  }

  #receive(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    while (this.#received.length >= 8) {
      const length = this.#received.readUInt16BE(6);
      if (this.#received.length < 8 + length) return;
      const from = this.#received.readUInt16BE(2);
      const to = this.#received.readUInt16BE(4);
      const apdu = this.#received.subarray(8, 8 + length);
      this.#received = this.#received.subarray(8 + length);
      this.#answer(from, to, apdu);
    }
  }

  #answer(client: number, server: number, apdu: Buffer): void {
    const reply = (bytes: Iterable<number>) => this.#send(server, client, bytes);
    const tag = apdu[0];
    if (tag === 0x10) this.confirmations++;
    else if (tag === 0x60) reply(aare);
    else if (tag === 0x62) reply([0x63, 0x03, 0x80, 0x01, 0x00]);
    else if (tag === 0xc0) {
      const invoke = apdu[2] as number;
      const classId = apdu.readUInt16BE(3);
      if (classId === 7) {
        // The bounds are the two double-long-unsigned after the restricting object of 18 bytes.
        const at = apdu.indexOf(Uint8Array.of(0x06), 31);
        const [first, last] = [apdu.readUInt32BE(at + 1), apdu.readUInt32BE(at + 6)];
        this.asked.push([first, last]);
        if (this.silentAtJournal) return;
        const some = this.entries.slice(first - 1, Math.min(last, first - 1 + this.atOnce));
        reply([0xc4, 0x01, invoke, 0x00, ...journalOf(some)]);
      } else if (classId === 8) {
        // 2026-11-01 00:00:00 UTC: wrong by weeks.
        reply([0xc4, 0x01, invoke, 0x00, 0x09, 0x0c, 0x07, 0xea, 11, 1, 7, 0, 0, 0, 0, 0, 0, 0]);
      } else if (apdu[7] === 42) reply([0xc4, 0x01, invoke, 0x00, ...text(this.identity)]);
      else if (apdu[7] === 96 && apdu[8] === 20)
        reply([0xc4, 0x01, invoke, 0x00, ...text(this.configuration)]);
      else if (apdu[7] === 96 && apdu[8] === 22)
        reply([0xc4, 0x01, invoke, 0x00, 0x03, this.onTrial ? 0 : 1]);
      else if (apdu[7] === 96 && apdu[8] === 23) reply([0xc4, 0x01, invoke, 0x00, ...text(this.fault)]);
      else reply([0xc4, 0x01, invoke, 0x01, 0x04]);
    } else if (tag === 0xc1) {
      const invoke = apdu[2] as number;
      if (apdu.readUInt16BE(3) === 8) this.clockSets++;
      else if (apdu[7] === 96 && apdu[8] === 21) {
        this.proposed = stringAt(apdu, 13);
        this.onTrial = true;
      } else if (apdu[7] === 96 && apdu[8] === 22) {
        this.confirmed = true;
        this.onTrial = false;
      } else {
        if (this.cutAtTaken) {
          this.hangUp();
          return;
        }
        this.taken.push(apdu.readUInt32BE(apdu.length - 4));
      }
      reply([0xc5, 0x01, invoke, 0x00]);
    }
  }
}

/** The octet-string at an offset: length below 128, or in one or two bytes more. */
function stringAt(apdu: Buffer, at: number): string {
  const short = apdu[at + 1] as number;
  const more = short < 0x80 ? 0 : short & 0x7f;
  const length = more === 0 ? short : apdu.readUIntBE(at + 2, more);
  return apdu.subarray(at + 2 + more, at + 2 + more + length).toString();
}
