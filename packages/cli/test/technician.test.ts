import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { checkConfig, startConcentrator } from "@energsys/concentrator";
import { unpackDay } from "@energsys/metering";
import type { ByteStream } from "@energsys/protocols";
import { attachBlockDevice, Bus, LocalCalendar, LocalModule, newModuleState } from "@energsys/simulator";
import { importInventory, sql } from "@energsys/store";
import { testDatabase } from "@energsys/store/testing";
import { Command } from "commander";
import { pino } from "pino";
import { afterAll, expect, test, vi } from "vitest";
import { addImport } from "../src/commands/import.ts";
import { CatchingUpClock } from "./catching-up-clock.ts";

// The day no line works: a concentrator that the inventory names, and that never reached the centre, is read out where it stands, and
// its dump is checked, taken in, taken back and taken in again at the centre, by the commands that a technician has.

const zone = "Europe/Bucharest";
const identity = "ENC0000000000017";
const quarterMs = 900_000;
const quarters = 12;
const serials = ["70500001", "70500002"];
const startMs = Math.floor(Date.now() / quarterMs) * quarterMs - (quarters + 4) * quarterMs - 5 * 60_000;
/** The module is found before the first border; pulses come in the middle of each quarter-hour. */
const firstMs = startMs + 5 * 60_000;
/** One pulse is 0.625 Wh. */
const pulsesIn = (quarter: number, input: number): number => 8 * (quarter + 1) + 16 * input;
const ledger = (input: number): [number, number][] =>
  Array.from({ length: quarters }, (_, quarter) => [
    firstMs + quarter * quarterMs,
    pulsesIn(quarter, input) * 0.625,
  ]);

const folder = mkdtempSync(join(tmpdir(), "energsys-technician-"));
const { db, url, drop } = await testDatabase();
vi.stubEnv("DATABASE_URL", url);
const running: (() => unknown)[] = [];
afterAll(async () => {
  for (const stop of running.reverse()) await stop();
  rmSync(folder, { recursive: true });
  await drop();
});

const program = fileURLToPath(new URL("../bin/energsys.mjs", import.meta.url));

/** A command of its own, beside the concentrator that runs. */
async function dump(out: string, ...range: string[]) {
  const words = ["concentrator", "dump", "--config", join(folder, "concentrator.json"), "--out", out];
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...words, ...range]);
  return JSON.parse(stdout) as { entries: number; first: number; last: number };
}

/** `energsys import …`: what it prints. */
async function imported(...words: string[]): Promise<string> {
  const commands = new Command().exitOverride();
  addImport(commands);
  let text = "";
  const print = vi.spyOn(process.stdout, "write").mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  try {
    await commands.parseAsync(["import", ...words], { from: "user" });
  } finally {
    print.mockRestore();
  }
  return text;
}
const importIdIn = (text: string) => /stored as import (\d+)/.exec(text)?.[1] ?? "none";

/** Whole quarter-hours of a meter, as stored, in order: start and Wh. */
async function stored(serial: string): Promise<[number, number][]> {
  const { rows } = await db.query<{
    day: string;
    slots: number;
    scale: number;
    v: Buffer;
    q: Buffer | null;
  }>(sql`
    select l.day::text as day, l.slots, c.scale, l.v, l.q
    from load_day l join channel c using (channel_id) join meter m using (meter_id)
    where m.serial = ${`ENS${serial}`} order by l.day`);
  return rows.flatMap(({ day, slots, scale, v, q }) => {
    const dayMs = Temporal.PlainDate.from(day).toZonedDateTime(zone).epochMilliseconds;
    return [...unpackDay(v, q, slots).values].flatMap((value, slot): [number, number][] =>
      Number.isNaN(value) ? [] : [[dayMs + slot * quarterMs, value * 10 ** scale]],
    );
  });
}
const inTime = async (serial: string) =>
  (await stored(serial)).filter(([ms]) => ms >= firstMs && ms < firstMs + quarters * quarterMs);
const registers = async () =>
  (
    await db.query<{ n: number; different: number }>(sql`
      select count(*)::int as n, count(distinct (meter_id, obis, measured_at))::int as different
      from register_reading where not exists (select 1 from register_reading as later
        where later.meter_id = register_reading.meter_id and later.obis = register_reading.obis
          and later.measured_at = register_reading.measured_at and later.version > register_reading.version)`)
  ).rows[0]!;

test("a concentrator that never reached the centre is dumped while it runs, and the centre takes its dump in, back, and in again", async () => {
  await importInventory(db, {
    branches: [],
    points: serials.map((serial) => ({
      pod: `POD${serial}`,
      name: "",
      address: "",
      branch: ["Network"],
      phases: 1 as const,
      meter: {
        serial: `ENS${serial}`,
        manufacturer: "ENS",
        model: "generic-dlms",
        phases: 1 as const,
        maxCurrentA: 60,
      },
      installedAt: "2020-01-01T00:00:00Z",
      device: {
        identity: `ENS${serial}`,
        model: "generic-dlms",
        url: "dlms+tcp://?client=2&server=16",
        direction: "call-in" as const,
      },
    })),
    gateways: [{ identity, branch: ["Network"], meters: serials.map((serial) => `ENS${serial}`) }],
  });

  const file = {
    identity,
    clockTrusted: true,
    centre: { addresses: ["127.0.0.1:9"] },
    store: { path: join(folder, "store.sqlite") },
    schedule: { sealEverySeconds: 900 },
    lines: [{ name: "a", url: "tcp://127.0.0.1:4001", kind: "iec", scan: ["1"] }],
  };
  writeFileSync(join(folder, "concentrator.json"), JSON.stringify(file));
  const clock = new CatchingUpClock(startMs);
  const bus = new Bus({ clock });
  const state = newModuleState(
    8,
    serials.map((serial) => ({
      name: `ENS${serial}`,
      energyPerPulseWh: "0.625",
      pulses: 100,
      relay: "closed",
    })),
    startMs,
  );
  const module = new LocalModule({ serial: "00012340", clock, calendar: new LocalCalendar(zone), state });
  state.shortAddress = "1";
  attachBlockDevice(bus, module, clock);
  const checked = checkConfig(file);
  if (!checked.ok) throw new Error(checked.faults.join("\n"));
  const { edge, stop } = await startConcentrator(checked.config, {
    clock,
    log: pino({ level: "silent" }),
    random: () => 0.5,
    openLine: async () => bus.master(),
    openCentre: () => new Promise<ByteStream>(() => undefined),
  });
  running.push(stop, () => clock.stop());
  await clock.advanceTo(firstMs);
  for (let quarter = 0; quarter < quarters; quarter++) {
    const fromMs = firstMs + quarter * quarterMs;
    await clock.advanceTo(fromMs + quarterMs / 2);
    for (const input of serials.keys()) state.inputs[input]!.pulses += pulsesIn(quarter, input);
    await clock.advanceTo(fromMs + quarterMs);
  }
  await clock.advanceTo(Date.now());
  clock.follow();

  // Beside the one that runs; nothing of it moves.
  const path = join(folder, "street.dump");
  const { newest } = edge.journal;
  expect(await dump(path)).toMatchObject({ entries: newest, first: 1, last: newest });
  expect(edge.journal.taken).toBe(0);

  // The check writes nothing, and says what the import then does.
  const check = await imported(path, "--dry-run");
  expect(check).toContain(
    `${identity}: ${newest} entries, 1 to ${newest}, ${newest} that the line did not bring yet`,
  );
  expect(check).toContain("nothing stored (dry run)");
  expect(check).not.toContain("nobody adopted");
  expect(await inTime(serials[0]!)).toEqual([]);

  const first = await imported(path);
  expect(first.split("\n").filter((line) => line.startsWith("  "))).toEqual(
    check.split("\n").filter((line) => line.startsWith("  ")),
  );
  for (const [input, serial] of serials.entries()) expect(await inTime(serial)).toEqual(ledger(input));
  const read = await registers();
  expect(read.n).toBeGreaterThan(0);
  expect(read.n).toBe(read.different);

  // Twice, and cut into two files: nothing is doubled.
  expect(await imported(path)).toContain(`taken in before, as import ${importIdIn(first)}`);
  const half = join(folder, "half.dump");
  await dump(half, "--from", String(Math.floor(newest / 2)));
  expect(await imported(half)).toMatch(/: 0 intervals, 0 registers, 0 events/);
  for (const [input, serial] of serials.entries()) expect(await inTime(serial)).toEqual(ledger(input));
  expect(await registers()).toEqual(read);

  expect(await imported("--undo", importIdIn(first))).toMatch(
    /taken back: [1-9]\d* intervals and [1-9]\d* readings.*; 0 that/,
  );
  for (const serial of serials) expect(await stored(serial)).toEqual([]);
  expect((await registers()).n).toBe(0);

  const again = await imported(path);
  expect(importIdIn(again)).not.toBe(importIdIn(first));
  for (const [input, serial] of serials.entries()) expect(await inTime(serial)).toEqual(ledger(input));
}, 60_000);
