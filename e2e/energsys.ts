import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { temporaryFolder as makeFolder } from "@energsys/store/testing";

const launcher = fileURLToPath(import.meta.resolve("@energsys/cli/bin"));
const startTimeoutMs = 120_000;

export interface RunningDemo {
  /** `http://127.0.0.1:port`, of `start` with HTTPS and an own certificate. */
  readonly url: string;
  /** Where the first account is made, with the one-time token. */
  readonly firstRunUrl: string;
  readonly folder: string;
  readonly process: ChildProcess;
  /** What the launcher printed so far. */
  output(): string;
  stop(): Promise<void>;
}

/** A folder that any user may walk to: as root, PostgreSQL runs as another one. */
export function temporaryFolder(): string {
  return join(makeFolder("e2e"), "data");
}

/** Starts `energsys demo` as a newcomer would, on free ports and in a folder of its own. */
export async function startDemo(args: readonly string[]): Promise<RunningDemo> {
  const folder = temporaryFolder();
  return start(
    ["demo", "--data", folder, "--http", "127.0.0.1:0", "--listen", "127.0.0.1:0", ...args],
    folder,
  );
}

/** Starts `energsys start` on an empty folder. */
export async function startEmpty(args: readonly string[] = []): Promise<RunningDemo> {
  const folder = temporaryFolder();
  return start(
    ["start", "--data", folder, "--http", "127.0.0.1:0", "--listen", "127.0.0.1:0", ...args],
    folder,
  );
}

/** As somebody at the machine does who tries a meter on it. */
export function allowThisMachine(folder: string): void {
  const args = [launcher, "networks", "--devices", "private,127.0.0.1", "--data", folder];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
}

async function start(args: readonly string[], folder: string): Promise<RunningDemo> {
  const child = spawn(process.execPath, [launcher, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const firstRunUrl = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no address in 120 s:\n${output}`)), startTimeoutMs);
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      const address = /Open\s+(http\S+)/.exec(output)?.[1];
      if (address === undefined) return;
      clearTimeout(timer);
      resolve(address);
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.once("exit", (code) => {
      clearTimeout(timer);
      reject(new Error(`ended with ${code}:\n${output}`));
    });
  });
  return {
    url: new URL(firstRunUrl).origin,
    firstRunUrl,
    folder,
    process: child,
    output: () => output,
    async stop() {
      if (child.exitCode === null) child.kill("SIGTERM");
      await ended;
      rmSync(join(folder, ".."), { recursive: true, force: true });
    },
  };
}
