import { closeSync, mkdtempSync, openSync, readdirSync, rmSync, truncateSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { data, decodeData, encodeData } from "@energsys/protocols/dlms";
import { afterAll, expect, test } from "vitest";
import { Database } from "../src/database.ts";
import { entryKinds, SqliteJournal } from "../src/journal.ts";
import { LocalTime } from "../src/zone.ts";
import { morningMs } from "./testing.ts";

const folder = mkdtempSync(join(tmpdir(), "energsys-journal-"));
afterAll(() => rmSync(folder, { recursive: true }));
const nowMs = morningMs;
const open = (path: string, sizeMaxMiB?: number) => {
  const database = new Database({ path, nowMs, ...(sizeMaxMiB ? { sizeMaxMiB } : {}) });
  return { database, journal: new SqliteJournal(database, new LocalTime("Europe/Bucharest"), () => nowMs) };
};
const entry = (text: string, logicalDevice = 1) => ({
  logicalDevice,
  kind: entryKinds.events,
  body: encodeData(data.visible(text)),
});

test("an entry is served as the agreement lays it out, byte by byte", () => {
  const { database, journal } = open(":memory:");
  journal.append([entry("A", 17)]);
  const { bytes, count, last } = journal.read(1, 0xffff_ffff, 1000);
  // Thursday 2026-11-26 12:00:00.00, two hours ahead of UTC.
  expect(Buffer.from(bytes).toString("hex")).toBe(
    "0205" + "0600000001" + "090c07ea0b1a040c000000ff8800" + "120011" + "1603" + "0a0141",
  );
  expect([count, last]).toEqual([1, 1]);
  expect(decodeData(bytes)).toMatchObject({ type: "structure" });
  database.close();
});

test("reading gives whole entries up to the limit and at least one", () => {
  const { database, journal } = open(":memory:");
  journal.append(Array.from({ length: 10 }, (_, index) => entry(String(index))));
  const one = journal.read(1, 1, 1000).bytes.length;
  expect(journal.read(3, 9, 3 * one)).toMatchObject({ count: 3, last: 5 });
  expect(journal.read(3, 9, 1)).toMatchObject({ count: 1, last: 3 });
  expect(journal.read(11, 99, 1000)).toMatchObject({ count: 0, last: 0 });
  database.close();
});

test("numbers go on after everything that was taken is dropped and the store is opened anew", () => {
  const path = join(folder, "numbers.sqlite");
  const first = open(path);
  first.journal.append([entry("a"), entry("b"), entry("c")]);
  expect(first.journal.setTaken(4)).toBe(false);
  expect(first.journal.setTaken(3)).toBe(true);
  expect(first.journal.dropTaken(nowMs + 1)).toBe(2);
  expect(first.journal.oldest).toBe(3);
  first.database.close();
  const second = open(path);
  expect(second.database.before).toBe("ordered");
  expect(second.journal.taken).toBe(3);
  expect(second.journal.append([entry("d")])).toBe(4);
  second.database.close();
});

test("what is not taken is never dropped, however old", () => {
  const { database, journal } = open(":memory:");
  journal.append([entry("a"), entry("b"), entry("c")]);
  journal.setTaken(1);
  expect(journal.dropTaken(nowMs + 100 * 86_400_000)).toBe(1);
  expect([journal.oldest, journal.newest]).toEqual([2, 3]);
  journal.setTaken(0);
  expect(journal.taken).toBe(0);
  database.close();
});

test("entries about a device are found by what of time they are about", () => {
  const { database, journal } = open(":memory:");
  const hour = (index: number) => ({
    ...entry(`${index}`, 20),
    fromMs: morningMs + index * 3_600_000,
    toMs: morningMs + (index + 1) * 3_600_000,
  });
  journal.append([hour(0), hour(1), hour(2), entry("other", 21)]);
  const found = journal.readOf(20, entryKinds.events, morningMs + 3_600_001, morningMs + 3_600_002);
  expect(found.map(({ number }) => number)).toEqual([2]);
  expect(journal.findLast(20, entryKinds.events)?.number).toBe(3);
  database.close();
});

test("a transaction that fails leaves neither entries nor their numbers", () => {
  const { database, journal } = open(":memory:");
  const heard: number[] = [];
  journal.onAppended((entries) => heard.push(...entries.map(({ number }) => number)));
  journal.append([entry("a")]);
  expect(() =>
    journal.together(() => {
      journal.append([entry("b")]);
      throw new Error("no");
    }),
  ).toThrow("no");
  journal.together(() => {
    journal.append([entry("c")]);
    journal.append([entry("d")]);
  });
  expect(heard).toEqual([1, 2, 3]);
  expect(journal.newest).toBe(3);
  database.close();
});

test("a full store refuses whole, and has room again when taken entries are dropped", () => {
  const { database, journal } = open(join(folder, "full.sqlite"), 1);
  const large = { ...entry("x"), body: encodeData(data.octets(new Uint8Array(20_000))) };
  let written = 0;
  expect(() => {
    for (;;) {
      journal.append([large, large]);
      written += 2;
    }
  }).toThrow(expect.objectContaining({ code: "concentrator.store-full" }));
  expect(written).toBeGreaterThan(20);
  expect([...journal.entries(1, 1e9)]).toHaveLength(written);
  // The headroom is for the news of it, and the store still opens its mouth.
  database.giveHeadroom();
  journal.append([entry("full")]);
  journal.setTaken(written);
  expect(journal.dropTaken(nowMs + 1)).toBe(written);
  database.takeHeadroom();
  expect(journal.append([large])).toBe(written + 2);
  database.close();
});

test("a store whose pages were destroyed is repaired from both ends, and no number comes again", () => {
  const path = join(folder, "damaged.sqlite");
  const first = open(path);
  for (let round = 0; round < 200; round++)
    first.journal.append([{ ...entry("x"), body: encodeData(data.octets(new Uint8Array(2000))) }]);
  first.database.setState("clean", "0");
  first.database.sqlite.exec("pragma wal_checkpoint(truncate)");
  first.database.sqlite.close();
  const file = openSync(path, "r+");
  writeSync(file, new Uint8Array(4096 * 4).fill(0xa5), 0, 4096 * 4, 4096 * 60);
  closeSync(file);
  const second = open(path);
  expect(second.database.repaired).toMatch(/rows were saved/);
  expect(second.journal.newest).toBe(200);
  const left = [...second.journal.entries(1, 1000)].length;
  expect(left).toBeGreaterThan(150);
  expect(left).toBeLessThan(200);
  expect(readdirSync(folder).some((name) => name.startsWith("damaged.sqlite.damaged-"))).toBe(true);
  second.database.close();
});

test("when nothing can be read of a damaged store the numbers go on beyond any that were given", () => {
  const path = join(folder, "torn.sqlite");
  const first = open(path);
  first.journal.append([entry("a")]);
  first.database.close();
  const file = openSync(path, "r+");
  writeSync(file, new Uint8Array(4096).fill(0xa5), 0, 4096, 0);
  closeSync(file);
  truncateSync(path, 4096);
  const second = open(path);
  expect(second.journal.append([entry("b")])).toBe(Math.floor(nowMs / 1000) + 1);
  second.database.close();
});
