import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { checkConfig, startConcentrator } from "@energsys/concentrator";
import { realClock } from "@energsys/drivers";
import { lowerLimits, startHeadend } from "@energsys/headend";
import { unpackDay } from "@energsys/metering";
import type { ByteStream } from "@energsys/protocols";
import {
  type BalancePoint,
  buildTownSite,
  capacityOf,
  concentratorsOf,
  type GridPoint,
  GridTown,
  inventoryPoint,
  openDirectMeters,
  startFaultProxy,
  TownLedger,
  type TownSite,
} from "@energsys/simulator";
import { adoptGateway, everywhere, importInventory, listGateways, queueAttempt, sql } from "@energsys/store";
import { testDatabase, testKeyProvider } from "@energsys/store/testing";
import { pino } from "pino";
import { afterAll, expect, test } from "vitest";
import { CatchingUpClock } from "./catching-up-clock.ts";

// What is in PostgreSQL in the end is what truly flowed. Three concentrators read the streets of a town for days over a change of the clock,
// without a centre; then they hand over, as processes that are killed, to a real head-end, and every value is compared with the ledger.

/** ENERGSYS_TOWN_DAYS says another number of them. */
const days = Number(process.env.ENERGSYS_TOWN_DAYS ?? 5);
/** Of each concentrator while it hands over. */
const kills = Number(process.env.ENERGSYS_TIMES ?? 2);
/** The full sizes say their counts. */
const spoken = days > 5 || kills > 2;
/** The moments of the kills; another seed has others. */
const killSeed = Number(process.env.ENERGSYS_KILL_SEED ?? 1);
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

const head = await startHeadend({
  database: db,
  keyProvider: testKeyProvider,
  zone,
  listen: "127.0.0.1:0",
  limits: lowerLimits({ responseMs: 4000, identifyMs: 4000, restartSpreadSeconds: 0.001 }),
  leaseSeconds: 3,
});
running.push(() => head.stop());
const [host, port] = (head.listen as string).split(":") as [string, string];
/** A line to the centre that is slow enough to be cut: on this machine's own a journal is over before anybody can be killed. */
async function slowLine() {
  const line = await startFaultProxy({
    to: { host, port: Number(port) },
    profile: { bytesPerSecond: 60_000 },
    clock: realClock,
  });
  running.push(() => line.close());
  return line;
}

/** The market day two days before the last change of the clock that is old enough for the town's days to be over. */
function beginOfTown(): string {
  const latest = Temporal.Now.plainDateISO(zone).subtract({ days: days + 1 });
  for (let day = latest; ; day = day.subtract({ days: 1 })) {
    const change = day.add({ days: 2 });
    const hours = change.toZonedDateTime(zone).hoursInDay;
    if (hours !== 24) return day.toString();
  }
}

const town = new GridTown({ points: 90, seed: 11, begin: beginOfTown() });
const ledger = new TownLedger(town);
const fromMs = town.calendar.day(town.beginDay).startMs;
const toMs = town.calendar.day(town.beginDay + days).startMs;
const slots = (toMs - fromMs) / quarterMs;

interface Read {
  readonly site: TownSite;
  readonly path: string;
  /** What each module said at the borders, by its serial number: the counts of its inputs. */
  readonly said: Map<string, Map<number, number[]>>;
}

/** A concentrator reads its street from before the town begins until after its last day. */
async function readStreet(number: number): Promise<Read> {
  const clock = new CatchingUpClock(fromMs - 300_000);
  const site = buildTownSite(town, concentratorsOf(town)[number]!, { clock });
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
  await clock.advanceTo(toMs + 4_200_000);
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

/** Numbers in [0, 1), the same for a seed (mulberry32). */
function* fractions(seed: number): Generator<number, never> {
  for (let state = seed >>> 0; ; ) {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    yield ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
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

const energies = {
  import: ["1-0:1.8.0*255", "1-0:1.29.0*255", "1-0:1.5.0*255"],
  export: ["1-0:2.8.0*255", "1-0:2.29.0*255", "1-0:2.5.0*255"],
} as const;

/** Active energy of meters as it is stored: by serial number and start of the interval, in Wh, with the kind of its channel. */
async function storedCurves(
  serials: readonly string[],
  direction: keyof typeof energies = "import",
): Promise<Map<string, Map<number, { wh: number; kind: string }>>> {
  const { rows } = await db.query<DayRow>(sql`
    select m.serial, c.kind, c.unit, c.scale, l.day::text as day, l.slots, l.v, l.q
    from load_day l join channel c using (channel_id) join meter m using (meter_id)
    where c.obis = any(${energies[direction]}::text[]) and m.serial = any(${serials}::text[])`);
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
  const streets: Read[] = [];
  for (let number = 0; number < town.concentrators; number++) {
    streets.push(await readStreet(number));
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
  // They call, are adopted, and are killed while they hand over.
  let interrupted = 0;
  await Promise.all(
    streets.map(async (street, nth) => {
      const { site, path } = street;
      const line = await slowLine();
      const centre = `127.0.0.1:${line.port}`;
      const gateway = async () => (await listGateways(db)).find(({ identity }) => identity === site.identity);
      const moments = fractions(killSeed * 100 + nth);
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
        // At a random moment from its call on: between the call and the first byte, in the middle of an answer, before or after *taken*.
        const carried = line.counts().bytes;
        const from = Math.floor(moments.next().value * 20_000);
        const all = async () => (await gateway())!.cursor >= newestOf(path);
        await expect
          .poll(async () => line.counts().bytes - carried > from || (await all()), {
            timeout: 60_000,
            interval: 10,
          })
          .toBe(true);
        await new Promise((resolve) => setTimeout(resolve, moments.next().value * 400));
        await end(child, "SIGKILL");
        if (!(await all())) interrupted++;
        child = startProcess(street, centre);
      }
      // A line that was killed holds its identity until its slow rest has passed: who is refused meanwhile waits twice as long each time.
      await expect
        .poll(async () => newestOf(path) - (await gateway())!.cursor, { timeout: 600_000, interval: 300 })
        .toBe(0);
      expect((await gateway())!.poisonEntries).toBe(0);
    }),
  );

  // Cut in the middle, or this shows nothing.
  expect(interrupted).toBeGreaterThanOrEqual(kills);

  // Each quarter-hour of each meter.
  const curves = await storedCurves(names.map(({ name }) => name));
  const wrong: string[] = [];
  const count = { right: 0, lost: 0, gone: 0, dark: 0, registers: 0, fed: 0 };
  for (const { site, said } of streets) {
    for (const point of site.points) {
      if (point.meter.kind === "iec-iskra") continue;
      const truth = ledger.recorded(point.index, fromMs, toMs);
      const dark = [...ledger.outages(point.index, fromMs, toMs)];
      for (const [n, startMs] of truth.startsMs.entries()) {
        const exchangeMs = point.exchange?.atMs ?? Number.POSITIVE_INFINITY;
        const stored = curves.get(site.nameOf(point, exchangeMs <= startMs))?.get(startMs);
        if (!stored) {
          // An exchanged meter takes with it what was not read of it, and a new one begins with its first whole quarter-hour.
          const near = startMs > exchangeMs - 3_600_000 - quarterMs && startMs < exchangeMs + 2 * quarterMs;
          // Some write no row for a quarter-hour that was wholly without supply.
          const off = dark.some((one) => one.fromMs <= startMs && one.toMs >= startMs + quarterMs);
          if (near) count.gone++;
          else if (off && point.meter.profile.skipsOutages) count.dark++;
          else count.lost++;
          continue;
        }
        const expected = expectedWh(
          point,
          startMs,
          stored.kind,
          truth.importWh[n]!,
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
  // What roofs with panels fed: a register by its rise.
  const fed = await storedCurves(
    names.map(({ name }) => name),
    "export",
  );
  for (const { site } of streets) {
    for (const point of site.points) {
      if (point.exchange) continue;
      const name = site.nameOf(point, false);
      const curve = fed.get(name);
      const truth = ledger.recorded(point.index, fromMs, toMs);
      // A register's first rise would begin before the town did.
      for (const [n, startMs] of truth.startsMs.entries()) {
        const stored = curve?.get(startMs);
        const before = curve?.get(startMs - quarterMs);
        if (!stored || (stored.kind === "index" && (!before || n === 0))) continue;
        const wh = stored.kind === "index" ? stored.wh - before!.wh : stored.wh;
        if (wh === truth.exportWh[n]) count.fed++;
        else wrong.push(`${name} fed ${new Date(startMs).toISOString()}: ${wh}, not ${truth.exportWh[n]}`);
      }
    }
  }
  // Each register.
  const { rows } = await db.query<{ serial: string; atMs: number; wh: number; version: number }>(sql`
    select m.serial, extract(epoch from measured_at) * 1000 as "atMs", version,
           value::float8 * case unit when 'kWh' then 1000 else 1 end as wh
    from register_reading join meter m using (meter_id)
    where obis = '1-0:1.8.0*255' and m.serial = any(${names.map(({ name }) => name)}::text[])
    order by measured_at`);
  const named = new Map(names.map((one) => [one.name, one]));
  const clockSet = new Set<string>();
  for (const { serial, atMs, wh, version } of rows) {
    const { point } = named.get(serial)!;
    if (Number(atMs) < fromMs) continue;
    count.registers++;
    expect(version).toBe(1);
    // A meter of its own shows what it has by its own clock, until the concentrator sets that; the stamp is the second of the reading.
    const aheadMs = point.attachment.kind === "pulses" ? 0 : point.meter.clockOffsetMs;
    const shown = Math.round(Number(wh)) % capacityOf(point);
    const around = (ahead: number) =>
      [-1000, 0, 1000].map((ms) => ledger.register(point.index, Number(atMs) + ahead + ms));
    const fits = (ahead: number) =>
      shown >= Math.min(...around(ahead)) && shown <= Math.max(...around(ahead));
    // A clock that was set stays set: after the first value that only a right clock explains no other clock is believed.
    if (!fits(aheadMs) && fits(0)) clockSet.add(serial);
    const expectedMs = clockSet.has(serial) ? 0 : aheadMs;
    if (!fits(expectedMs)) {
      wrong.push(
        `${serial} register ${new Date(Number(atMs)).toISOString()}: ${wh}, not ${around(expectedMs).join(" or ")}`,
      );
    }
  }
  if (spoken)
    console.log({ begin: town.options.begin, days, kills, interrupted, ...count, wrong: wrong.length });
  expect(wrong.slice(0, 20)).toEqual([]);
  expect(count.lost).toBe(0);
  expect(count.gone).toBeLessThanOrEqual(2 * 6);
  expect(count.fed).toBeGreaterThan(slots * 10);
  expect(count.registers).toBeGreaterThan(days * 90);
  expect(slots % 96).not.toBe(0);
  const withCurve = streets.flatMap(({ site }) =>
    site.points.filter(({ meter }) => meter.kind !== "iec-iskra"),
  );
  expect(count.right + count.gone + count.dark).toBe(slots * withCurve.length);
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

test("large consumers and balance meters of transformers and feeders are read directly: what is stored is what the ledger says", async () => {
  const backfillDays = Math.ceil((Date.now() - fromMs) / 86_400_000) + 1;
  const { points, lines } = await openDirectMeters(town, backfillDays + 10, {
    basePort: 0,
    host: "127.0.0.1",
    nowMs: Date.now,
  });
  running.push(() => lines.close());
  const ports = new Map(points.map(({ meter }, nth) => [meter.index, lines.ports.get(nth)!]));
  await importInventory(db, {
    branches: [],
    points: points.map((point) => inventoryPoint(point, { host: "127.0.0.1", ports, installedAtMs: fromMs })),
    plan: { name: "Direct", everySeconds: 86_400, backfillDays },
  });
  const serials = points.map(({ meter }) => meter.serial);
  // The whole time is read in several attempts, and again until it is there.
  const whole = async () => {
    const curves = await storedCurves(serials);
    return serials.every(
      (serial) => (curves.get(serial)?.has(toMs - quarterMs) ?? false) && curves.get(serial)!.has(fromMs),
    );
  };
  const { rows: devices } = await db.query<{ deviceId: number }>(sql`
    select device_id as "deviceId" from device join meter using (meter_id) where serial = any(${serials}::text[])`);
  await expect
    .poll(
      async () => {
        for (const { deviceId } of devices) await queueAttempt(db, { deviceId, cause: "read-now" });
        await new Promise((resolve) => setTimeout(resolve, 2000));
        return whole();
      },
      { timeout: 240_000, interval: 500 },
    )
    .toBe(true);

  const curves = await storedCurves(serials);
  const wrong: string[] = [];
  let right = 0;
  for (const [nth, point] of points.entries()) {
    const curve = curves.get(point.meter.serial)!;
    for (const [startMs, register, energy] of truthOf(point, nth)) {
      const stored = curve.get(startMs);
      const expected = stored?.kind === "index" ? register : energy;
      if (stored?.wh === expected) right++;
      else wrong.push(`${point.name} ${new Date(startMs).toISOString()}: ${stored?.wh}, not ${expected}`);
    }
  }
  if (spoken) console.log({ direct: points.length, right, wrong: wrong.length });
  expect(wrong.slice(0, 20)).toEqual([]);
  expect(right).toBe(slots * points.length);
  // What went into the feeder is what came out of it, and what was lost on the way: one sum over what is stored.
  expect(points.length).toBeGreaterThan(town.transformers.length);
}, 600_000);

/** Start, register at the end and energy of each quarter-hour of a direct meter; a balance meter shows primary values from the town's first day on. */
function* truthOf(point: GridPoint | BalancePoint, nth: number): Generator<[number, number, number]> {
  if (!("curve" in point)) {
    const truth = ledger.recorded(point.index, fromMs, toMs);
    for (const [n, startMs] of truth.startsMs.entries())
      yield [startMs, truth.registerWh[n]!, truth.importWh[n]!];
    return;
  }
  const number = nth - town.points.filter(({ attachment }) => attachment.kind === "direct").length;
  const cell =
    number < town.transformers.length
      ? ledger.transformer(number, fromMs, toMs)
      : ledger.feeder(number - town.transformers.length, fromMs, toMs);
  let register = 0;
  for (const [n, startMs] of cell.startsMs.entries()) {
    const energy = Math.max(0, cell.netWh[n]!);
    register += energy;
    yield [startMs, register, energy];
  }
}
