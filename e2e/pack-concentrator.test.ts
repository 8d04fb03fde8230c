import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "pack-concentrator-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the packed concentrator is one file that runs in a folder of its own, and stops when it is told", async () => {
  const script = fileURLToPath(new URL("../scripts/pack-concentrator.mjs", import.meta.url));
  const packed = spawnSync(process.execPath, [script, folder], { encoding: "utf8" });
  expect(packed.stderr).toBe("");
  expect(JSON.parse(packed.stdout).bytes).toBeLessThan(1_000_000);
  const config = {
    identity: "ENC0000000000099",
    logLevel: "silent",
    centre: { addresses: ["127.0.0.1:9"] },
    store: { path: "store.sqlite" },
    lines: [{ name: "rs485-1", url: "tcp://127.0.0.1:9", kind: "iec" }],
  };
  writeFileSync(join(folder, "config.json"), JSON.stringify(config));
  const child = spawn(process.execPath, ["concentrator.mjs", "--config", "config.json"], { cwd: folder });
  const out: string[] = [];
  child.stdout.on("data", (chunk) => out.push(String(chunk)));
  const exit = once(child, "exit");
  await expect.poll(() => out.join(""), { timeout: 20_000 }).toContain("\n");
  expect(JSON.parse(out.join(""))).toEqual({ ready: true, identity: "ENC0000000000099" });
  child.kill("SIGTERM");
  expect((await exit)[0]).toBe(0);
});

test("a serial line without the library beside the file says so", async () => {
  const config = {
    identity: "ENC0000000000098",
    logLevel: "info",
    centre: { addresses: ["127.0.0.1:9"] },
    store: { path: "other.sqlite" },
    lines: [{ name: "rs485-1", url: "serial:/dev/ttyNONE0", kind: "iec", scan: ["1-2"] }],
  };
  writeFileSync(join(folder, "serial.json"), JSON.stringify(config));
  const child = spawn(process.execPath, ["concentrator.mjs", "--config", "serial.json"], { cwd: folder });
  let said = "";
  child.stderr.on("data", (chunk) => {
    said += chunk;
  });
  await expect.poll(() => said, { timeout: 20_000 }).toContain("serialport is not installed here");
  child.kill("SIGKILL");
  await once(child, "exit");
});
