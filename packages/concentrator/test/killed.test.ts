import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type DataValue, decodeData } from "@energsys/protocols/dlms";
import { expect, test } from "vitest";
import { quarterMs } from "../src/counters.ts";
import { Database } from "../src/database.ts";
import { SqliteJournal } from "../src/journal.ts";
import { LocalTime } from "../src/zone.ts";
import { morningMs } from "./testing.ts";

/** Each starts a process. */
const kills = Number(process.env.ENERGSYS_TIMES ?? 8);
const child = fileURLToPath(new URL("killed-child.ts", import.meta.url));
const items = (value: DataValue | undefined): readonly DataValue[] =>
  value && "items" in value ? value.items : [];

async function runAndKill(path: string, afterMs: number): Promise<void> {
  const running = spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", child, path, String(morningMs)],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  await new Promise((resolve) => running.stdout.once("data", resolve));
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  running.kill("SIGKILL");
  await new Promise((resolve) => running.once("exit", resolve));
}

test(`killed ${kills} times at random while it reads, it has lost no interval and doubled none`, async () => {
  const folder = mkdtempSync(join(tmpdir(), "energsys-killed-"));
  try {
    const path = join(folder, "store.sqlite");
    for (let kill = 0; kill < kills; kill++) await runAndKill(path, (kill * 37) % 61);
    const database = new Database({ path, nowMs: morningMs });
    expect(database.before).toBe("crash");
    expect(database.repaired).toBeUndefined();
    const journal = new SqliteJournal(database, new LocalTime("Europe/Bucharest"), () => morningMs);
    let next = morningMs;
    let intervals = 0;
    for (const entry of journal.entries(1, journal.newest)) {
      expect(entry.fromMs).toBe(next);
      const parts = items(decodeData(entry.body));
      const values = items(items(parts[4])[0]).map((value) => (value as { value: number }).value);
      expect(values.every((value) => value === 7)).toBe(true);
      expect(items(parts[5])).toEqual([]);
      intervals += values.length;
      next = entry.toMs;
    }
    // What is not sealed yet waits in the store, and begins where the journal ends.
    const open = database.sqlite
      .prepare("select min(boundary_ms) as first, count(*) as count from counter_reading")
      .get();
    const { first, count } = open as { first: number; count: number };
    expect(first).toBe(next);
    expect(intervals + count).toBe((Number(database.findState("seen")) - morningMs) / quarterMs);
    expect(intervals).toBeGreaterThan(kills);
    database.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 180_000);
