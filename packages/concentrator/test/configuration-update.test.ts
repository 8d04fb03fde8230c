import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type ConcentratorConfig, readConfig } from "../src/config.ts";
import { ConfigurationUpdate, updateTimes } from "../src/update/configuration-update.ts";

const startMs = Date.UTC(2026, 10, 26, 12, 0, 0);

/** Time that is stepped by hand. */
class Steps {
  ms = startMs;
  #due: { atMs: number; action: () => void }[] = [];
  now = () => this.ms;
  after = (delayMs: number, action: () => void) => {
    const one = { atMs: this.ms + delayMs, action };
    this.#due.push(one);
    return () => {
      this.#due = this.#due.filter((other) => other !== one);
    };
  };
  pass(ms: number): void {
    this.ms += ms;
    const due = this.#due.filter(({ atMs }) => atMs <= this.ms);
    this.#due = this.#due.filter(({ atMs }) => atMs > this.ms);
    for (const { action } of due) action();
  }
}

const file = (heartbeatSeconds: number, changed: object = {}) => ({
  identity: "ENC0000000000007",
  centre: { addresses: ["127.0.0.1:4059"], heartbeatSeconds },
  store: { path: "store.sqlite" },
  lines: [{ name: "a", url: "tcp://127.0.0.1:5000", kind: "iec" }],
  ...changed,
});

let folder: string;
let path: string;
let clock: Steps;
let changes: { heartbeat: number; code: number }[];

const load = () =>
  ConfigurationUpdate.load(
    {
      path,
      clock,
      change: (config: ConcentratorConfig, { code }) =>
        changes.push({ heartbeat: config.centre.heartbeatSeconds, code }),
    },
    readConfig(path),
  );

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "update-"));
  path = join(folder, "concentrator.json");
  writeFileSync(path, JSON.stringify(file(60)));
  clock = new Steps();
  changes = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a proposal takes effect after 5 s, and for good once it is confirmed over a line that is newer", () => {
  const update = load();
  expect(update.propose(JSON.stringify(file(30)))).toBe("");
  expect(update.confirm(clock.ms)).toBe(false);
  clock.pass(updateTimes.effectMs);
  expect(changes).toEqual([{ heartbeat: 30, code: 0x0005 }]);
  expect(update.confirmed()).toBe(false);
  expect(update.confirm(startMs)).toBe(false);
  expect(update.confirm(clock.ms + 1)).toBe(true);
  clock.pass(updateTimes.rollBackMs);
  expect(changes).toHaveLength(1);
  expect(readConfig(path).centre.heartbeatSeconds).toBe(30);
  expect(existsSync(`${path}.trial`)).toBe(false);
});

test("one that is not confirmed in 10 min is rolled back, and the file never changed", () => {
  const update = load();
  update.propose(JSON.stringify(file(30)));
  clock.pass(updateTimes.effectMs);
  clock.pass(updateTimes.rollBackMs);
  expect(changes).toEqual([
    { heartbeat: 30, code: 0x0005 },
    { heartbeat: 60, code: 0x0006 },
  ]);
  expect(update.problem()).toMatch(/^rolled back/);
  expect(JSON.parse(update.inForce()).centre.heartbeatSeconds).toBe(60);
  expect(JSON.parse(readFileSync(path, "utf8"))).toEqual(file(60));
});

test("a restart goes on with the trial for the rest of its time, and after it with the configuration before", () => {
  const update = load();
  update.propose(JSON.stringify(file(30)));
  clock.pass(updateTimes.effectMs);
  update.stop();
  clock.pass(60_000);
  const again = load();
  expect(again.current.centre.heartbeatSeconds).toBe(30);
  again.stop();
  clock.pass(updateTimes.rollBackMs);
  const late = load();
  expect(late.current.centre.heartbeatSeconds).toBe(60);
  expect(late.problem()).toMatch(/^rolled back/);
  expect(existsSync(`${path}.trial`)).toBe(false);
});

test.each([
  ["no JSON", "{"],
  ["an unknown field", JSON.stringify(file(30, { colour: "red" }))],
  ["another identity", JSON.stringify(file(30, { identity: "ENC0000000000008" }))],
  ["another store", JSON.stringify(file(30, { store: { path: "other.sqlite" } }))],
])("%s is refused with the reason, and nothing takes effect", (_, json) => {
  const update = load();
  expect(update.propose(json)).not.toBe("");
  expect(update.problem()).not.toBe("");
  clock.pass(updateTimes.effectMs);
  expect(changes).toEqual([]);
});

test("a configuration that cannot even start is taken back by the process", () => {
  const update = load();
  update.propose(JSON.stringify(file(30)));
  clock.pass(updateTimes.effectMs);
  update.rollBack("line a: no such port");
  expect(changes.at(-1)).toEqual({ heartbeat: 60, code: 0x0006 });
  expect(update.problem()).toContain("no such port");
});
