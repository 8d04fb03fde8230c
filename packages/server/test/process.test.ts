import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { KeyRing, keyProviderOf } from "@energsys/store";
import { testDatabase } from "@energsys/store/testing";
import { afterAll, expect, test } from "vitest";
import { readConfig, ServerError, startServer } from "../src/index.ts";

const { db, url, drop } = await testDatabase();
const folder = await mkdtemp(join(tmpdir(), "energsys-server-"));
afterAll(async () => {
  await drop();
  await rm(folder, { recursive: true });
});

const aKey = { ENERGSYS_MASTER_KEY: randomBytes(32).toString("hex") };
const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));

/** A port of its own for health: the usual one may be another process's, and then the server goes without. */
function run(environment: Record<string, string>) {
  const child = spawn(process.execPath, [main], {
    env: { PATH: process.env.PATH ?? "", ENERGSYS_HEALTH: "127.0.0.1:0", ...environment },
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

test("the process says in one line when it is ready, answers, and stops cleanly with a stream open", async () => {
  const { child, output, exit } = run({ ENERGSYS_DATABASE_URL: url, ENERGSYS_HTTP: "127.0.0.1:0", ...aKey });
  await expect.poll(() => output.out, { timeout: 20_000 }).toContain("\n");
  const ready = JSON.parse(output.out);
  expect(ready).toEqual({
    ready: true,
    url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    healthPort: expect.any(Number),
  });
  expect((await fetch(`http://127.0.0.1:${ready.healthPort}/live`)).status).toBe(200);
  const health = await fetch(`${ready.url}/api/health`);
  expect(await health.json()).toMatchObject({ status: "ready", database: "up" });
  child.kill("SIGTERM");
  expect(await exit).toBe(0);
  expect(output.out.trim().split("\n")).toHaveLength(1);
});

test("everything that is wrong with the environment is said at once", async () => {
  const keyFile = join(folder, "short-key");
  await writeFile(keyFile, "abcd");
  const { output, exit } = run({
    ENERGSYS_HTTP: "nowhere",
    ENERGSYS_ZONE: "Europe/Atlantis",
    ENERGSYS_LOG_LEVEL: "loud",
    ENERGSYS_MASTER_KEY_FILE: keyFile,
  });
  expect(await exit).toBe(1);
  const lines = output.err.trim().split("\n");
  expect(lines.every((line) => line.startsWith("server.configuration: "))).toBe(true);
  for (const name of ["DATABASE_URL", "HTTP", "ZONE", "LOG_LEVEL", "MASTER_KEY…"]) {
    expect(output.err).toContain(`ENERGSYS_${name}: `);
  }
});

test("a used port is said by its code", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as { port: number };
  const { output, exit } = run({
    ENERGSYS_DATABASE_URL: url,
    ENERGSYS_HTTP: `127.0.0.1:${port}`,
    ENERGSYS_LOG_LEVEL: "silent",
    ...aKey,
  });
  expect(await exit).toBe(1);
  expect(output.err).toBe(`server.port-used: port ${port} of 127.0.0.1 is in use\n`);
  other.close();
});

test.each(["0.0.0.0", "192.0.2.1", "::", "energsys.example"])(
  "listening on %s is refused without TLS",
  async (host) => {
    await expect(startServer({ databaseUrl: url, host, port: 0, logLevel: "silent" })).rejects.toMatchObject({
      code: "server.address-refused",
    });
  },
);

test.each([
  ["127.0.0.1:8420", "127.0.0.1", 8420],
  ["localhost:0", "localhost", 0],
  ["[::1]:9000", "::1", 9000],
])("%s is host %s and port %i", (address, host, port) => {
  const config = readConfig({ ENERGSYS_DATABASE_URL: "postgres://x/y", ENERGSYS_HTTP: address, ...aKey });
  expect([config.host, config.port]).toEqual([host, port]);
});

test("the defaults are loopback and Bucharest, and a sample key is refused", async () => {
  expect(readConfig({ ENERGSYS_DATABASE_URL: "postgres://x/y", ...aKey })).toMatchObject({
    databaseUrl: "postgres://x/y",
    host: "127.0.0.1",
    port: 8420,
    webRoot: undefined,
    tls: undefined,
    trustedProxies: [],
    health: { host: "127.0.0.1", port: 8421 },
    zone: "Europe/Bucharest",
    logLevel: "info",
    keyProvider: expect.objectContaining({ wrap: expect.any(Function) }),
  });
  const keyFile = join(folder, "sample-key");
  await writeFile(keyFile, "00".repeat(32));
  expect(() =>
    readConfig({ ENERGSYS_DATABASE_URL: "postgres://x/y", ENERGSYS_MASTER_KEY_FILE: keyFile }),
  ).toThrow(ServerError);
  expect(() => readConfig({ ENERGSYS_DATABASE_URL: "postgres://x/y" })).toThrow("no master key");
});

test("a server with another master key than the one in use does not start", async () => {
  const ring = new KeyRing(db, keyProviderOf(aKey));
  await ring.sealField({ table: "attempt", row: "trial", kind: "trial" }, "x");
  const { output, exit } = run({
    ENERGSYS_DATABASE_URL: url,
    ENERGSYS_HTTP: "127.0.0.1:0",
    ENERGSYS_MASTER_KEY: randomBytes(32).toString("hex"),
  });
  expect(await exit).toBe(1);
  expect(output.err).toMatch(/^secret\.master-missing: /m);
});

test("a server whose database is not there yet starts and says so", async () => {
  const closed = createServer().listen(0, "127.0.0.1");
  await once(closed, "listening");
  const { port } = closed.address() as { port: number };
  closed.close();
  const server = await startServer({
    databaseUrl: `postgres://nobody@127.0.0.1:${port}/nothing`,
    port: 0,
    logLevel: "silent",
  });
  const statusOf = async (path: string) => (await fetch(`${server.url}/api${path}`)).status;
  await expect.poll(() => statusOf("/health"), { timeout: 5_000 }).toBe(503);
  expect(await statusOf("/first-run")).toBe(503);
  await server.stop();
});
