import { type ChildOptions, type ReadyLine, SupervisedChild } from "./child-process.ts";

const firstPauseMs = 500;
const pauseMaxMs = 30_000;
/** A process that lived so long is in order: its next end is a new story. */
const settledMs = 60_000;

/** Keeps one process alive: starts it again after it ended by itself, each time after twice the pause, up to 30 s. */
export class KeptProcess {
  readonly #options: Omit<ChildOptions, "onEnd">;
  readonly #say: (line: string) => void;
  #child: SupervisedChild | undefined;
  #pauseMs = firstPauseMs;
  #startedMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(options: Omit<ChildOptions, "onEnd">, say: (line: string) => void) {
    this.#options = options;
    this.#say = say;
  }

  /** The first start: its failure is the caller's. @throws CliError `cli.process-failed` */
  async start(): Promise<ReadyLine> {
    const { child, ready } = await SupervisedChild.start({
      ...this.#options,
      onEnd: (reason) => this.#again(reason),
    });
    this.#child = child;
    this.#startedMs = performance.now();
    // Asked to stop while it was coming up: nobody else would end it.
    if (this.#stopped) await child.stop();
    return ready;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#child?.stop();
  }

  #again(reason: string): void {
    if (this.#stopped) return;
    if (performance.now() - this.#startedMs > settledMs) this.#pauseMs = firstPauseMs;
    this.#say(`${this.#options.name} ended (${reason}); starting it again in ${this.#pauseMs} ms`);
    this.#timer = setTimeout(() => {
      this.start().catch((error: Error) => this.#again(error.message));
    }, this.#pauseMs);
    this.#pauseMs = Math.min(this.#pauseMs * 2, pauseMaxMs);
  }
}
