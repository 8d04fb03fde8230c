import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, fstatSync, mkdirSync, openSync, readSync } from "node:fs";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { CliError } from "../cli-error.ts";

export interface ChildOptions {
  /** Word for messages and the log file: `headend`. */
  readonly name: string;
  /** Entry point of a process package, as a specifier that the project resolves: `@energsys/headend/main`. */
  readonly main: string;
  /** Of Node and V8. */
  readonly flags?: readonly string[];
  readonly args?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly logFile: string;
  /** Called when the process ended without being told to. */
  onEnd(reason: string): void;
}

/** The one line that a process prints when it is ready: its address, the path of its inventory. */
export type ReadyLine = Readonly<Record<string, unknown>>;

const readyTimeoutMs = 60_000;
const stopTimeoutMs = 12_000;
const stopWithParent = fileURLToPath(new URL("./stop-with-parent.ts", import.meta.url));

/** A process of this machine, started by the launcher and stopped with it, even when the launcher is killed. */
export class SupervisedChild {
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  #stopping = false;

  private constructor(child: ChildProcess, onEnd: (reason: string) => void) {
    this.#child = child;
    this.#ended = new Promise((resolve) => {
      child.once("exit", (code, signal) => {
        resolve();
        if (!this.#stopping) onEnd(signal ?? `exit code ${code}`);
      });
    });
  }

  /**
   * Resolves when the process has printed its ready line.
   * @throws CliError with the process's own code and words (`server.port-used`), else `cli.process-failed`
   */
  static async start(options: ChildOptions): Promise<{ child: SupervisedChild; ready: ReadyLine }> {
    mkdirSync(dirname(options.logFile), { recursive: true });
    const log = openSync(options.logFile, "a+");
    const logStart = fstatSync(log).size;
    const main = fileURLToPath(import.meta.resolve(options.main));
    const spawned = spawn(
      process.execPath,
      [
        "--disable-warning=ExperimentalWarning",
        ...(options.flags ?? []),
        ...["--import", stopWithParent, main],
        ...(options.args ?? []),
      ],
      {
        env: { ...process.env, ...options.environment },
        stdio: ["pipe", "pipe", log],
        // A group of its own: Ctrl+C goes to the launcher, which stops its processes in order and starts none again.
        detached: process.platform !== "win32",
      },
    );
    let endedEarly: (reason: string) => void = () => {};
    let started = false;
    const child = new SupervisedChild(spawned, (reason) =>
      started ? options.onEnd(reason) : endedEarly(reason),
    );
    const ready = await new Promise<ReadyLine>((resolve, reject) => {
      const fail = (reason: string) =>
        reject(
          new CliError(
            "cli.process-failed",
            `${options.name} did not start (${reason}); see ${options.logFile}`,
          ),
        );
      endedEarly = fail;
      const timer = setTimeout(() => fail("no answer in 60 s"), readyTimeoutMs);
      createInterface({ input: spawned.stdout! }).on("line", (line) => {
        const parsed = parseReadyLine(line);
        if (!parsed) return;
        clearTimeout(timer);
        resolve(parsed);
      });
      spawned.once("error", (error) => fail(error.message));
      spawned.once("exit", () => clearTimeout(timer));
    })
      .catch((error) => {
        spawned.kill("SIGKILL");
        throw findLastWords(log, logStart) ?? error;
      })
      .finally(() => closeSync(log));
    started = true;
    return { child, ready };
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Asks the process to end, waits 12 s, then ends it. */
  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill("SIGTERM");
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), stopTimeoutMs);
    await this.#ended;
    clearTimeout(timer);
  }
}

const lastWordsMax = 16_384;

/** What a process of ours writes before it gives up, one line for each thing that is wrong: `code: message`. */
function findLastWords(log: number, from: number): CliError | undefined {
  const { size } = fstatSync(log);
  const start = Math.max(from, size - lastWordsMax);
  const bytes = Buffer.alloc(size - start);
  readSync(log, bytes, 0, bytes.length, start);
  const said = bytes
    .toString("utf8")
    .split("\n")
    .flatMap((line) => {
      const [, code, message] = /^([a-z][a-z-]*\.[a-z][a-z.-]*): (.+)$/.exec(line) ?? [];
      return code && message ? [{ code, message }] : [];
    });
  const first = said[0];
  return first && new CliError(first.code, said.map(({ message }) => message).join("; "));
}

function parseReadyLine(line: string): ReadyLine | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && "ready" in value ? (value as ReadyLine) : undefined;
  } catch {
    return undefined;
  }
}
