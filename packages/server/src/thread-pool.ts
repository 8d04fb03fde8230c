import { Worker } from "node:worker_threads";

export interface ThreadLimits {
  /** Threads at once: a process has other things to do with its cores. */
  readonly threads: number;
  /** Tasks that wait for a thread. */
  readonly waitingMax: number;
  /** Of a whole task. */
  readonly taskMs: number;
  /** Between two words of a thread, from its first one on; absent where a thread says nothing before it is done. */
  readonly silentMs?: number;
  /** Heap of a thread. */
  readonly heapMb: number;
  /** Arrays of a thread, which lie beside its heap. */
  readonly arraysMb: number;
}

/** What a task is refused with. */
export interface ThreadRefusals {
  busy(): Error;
  tooLong(): Error;
  memory(cause?: unknown): Error;
  cancelled(): Error;
}

/** How often a thread at work is looked at. */
const lookMs = 100;

/**
 * Threads for work that no other call may wait for. One that takes too long or too much is ended, and so is its task; one that has done its
 * work waits for the next, since starting one takes longer than most tasks.
 */
export class ThreadPool<Task, Message> {
  readonly #file: URL;
  readonly #limits: ThreadLimits;
  readonly #refusals: ThreadRefusals;
  readonly #idle = new Set<Worker>();
  readonly #waiting = new Set<() => void>();
  #running = 0;

  constructor(file: URL, limits: ThreadLimits, refusals: ThreadRefusals) {
    this.#file = file;
    this.#limits = limits;
    this.#refusals = refusals;
  }

  /**
   * @param read the result in a message, or nothing when the thread has only said that it is at work; what it throws refuses the task
   * @throws what `read` throws, a refusal of the pool, or how the thread broke
   */
  async run<Result>(
    task: Task,
    read: (message: Message) => { readonly result: Result } | undefined,
    signal?: AbortSignal,
  ): Promise<Result> {
    await this.#enter(signal);
    try {
      return await this.#runNow(task, read, signal);
    } finally {
      this.#leave();
    }
  }

  /** Ends the threads that wait for work. */
  async close(): Promise<void> {
    const idle = [...this.#idle];
    this.#idle.clear();
    await Promise.all(idle.map((thread) => thread.terminate()));
  }

  async #enter(signal: AbortSignal | undefined): Promise<void> {
    if (signal?.aborted) throw this.#refusals.cancelled();
    if (this.#running < this.#limits.threads) {
      this.#running += 1;
      return;
    }
    if (this.#waiting.size >= this.#limits.waitingMax) throw this.#refusals.busy();
    await new Promise<void>((resolve, reject) => {
      const onAbort = () => {
        this.#waiting.delete(begin);
        reject(this.#refusals.cancelled());
      };
      const begin = () => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      };
      this.#waiting.add(begin);
      signal?.addEventListener("abort", onAbort, { once: true });
    });
  }

  /** The place goes over to who waits longest: nobody who comes later gets between. */
  #leave(): void {
    const [next] = this.#waiting;
    if (!next) {
      this.#running -= 1;
      return;
    }
    this.#waiting.delete(next);
    next();
  }

  #take(): Worker {
    const [thread] = this.#idle;
    if (!thread) return this.#start();
    this.#idle.delete(thread);
    return thread;
  }

  #start(): Worker {
    const thread = new Worker(this.#file, {
      resourceLimits: { maxOldGenerationSizeMb: this.#limits.heapMb },
      // The process's environment is none of a task's business.
      env: {},
    });
    // A process that ends does not wait for a thread that has nothing to do.
    thread.unref();
    // One that ends while it waits for work is no fault of anybody's task.
    thread.on("error", () => undefined);
    thread.on("exit", () => this.#idle.delete(thread));
    return thread;
  }

  #runNow<Result>(
    task: Task,
    read: (message: Message) => { readonly result: Result } | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Result> {
    const thread = this.#take();
    const { taskMs, silentMs = Number.POSITIVE_INFINITY, arraysMb } = this.#limits;
    const refusals = this.#refusals;
    return new Promise((resolve, reject) => {
      const begunAt = performance.now();
      // A thread that starts on a busy machine is not at work yet.
      let heardAt = Number.POSITIVE_INFINITY;
      let ended = false;
      const end = (): void => {
        ended = true;
        clearInterval(timer);
        thread.off("message", onMessage);
        thread.off("error", onError);
        thread.off("exit", onExit);
        signal?.removeEventListener("abort", onAbort);
      };
      const kill = (error: Error): void => {
        if (ended) return;
        end();
        void thread.terminate();
        reject(error);
      };
      const timer = setInterval(() => {
        const now = performance.now();
        if (now - heardAt > silentMs || now - begunAt > taskMs) return kill(refusals.tooLong());
        thread.getHeapStatistics().then(
          ({ external_memory }) => external_memory > arraysMb * 1_048_576 && kill(refusals.memory()),
          () => undefined,
        );
      }, lookMs);
      const onMessage = (message: Message): void => {
        heardAt = performance.now();
        try {
          const found = read(message);
          if (!found) return;
          resolve(found.result);
        } catch (error) {
          reject(error);
        }
        end();
        this.#idle.add(thread);
      };
      const onError = (error: Error & { code?: string }): void =>
        kill(error.code === "ERR_WORKER_OUT_OF_MEMORY" ? refusals.memory(error) : error);
      const onExit = (code: number): void => kill(new Error(`a thread ended with ${code}`));
      const onAbort = (): void => kill(refusals.cancelled());
      thread.on("message", onMessage);
      thread.on("error", onError);
      thread.on("exit", onExit);
      signal?.addEventListener("abort", onAbort);
      try {
        thread.postMessage(task);
      } catch (error) {
        kill(error as Error);
      }
    });
  }
}
