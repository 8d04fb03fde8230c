import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { Database } from "../src/database.ts";
import { StoredKeyCounters } from "../src/key-counters.ts";

const folder = mkdtempSync(join(tmpdir(), "energsys-counters-"));
afterAll(() => rmSync(folder, { recursive: true }));
const nowMs = Date.UTC(2026, 10, 26);
const key = new Uint8Array(16).fill(7);
const open = (name: string) => {
  const database = new Database({ path: join(folder, name), nowMs });
  return { database, counters: new StoredKeyCounters(database) };
};

test("counters of a key go on where they were reserved, in blocks, whoever opens the store next", async () => {
  const first = open("a.sqlite");
  const one = first.counters.open(key);
  expect(one.fresh).toBe(true);
  one.raise(1000);
  expect(await one.reserve(256)).toBe(1000);
  expect(one.fresh).toBe(false);
  // A second association under the same key takes none of these.
  expect(await first.counters.open(key).reserve(256)).toBe(1256);
  expect(await one.reserve(256)).toBe(1512);
  // Another key has counters of its own.
  expect(await first.counters.open(new Uint8Array(16)).reserve(1)).toBe(1);
  first.database.close();

  const second = open("a.sqlite");
  const again = second.counters.open(key);
  expect(again.fresh).toBe(false);
  again.raise(5);
  expect(await again.reserve(256)).toBe(1768);
  // The key itself does not lie in the store.
  const rows = JSON.stringify(second.database.sqlite.prepare("select * from key_counter").all());
  expect(rows).not.toContain(Buffer.from(key).toString("hex"));
  second.database.close();
});

test("what a meter sent must rise, after a restart as well", async () => {
  const first = open("b.sqlite");
  const one = first.counters.open(key);
  expect(one.received()).toBeUndefined();
  await one.accept(40);
  await one.accept(41);
  expect(() => one.accept(41)).toThrow("where at least 42 was due");
  first.database.close();
  const second = open("b.sqlite");
  const again = second.counters.open(key);
  expect(again.received()).toBe(41);
  expect(() => again.accept(12)).toThrow("where at least 42 was due");
  second.database.close();
});

test("killed while it sends, it never gives out a counter twice", async () => {
  const path = join(folder, "c.sqlite");
  const child = join(import.meta.dirname, "reserving-child.ts");
  let highest = 0;
  for (let round = 0; round < 5; round++) {
    const process_ = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", child, path]);
    let told = "";
    await new Promise<void>((resolve) => {
      process_.stdout.on("data", (chunk) => {
        told += String(chunk);
        // It says each counter as it uses it; one may be on its way when it is killed.
        if (told.length > 400 + 200 * round) process_.kill("SIGKILL");
      });
      process_.once("close", () => resolve());
    });
    const used = told.split("\n").slice(0, -1).map(Number);
    expect(used.length).toBeGreaterThan(0);
    expect(used[0]).toBeGreaterThan(highest);
    for (const [index, counter] of used.entries())
      if (index > 0) expect(counter).toBeGreaterThan(used[index - 1]!);
    highest = used.at(-1)!;
  }
}, 60_000);
