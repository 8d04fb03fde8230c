import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { atMost, type Bench, type BenchContext, type Metric } from "./bench.ts";

const lines = 2;
const modulesPerLine = 32;
const inputs = 16;
const meters = lines * modulesPerLine * inputs;
/** After the scan has found every meter. */
const watchedMs = 30_000;
const consolePort = 47_061;

/** The program at the edge with 1,024 pulse meters on two lines, each over TCP: what it takes as it is started in the field. */
export const bench: Bench = {
  name: "concentrator-memory",
  about: "memory of a concentrator with 1,024 meters: by the command from source, and packed in one file",
  run: measure,
};

interface Line {
  readonly bus: string;
  readonly modules: readonly string[];
}

async function measure({ log }: BenchContext): Promise<{ metrics: Metric[] }> {
  const folder = mkdtempSync(join(tmpdir(), "energsys-bench-edge-"));
  const fields: ChildProcess[] = [];
  try {
    const sites: Line[] = [];
    for (let nth = 0; nth < lines; nth++) {
      const field = startField(nth + 1);
      fields.push(field);
      sites.push((await firstLine(field)) as Line);
    }
    const config = join(folder, "concentrator.json");
    writeFileSync(
      config,
      JSON.stringify({
        identity: "ENC0000000000001",
        clockTrusted: true,
        logLevel: "error",
        centre: { addresses: ["127.0.0.1:1"] },
        store: { path: "store.sqlite" },
        lines: sites.map(({ bus, modules }, nth) => ({
          name: `rs485-${nth}`,
          url: `tcp://${bus}`,
          kind: "iec",
          scan: modules,
        })),
        console: { listen: `127.0.0.1:${consolePort}` },
      }),
    );
    const command = fileURLToPath(import.meta.resolve("@energsys/cli/bin"));
    const root = fileURLToPath(new URL("..", import.meta.url));
    const packed = spawnSync(
      process.execPath,
      [join(root, "scripts", "pack-concentrator.mjs"), join(folder, "packed")],
      { encoding: "utf8" },
    );
    if (packed.status !== 0) throw new Error(`not packed: ${packed.stderr}`);
    const file = join(folder, "packed", "concentrator.mjs");
    const packedFlags =
      /^#!.*node (.*)$/m.exec(readFileSync(file, "utf8").slice(0, 300))?.[1]?.split(" ") ?? [];

    const bare = await peakOf(process.execPath, ["-e", "setTimeout(() => {}, 60_000)"], () => wait(2000));
    const found = async () => {
      await foundAll(folder);
      await wait(watchedMs);
    };
    const runs: Record<string, number> = {};
    for (const [name, args] of [
      ["first start from source", [command, "concentrator", "--config", config]],
      ["from source", [command, "concentrator", "--config", config]],
      ["packed", [...packedFlags, file, "--config", config]],
    ] as const) {
      rmSync(join(folder, "store.sqlite"), { force: true });
      runs[name] = await peakOf(process.execPath, args, found);
      log(`${name}: ${runs[name]?.toFixed(1)} MiB`);
    }
    return {
      metrics: [
        {
          name: "by the command from source, first start",
          value: runs["first start from source"]!,
          unit: "MiB",
        },
        atMost("by the command from source, all its processes", runs["from source"]!, "MiB", 130),
        atMost("packed, with the flags of its first line", runs.packed!, "MiB", 80),
        { name: "Node that does nothing", value: bare, unit: "MiB" },
      ],
    };
  } finally {
    for (const field of fields) field.kill("SIGTERM");
    rmSync(folder, { recursive: true, force: true });
  }
}

function startField(seed: number): ChildProcess {
  const main = fileURLToPath(import.meta.resolve("@energsys/simulator/main"));
  const flags = ["--modules", modulesPerLine, "--inputs", inputs, "--meters", 0, "--baud", 0, "--seed", seed];
  return spawn(process.execPath, [main, "field", ...flags.map(String)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
}

const firstLine = (child: ChildProcess): Promise<unknown> =>
  new Promise((resolve, reject) => {
    createInterface({ input: child.stdout! }).once("line", (line) => resolve(JSON.parse(line)));
    child.once("exit", (code) => reject(new Error(`a process ended with ${code}`)));
  });

/** Most that a program and what it starts have had in memory, MiB, until `done` is. */
async function peakOf(program: string, args: readonly string[], done: () => Promise<void>): Promise<number> {
  const child = spawn(program, args, {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  try {
    await Promise.race([done(), ended.then(() => Promise.reject(new Error("the program ended")))]);
    return (
      [child.pid!, ...childrenOf(child.pid!)].reduce((sum, pid) => sum + peakOfProcess(pid), 0) / 1_048_576
    );
  } finally {
    child.kill("SIGTERM");
    await ended;
  }
}

const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);

function peakOfProcess(pid: number): number {
  const [, kib] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kib) * 1024;
}

/** Asks at the console until every meter is known. */
async function foundAll(folder: string): Promise<void> {
  for (let nth = 0; nth < 240; nth++) {
    await wait(500);
    const [, known] = /Meters:\s+(\d+)/.exec(await ask("state").catch(() => "")) ?? [];
    if (Number(known) >= meters) return;
  }
  throw new Error(`not all meters were found: ${folder}`);
}

function ask(command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(consolePort, "127.0.0.1", () => socket.write(`limba en\n${command}\nexit\n`));
    let text = "";
    socket.on("data", (bytes) => {
      text += bytes.toString("utf8");
    });
    socket.once("error", reject);
    socket.once("close", () => resolve(text));
    socket.setTimeout(5000, () => socket.destroy());
  });
}
