import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";

const command = fileURLToPath(new URL("../bin/energsys.mjs", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "energsys-cli-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Processes whose parent is `pid`, as Linux lists them. */
const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number);

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return !/^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
};

// An older Node cannot become another program: the command is then its child.
test.skipIf(process.platform !== "linux").each([
  ["as the process itself", [], 0],
  ["as a child", ["--import", "data:text/javascript,delete process.execve"], 1],
] as const)(
  "a command that runs %s and was killed with -9 leaves nothing running behind it",
  async (_, before, children) => {
    const town = ["--points", "1", "--base-port", "0", "--inventory", join(folder, "town.json")];
    const wrapper = spawn(process.execPath, [...before, command, "simulate", ...town], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    await new Promise<void>((resolve) => wrapper.stdout.once("data", () => resolve()));
    const mains = childrenOf(wrapper.pid!);
    expect(mains).toHaveLength(children);
    expect(readFileSync(`/proc/${mains[0] ?? wrapper.pid!}/cmdline`, "utf8")).toContain("src/main.ts");
    wrapper.kill("SIGKILL");
    for (const pid of [wrapper.pid!, ...mains]) {
      await expect.poll(() => isAlive(pid), { timeout: 15_000 }).toBe(false);
    }
  },
  60_000,
);

test.skipIf(process.platform !== "linux")(
  "the concentrator is run with the flags for a small machine, and without the code of other commands",
  async () => {
    const config = join(folder, "concentrator.json");
    const lines = [{ name: "a", url: "tcp://127.0.0.1:9", kind: "iec" }];
    const centre = { addresses: ["127.0.0.1:9"] };
    const store = { path: ":memory:" };
    writeFileSync(config, JSON.stringify({ identity: "ENC0000000000009", centre, store, lines }));
    const child = spawn(process.execPath, [command, "concentrator", "--config", config], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, NODE_DEBUG: "esm" },
    });
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    child.once("exit", () => end());
    let loaded = "";
    child.stderr.on("data", (text) => {
      loaded += text;
    });
    const started = new Promise<string>((resolve) => child.stdout.once("data", () => resolve("started")));
    expect(await Promise.race([started, ended.then(() => loaded.slice(-2_000))])).toBe("started");
    const flags = readFileSync(`/proc/${child.pid}/cmdline`, "utf8");
    child.kill("SIGTERM");
    await ended;
    expect(flags).toContain("--optimize-for-size");
    expect(loaded).toContain("packages/concentrator/src/main.ts");
    expect(loaded).not.toMatch(/packages\/(?:server|store|headend|simulator)\//);
  },
  60_000,
);

test.skipIf(process.platform === "win32")("who stops reading the output gets no stack", () => {
  const telegram = join(folder, "telegram.txt");
  writeFileSync(telegram, "/ISK5ME162-0033\r\n\r\n1.8.0(0000001.234*kWh)\r\n!\r\n");
  const script = '"$0" "$1" decode "$2" --json | true';
  const { stderr } = spawnSync("sh", ["-c", script, process.execPath, command, telegram], {
    encoding: "utf8",
  });
  expect(stderr).toBe("");
});
