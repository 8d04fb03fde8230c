import type { TcpLine } from "@energsys/drivers";
import { DecodeError } from "@energsys/protocols";
import { takeWrapperFrame } from "@energsys/protocols/wrapper";
import { type Database, recordAnnouncement } from "@energsys/store";
import { confirmationFrame, findAnnouncement } from "./notification.ts";

/** Lines of strangers that are kept open at once. */
const linesMax = 64;
const frameMax = 1024;

/**
 * Concentrators that nobody adopted: their announcements are written down and confirmed, and nothing is asked of them. When somebody
 * adopts one its line is closed: it calls again within seconds and is then admitted.
 */
export class Quarantine {
  readonly #db: Database;
  readonly #clock: { now(): number };
  readonly #lines = new Map<string, { readonly line: TcpLine; readonly gatewayId: number }>();

  constructor(db: Database, clock: { now(): number }) {
    this.#db = db;
    this.#clock = clock;
  }

  get size(): number {
    return this.#lines.size;
  }

  /**
   * Keeps a line; false when there are too many, or the identity has one already.
   * @param proven the caller is who it says: an older line of it is closed
   */
  keep(line: TcpLine, identity: string, gatewayId: number, proven = false): boolean {
    const before = this.#lines.get(identity);
    if ((before && !proven) || (!before && this.#lines.size >= linesMax) || !line.open) return false;
    this.#lines.set(identity, { line, gatewayId });
    before?.line.close();
    line.onEnd(() => {
      if (this.#lines.get(identity)?.line === line) this.#lines.delete(identity);
    });
    let received: Uint8Array = new Uint8Array(0);
    line.stream().onBytes((chunk) => {
      received = Uint8Array.from([...received, ...chunk]);
      try {
        for (
          let taken = takeWrapperFrame(received, frameMax);
          taken;
          taken = takeWrapperFrame(received, frameMax)
        ) {
          received = received.slice(taken.end);
          const apdu = taken.frame.apdu.slice();
          this.#heartbeat(line, identity, apdu, taken.frame).catch(() => line.close());
        }
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error;
        line.close();
      }
    });
    return true;
  }

  async #heartbeat(
    line: TcpLine,
    identity: string,
    apdu: Uint8Array,
    ports: { readonly sourcePort: number; readonly destinationPort: number },
  ): Promise<void> {
    const announcement = findAnnouncement(apdu);
    // Events of a stranger are not stored, so they are not confirmed either: it keeps them.
    if (!announcement) return;
    if (announcement.identity !== identity) return line.close();
    await recordAnnouncement(this.#db, announcement, {
      remoteAddress: line.remoteAddress,
      atMs: this.#clock.now(),
    });
    const frame = confirmationFrame(apdu, ports);
    if (frame) line.write(frame);
  }

  /** Somebody decided about this one. */
  release(gatewayId: number): void {
    for (const { line, gatewayId: its } of this.#lines.values()) if (its === gatewayId) line.close();
  }

  stop(): void {
    for (const { line } of this.#lines.values()) line.close();
    this.#lines.clear();
  }
}
