import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeData } from "@energsys/protocols/dlms";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeDump } from "../src/dump/dump.ts";
import { HeldCore, registersBody } from "./served.ts";

const nowMs = Date.UTC(2026, 10, 26, 12, 0, 0);
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dump-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a dump holds every entry as it stands in the journal, a header, and a last line that proves it whole", async () => {
  const core = new HeldCore(nowMs);
  for (let n = 0; n < 500; n++) core.journal.append(nowMs, 16, 2, registersBody(nowMs, n));
  core.journal.setTaken(10);
  const path = join(folder, "a.dump");
  const outcome = await writeDump(path, core);
  const text = readFileSync(path, "utf8");
  const lines = text.split("\n");
  expect(lines[0]).toBe("ENERGSYS-MC-DUMP/1");
  expect(JSON.parse(lines[1] ?? "")).toMatchObject({
    identity: core.identity,
    made: "2026-11-26T12:00:00.000Z",
    first: 1,
    last: 500,
    taken: 10,
    meters: [{ logicalDevice: 16 }, { logicalDevice: 17 }, { logicalDevice: 18 }],
  });
  const entries = lines.slice(2, -2);
  expect(entries).toHaveLength(500);
  const third = decodeData(Buffer.from(entries[2] ?? "", "hex"));
  expect(third).toMatchObject({ type: "structure", items: [{ type: "uint32", value: 3 }, {}, {}, {}, {}] });
  const end = text.lastIndexOf("END ");
  const sum = createHash("sha256").update(text.slice(0, end)).digest("hex");
  expect(text.slice(end)).toBe(`END 500 ${sum}\n`);
  expect(outcome).toEqual({ entries: 500, first: 1, last: 500, sha256: sum });
  expect(core.journal.taken).toBe(10);
});

test("a dump can be cut by ranges, and one that cannot be written leaves nothing", async () => {
  const core = new HeldCore(nowMs);
  for (let n = 0; n < 10; n++) core.journal.append(nowMs, 16, 2, registersBody(nowMs, n));
  const path = join(folder, "b.dump");
  expect(await writeDump(path, core, { from: 4, to: 6 })).toMatchObject({ entries: 3, first: 4, last: 6 });
  // Nothing is written over, whatever it is, and a dump of nothing passes for none.
  for (const [file, range] of [
    [path, {}],
    [join(folder, "c.dump"), { from: 20 }],
    [join(folder, "c.dump"), { from: 6, to: 4 }],
  ] as const)
    await expect(writeDump(file, core, range)).rejects.toMatchObject({ code: "concentrator.dump" });
  expect(readFileSync(path, "utf8")).toContain("END 3 ");
  expect(existsSync(join(folder, "c.dump"))).toBe(false);
  const missing = join(folder, "none", "c.dump");
  await expect(writeDump(missing, core)).rejects.toThrow();
  expect(existsSync(`${missing}.part`)).toBe(false);
});
