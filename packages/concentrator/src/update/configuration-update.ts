import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Clock, EpochMs } from "@energsys/protocols";
import { type CheckedConfig, type ConcentratorConfig, type ConfigFile, checkConfig } from "../config.ts";
import type { ServedConfiguration } from "../objects/served-core.ts";

/** When a proposal takes effect, and when it is rolled back unless it is confirmed (section 4 of the agreement). */
export const updateTimes = { effectMs: 5_000, rollBackMs: 600_000 } as const;

const trialOf = (path: string) => `${path}.trial`;
const problemsMax = 20;

/** A proposal that took effect and waits for its confirmation; kept beside the configuration, so that a restart knows of it. */
interface Trial {
  readonly configuration: ConfigFile;
  readonly sinceMs: EpochMs;
}

export interface UpdateOptions {
  /** File of the configuration in force. */
  readonly path: string;
  readonly clock: Clock;
  /**
   * Runs the concentrator under another configuration from now on; its lines to the centre are new.
   * @param event the code and detail for its log: 0x0005 took effect, 0x0006 rolled back
   */
  readonly change: (
    config: ConcentratorConfig,
    event: { readonly code: number; readonly detail: string },
  ) => void;
}

/**
 * The configuration from the centre: checked, tried, and taken for good only when the centre confirms it over a line that was opened under
 * it. Whatever goes wrong, a restart or a loss of supply in the middle included, ends with the configuration before.
 */
export class ConfigurationUpdate implements ServedConfiguration {
  readonly #options: UpdateOptions;
  #confirmedConfig: ConcentratorConfig;
  #current: ConcentratorConfig;
  #trial: Trial | undefined;
  #proposed = "";
  #problem = "";
  #cancel = () => {};

  private constructor(options: UpdateOptions, confirmed: ConcentratorConfig) {
    this.#options = options;
    this.#confirmedConfig = confirmed;
    this.#current = confirmed;
  }

  /**
   * What to start with: the file, or the proposal on trial while its time is not over.
   * @param confirmed the configuration of the file
   */
  static load(options: UpdateOptions, confirmed: ConcentratorConfig): ConfigurationUpdate {
    const update = new ConfigurationUpdate(options, confirmed);
    update.#resume();
    return update;
  }

  /** The configuration to run with now. */
  get current(): ConcentratorConfig {
    return this.#current;
  }

  inForce(): string {
    return JSON.stringify(this.#current.file);
  }

  proposed(): string {
    return this.#proposed;
  }

  problem(): string {
    return this.#problem;
  }

  confirmed(): boolean {
    return this.#trial === undefined;
  }

  propose(json: string): string {
    const checked = this.#check(json);
    if (!checked.ok) {
      this.#problem = checked.faults.slice(0, problemsMax).join("\n");
      return this.#problem;
    }
    this.#problem = "";
    this.#proposed = json;
    this.#cancel();
    this.#cancel = this.#options.clock.after(updateTimes.effectMs, () => this.#takeEffect(checked.config));
    return "";
  }

  confirm(lineOpenedMs: EpochMs): boolean {
    const trial = this.#trial;
    // A line of before proves nothing: it stood without the new configuration.
    if (!trial || lineOpenedMs < trial.sinceMs) return trial === undefined && this.#proposed === "";
    this.#cancel();
    writeWhole(this.#options.path, `${JSON.stringify(trial.configuration, null, 2)}\n`);
    rmSync(trialOf(this.#options.path), { force: true });
    this.#trial = undefined;
    this.#proposed = "";
    this.#confirmedConfig = this.#current;
    return true;
  }

  stop(): void {
    this.#cancel();
  }

  #check(json: string): CheckedConfig {
    let value: unknown;
    try {
      value = JSON.parse(json);
    } catch (cause) {
      return { ok: false, faults: [(cause as Error).message] };
    }
    const checked = checkConfig(value, dirname(this.#options.path));
    if (!checked.ok) return checked;
    const { identity, store } = this.#confirmedConfig;
    const faults: string[] = [];
    if (checked.config.identity !== identity) faults.push("identity: stays as it is");
    // The journal would begin anew: what was not taken would be out of the centre's reach.
    if (checked.config.store.path !== store.path) faults.push("store.path: stays as it is");
    return faults.length > 0 ? { ok: false, faults } : checked;
  }

  #takeEffect(config: ConcentratorConfig): void {
    const trial = { configuration: config.file, sinceMs: this.#options.clock.now() };
    try {
      writeWhole(trialOf(this.#options.path), JSON.stringify(trial));
    } catch (cause) {
      this.#problem = (cause as Error).message;
      return;
    }
    this.#trial = trial;
    this.#current = config;
    this.#cancel = this.#options.clock.after(updateTimes.rollBackMs, () => this.rollBack("not confirmed"));
    this.#options.change(config, { code: 0x0005, detail: "" });
  }

  /** Back to the configuration before; also when the new one cannot even start. */
  rollBack(why: string): void {
    if (!this.#trial) return;
    this.#cancel();
    rmSync(trialOf(this.#options.path), { force: true });
    this.#trial = undefined;
    this.#proposed = "";
    this.#problem = `rolled back: ${why}`;
    this.#current = this.#confirmedConfig;
    this.#options.change(this.#confirmedConfig, { code: 0x0006, detail: why });
  }

  /** After a restart the rest of the time goes on; a clock that jumped in between can only shorten it. */
  #resume(): void {
    const { path, clock } = this.#options;
    if (!existsSync(trialOf(path))) return;
    let trial: Trial | undefined;
    try {
      trial = JSON.parse(readFileSync(trialOf(path), "utf8"));
    } catch {
      // Half written: it never took effect.
    }
    const checked = trial && checkConfig(trial.configuration, dirname(path));
    const passedMs = clock.now() - (trial?.sinceMs ?? 0);
    if (!trial || !checked?.ok || passedMs < 0 || passedMs >= updateTimes.rollBackMs) {
      rmSync(trialOf(path), { force: true });
      this.#problem = "rolled back: not confirmed before the restart";
      return;
    }
    this.#trial = trial;
    this.#proposed = JSON.stringify(trial.configuration);
    this.#current = checked.config;
    this.#cancel = clock.after(updateTimes.rollBackMs - passedMs, () => this.rollBack("not confirmed"));
  }
}

/** A file under its name is whole, whenever the supply fails. */
function writeWhole(path: string, text: string): void {
  const part = `${path}.new`;
  writeFileSync(part, text, { flush: true });
  renameSync(part, path);
}
