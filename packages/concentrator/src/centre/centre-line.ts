import type { ByteStream, Clock } from "@energsys/protocols";
import { apduTags, concatBytes, decodeApdu } from "@energsys/protocols/dlms";
import { encodeWrapperFrame, takeWrapperFrame, type WrapperPorts } from "@energsys/protocols/wrapper";
import { concentratorDevice } from "../objects/concentrator-objects.ts";
import { clients } from "../objects/cosem-object.ts";
import type { LogicalDevices, ServedLine } from "../objects/logical-devices.ts";
import type { JournalEntry } from "../objects/served-core.ts";
import { announcementOf, pushBodyOf } from "./announcement.ts";
import { ConfirmedNotifications } from "./confirmed-notifications.ts";

const notificationPorts: WrapperPorts = {
  sourcePort: concentratorDevice,
  destinationPort: clients.reading,
};

export interface CentreLineOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly heartbeatMs: number;
  /** The centre confirmed the announcement: the line stands. */
  onAccepted(): void;
  onEnd(cause: Error | undefined): void;
}

/** One open line to a centre: announces, serves what the centre asks, sends events at once, and notices a line that is dead. */
export class CentreLine {
  readonly #devices: LogicalDevices;
  readonly #served: ServedLine;
  readonly #stream: ByteStream;
  readonly #options: CentreLineOptions;
  readonly #notifications: ConfirmedNotifications;
  #received: Uint8Array = new Uint8Array(0);
  #lastTrafficMs: number;
  #lastReceivedMs: number;
  #cancelHeartbeat = () => {};
  #ended = false;
  #accepted = false;

  constructor(stream: ByteStream, devices: LogicalDevices, options: CentreLineOptions) {
    this.#stream = stream;
    this.#devices = devices;
    this.#served = devices.line();
    this.#options = options;
    this.#lastTrafficMs = options.clock.now();
    this.#lastReceivedMs = this.#lastTrafficMs;
    this.#notifications = new ConfirmedNotifications(
      options.clock,
      Math.floor(options.random() * 0x100_0000),
      (apdu) => this.#write(notificationPorts, apdu),
    );
    stream.onBytes((chunk) => this.#receive(chunk));
    stream.onEnd((cause) => this.#end(cause));
    void this.#announce();
    this.#awaitSilence();
  }

  get accepted(): boolean {
    return this.#accepted;
  }

  get lastReceivedMs(): number {
    return this.#lastReceivedMs;
  }

  /** Sends events at once. @returns whether the centre confirmed them, which it does after COMMIT */
  push(entries: readonly JournalEntry[]): Promise<boolean> {
    if (this.#ended || !this.#accepted) return Promise.resolve(false);
    return this.#notifications.notify(pushBodyOf(this.#devices.core, entries));
  }

  /** Says anew what there is, ahead of the heartbeat. */
  announce(): void {
    if (!this.#ended && this.#accepted) void this.#announce();
  }

  close(): void {
    this.#end(undefined);
    this.#stream.close();
  }

  /** A line on which nothing at all came while an announcement was repeated to its end is dead (half-open), whatever the socket says. */
  async #announce(): Promise<void> {
    const sinceMs = this.#options.clock.now();
    const confirmed = await this.#notifications.notify(announcementOf(this.#devices.core));
    if (this.#ended) return;
    if (confirmed && !this.#accepted) {
      this.#accepted = true;
      this.#options.onAccepted();
    } else if (!confirmed && (!this.#accepted || this.#lastReceivedMs < sinceMs)) {
      this.#fail(new Error("the centre does not confirm"));
    }
  }

  /** The heartbeat: due when neither side said anything for the agreed time. */
  #awaitSilence(): void {
    if (this.#ended) return;
    const { clock, heartbeatMs } = this.#options;
    const silentMs = clock.now() - this.#lastTrafficMs;
    // A clock that was set back makes a silence negative; one that was set forward ends it early.
    const waitMs = silentMs < 0 ? heartbeatMs : heartbeatMs - silentMs;
    this.#cancelHeartbeat = clock.after(Math.max(waitMs, 1), async () => {
      const silentNowMs = clock.now() - this.#lastTrafficMs;
      if (silentNowMs < 0) this.#lastTrafficMs = clock.now();
      if (silentNowMs >= heartbeatMs) await this.#announce();
      this.#awaitSilence();
    });
  }

  #write(ports: WrapperPorts, apdu: Uint8Array): void {
    if (this.#ended) return;
    this.#lastTrafficMs = this.#options.clock.now();
    this.#stream.write(encodeWrapperFrame({ ...ports, apdu }));
  }

  #receive(chunk: Uint8Array): void {
    if (this.#ended) return;
    this.#lastReceivedMs = this.#options.clock.now();
    this.#lastTrafficMs = this.#lastReceivedMs;
    this.#received = this.#received.length === 0 ? chunk : concatBytes(this.#received, chunk);
    try {
      for (let taken = takeWrapperFrame(this.#received); taken; taken = takeWrapperFrame(this.#received)) {
        // What stays is small: its own copy, so that the chunk it came in can go.
        this.#received = this.#received.slice(taken.end);
        const { apdu, sourcePort, destinationPort } = taken.frame;
        void this.#take({ sourcePort, destinationPort }, apdu.slice());
      }
    } catch (cause) {
      this.#fail(cause as Error);
    }
  }

  async #take({ sourcePort, destinationPort }: WrapperPorts, apdu: Uint8Array): Promise<void> {
    try {
      if (apdu[0] === apduTags["data-notification-confirm"]) {
        const confirm = decodeApdu(apdu);
        if (confirm.kind === "data-notification-confirm") this.#notifications.confirm(confirm.longInvokeId);
        return;
      }
      const answer = await this.#served.answer({ sourcePort, destinationPort }, apdu);
      if (answer) this.#write({ sourcePort: destinationPort, destinationPort: sourcePort }, answer);
    } catch (cause) {
      this.#fail(cause as Error);
    }
  }

  #fail(cause: Error): void {
    this.#end(cause);
    this.#stream.close();
  }

  #end(cause: Error | undefined): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#cancelHeartbeat();
    this.#notifications.abandon();
    this.#options.onEnd(cause);
  }
}
