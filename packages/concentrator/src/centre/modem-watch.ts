import { askModem, errorCode } from "@energsys/drivers";
import type { ByteStream, Clock } from "@energsys/protocols";
import type { Logger } from "pino";

export type ModemNetwork = "off" | "searching" | "registered" | "unknown";

/** What the modem said last. */
export interface ModemSeen {
  readonly network: ModemNetwork;
  readonly signalDbm?: number;
}

interface ModemWatchOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly everyMs: number;
  readonly open: () => Promise<ByteStream>;
  /** The modem lost its network, or says nothing (detail: why), or has its network again. */
  readonly onChange: (has: boolean, detail: string) => void;
}

/** Asks the modem again and again for network and signal. One that was asked twice in vain, or has no network twice, is told of. */
export class ModemWatch {
  readonly #options: ModemWatchOptions;
  #seen: ModemSeen = { network: "unknown" };
  #bad = 0;
  #told = false;
  #stopped = new AbortController();
  #cancel: (() => void) | undefined;

  constructor(options: ModemWatchOptions) {
    this.#options = options;
  }

  get seen(): ModemSeen {
    return this.#seen;
  }

  start(): void {
    void this.#ask();
  }

  stop(): void {
    this.#stopped.abort();
    this.#cancel?.();
  }

  async #ask(): Promise<void> {
    const { clock, log, everyMs, open } = this.#options;
    const { signal } = this.#stopped;
    let why = "";
    try {
      this.#seen = await askModem(await open(), clock, signal);
      why = this.#seen.network;
    } catch (error) {
      why = errorCode(error);
      this.#seen = { network: "off" };
      if (!signal.aborted) log.debug({ code: why }, "modem not asked");
    }
    if (signal.aborted) return;
    this.#judge(why);
    this.#cancel = clock.after(everyMs, () => void this.#ask());
  }

  #judge(why: string): void {
    if (this.#seen.network === "registered") {
      this.#bad = 0;
      if (this.#told) this.#options.onChange(true, "");
      this.#told = false;
      return;
    }
    this.#bad += 1;
    if (this.#bad !== 2 || this.#told) return;
    this.#told = true;
    this.#options.onChange(false, why);
  }
}
