import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { encodeRegistersBody } from "../src/bodies.ts";
import { checkConfig } from "../src/config.ts";
import { Database } from "../src/database.ts";
import { Devices } from "../src/devices.ts";
import { dumpStore } from "../src/dump/dump-store.ts";
import { entryKinds, SqliteJournal } from "../src/journal.ts";
import { registersOf } from "../src/objects/meter-objects.ts";
import { LocalTime } from "../src/zone.ts";

const folder = mkdtempSync(join(tmpdir(), "energsys-dump-store-"));
afterAll(() => rmSync(folder, { recursive: true }));
const nowMs = Date.UTC(2026, 10, 26, 12);
const checked = checkConfig(
  {
    identity: "ENC0000000000017",
    centre: { addresses: ["127.0.0.1:4060"] },
    store: { path: "store.sqlite" },
    lines: [{ name: "a", url: "tcp://127.0.0.1:4001", kind: "iec" }],
  },
  folder,
);
if (!checked.ok) throw new Error(checked.faults.join("\n"));
const { config } = checked;
const time = new LocalTime(config.zone);
const registers = (...given: readonly (readonly [obis: string, value: string])[]) => ({
  logicalDevice: 16,
  kind: entryKinds.registers,
  body: encodeRegistersBody(
    nowMs,
    given.map(([obis, value]) => ({ obis, value, unit: "Wh", measuredAtMs: nowMs, flags: 0 })),
    time,
  ),
});

test("the store of a concentrator that runs is dumped whole or by a range, and is only read", async () => {
  const database = new Database({ path: config.store.path, nowMs, exclusive: true });
  const journal = new SqliteJournal(database, time, () => nowMs);
  const devices = new Devices(database, journal, time, () => nowMs);
  devices.seen({ name: "ENS1", kind: "iec", model: "generic", line: "a", address: "1", module: 0, input: 0 });
  for (let n = 0; n < 200; n++) journal.append([registers(["1-0:1.8.0*255", String(n)])]);
  const before = journal.newest;

  const out = join(folder, "whole.dump");
  const dumping = dumpStore(config, out, {}, () => nowMs);
  // It goes on writing meanwhile.
  journal.append([registers(["1-0:1.8.0*255", "4711"])]);
  const outcome = await dumping;
  expect(outcome).toMatchObject({ first: 1, last: before, entries: before });
  const lines = readFileSync(out, "utf8").split("\n");
  expect(JSON.parse(lines[1]!)).toMatchObject({
    identity: config.identity,
    meters: [{ logicalDevice: 16, name: "ENS1" }],
  });
  expect(lines.at(-2)).toBe(`END ${before} ${outcome.sha256}`);
  expect(await dumpStore(config, join(folder, "part.dump"), { from: 11, to: 20 }, () => nowMs)).toMatchObject(
    {
      first: 11,
      last: 20,
      entries: 10,
    },
  );
  // A second owner is refused while there is one, and a dump is not.
  const second = () => new Database({ path: config.store.path, nowMs, exclusive: true });
  expect(second).toThrow("another concentrator runs with it");
  // Its owner is still the one that runs: an end without order would be seen as such.
  expect(database.findState("clean")).toBe("0");
  expect(journal.newest).toBe(before + 1);
  database.close();
  second().close();
  // One that stands still is dumped as well.
  expect((await dumpStore(config, join(folder, "later.dump"), {}, () => nowMs)).entries).toBe(before + 1);
  await expect(
    dumpStore(
      { ...config, store: { ...config.store, path: join(folder, "none.sqlite") } },
      out,
      {},
      () => nowMs,
    ),
  ).rejects.toMatchObject({ code: "concentrator.store" });
});

test("what was kept for a full disk and given up is no room, until it is kept again", () => {
  const reserveBytes = 64 * 1_048_576;
  const path = join(folder, "full.sqlite");
  const database = new Database({ path, nowMs, reserveBytes });
  const kept = database.size().roomBytes;
  database.giveHeadroom();
  expect(existsSync(`${path}.reserve`)).toBe(false);
  // Others write to this disk too.
  expect(Math.abs(database.size().roomBytes - kept)).toBeLessThan(reserveBytes / 2);
  expect(database.headroomGiven).toBe(true);
  database.takeHeadroom();
  expect(existsSync(`${path}.reserve`)).toBe(true);
  database.close();
});

test("a register that was read through alone hides none of those that were read with it before", () => {
  const database = new Database({ path: ":memory:", nowMs });
  const journal = new SqliteJournal(database, time, () => nowMs);
  journal.append([registers(["1-0:1.8.0*255", "100"], ["1-0:2.8.0*255", "5"])]);
  journal.append([registers(["1-0:1.8.0*255", "130"])]);
  const known = registersOf({ journal } as unknown as Parameters<typeof registersOf>[0], 16);
  expect([...known].map(([obis, { value }]) => [obis, value])).toEqual([
    ["1-0:1.8.0*255", 130n],
    ["1-0:2.8.0*255", 5n],
  ]);
});
