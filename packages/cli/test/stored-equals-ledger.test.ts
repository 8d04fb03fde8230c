import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { checkConfig, startConcentrator } from "@energsys/concentrator";
import { lowerLimits, startHeadend } from "@energsys/headend";
import { unpackDay } from "@energsys/metering";
import type { ByteStream } from "@energsys/protocols";
import {
  buildTownSite,
  capacityOf,
  type GridPoint,
  GridTown,
  TownLedger,
  type TownSite,
} from "@energsys/simulator";
import { adoptGateway, everywhere, importInventory, listGateways, sql } from "@energsys/store";
import { testDatabase, testKeyProvider } from "@energsys/store/testing";
import { pino } from "pino";
import { afterAll, expect, test } from "vitest";
import { CatchingUpClock } from "./catching-up-clock.ts";

// What is in PostgreSQL in the end is what truly flowed. Three concentrators read the streets of a town for days over a change of the clock,
// without a centre; then they hand over, as processes that are killed, to a real head-end, and every value is compared with the ledger.

/** 31 by `ENERGSYS_TOWN_DAYS=31`, which takes some minutes. */
const days = Number(process.env.ENERGSYS_TOWN_DAYS ?? 5);
/** Of each concentrator while it hands over. */
const kills = Number(process.env.ENERGSYS_KILLS ?? 2);
const zone = "Europe/Bucharest";
const quarterMs = 900_000;
const log = pino({ level: "silent" });
const program = fileURLToPath(new URL("../bin/energsys.mjs", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "energsys-truth-"));
const { db } = await testDatabase();
const running: (() => unknown)[] = [];
afterAll(async () => {
  for (const stop of running.reverse()) await stop();
  rmSync(folder, { recursive: true });
});

/** The market day two days before the last change of the clock that is old enough for the town's days to be over. */
function beginOfTown(): string {
  const latest = Temporal.Now.plainDateISO(zone).subtract({ days: days + 1 });
  for (let day = latest; ; day = day.subtract({ days: 1 })) {
    const change = day.add({ days: 2 });
    const hours = change.toZonedDateTime(zone).hoursInDay;
    if (hours !== 24) return day.toString();
  }
}

interface Read {
  readonly site: TownSite;
  readonly path: string;
  /** What each module said at the borders, by its serial number: the counts of its inputs. */
  readonly said: Map<string, Map<number, number[]>>;
}

/** A concentrator reads its street from before the town begins until after its last day. */
async function readStreet(town: GridTown, number: number, fromMs: number, untilMs: number): Promise<Read> {
  const clock = new CatchingUpClock(fromMs);
  const site = buildTownSite(town, number, { clock });
  const said: Read["said"] = new Map();
  for (const module of site.modules) {
    const counts = new Map<number, number[]>();
    said.set(module.serial, counts);
    const block = module.block.bind(module);
    module.block = () => {
      const sets = block();
      const borderMs = Math.floor(clock.now() / quarterMs) * quarterMs;
      // The first that a border hears of it counts.
      if (!counts.has(borderMs))
        counts.set(
          borderMs,
          module.state.inputs.map(({ pulses }) => pulses),
        );
      return sets;
    };
  }
  const path = join(folder, `${site.identity}.sqlite`);
  const checked = checkConfig(
    {
      identity: site.identity,
      clockTrusted: true,
      centre: { addresses: ["127.0.0.1:9"] },
      store: { path },
      schedule: { profileBackDays: 1 },
      secretsFile: "secrets.json",
      ...site.config,
    },
    ".",
    () => JSON.stringify(site.secrets),
  );
  if (!checked.ok) throw new Error(checked.faults.join("\n"));
  const concentrator = await startConcentrator(checked.config, {
    clock,
    log,
    random: () => 0.5,
    store: { durability: "process" },
    openLine: async ({ name }) => site.lines.get(name)!.master(),
    openCentre: () => new Promise<ByteStream>(() => undefined),
  });
  await clock.advanceTo(untilMs);
  await concentrator.stop();
  return { site, path, said };
}

const newestOf = (path: string): number => {
  const sqlite = new DatabaseSync(path, { readOnly: true });
  try {
    return Number(sqlite.prepare("select max(number) as newest from journal").get()?.newest);
  } finally {
    sqlite.close();
  }
};

/** The command `energsys concentrator` on the store of a street, whose lines are dead by now. */
function startProcess({ site, path }: Read, centre: string): ChildProcess {
  const config = join(folder, `${site.identity}.json`);
  writeFileSync(
    config,
    JSON.stringify({
      identity: site.identity,
      clockTrusted: true,
      centre: { addresses: [centre] },
      store: { path },
      ...site.config,
    }),
  );
  return spawn(process.execPath, [program, "concentrator", "--config", config], {
    stdio: ["ignore", "pipe", "ignore"],
  });
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, "close");
  child.kill(signal);
  await closed;
}

interface DayRow {
  readonly serial: string;
  readonly kind: string;
  readonly unit: string;
  readonly scale: number;
  readonly day: string;
  readonly slots: number;
  readonly v: Uint8Array;
  readonly q: Uint8Array | null;
}

/** Active energy of all meters as it is stored: by serial number and start of the interval, in Wh, with the kind of its channel. */
async function storedCurves(): Promise<Map<string, Map<number, { wh: number; kind: string }>>> {
  const { rows } = await db.query<DayRow>(sql`
    select m.serial, c.kind, c.unit, c.scale, l.day::text as day, l.slots, l.v, l.q
    from load_day l join channel c using (channel_id) join meter m using (meter_id)
    where c.obis in ('1-0:1.8.0*255', '1-0:1.29.0*255', '1-0:1.5.0*255')`);
  const found = new Map<string, Map<number, { wh: number; kind: string }>>();
  for (const { serial, kind, unit, scale, day, slots, v, q } of rows) {
    const curve = found.get(serial) ?? new Map();
    found.set(serial, curve);
    const dayMs = Temporal.PlainDate.from(day).toZonedDateTime(zone).epochMilliseconds;
    const factor = 10 ** scale * (unit.startsWith("k") ? 1000 : 1) * (kind === "demand" ? 0.25 : 1);
    for (const [slot, value] of [...unpackDay(v, q, slots).values].entries()) {
      if (Number.isNaN(value)) continue;
      const startMs = dayMs + slot * quarterMs;
      if (curve.has(startMs)) throw new Error(`${serial} has ${new Date(startMs).toISOString()} twice`);
      curve.set(startMs, { kind, wh: Math.round(value * factor * 1000) / 1000 });
    }
  }
  return found;
}

test(`three streets over ${days} days with a change of the clock, an exchange and a roll-over: what is stored is what the ledger says`, async () => {
  const town = new GridTown({ points: 90, seed: 11, begin: beginOfTown() });
  const ledger = new TownLedger(town);
  const fromMs = town.calendar.day(town.beginDay).startMs;
  const toMs = town.calendar.day(town.beginDay + days).startMs;
  const streets: Read[] = [];
  for (let number = 0; number < town.concentrators; number++) {
    streets.push(await readStreet(town, number, fromMs - 300_000, toMs + 4_200_000));
  }

  // The centre: everybody who is or was behind a concentrator stands in its books.
  const names = streets.flatMap(({ site }) =>
    site.points.flatMap((point) =>
      (point.exchange ? [false, true] : [false]).map((exchanged) => ({
        site,
        point,
        exchanged,
        name: site.nameOf(point, exchanged),
      })),
    ),
  );
  await importInventory(db, {
    branches: [],
    points: names.map(({ point, exchanged, name }) => ({
      pod: exchanged ? `${point.pod}N` : point.pod,
      name,
      address: "Street 1",
      branch: ["Network"],
      phases: point.meter.phases,
      meter: {
        serial: name,
        manufacturer: name.slice(0, 3),
        model: "generic-dlms",
        phases: point.meter.phases,
      },
      installedAt: "2020-01-01T00:00:00Z",
      device: {
        identity: name,
        model: "generic-dlms",
        url: "dlms+tcp://?client=2&server=16",
        direction: "call-in" as const,
      },
    })),
  });
  const head = await startHeadend({
    database: db,
    keyProvider: testKeyProvider,
    zone,
    listen: "127.0.0.1:0",
    limits: lowerLimits({ responseMs: 4000, identifyMs: 4000, restartSpreadSeconds: 0.001 }),
    leaseSeconds: 3,
  });
  running.push(() => head.stop());
  const centre = head.listen as string;

  // They call, are adopted, and are killed while they hand over.
  let interrupted = 0;
  await Promise.all(
    streets.map(async (street, nth) => {
      const { site, path } = street;
      const gateway = async () => (await listGateways(db)).find(({ identity }) => identity === site.identity);
      let child = startProcess(street, centre);
      running.push(() => end(child, "SIGKILL"));
      await expect
        .poll(async () => (await gateway())?.state, { timeout: 60_000, interval: 100 })
        .toBe("quarantine");
      const { gatewayId } = (await gateway())!;
      await adoptGateway(db, everywhere, gatewayId, { by: "ana" });
      const mine = names.filter((one) => one.site === site).map(({ name }) => name);
      await db.query(sql`update device set gateway_id = ${gatewayId} where identity = any(${mine}::text[])`);
      for (let kill = 0; kill < kills; kill++) {
        const before = (await gateway())!.cursor;
        await expect
          .poll(async () => (await gateway())!.cursor > before, { timeout: 60_000, interval: 20 })
          .toBe(true);
        await new Promise((resolve) => setTimeout(resolve, (nth * 70 + kill * 110) % 300));
        await end(child, "SIGKILL");
        if ((await gateway())!.cursor < newestOf(path)) interrupted++;
        child = startProcess(street, centre);
      }
      await expect
        .poll(async () => newestOf(path) - (await gateway())!.cursor, { timeout: 240_000, interval: 300 })
        .toBe(0);
      expect((await gateway())!.poisonEntries).toBe(0);
    }),
  );

  // Cut in the middle, or this shows nothing.
  expect(interrupted).toBeGreaterThanOrEqual(kills);

  // Each quarter-hour of each meter.
  const curves = await storedCurves();
  const wrong: string[] = [];
  const count = { right: 0, lost: 0, gone: 0, registers: 0 };
  for (const { site, said } of streets) {
    for (const point of site.points) {
      if (point.meter.kind === "iec-iskra") continue;
      const truth = ledger.point(point.index, fromMs, toMs);
      for (const [n, startMs] of truth.startsMs.entries()) {
        const exchangeMs = point.exchange?.atMs ?? Number.POSITIVE_INFINITY;
        const stored = curves.get(site.nameOf(point, exchangeMs <= startMs))?.get(startMs);
        if (!stored) {
          // An exchanged meter takes with it what was not read of it, and a new one begins with its first whole quarter-hour.
          const near = startMs > exchangeMs - 3_600_000 - quarterMs && startMs < exchangeMs + 2 * quarterMs;
          if (near) count.gone++;
          else count.lost++;
          continue;
        }
        const expected = expectedWh(
          point,
          startMs,
          stored.kind,
          truth.meteredWh[n]!,
          truth.registerWh[n]!,
          said,
          site,
        );
        if (stored.wh === expected) count.right++;
        else
          wrong.push(
            `${site.nameOf(point, false)} ${new Date(startMs).toISOString()}: ${stored.wh}, not ${expected}`,
          );
      }
    }
  }
  // Each register.
  const { rows } = await db.query<{ serial: string; atMs: number; wh: number; version: number }>(sql`
    select m.serial, extract(epoch from measured_at) * 1000 as "atMs", version,
           value::float8 * case unit when 'kWh' then 1000 else 1 end as wh
    from register_reading join meter m using (meter_id) where obis = '1-0:1.8.0*255'`);
  const named = new Map(names.map((one) => [one.name, one]));
  for (const { serial, atMs, wh, version } of rows) {
    const { point } = named.get(serial)!;
    if (Number(atMs) < fromMs) continue;
    count.registers++;
    expect(version).toBe(1);
    // A meter of its own shows what it has by its own clock; the stamp is the second of the reading.
    const aheadMs = point.attachment.kind === "pulses" ? 0 : point.meter.clockOffsetMs;
    const around = [-1000, 0, 1000].map((ms) => ledger.register(point.index, Number(atMs) + aheadMs + ms));
    const shown = Math.round(Number(wh)) % capacityOf(point);
    if (shown < Math.min(...around) || shown > Math.max(...around)) {
      wrong.push(
        `${serial} register ${new Date(Number(atMs)).toISOString()}: ${wh}, not ${around.join(" or ")}`,
      );
    }
  }
  expect(wrong.slice(0, 20)).toEqual([]);
  expect(count.lost).toBe(0);
  expect(count.gone).toBeLessThanOrEqual(2 * 6);
  expect(count.registers).toBeGreaterThan(days * 90);
  const slots = (toMs - fromMs) / quarterMs;
  expect(slots % 96).not.toBe(0);
  const withCurve = streets.flatMap(({ site }) =>
    site.points.filter(({ meter }) => meter.kind !== "iec-iskra"),
  );
  expect(count.right + count.gone).toBe(slots * withCurve.length);
}, 1_200_000);

/** A pulse meter by what its module said at both borders, the others by the quarter-hour or the register at its end. */
function expectedWh(
  point: GridPoint,
  startMs: number,
  kind: string,
  meteredWh: number,
  registerWh: number,
  said: Read["said"],
  site: TownSite,
): number | undefined {
  if (point.attachment.kind !== "pulses") return kind === "index" ? registerWh : meteredWh;
  const { module, input } = point.attachment;
  const counts = said.get(site.modules[module]!.serial)!;
  const [first, last] = [counts.get(startMs)?.[input - 1], counts.get(startMs + quarterMs)?.[input - 1]];
  return first === undefined || last === undefined ? undefined : (last - first) * 5;
}
