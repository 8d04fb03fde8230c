import { errorCode } from "@energsys/drivers";
import type { Clock } from "@energsys/protocols";
import type { Logger } from "pino";
import type { RunningConcentrator } from "../concentrator.ts";
import type { ConcentratorConfig } from "../config.ts";
import { ConfigurationUpdate } from "./configuration-update.ts";

export interface ChangingOptions {
  /** File of the configuration. */
  readonly path: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** Starts a concentrator under a configuration; `because` is why, when it is not the first start. */
  readonly begin: (
    config: ConcentratorConfig,
    update: ConfigurationUpdate,
    because: string | undefined,
  ) => Promise<RunningConcentrator>;
}

/** A concentrator that is stopped and started anew when its centre changes the configuration, or when that is rolled back. */
export class ChangingConcentrator {
  readonly #update: ConfigurationUpdate;
  readonly #options: ChangingOptions;
  #running: RunningConcentrator | undefined;
  #changes: Promise<void> = Promise.resolve();

  private constructor(options: ChangingOptions, configured: ConcentratorConfig) {
    this.#options = options;
    const { path, clock } = options;
    this.#update = ConfigurationUpdate.load(
      {
        path,
        clock,
        change: (config, event) => {
          this.#changes = this.#changes.then(() => this.#change(config, event));
        },
      },
      configured,
    );
  }

  /** @param configured the configuration of the file; a proposal on trial goes before it */
  static async start(
    options: ChangingOptions,
    configured: ConcentratorConfig,
  ): Promise<ChangingConcentrator> {
    const changing = new ChangingConcentrator(options, configured);
    changing.#running = await options.begin(changing.#update.current, changing.#update, undefined);
    return changing;
  }

  /** The one that runs now; `undefined` while one is stopped and the next is not there yet. */
  get running(): RunningConcentrator | undefined {
    return this.#running;
  }

  async stop(why: "ordered" | "supply"): Promise<void> {
    this.#update.stop();
    await this.#changes;
    await this.#running?.stop(why);
  }

  async #change(
    config: ConcentratorConfig,
    event: { readonly code: number; readonly detail: string },
  ): Promise<void> {
    try {
      await this.#running?.stop("configuration");
      this.#running = undefined;
      this.#running = await this.#options.begin(config, this.#update, "configuration");
      this.#running.edge.recordEvent(event.code, event.detail);
    } catch (error) {
      this.#options.log.error({ code: errorCode(error) }, "the configuration cannot be run with");
      this.#update.rollBack(errorCode(error));
    }
  }
}
