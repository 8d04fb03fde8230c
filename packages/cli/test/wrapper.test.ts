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

test.skipIf(process.platform !== "linux")(
  "a command that was killed with -9 leaves nothing running behind it",
  async () => {
    const town = ["--points", "1", "--base-port", "0", "--inventory", join(folder, "town.json")];
    const wrapper = spawn(process.execPath, [command, "simulate", ...town], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    await new Promise<void>((resolve) => wrapper.stdout.once("data", () => resolve()));
    const [main] = childrenOf(wrapper.pid!);
    expect(main).toBeDefined();
    wrapper.kill("SIGKILL");
    await expect.poll(() => isAlive(main!), { timeout: 15_000 }).toBe(false);
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
