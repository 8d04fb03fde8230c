import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { uniform, whole } from "../src/random.ts";
import { GridTown } from "../src/town/grid-town.ts";
import { StageClock } from "./field-line.ts";
import { compare, journalOf, minuteMs, openStreet, quarterMs, type Said, smallTown } from "./street.ts";

const kills = Number(process.env.ENERGSYS_TIMES ?? 3);
const program = fileURLToPath(new URL("reading-process.ts", import.meta.url));
const seed = 20;

interface Line {
  readonly serial?: string;
  readonly atMs?: number;
  readonly pulses?: number[];
  readonly nowMs?: number;
}

/** Runs the concentrator from an instant on, and kills it at a random moment, unless it is to end by itself. */
async function run(
  path: string,
  fromMs: number,
  end: { killAfterMs: number } | { untilMs: number },
): Promise<Line[]> {
  const until = "untilMs" in end ? [String(end.untilMs)] : [];
  const child = spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", program, path, String(fromMs), ...until],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  });
  const closed = once(child, "close");
  if ("killAfterMs" in end) {
    await Promise.race([once(child.stdout, "data"), closed]);
    await new Promise((resolve) => setTimeout(resolve, end.killAfterMs));
    child.kill("SIGKILL");
  }
  await closed;
  if ("killAfterMs" in end) expect(child.signalCode).toBe("SIGKILL");
  else expect(child.exitCode).toBe(0);
  // The last line may be cut.
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

test(`a concentrator that is killed ${kills} times while it reads loses nothing that it was told, and doubles nothing`, async () => {
  const folder = mkdtempSync(join(tmpdir(), "energsys-killed-street-"));
  try {
    const path = join(folder, "store.sqlite");
    const town = new GridTown(smallTown);
    const fromMs = Date.UTC(2026, 10, 3, 9, 50);
    const said = new Map<string, Said[]>();
    /** Borders that a process was told and went on after: what it was told then is in the store. */
    const kept = new Set<string>();
    const take = (lines: readonly Line[]) => {
      const last = lines.findLastIndex(({ nowMs }) => nowMs !== undefined);
      for (const [n, { serial, atMs, pulses }] of lines.entries()) {
        if (serial === undefined || atMs === undefined || !pulses) continue;
        said.set(serial, [...(said.get(serial) ?? []), { atMs, pulses }]);
        if (n < last && atMs % quarterMs <= 300_000) kept.add(`${serial} ${atMs - (atMs % quarterMs)}`);
      }
      return lines[last]?.nowMs;
    };
    let nowMs = fromMs;
    for (let kill = 0; kill < kills; kill++) {
      const killAfterMs = Math.floor(uniform(seed, kill, 1) * 250);
      nowMs = take(await run(path, nowMs, { killAfterMs })) ?? nowMs;
      // It stays down from a minute to more than half an hour.
      nowMs += whole(61, 2200, seed, kill, 2) * 1000;
    }
    const untilMs = nowMs + 4 * 60 * minuteMs;
    nowMs = take(await run(path, nowMs, { untilMs })) ?? nowMs;

    const street = openStreet({ town, concentrator: 0, clock: new StageClock(nowMs) });
    const concentrator = await street.start({ store: { path } });
    const told = journalOf(concentrator.edge);
    await concentrator.stop();
    expect(told).toMatchObject({ repeated: 0, changed: 0 });
    expect(told.numbers).toEqual(told.numbers.map((_, n) => n + 1));
    const firstMs = Math.ceil(fromMs / quarterMs) * quarterMs;
    const lastMs = Math.floor(nowMs / quarterMs) * quarterMs - 2 * 60 * minuteMs;
    const verdict = compare(town, { ...street, said }, told.devices, firstMs, lastMs);
    expect(verdict.wrong).toEqual([]);
    expect(verdict.right).toBeGreaterThan(kills * 11);
    expect(verdict.registers).toBeGreaterThan(0);
    // Of a pulse meter every interval is there of which both borders were told; the others have all of theirs.
    for (const point of street.site.points) {
      const { attachment, meter } = point;
      if (meter.kind === "iec-iskra") continue;
      for (let startMs = firstMs; startMs < lastMs; startMs += quarterMs) {
        if (attachment.kind === "pulses") {
          const serial = street.site.modules[attachment.module]!.serial;
          if (![startMs, startMs + quarterMs].every((borderMs) => kept.has(`${serial} ${borderMs}`)))
            continue;
        } else if (point.exchange) continue;
        expect(told.devices.get(street.site.nameOf(point, false))?.intervals.has(startMs)).toBe(true);
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 600_000);
