import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chmodSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  importInventory,
  KeyRing,
  keyProviderOf,
  openSwitchingSecrets,
  resealRetired,
  retireDataKeys,
  sql,
  storeSwitchingSecrets,
} from "@energsys/store";
import { temporaryFolder, testDatabase, testKeyRing } from "@energsys/store/testing";
import { afterAll, expect, test } from "vitest";

const { db, url, drop } = await testDatabase();
const folder = temporaryFolder("dispatcher");
afterAll(async () => {
  await drop();
  rmSync(folder, { recursive: true, force: true });
});

const keyFile = (name: string) => {
  const file = join(folder, name);
  writeFileSync(file, randomBytes(32).toString("hex"));
  chmodSync(file, 0o400);
  return file;
};
const own = keyFile("dispatcher.key");
const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));

function run(file: string) {
  const child = spawn(process.execPath, [main], {
    env: {
      PATH: process.env.PATH ?? "",
      ENERGSYS_DATABASE_URL: url,
      ENERGSYS_DISPATCHER_KEY_FILE: file,
      ENERGSYS_DISPATCHER_HEALTH: "127.0.0.1:0",
    },
  });
  const output = { out: "", err: "" };
  child.stdout.on("data", (chunk) => {
    output.out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    output.err += chunk;
  });
  return { child, output, exit: once(child, "exit").then(([code]) => code as number) };
}

await importInventory(db, {
  branches: [],
  points: [
    {
      pod: "P1",
      name: "",
      address: "A",
      branch: ["B"],
      phases: 1,
      meter: { serial: "S1", manufacturer: "M", model: "generic-dlms", phases: 1 },
      installedAt: "2026-01-01T00:00:00Z",
      device: { identity: "D1", model: "generic-dlms", url: "dlms+tcp://127.0.0.1:1", direction: "dial" },
    },
  ],
});

test("the process answers how it is, opens what is sealed for it, and stops cleanly", async () => {
  const { child, output, exit } = run(own);
  await expect.poll(() => output.out, { timeout: 20_000 }).toContain("\n");
  const { health } = JSON.parse(output.out) as { health: string };
  const ask = async () => (await fetch(health)).json();
  expect(await ask()).toEqual({ status: "ready", database: "up", secrets: "none" });

  const ring = await KeyRing.open(db, keyProviderOf({ ENERGSYS_MASTER_KEY_FILE: own }), {
    kinds: ["switching"],
  });
  const password = new TextEncoder().encode("canar-comutare");
  await storeSwitchingSecrets(db, ring, [{ deviceId: 1, kind: "lls-password", value: password }]);
  expect(await ask()).toEqual({ status: "ready", database: "up", secrets: "open" });
  await retireDataKeys(db, "switching");
  expect(await resealRetired(db, ring, "switching")).toEqual({ resealed: 1, left: 0 });
  expect(await ask()).toEqual({ status: "ready", database: "up", secrets: "open" });
  expect((await fetch(health.replace("/health", "/secrets"))).status).toBe(404);
  child.kill("SIGTERM");
  expect(await exit).toBe(0);
  expect(output.out + output.err).not.toContain("canar-comutare");
});

test("neither head-end nor server opens what is sealed for the dispatcher, with the database and their own key", async () => {
  const theirs = testKeyRing(db);
  await expect(openSwitchingSecrets(db, theirs, 1)).rejects.toMatchObject({ code: "secret.master-missing" });
  await expect(
    storeSwitchingSecrets(db, theirs, [{ deviceId: 1, kind: "unicast", value: randomBytes(16) }]),
  ).rejects.toThrow("no business");
  // Nor when somebody relabels the data key as one of theirs.
  await db.query(sql`update data_key set kind = 'meter-key', year = 1 where kind = 'switching'`);
  await expect(openSwitchingSecrets(db, theirs, 1)).rejects.toMatchObject({ code: "secret.master-missing" });
  await db.query(sql`update data_key set kind = 'switching' where year = 1`);
});

test.each([
  ["no key", undefined, /dispatcher\.configuration: ENERGSYS_DISPATCHER_KEY_FILE/],
  ["another key", "another.key", /secret\.(master-missing|unreadable): /],
])("with %s it does not start", async (_, name, message) => {
  const { output, exit } = run(name === undefined ? join(folder, "none") : keyFile(name));
  expect(await exit).toBe(1);
  expect(output.err).toMatch(message);
});
