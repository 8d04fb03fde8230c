import { mkdtempSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readConcentratorsConfig } from "../src/field/concentrators-command.ts";
import { startVirtualConcentrator } from "../src/field/virtual-concentrator.ts";
import { realLineClock, StageClock } from "./field-line.ts";
import { journalOf, quarterMs } from "./street.ts";

test("a virtual concentrator calls its centre by TCP, says who it is, and holds what its bus has", async () => {
  let heard = "";
  const centre = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", (bytes) => {
      heard += bytes.toString("latin1");
    });
  });
  await new Promise<void>((resolve) => centre.listen(0, "127.0.0.1", resolve));
  const { port } = centre.address() as AddressInfo;
  const one = await startVirtualConcentrator({
    clock: realLineClock,
    seed: 7,
    callIn: `127.0.0.1:${port}`,
    modules: 1,
    meters: 1,
  });
  try {
    await expect.poll(() => heard, { timeout: 20_000 }).toContain("ENC0000000000007");
    await one.running.edge.scan();
    const kinds = one.running.edge.devices().map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === "input")).toHaveLength(8);
    expect(kinds.filter((kind) => kind === "iec")).toHaveLength(1);
  } finally {
    await one.stop();
    centre.close();
  }
}, 60_000);

test("one with a folder that was stopped over midnight goes on with its counters, and no quarter-hour is missing", async () => {
  const folder = mkdtempSync(join(tmpdir(), "energsys-virtual-"));
  const live = async (fromMs: number) => {
    const clock = new StageClock(fromMs);
    const one = await startVirtualConcentrator({
      clock,
      seed: 8,
      callIn: "127.0.0.1:9",
      modules: 1,
      meters: 0,
      folder,
    });
    await clock.advance(3 * 3_600_000);
    return { one, clock };
  };
  try {
    const first = await live(Date.UTC(2026, 10, 3, 12, 7));
    await first.one.stop();
    const { one, clock } = await live(first.clock.now() + 20 * 3_600_000);
    const told = journalOf(one.running.edge);
    const [module] = one.site.modules.values();
    const fromMs = Date.UTC(2026, 10, 3, 12, 30);
    const toMs = Math.floor(clock.now() / quarterMs) * quarterMs - 3_600_000;
    for (const meter of module!.meters) {
      const { intervals, missing } = told.devices.get(meter.name)!;
      expect(missing.size).toBe(0);
      for (let startMs = fromMs; startMs < toMs; startMs += quarterMs) {
        // The module is read within seconds of each border.
        const at = (borderMs: number) =>
          [0, 1000, 2000, 3000].map((ms) => meter.pulses(borderMs + ms) * meter.whPerPulse);
        const rises = at(startMs).flatMap((before) => at(startMs + quarterMs).map((after) => after - before));
        expect(rises).toContain(intervals.get(startMs)?.wh);
      }
    }
    expect(told).toMatchObject({ repeated: 0, changed: 0 });
    await one.stop();
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 60_000);

test("everything that is wrong with its command is told at once", () => {
  expect(() => readConcentratorsConfig(["--count", "0", "--modules", "99"])).toThrow(
    "--count is 1 to 100; --modules is 0 to 32; --call-in is HOST:PORT",
  );
});
