import type { Clock } from "@energsys/protocols";
import { type DataValue, encodeApdu } from "@energsys/protocols/dlms";

/** Bit 30 of the long invoke id: the receiver is asked to confirm (IEC 62056-5-3). */
const confirmedBit = 0x4000_0000;
const numberMask = 0xff_ffff;

/** How long a confirmation may take, and how often the notification comes again (section 3, Events at once). */
export const confirmation = { waitMs: 20_000, repetitions: 3 } as const;

/** DataNotifications that want to be confirmed: each comes again under its number until it is, or the repetitions are used up. */
export class ConfirmedNotifications {
  readonly #clock: Clock;
  readonly #send: (apdu: Uint8Array) => void;
  readonly #waiting = new Map<number, (confirmed: boolean) => void>();
  #number: number;

  /** @param first number of the first one, drawn by the caller: a confirmation that belongs to an earlier line confirms nothing here */
  constructor(clock: Clock, first: number, send: (apdu: Uint8Array) => void) {
    this.#clock = clock;
    this.#send = send;
    this.#number = first & numberMask;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** Whether it was confirmed in the end; never rejects. */
  notify(body: DataValue): Promise<boolean> {
    this.#number = (this.#number + 1) & numberMask;
    const number = this.#number;
    const apdu = encodeApdu({ kind: "data-notification", longInvokeId: number | confirmedBit, body });
    return new Promise((resolve) => {
      let sent = 0;
      let cancel = () => {};
      const settle = (confirmed: boolean) => {
        cancel();
        this.#waiting.delete(number);
        resolve(confirmed);
      };
      const attempt = () => {
        if (sent++ > confirmation.repetitions) return settle(false);
        cancel = this.#clock.after(confirmation.waitMs, attempt);
        this.#send(apdu);
      };
      this.#waiting.set(number, settle);
      attempt();
    });
  }

  /** Takes a confirmation; one that nobody waits for, such as a second one, is passed over. */
  confirm(longInvokeId: number): void {
    this.#waiting.get(longInvokeId & numberMask)?.(true);
  }

  /** The line is gone: nothing of it will be confirmed. */
  abandon(): void {
    for (const settle of [...this.#waiting.values()]) settle(false);
  }
}
