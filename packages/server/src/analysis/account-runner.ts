import type { AccountSeries, AccountVersion, Period, TariffAccount } from "@energsys/store";
import { Problem } from "../problem.ts";
import { type ThreadLimits, ThreadPool } from "../thread-pool.ts";

const accountLimits: ThreadLimits = {
  threads: 1,
  waitingMax: 16,
  taskMs: 60_000,
  heapMb: 256,
  arraysMb: 512,
};

/** One point's energies, and the versions of each account that is to be made of them. */
export interface AccountTask {
  readonly series: AccountSeries;
  readonly versions: readonly (readonly AccountVersion[])[];
  readonly period: Period;
}

/** An account, or why there is none: an interval is longer than what is charged, or lies across a switch. */
export type MadeAccount =
  | { readonly account: TariffAccount }
  | { readonly account: undefined; readonly detail: string };

/** Makes accounts in a thread of its own: that of 400 days takes up to a fifth of a second of a core, and all tariffs are compared at once. */
export class AccountRunner {
  readonly #pool: ThreadPool<AccountTask, readonly MadeAccount[]>;

  constructor(limits: ThreadLimits = accountLimits) {
    this.#pool = new ThreadPool(new URL("./account-thread.ts", import.meta.url), limits, {
      busy: () => new Problem("tariff.busy"),
      tooLong: () => new Problem("tariff.too-long"),
      memory: () => new Problem("tariff.too-long"),
      cancelled: () => new Problem("tariff.too-long"),
    });
  }

  /** One for each of `versions`. @throws Problem `tariff.too-long`, `tariff.busy` */
  make(task: AccountTask, signal?: AbortSignal): Promise<readonly MadeAccount[]> {
    return this.#pool.run(task, (result) => ({ result }), signal);
  }

  /** Ends the thread when it waits for work. */
  close(): Promise<void> {
    return this.#pool.close();
  }
}
