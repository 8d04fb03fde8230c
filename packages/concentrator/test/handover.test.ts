import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { encodeObis } from "@energsys/protocols";
import { type DataValue, data } from "@energsys/protocols/dlms";
import { expect, test } from "vitest";
import { type CentreSide, TestCentre } from "./centre.ts";

const kills = Number(process.env.ENERGSYS_TIMES ?? 6);
const program = fileURLToPath(new URL("./handing-over.ts", import.meta.url));
const journalBuffer = { classId: 7, obis: "0-128:99.1.0*255", attribute: 2 };
const from = (number: number) => ({
  selector: 1,
  parameters: data.structure(
    data.structure(data.uint16(1), data.octets(encodeObis("0-128:96.8.0*255")), data.int8(2), data.uint16(0)),
    data.uint32(number),
    data.uint32(0xffff_ffff),
    data.array(),
  ),
});

const numberIn = (entry: DataValue): number =>
  "items" in entry && entry.items[0]?.type === "uint32" ? entry.items[0].value : 0;
const shown = (entry: DataValue): string =>
  JSON.stringify(entry, (_, value) =>
    value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value,
  );

test("killed again and again while it writes and hands over: nothing is lost, nothing comes twice, nothing changes", async () => {
  const folder = mkdtempSync(join(tmpdir(), "handover-"));
  const centre = await TestCentre.listen();
  /** What the centre committed, by number. */
  const stored = new Map<number, string>();
  let cursor = 0;
  let child: ChildProcess | undefined;
  const start = async (): Promise<CentreSide> => {
    const next = centre.nextLine();
    child = spawn(
      process.execPath,
      ["--disable-warning=ExperimentalWarning", program, join(folder, "store.sqlite"), String(centre.port)],
      { stdio: "ignore" },
    );
    return next;
  };
  /** Reads until the line breaks, or until an answer is empty and `once` is asked. */
  const handOver = async (line: CentreSide, once = false): Promise<void> => {
    const reader = await line.associate(16, 1);
    const writer = await line.associate(1, 1);
    for (;;) {
      const answer = await reader.get(journalBuffer, from(cursor + 1));
      const entries = answer.ok && "items" in answer.data ? answer.data.items : [];
      if (entries.length === 0 && once) return;
      for (const entry of entries) {
        expect(numberIn(entry)).toBe(cursor + 1);
        stored.set(numberIn(entry), shown(entry));
        cursor = numberIn(entry);
      }
      if (entries.length > 0)
        await writer.set({ classId: 1, obis: "0-128:96.9.0*255", attribute: 2 }, data.uint32(cursor));
    }
  };
  try {
    let interrupted = 0;
    for (let round = 0; round < kills; round++) {
      const line = await start();
      const ended = handOver(line).catch(() => interrupted++);
      await new Promise((resolve) => setTimeout(resolve, 20 + ((round * 37) % 150)));
      child?.kill("SIGKILL");
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 2000))]);
    }
    expect(interrupted).toBe(kills);
    expect(cursor).toBeGreaterThan(kills);
    const before = new Map(stored);
    // From the beginning: every entry that was handed over is there still, and is what it was.
    const line = await start();
    const last = cursor;
    cursor = 0;
    const reader = await line.associate(16, 1);
    while (cursor < last) {
      const answer = await reader.get(journalBuffer, from(cursor + 1));
      const entries = answer.ok && "items" in answer.data ? answer.data.items : [];
      expect(entries.length).toBeGreaterThan(0);
      for (const entry of entries) {
        expect(numberIn(entry)).toBe(cursor + 1);
        cursor++;
        if (cursor <= last) expect(shown(entry)).toBe(before.get(cursor));
      }
    }
  } finally {
    child?.kill("SIGKILL");
    await centre.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}, 240_000);
