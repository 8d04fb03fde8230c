import type { ByteStream, Clock, EpochMs } from "@energsys/protocols";
import type { LogicalDevices } from "../objects/logical-devices.ts";
import type { JournalEntry } from "../objects/served-core.ts";
import { waitBeforeCall } from "./call-again.ts";
import { CentreLine } from "./centre-line.ts";

/** Entries that wait to be sent at once; more than that the reading of the journal brings as soon. */
const pushWaitingMax = 256;
/** Entries in one notification. */
const pushEntriesMax = 16;
const pushBytesMax = 16 * 1024;

export interface LinkLog {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
}

export interface CentreLinkOptions<Address> {
  /** Taken in turn; none: the concentrator is read locally only. */
  readonly addresses: readonly Address[];
  open(address: Address): Promise<ByteStream>;
  /** For logs and the console; holds no secret. */
  nameOf(address: Address): string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly heartbeatMs: number;
  readonly log: LinkLog;
}

export interface CentreState {
  readonly line: "off" | "waiting" | "calling" | "announced" | "accepted";
  readonly address: string | undefined;
  /** Since when it is so. */
  readonly sinceMs: EpochMs;
  /** Calls that failed since the last line that stood. */
  readonly failures: number;
  readonly lastReceivedMs: EpochMs | undefined;
}

/** Keeps one line to a centre: calls, calls again, and sends at once what must not wait for the reading of the journal. */
export class CentreLink<Address> {
  readonly #devices: LogicalDevices;
  readonly #options: CentreLinkOptions<Address>;
  #line: CentreLine | undefined;
  #state: Omit<CentreState, "failures" | "lastReceivedMs">;
  #failures = 0;
  #turn = 0;
  #cancel = () => {};
  #stopped = false;
  #waiting: JournalEntry[] = [];
  #pushing = false;

  constructor(devices: LogicalDevices, options: CentreLinkOptions<Address>) {
    this.#devices = devices;
    this.#options = options;
    this.#state = { line: "off", address: undefined, sinceMs: options.clock.now() };
  }

  get state(): CentreState {
    return { ...this.#state, failures: this.#failures, lastReceivedMs: this.#line?.lastReceivedMs };
  }

  start(): void {
    if (this.#options.addresses.length > 0) void this.#call();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
    this.#line?.close();
    this.#show("off", undefined);
  }

  /** Tells the centre how far the journal is, when there is a line. */
  announce(): void {
    this.#line?.announce();
  }

  /** Sends entries at once, as soon as there is a line. They stand in the journal already: what is not confirmed is read from there. */
  push(entries: readonly JournalEntry[]): void {
    if (this.#options.addresses.length === 0) return;
    this.#waiting.push(...entries);
    this.#waiting.splice(0, this.#waiting.length - pushWaitingMax);
    void this.#pushWaiting();
  }

  async #call(): Promise<void> {
    const { addresses, open, nameOf, log } = this.#options;
    const address = addresses[this.#turn % addresses.length] as Address;
    this.#turn++;
    const name = nameOf(address);
    this.#show("calling", name);
    let stream: ByteStream;
    try {
      stream = await open(address);
    } catch (cause) {
      this.#again(name, cause as Error);
      return;
    }
    if (this.#stopped) {
      stream.close();
      return;
    }
    this.#show("announced", name);
    let ended = false;
    const line = new CentreLine(stream, this.#devices, {
      clock: this.#options.clock,
      random: this.#options.random,
      heartbeatMs: this.#options.heartbeatMs,
      onAccepted: () => {
        // A line that stands is asked for first when it is lost.
        this.#turn--;
        this.#failures = 0;
        this.#show("accepted", name);
        log.info({ address: name }, "centre accepted the announcement");
        void this.#pushWaiting();
      },
      onEnd: (cause) => {
        ended = true;
        this.#line = undefined;
        this.#again(name, cause);
      },
    });
    if (!ended) this.#line = line;
  }

  #again(address: string, cause: Error | undefined): void {
    if (this.#stopped) return;
    this.#failures++;
    const waitMs = waitBeforeCall(this.#failures, this.#options.random);
    const why = cause?.message ?? "closed by the centre";
    this.#options.log.warn({ address, why, waitMs: Math.round(waitMs) }, "no line to the centre");
    this.#show("waiting", address);
    this.#cancel = this.#options.clock.after(waitMs, () => void this.#call());
  }

  /** One notification at a time. What the repetitions did not get through waits for the reading of the journal. */
  async #pushWaiting(): Promise<void> {
    if (this.#pushing) return;
    this.#pushing = true;
    try {
      while (this.#line?.accepted && !this.#stopped) {
        const { journal } = this.#devices.core;
        // What the centre has read in the meantime need not be sent.
        this.#waiting = this.#waiting.filter(({ number }) => number > journal.taken);
        const entries = firstOf(this.#waiting);
        if (entries.length === 0) return;
        const line = this.#line;
        const confirmed = await line.push(entries);
        // Lost with its line: the next line sends it.
        if (!confirmed && this.#line !== line) continue;
        const numbers = entries.map(({ number }) => number);
        this.#waiting = this.#waiting.filter(({ number }) => !numbers.includes(number));
        if (!confirmed) {
          this.#options.log.warn({ entries: numbers }, "events were not confirmed");
        }
      }
    } finally {
      this.#pushing = false;
    }
  }

  #show(line: CentreState["line"], address: string | undefined): void {
    this.#state = { line, address, sinceMs: this.#options.clock.now() };
  }
}

/** As many as one notification takes. */
function firstOf(waiting: readonly JournalEntry[]): JournalEntry[] {
  const entries: JournalEntry[] = [];
  let bytes = 0;
  for (const entry of waiting.slice(0, pushEntriesMax)) {
    bytes += entry.body.length;
    if (entries.length > 0 && bytes > pushBytesMax) break;
    entries.push(entry);
  }
  return entries;
}
