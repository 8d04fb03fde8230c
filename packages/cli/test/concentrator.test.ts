import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

const program = fileURLToPath(new URL("../bin/energsys.mjs", import.meta.url));
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "edge-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const check = (configuration: object) => {
  const path = join(folder, "concentrator.json");
  writeFileSync(path, JSON.stringify(configuration));
  return spawnSync(process.execPath, [program, "concentrator", "--config", path, "--check"], {
    encoding: "utf8",
  });
};

const good = {
  identity: "ENC0000000000007",
  centre: { addresses: ["127.0.0.1:4059"] },
  store: { path: "store.sqlite" },
  lines: [{ name: "a", url: "tcp://127.0.0.1:5000", kind: "iec" }],
};

test("a configuration is checked without starting anything; what this machine lacks of it is said", () => {
  const { status, stdout } = check({
    ...good,
    centre: { ...good.centre, tls: { file: "ENC7.pem" } },
    lines: [{ ...good.lines[0], url: "serial:/dev/ttyNone0" }],
  });
  expect(JSON.parse(stdout)).toEqual({
    ok: true,
    identity: "ENC0000000000007",
    lines: 1,
    missing: [`centre.tls.file: ${join(folder, "ENC7.pem")}: ENOENT`, "lines[0].url: /dev/ttyNone0: ENOENT"],
  });
  expect(status).toBe(0);
});

test("every mistake of a configuration is named", () => {
  const { status, stderr } = check({ ...good, identity: "x", colour: "red" });
  expect(status).toBe(1);
  expect(stderr).toContain("concentrator.configuration");
  expect(stderr).toContain("colour");
  expect(stderr).toContain("identity");
});
