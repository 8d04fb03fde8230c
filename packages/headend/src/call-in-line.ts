import type { KeyCounters, TcpLine } from "@energsys/drivers";
import { type Clock, DecodeError } from "@energsys/protocols";
import { takeWrapperFrame, type WrapperPorts } from "@energsys/protocols/wrapper";
import type { DeviceRow, LinkLease } from "@energsys/store";
import type { Limits } from "./limits.ts";

const pushesWaitingMax = 64;
const usualPorts: WrapperPorts = { sourcePort: 1, destinationPort: 1 };

/** What a device sent of itself, with the ports of its frame. */
export interface ReceivedPush extends WrapperPorts {
  readonly apdu: Uint8Array;
  /** What had been heard of the device on this line when it came, by key: an answer may overtake it. */
  readonly heardBefore: ReadonlyMap<string, number | undefined>;
}

/**
 * The open line of a device that called in. It is read over this line; between reads the line is watched: what the device
 * sends of itself is handed on, and silence is broken before the operator's NAT forgets the line.
 */
export class CallInLine {
  readonly device: DeviceRow;
  readonly line: TcpLine;
  readonly lease: LinkLease;
  /** Of a concentrator: which. */
  gatewayId: number | undefined;
  /** A concentrator said that it is going: its silence is no lost line. */
  shutdownAnnounced = false;
  /** Somebody retired the concentrator: its line was closed by us. */
  dismissed = false;
  /** From where the device called again, so that this line was closed. */
  replacedBy: string | undefined;
  /** Whether a concentrator was asked on this line for a configuration on trial. */
  configurationAsked = false;
  /** When the clock of a concentrator was last compared with ours. */
  clockCheckedMs: number | undefined;
  /** How often in a row the reading of a concentrator's journal broke off on this line, and when it may be tried again. */
  drainFailures = 0;
  drainFromMs = 0;
  /** Of the device's keys, as long as the line lives. */
  readonly counters = new Map<string, KeyCounters>();
  /** The highest counter of a push that is stored, by key. */
  readonly pushed = new Map<string, number>();
  readonly #clock: Clock;
  readonly #bounds: Limits;
  readonly #onPush: (push: ReceivedPush) => Promise<void>;
  readonly #probe: (line: CallInLine) => Promise<void>;
  #received: Uint8Array = new Uint8Array(0);
  #busy = false;
  #pushes = Promise.resolve();
  #pushesWaiting = 0;
  #cancelKeepAlive: (() => void) | undefined;

  constructor(
    device: DeviceRow,
    line: TcpLine,
    lease: LinkLease,
    options: {
      clock: Clock;
      limits: Limits;
      /** An APDU that came unasked. One at a time; it must not reject. */
      onPush: (push: ReceivedPush) => Promise<void>;
      /** Asks the device for its clock; rejects when it does not answer. */
      probe: (line: CallInLine) => Promise<void>;
    },
  ) {
    this.device = device;
    this.line = line;
    this.lease = lease;
    this.#clock = options.clock;
    this.#bounds = options.limits;
    this.#onPush = options.onPush;
    this.#probe = options.probe;
    line.onEnd(() => this.#cancelKeepAlive?.());
  }

  get busy(): boolean {
    return this.#busy;
  }

  get open(): boolean {
    return this.line.open;
  }

  /** Gives the line to one user at a time; `undefined` while another has it. */
  async use<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
    if (this.#busy || !this.line.open) return undefined;
    this.#busy = true;
    this.#cancelKeepAlive?.();
    try {
      return await work();
    } finally {
      this.#busy = false;
      if (this.line.open) this.watch();
    }
  }

  /** Watches the idle line. */
  watch(): void {
    this.#received = new Uint8Array(0);
    this.line.stream().onBytes((chunk) => this.#receive(chunk));
    this.#cancelKeepAlive?.();
    this.#cancelKeepAlive = this.#clock.after(this.#bounds.keepAliveMs, () => {
      this.check().catch(() => {});
    });
  }

  /** Whether the device still answers; a line that does not is closed. */
  async check(): Promise<boolean> {
    if (!this.line.open) return false;
    if (this.#busy) return true;
    try {
      await this.use(() => this.#probe(this));
      return this.line.open;
    } catch {
      this.line.close();
      return false;
    }
  }

  /**
   * Takes what the device sent of itself, idle or while it is read: each after the one before, so that the same bytes twice are seen as
   * a repetition. What comes when `pushesWaitingMax` wait is dropped; unconfirmed, the device keeps it.
   */
  readonly takePush = (apdu: Uint8Array, ports: WrapperPorts = usualPorts): void => {
    if (this.#pushesWaiting >= pushesWaitingMax) return;
    this.#pushesWaiting++;
    const { sourcePort, destinationPort } = ports;
    const heardBefore = new Map([...this.counters].map(([keyId, counters]) => [keyId, counters.received()]));
    this.#pushes = this.#pushes
      .then(() => this.#onPush({ apdu, sourcePort, destinationPort, heardBefore }))
      .finally(() => {
        this.#pushesWaiting--;
      });
  };

  close(): void {
    this.#cancelKeepAlive?.();
    this.line.close();
  }

  #receive(chunk: Uint8Array): void {
    const joined = new Uint8Array(this.#received.length + chunk.length);
    joined.set(this.#received);
    joined.set(chunk, this.#received.length);
    this.#received = joined;
    try {
      for (;;) {
        const taken = takeWrapperFrame(this.#received, this.#bounds.apduBytes);
        if (!taken) return;
        this.#received = this.#received.slice(taken.end);
        this.takePush(taken.frame.apdu.slice(), taken.frame);
      }
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      // No frame begins here: heartbeats of some devices are single bytes or text. They show that the line lives.
      this.#received = new Uint8Array(0);
    }
  }
}
