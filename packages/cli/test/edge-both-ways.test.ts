import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ChangingConcentrator, openCentre, readConfig, startConcentrator } from "@energsys/concentrator";
import { realClock } from "@energsys/drivers";
import { lowerLimits, startHeadend } from "@energsys/headend";
import type { ByteStream } from "@energsys/protocols";
import {
  attachBlockDevice,
  buildFieldSite,
  LocalCalendar,
  LocalModule,
  newModuleState,
} from "@energsys/simulator";
import {
  adoptGateway,
  everywhere,
  type GatewayRequest,
  importInventory,
  listGateways,
  queueAttempt,
  sql,
} from "@energsys/store";
import { testDatabase, testKeyProvider } from "@energsys/store/testing";
import { pino } from "pino";
import { afterAll, expect, test } from "vitest";

// What goes from the centre to the concentrator and back, between the two programs as they are, over TCP and in real time.

const identity = "ENC0000000000023";
const { db } = await testDatabase();
const log = pino({ level: "silent" });
const folder = mkdtempSync(join(tmpdir(), "both-ways-"));
const stops: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
afterAll(async () => {
  for (const stop of stops.reverse()) await stop();
});

/** The machine's clock, off by as much as a test wants; what was to happen in between happens. */
class GatewayClock {
  offsetMs = 0;
  #timers = new Set<{ readonly atMs: number; readonly action: () => void }>();
  readonly #ticking = setInterval(() => {
    const due = [...this.#timers].filter(({ atMs }) => atMs <= this.now()).sort((a, b) => a.atMs - b.atMs);
    for (const timer of due) if (this.#timers.delete(timer)) timer.action();
  }, 5);
  now = () => Date.now() + this.offsetMs;
  after = (delayMs: number, action: () => void) => {
    const timer = { atMs: this.now() + delayMs, action };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  };
  stop = () => clearInterval(this.#ticking);
}

const head = await startHeadend({
  database: db,
  keyProvider: testKeyProvider,
  zone: "Europe/Bucharest",
  listen: "127.0.0.1:0",
  limits: lowerLimits({ identifyMs: 2000, restartSpreadSeconds: 0.001 }),
  leaseSeconds: 3,
  log,
});
stops.push(() => head.stop());
const listen = head.listen as string;

const site = buildFieldSite({ clock: realClock, seed: 3, modules: 1, inputs: 8, meters: 1 });
stops.push(() => site.stop());
const [serial] = site.modules.keys();
const { module, meters } = site.modules.get(serial!)!;
const meter = site.meters.get("1")!;
const counted = meters[0]!.name;
/** The meter with a line of its own, as the concentrator calls it. */
let spoken = "";

const path = join(folder, "concentrator.json");
const configuration = {
  identity,
  centre: { addresses: [listen], heartbeatSeconds: 60 },
  store: { path: "store.sqlite" },
  lines: [{ name: "bus", url: "tcp://127.0.0.1:1", kind: "iec", scan: [serial!, "1-2", "30009999"] }],
};
writeFileSync(path, JSON.stringify(configuration));

/** Confirmations that came from the centre, and the first frame that was sent to it. */
let confirmations = 0;
let announcement: Uint8Array | undefined;
const observed = (stream: ByteStream): ByteStream => ({
  ...stream,
  write: (bytes) => {
    announcement ??= bytes.slice();
    stream.write(bytes);
  },
  onBytes: (listener) =>
    stream.onBytes((chunk) => {
      // A frame of its own: 8 bytes of header, then tag 10.
      if (chunk.length === 14 && chunk[8] === 0x10) confirmations++;
      listener(chunk);
    }),
  onEnd: (listener) => stream.onEnd(listener),
  close: () => stream.close(),
});

const clock = new GatewayClock();
stops.push(clock.stop);
// A gateway without a battery behind its clock.
clock.offsetMs = -90_000;
let calls = true;
const changing = await ChangingConcentrator.start(
  {
    path,
    clock,
    log,
    begin: (config, update, because) =>
      startConcentrator(
        config,
        {
          clock,
          log,
          random: () => 0.5,
          openLine: async () => site.bus.master(),
          openCentre: async (address) => {
            if (!calls) throw new Error("held back");
            return observed(await openCentre(address, undefined, realClock));
          },
          ...(because === undefined ? {} : { startedBecause: because }),
        },
        update,
      ),
  },
  readConfig(path),
);
stops.push(() => changing.stop("ordered"));
const edge = () => changing.running!.edge;
const line = () => changing.running?.serving.centre().line;

const gateway = async () => (await listGateways(db)).find((each) => each.identity === identity)!;
const soon = { timeout: 40_000, interval: 50 };
const accepted = () => expect.poll(line, soon).toBe("accepted");
const online = () => expect.poll(async () => (await gateway())?.hasLine, soon).toBe(true);
/** Everything that is in the journal by then is in the database; a scan may still add to it, so it is asked for again. */
const drained = async () => {
  await online();
  await expect
    .poll(async () => {
      await order({ action: "drain" });
      return edge().journal.taken > 0 && edge().journal.taken === edge().journal.newest;
    }, soon)
    .toBe(true);
};
const events = async (code: number) =>
  (
    await db.query<{ at: number; identity: string; detail: Record<string, unknown> }>(sql`
      select at, identity, detail from event join device using (device_id)
      where code = ${`energsys-mc:${code}`} order by at`)
  ).rows;
const deviceOf = async (name: string) =>
  (await db.query<{ id: number }>(sql`select device_id as id from device where identity = ${name}`)).rows[0]!
    .id;
const stateOf = async (attemptId: number) =>
  (
    await db.query<{ state: string; code: string | null; detail: string | null }>(
      sql`select state, error_code as code, error_detail as detail from attempt where attempt_id = ${attemptId}::bigint`,
    )
  ).rows[0]!;

/** Asks for work and waits for its end. */
async function ended(deviceId: number, request?: GatewayRequest) {
  const attemptId = await queueAttempt(db, {
    deviceId,
    cause: request ? "gateway" : "read-now",
    ...(request ? { request: { gateway: request } } : {}),
  });
  await expect
    .poll(async () => ["done", "failed"].includes((await stateOf(attemptId)).state), soon)
    .toBe(true);
  return stateOf(attemptId);
}
const order = async (request: GatewayRequest) => ended((await gateway()).deviceId!, request);

test("a concentrator that waited in quarantine is adopted with its meters and drained", async () => {
  await expect.poll(async () => (await gateway())?.state, soon).toBe("quarantine");
  await edge().scan();
  const found = edge().devices();
  expect(found.map(({ name }) => name)).toContain(counted);
  spoken = found.find(({ kind }) => kind === "iec")!.name;
  expect(spoken).toContain(meter.claim.serial);
  await importInventory(db, {
    branches: [],
    points: [counted, spoken].map((name) => ({
      pod: `POD${name}`,
      name,
      address: "Street 1",
      branch: ["Network"],
      phases: 1 as const,
      meter: {
        serial: name,
        manufacturer: "ENS",
        model: "generic-dlms",
        phases: 1 as const,
        maxCurrentA: 60,
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
  const { gatewayId } = await gateway();
  await adoptGateway(db, everywhere, gatewayId, { by: "ana" });
  for (const { name, logicalDevice } of edge().devices()) {
    await db.query(sql`
      update device set gateway_id = ${gatewayId}, url = ${`dlms+tcp://?client=2&server=${logicalDevice}`} where identity = ${name}`);
  }
  await online();
  await drained();
}, 90_000);

test("the centre sets a clock that is off, and the concentrator tells by how much", async () => {
  // At its start it had the time of the modules; then the machine's clock jumps.
  expect(Math.abs(edge().clock.now() - Date.now())).toBeLessThan(2000);
  clock.offsetMs -= 50_000;
  expect(Math.abs(edge().clock.now() - Date.now())).toBeGreaterThan(45_000);
  head.headend.callIns.lineOfGateway((await gateway()).gatewayId)!.close();
  await expect.poll(() => Math.abs(edge().clock.now() - Date.now()), soon).toBeLessThan(2000);
  await expect
    .poll(async () => (await events(0x0003)).map(({ detail }) => JSON.stringify(detail)), soon)
    .toEqual([
      expect.stringMatching(/(89|90)\.\d s by module/),
      expect.stringMatching(/(49|50)\.\d s by centre/),
    ]);
}, 60_000);

test("a door that opens is in the database within seconds of being read, and is confirmed after the commit", async () => {
  await drained();
  const before = confirmations;
  module.setDoor(1, false);
  const read = edge().readEverything();
  let readMs = 0;
  await expect
    .poll(() => edge().journal.newest > edge().journal.taken, { timeout: 20_000, interval: 5 })
    .toBe(true);
  readMs = Date.now();
  await expect.poll(() => events(0x1010), { timeout: 10_000, interval: 10 }).toHaveLength(1);
  expect(Date.now() - readMs).toBeLessThan(5000);
  await read;
  await expect.poll(() => confirmations, soon).toBeGreaterThan(before);

  // While the commit cannot come about, there is no confirmation.
  await drained();
  const locked = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  const holding = db.transaction(async (transaction) => {
    await transaction.query(sql`lock table event in share mode`);
    locked.resolve();
    await held.promise;
  });
  await locked.promise;
  const unconfirmed = confirmations;
  module.setDoor(1, true);
  await edge().readEverything();
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect(await events(0x1011)).toEqual([]);
  expect(confirmations).toBe(unconfirmed);
  held.resolve();
  await holding;
  await expect.poll(() => events(0x1011), soon).toHaveLength(1);
  await expect.poll(() => confirmations, soon).toBeGreaterThan(unconfirmed);
}, 90_000);

test("read now goes through to the meter: what it shows at this moment is stored, of a counted meter and of one that speaks", async () => {
  await drained();
  const latest = async (name: string) =>
    (
      await db.query<{ wh: string; at: number }>(sql`
        select (r.value * case r.unit when 'kWh' then 1000 else 1 end)::text as wh, r.measured_at as at
        from register_reading r join meter m using (meter_id)
        where m.serial = ${name} and r.obis = '1-0:1.8.0*255' order by r.measured_at desc limit 1`)
    ).rows[0]!;
  module.addPulses(1, 4321);
  const wanted = module.pulses(1) * 5;
  const startedMs = Date.now();
  expect(await ended(await deviceOf(counted))).toMatchObject({ state: "done" });
  const countedMs = Date.now() - startedMs;
  const reading = await latest(counted);
  // The module counts on meanwhile.
  expect(Number(reading.wh)).toBeGreaterThanOrEqual(wanted);
  expect(Number(reading.wh)).toBeLessThanOrEqual(module.pulses(1) * 5);
  expect(reading.at).toBeGreaterThanOrEqual(startedMs - 1000);

  // Its register shows hundredths of a kilowatt-hour at the least.
  const from = meter.meter.registersNow().importWh - 10;
  const spokenMs = Date.now();
  expect(await ended(await deviceOf(spoken))).toMatchObject({ state: "done" });
  expect(Math.max(countedMs, Date.now() - spokenMs)).toBeLessThan(15_000);
  const shown = Number((await latest(spoken)).wh);
  expect(shown).toBeGreaterThanOrEqual(from);
  expect(shown).toBeLessThanOrEqual(meter.meter.registersNow().importWh);
}, 120_000);

test("a scan that the centre orders finds a module that was put on the line", async () => {
  const calendar = new LocalCalendar("Europe/Bucharest");
  const state = newModuleState(8, [{ name: "ENS70599999", pulses: 3, relay: "closed" }], Date.now());
  attachBlockDevice(
    site.bus,
    new LocalModule({ serial: "30009999", clock: realClock, calendar, state }),
    realClock,
  );
  expect(await order({ action: "scan" })).toMatchObject({ state: "done" });
  const found = async () =>
    (
      await db.query<{ name: string }>(
        sql`select name from gateway_meter where name in ('ENS30009999', 'ENS70599999') order by name`,
      )
    ).rows.map(({ name }) => name);
  await expect.poll(found, soon).toEqual(["ENS30009999", "ENS70599999"]);
}, 60_000);

test("a wrong configuration is refused with what is wrong; a right one takes effect and is confirmed over a new line", async () => {
  const wrong = await order({ action: "configure", text: JSON.stringify({ ...configuration, lines: [] }) });
  expect(wrong).toMatchObject({ state: "failed", code: "gateway.refused" });
  expect(wrong.detail).toContain("lines");

  const running = changing.running;
  const text = JSON.stringify({ ...configuration, centre: { addresses: [listen], heartbeatSeconds: 45 } });
  expect(await order({ action: "configure", text })).toMatchObject({ state: "done" });
  // Work on the old line in the meantime neither confirms nor spoils it.
  expect(await order({ action: "read-state" })).toMatchObject({ state: "done" });
  await expect.poll(() => changing.running !== undefined && changing.running !== running, soon).toBe(true);
  await accepted();
  await expect.poll(() => JSON.parse(readFileSync(path, "utf8")).centre.heartbeatSeconds, soon).toBe(45);
  await expect.poll(() => events(0x0005), soon).toHaveLength(1);
  await online();
  expect(await order({ action: "read-state" })).toMatchObject({ state: "done" });
  expect(JSON.parse((await gateway()).configuration!)).toMatchObject({ centre: { heartbeatSeconds: 45 } });
}, 120_000);

test("a configuration under which the centre is not reached is rolled back after ten minutes, and the centre hears of it", async () => {
  await drained();
  const running = changing.running;
  const text = JSON.stringify({ ...configuration, centre: { addresses: ["127.0.0.1:1"] } });
  expect(await order({ action: "configure", text })).toMatchObject({ state: "done" });
  await expect.poll(() => changing.running !== undefined && changing.running !== running, soon).toBe(true);
  await expect.poll(async () => (await gateway()).hasLine, soon).toBe(false);
  await expect.poll(() => changing.running!.serving.centre().failures, soon).toBeGreaterThan(0);
  clock.offsetMs += 10 * 60_000;
  await accepted();
  await expect.poll(() => events(0x0006), soon).toHaveLength(1);
  expect(JSON.stringify((await events(0x0006))[0]!.detail)).toContain("not confirmed");
  expect(JSON.parse(readFileSync(path, "utf8")).centre.heartbeatSeconds).toBe(45);
  await online();
  expect(await order({ action: "read-state" })).toMatchObject({ state: "done" });
  expect(await gateway()).toMatchObject({ configurationError: expect.stringContaining("rolled back") });
}, 120_000);

test("of two lines of one identity the second is refused while the first answers; an older one that is dead is closed for it", async () => {
  await accepted();
  const [host, port] = listen.split(":");
  const announce = () => {
    const socket = connect({ host: host!, port: Number(port) });
    socket.on("error", () => {});
    socket.resume();
    socket.write(announcement!);
    return socket;
  };
  const closed = (socket: ReturnType<typeof announce>) =>
    new Promise<void>((resolve) => socket.once("close", () => resolve()));
  // A copy of the concentrator: the real one is there, and stays.
  await closed(announce());
  expect(line()).toBe("accepted");
  expect(head.headend.callIns.refused.get("identity.duplicate")).toBe(1);

  // The real one goes; a line that stood before is there and never answers again: it makes room for whoever calls next.
  calls = false;
  head.headend.callIns.lineOfGateway((await gateway()).gatewayId)!.close();
  await expect.poll(async () => (await gateway()).hasLine, soon).toBe(false);
  let dead = announce();
  await expect
    .poll(async () => {
      // The line that has just gone may still be taken for one that answers: a caller calls again.
      if (dead.closed) dead = announce();
      return (await gateway()).hasLine;
    }, soon)
    .toBe(true);
  const gone = closed(dead);
  calls = true;
  await gone;
  await accepted();
  await online();
  await drained();
}, 120_000);
