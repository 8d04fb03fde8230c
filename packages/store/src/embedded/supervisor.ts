import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import { StoreError, sqlState } from "../errors.ts";
import { writeAccessRules } from "./access-rules.ts";
import { type Binaries, findBinaries } from "./binaries.ts";
import { makeCluster, runAs, serverEnvironment, superuser } from "./cluster.ts";
import { claimFolder, findPassword, prepareFolder, type ServerFolder } from "./folder.ts";
import { findServerUser, type ServerUser } from "./owner.ts";
import { findPostmaster, findServerProcesses, isAlive } from "./running.ts";
import { defaultSettings } from "./settings.ts";

export interface EmbeddedPostgresOptions {
  /** Belongs to the server alone; made when it is missing. */
  readonly folder: string;
  readonly onLog?: (message: string, facts?: Readonly<Record<string, unknown>>) => void;
  /** Changes to `defaultSettings`. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface EmbeddedPostgres {
  /** `postgres://energsys:…@localhost/energsys?host=/socket/folder`, for `pg` and for psql alike. */
  readonly url: string;
  /** False when another process looks after this folder: `stop` then leaves the server running. */
  readonly owner: boolean;
  /** Process of the server at this moment. */
  pid(): number | undefined;
  /** Stops the server with a checkpoint; a second call waits for the first. */
  stop(): Promise<void>;
}

const readyWithinMs = 120_000;
const goneWithinMs = 30_000;
const restartDelaysMs = [0, 500, 1000, 2000, 5000];

/**
 * Starts PostgreSQL from the npm package on `folder`, or takes over the server that still runs there after our process was
 * killed. A server that dies is started again. Sockets only, no TCP port; SCRAM password.
 * @throws StoreError `postgres.folder-unwritable`, `postgres.folder-unreachable`, `postgres.disk-full`, `postgres.no-binaries`,
 *   `postgres.no-user`, `postgres.initdb-failed`, `postgres.version-mismatch`, `postgres.start-failed`
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const user = findServerUser();
  const folder = prepareFolder(options.folder, user);
  const claim = claimFolder(folder);
  const supervisor = new Supervisor(folder, user, options);
  try {
    if (claim.mine) await supervisor.start();
    else await supervisor.join(claim.holder);
  } catch (error) {
    claim.release();
    throw error;
  }
  return {
    url: supervisor.url("energsys"),
    owner: claim.mine,
    pid: () => findPostmaster(folder.data)?.pid,
    stop: async () => {
      if (claim.mine) await supervisor.stop();
      claim.release();
    },
  };
}

class Supervisor {
  readonly #folder: ServerFolder;
  readonly #user: ServerUser;
  readonly #options: EmbeddedPostgresOptions;
  #binaries: Binaries | undefined;
  #password = "";
  #socketFolder: string;
  #child: ChildProcess | undefined;
  #stopping: Promise<void> | undefined;
  #watch: NodeJS.Timeout | undefined;
  #launching: Promise<void> | undefined;
  #restarts = 0;
  #startedAt = 0;
  readonly #onExit = () => this.#interrupt();

  constructor(folder: ServerFolder, user: ServerUser, options: EmbeddedPostgresOptions) {
    this.#folder = folder;
    this.#user = user;
    this.#options = options;
    this.#socketFolder = folder.socketFolder;
  }

  url(database: string): string {
    return `postgres://${superuser}:${this.#password}@localhost/${database}?host=${encodeURIComponent(this.#socketFolder)}`;
  }

  async start(): Promise<void> {
    this.#binaries = findBinaries(this.#user);
    this.#password = findPassword(this.#folder);
    await makeCluster(this.#folder, this.#binaries, this.#user, this.#password);
    if (!(await this.#adopt())) await this.#launch();
    await this.#makeDatabase();
    process.on("exit", this.#onExit);
    this.#watch = setInterval(() => this.#check(), 500);
    this.#watch.unref();
  }

  /** Uses the server of another supervisor, once that has it ready. */
  async join(holder: number): Promise<void> {
    this.#password = findPassword(this.#folder);
    this.#log("another process looks after this folder; its server is used", { holder });
    const deadline = Date.now() + readyWithinMs;
    for (;;) {
      const postmaster = findPostmaster(this.#folder.data);
      if (postmaster?.state === "ready") {
        this.#socketFolder = postmaster.socketFolder;
        if (await this.#answers(superuser)) return;
      }
      if (Date.now() > deadline) {
        throw new StoreError(
          "postgres.start-failed",
          `process ${holder} holds ${this.#folder.root} but its server does not answer`,
        );
      }
      await wait(100);
    }
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    clearInterval(this.#watch);
    process.off("exit", this.#onExit);
    this.#interrupt();
    await this.#launching;
    if (await this.#gone(goneWithinMs)) return;
    // A client that does not let go holds up a fast shutdown; an immediate one replays the WAL at the next start.
    this.#log("the server did not stop in time; stopping it at once");
    this.#signal("SIGQUIT");
    if (await this.#gone(goneWithinMs)) return;
    for (const pid of findServerProcesses(this.#folder.data)) kill(pid, "SIGKILL");
    await this.#gone(goneWithinMs);
  }

  #log(message: string, facts?: Readonly<Record<string, unknown>>): void {
    this.#options.onLog?.(message, facts);
  }

  #interrupt(): void {
    this.#signal("SIGINT");
  }

  #signal(signal: NodeJS.Signals): void {
    const postmaster = findPostmaster(this.#folder.data);
    if (postmaster && findServerProcesses(this.#folder.data).includes(postmaster.pid))
      kill(postmaster.pid, signal);
  }

  /** True when a server of ours runs here already: our process was killed, PostgreSQL lived on. */
  async #adopt(): Promise<boolean> {
    const postmaster = findPostmaster(this.#folder.data);
    if (!postmaster) return false;
    if (!findServerProcesses(this.#folder.data).includes(postmaster.pid)) return false;
    this.#socketFolder = postmaster.socketFolder || this.#folder.socketFolder;
    const deadline = Date.now() + readyWithinMs;
    while (isAlive(postmaster.pid)) {
      const now = findPostmaster(this.#folder.data);
      if (now?.state === "stopping") break;
      if (await this.#answers(superuser)) {
        this.#log("adopted the server that was still running", { pid: postmaster.pid });
        this.#startedAt = Date.now();
        return true;
      }
      if (Date.now() > deadline) {
        throw new StoreError(
          "postgres.start-failed",
          `the server ${postmaster.pid} runs on ${this.#folder.data} but does not answer`,
        );
      }
      await wait(100);
    }
    this.#socketFolder = this.#folder.socketFolder;
    return false;
  }

  async #launch(): Promise<void> {
    const binaries = this.#binaries;
    if (!binaries) throw new Error("start comes first");
    if (!(await this.#gone(goneWithinMs))) {
      throw new StoreError("postgres.start-failed", `an old server on ${this.#folder.data} does not end`);
    }
    // Nobody works here any more, so a lock file that is left may name a process id that has been given to something else.
    rmSync(join(this.#folder.data, "postmaster.pid"), { force: true });
    const settings = {
      ...defaultSettings,
      log_directory: this.#folder.logFolder,
      unix_socket_directories: this.#folder.socketFolder,
      hba_file: writeAccessRules(this.#folder.root, this.#user),
      ...this.#options.settings,
    };
    const log = openSync(this.#folder.startLog, "w", 0o600);
    const started = Date.now();
    const child = spawn(
      binaries.postgres,
      [
        "-D",
        this.#folder.data,
        ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
      ],
      // A group of its own: Ctrl-C in the terminal stops us, and we stop the server after its clients.
      {
        ...runAs(this.#user),
        cwd: "/",
        env: serverEnvironment(),
        stdio: ["ignore", log, log],
        detached: true,
      },
    );
    closeSync(log);
    child.unref();
    let failure: Error | undefined;
    child.on("error", (error) => {
      failure = error;
    });
    this.#child = child;
    while (!(findPostmaster(this.#folder.data)?.state === "ready" && (await this.#answers(superuser)))) {
      if (failure || child.exitCode !== null || child.signalCode !== null) throw this.#startError(failure);
      if (Date.now() - started > readyWithinMs) {
        kill(child.pid ?? 0, "SIGQUIT");
        throw new StoreError(
          "postgres.start-failed",
          `no answer within ${readyWithinMs / 1000} s; see ${this.#folder.logFolder}`,
        );
      }
      await wait(20);
    }
    this.#startedAt = Date.now();
    this.#log("server started", { pid: child.pid, durationMs: Date.now() - started });
  }

  #startError(cause: Error | undefined): StoreError {
    const said = this.#lastWords();
    if (/No space left|Disk quota/i.test(said)) {
      return new StoreError("postgres.disk-full", `no space left for ${this.#folder.data}`, cause);
    }
    return new StoreError(
      "postgres.start-failed",
      said || String(cause ?? "the server ended at once"),
      cause,
    );
  }

  /** The end of what the server wrote before it gave up. */
  #lastWords(): string {
    try {
      const lines = readFileSync(this.#folder.startLog, "utf8").trim().split("\n");
      return lines
        .filter((line) => /FATAL|PANIC|ERROR|HINT|DETAIL|error while loading/.test(line))
        .slice(-4)
        .join("\n");
    } catch {
      return "";
    }
  }

  async #answers(database: string): Promise<boolean> {
    const name = database === superuser ? "postgres" : database;
    const client = new pg.Client({
      connectionString: this.url(name),
      connectionTimeoutMillis: 5000,
      query_timeout: 5000,
    });
    client.on("error", () => {});
    try {
      await client.connect();
      await client.query("select 1");
      return true;
    } catch (error) {
      if (sqlState(error) === "28P01") {
        throw new StoreError(
          "postgres.start-failed",
          `the password in ${this.#folder.passwordFile} is not that of the server`,
        );
      }
      return false;
    } finally {
      await client.end().catch(() => {});
    }
  }

  async #makeDatabase(): Promise<void> {
    const client = new pg.Client({ connectionString: this.url("postgres"), query_timeout: 60_000 });
    client.on("error", () => {});
    await client.connect();
    try {
      const { rowCount } = await client.query("select 1 from pg_database where datname = 'energsys'");
      if (rowCount === 0) await client.query("create database energsys");
    } catch (error) {
      if (sqlState(error) === "53100")
        throw new StoreError("postgres.disk-full", `no space left for ${this.#folder.data}`, error);
      if (sqlState(error) !== "42P04") throw error;
    } finally {
      await client.end().catch(() => {});
    }
  }

  async #gone(withinMs: number): Promise<boolean> {
    const deadline = Date.now() + withinMs;
    while (findServerProcesses(this.#folder.data).length > 0) {
      if (Date.now() > deadline) return false;
      await wait(20);
    }
    return true;
  }

  #check(): void {
    if (this.#stopping || this.#launching) return;
    const postmaster = findPostmaster(this.#folder.data);
    if (postmaster && isAlive(postmaster.pid)) {
      if (Date.now() - this.#startedAt > 60_000) this.#restarts = 0;
      return;
    }
    this.#launching = this.#relaunch().finally(() => {
      this.#launching = undefined;
    });
  }

  async #relaunch(): Promise<void> {
    this.#log("the server is gone; starting it again", {
      exitCode: this.#child?.exitCode,
      signal: this.#child?.signalCode,
    });
    while (!this.#stopping) {
      await wait(restartDelaysMs[Math.min(this.#restarts++, restartDelaysMs.length - 1)]);
      if (this.#stopping) return;
      try {
        await this.#launch();
        if (this.#stopping) this.#interrupt();
        return;
      } catch (error) {
        this.#log("the server does not start", {
          error: (error as Error).message,
          code: (error as StoreError).code,
        });
      }
    }
  }
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    if (pid > 1) process.kill(pid, signal);
  } catch {
    // Ended meanwhile.
  }
}
