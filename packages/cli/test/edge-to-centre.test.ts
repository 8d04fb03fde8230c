import { checkConfig, openCentre, startConcentrator } from "@energsys/concentrator";
import { realClock } from "@energsys/drivers";
import { lowerLimits, startHeadend } from "@energsys/headend";
import { unpackDay } from "@energsys/metering";
import { attachBlockDevice, Bus, LocalCalendar, LocalModule, newModuleState } from "@energsys/simulator";
import { adoptGateway, everywhere, importInventory, listGateways, queueAttempt, sql } from "@energsys/store";
import { testDatabase, testKeyProvider } from "@energsys/store/testing";
import { pino } from "pino";
import { afterAll, expect, test } from "vitest";
import { CatchingUpClock } from "./catching-up-clock.ts";

// The concentrator and the head-end, which were written apart from one agreement, on one TCP line. Modules and meters are virtual;
// the hours before the first call pass at once, and from then on time is the machine's.

const zone = "Europe/Bucharest";
const identity = "ENC0000000000017";
const quarterMs = 900_000;
const { db } = await testDatabase();
const log = pino({ level: "silent" });

const running: (() => unknown)[] = [];
afterAll(async () => {
  for (const stop of running.reverse()) await stop();
});

const startHead = (listen = "127.0.0.1:0") =>
  startHeadend({
    database: db,
    keyProvider: testKeyProvider,
    zone,
    listen,
    limits: lowerLimits({ responseMs: 2000, identifyMs: 2000, restartSpreadSeconds: 0.001 }),
    leaseSeconds: 3,
  });

/** Pulses of both meters in each quarter of an hour; one is 0.625 Wh. */
const pulsesIn = (quarter: number, input: number): number => 8 * (quarter + 1) + 16 * input;
const quarters = 8;
const startMs = Math.floor(Date.now() / quarterMs) * quarterMs - (quarters + 2) * quarterMs - 5 * 60_000;
const serials = [70500001, 70500002] as const;

interface Row {
  readonly serial: string | null;
  readonly day: string;
  readonly slots: number;
  readonly scale: number;
  readonly v: Uint8Array;
  readonly q: Uint8Array | null;
}

/** Energies in Wh by start of the interval, of a meter. */
async function stored(serial: string): Promise<Map<number, number>> {
  const { rows } = await db.query<Row>(sql`
    select m.serial, l.day, l.slots, c.scale, l.v, l.q
    from load_day l join channel c using (channel_id) join meter m using (meter_id) where m.serial = ${serial}`);
  const found = new Map<number, number>();
  for (const row of rows) {
    const dayMs = Temporal.PlainDate.from(row.day).toZonedDateTime(zone).epochMilliseconds;
    const { values } = unpackDay(row.v, row.q, row.slots);
    for (const [slot, value] of [...values].entries())
      if (!Number.isNaN(value)) found.set(dayMs + slot * quarterMs, value * 10 ** row.scale);
  }
  return found;
}

const gateway = async () => (await listGateways(db)).find((each) => each.identity === identity)!;

test("a stranger is kept, an adopted one drained exactly, works to order, and an absence of the centre is healed", async () => {
  await importInventory(db, {
    branches: [],
    points: serials.map((serial) => ({
      pod: `POD${serial}`,
      name: `ENS${serial}`,
      address: "Street 1",
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
  });
  let head = await startHead();
  const listen = head.listen as string;
  running.push(() => head.stop());

  const clock = new CatchingUpClock(startMs);
  const bus = new Bus({ clock });
  const calendar = new LocalCalendar(zone);
  const [first, second] = serials.map((serial, nth) => {
    const state = newModuleState(
      8,
      [{ name: `ENS${serial}`, energyPerPulseWh: "0.625", pulses: 100, relay: "closed" }],
      startMs,
    );
    const module = new LocalModule({ serial: `0001234${nth}`, clock, calendar, state });
    state.shortAddress = String(nth + 1);
    attachBlockDevice(bus, module, clock);
    return { state, module };
  });
  const checked = checkConfig({
    identity,
    clockTrusted: true,
    centre: { addresses: [listen] },
    store: { path: ":memory:" },
    schedule: { sealEverySeconds: 900 },
    lines: [{ name: "a", url: "tcp://127.0.0.1:4001", kind: "iec", scan: ["1-3"] }],
  });
  if (!checked.ok) throw new Error(checked.faults.join("\n"));
  // The first call lasts until time is the machine's; failed calls would wait a quarter of an hour by then.
  const reachable = Promise.withResolvers<void>();
  const concentrator = await startConcentrator(checked.config, {
    clock,
    log,
    random: () => 0.5,
    openLine: async () => bus.master(),
    openCentre: async (address) => {
      await reachable.promise;
      return openCentre(address, undefined, realClock);
    },
  });
  running.push(
    () => concentrator.stop(),
    () => clock.stop(),
  );
  const { edge } = concentrator;

  // The module was found before the first whole quarter of an hour; pulses come in the middle of each.
  await clock.advanceTo(startMs + 5 * 60_000);
  for (let quarter = 0; quarter < quarters; quarter++) {
    const fromMs = startMs + 5 * 60_000 + quarter * quarterMs;
    await clock.advanceTo(fromMs + quarterMs / 2);
    for (const [nth, each] of [first!, second!].entries())
      each.state.inputs[0]!.pulses += pulsesIn(quarter, nth);
    await clock.advanceTo(fromMs + quarterMs);
  }
  await clock.advanceTo(Date.now());
  reachable.resolve();
  clock.follow();

  // Unknown: confirmed, kept, nothing read.
  await expect
    .poll(async () => (await gateway())?.standing, { timeout: 40_000, interval: 200 })
    .toBe("quarantine");
  expect(await gateway()).toMatchObject({ state: "quarantine", cursor: 0 });
  expect(edge.journal.taken).toBe(0);
  expect(edge.journal.newest).toBeGreaterThan(0);

  // Adopted: it calls again and is drained.
  const { gatewayId } = await gateway();
  await adoptGateway(db, everywhere, gatewayId, { by: "ana" });
  await db.query(sql`update device set gateway_id = ${gatewayId} where identity like 'ENS%'`);
  await expect
    .poll(() => edge.journal.taken > 0 && edge.journal.taken === edge.journal.newest, {
      timeout: 40_000,
      interval: 200,
    })
    .toBe(true);
  const expected = (nth: number) =>
    Array.from({ length: quarters }, (_, quarter) => [
      startMs + 5 * 60_000 + quarter * quarterMs,
      pulsesIn(quarter, nth) * 0.625,
    ]);
  const inTime = async (nth: number) =>
    [...(await stored(`ENS${serials[nth]}`))]
      .filter(([atMs]) => atMs >= startMs + 5 * 60_000 && atMs < startMs + 5 * 60_000 + quarters * quarterMs)
      .sort(([a], [b]) => a - b);
  expect(await inTime(0)).toEqual(expected(0));
  expect(await inTime(1)).toEqual(expected(1));

  // A read-now through the concentrator's own work, and a scan, as queued attempts.
  const { deviceId } = await gateway();
  for (const action of ["scan", "read-all"] as const) {
    const attemptId = await queueAttempt(db, {
      deviceId: deviceId!,
      cause: "gateway",
      request: { gateway: { action } },
    });
    await expect
      .poll(
        async () =>
          (
            await db.query<{ state: string }>(
              sql`select state from attempt where attempt_id = ${attemptId}::bigint`,
            )
          ).rows[0]?.state,
        { timeout: 30_000, interval: 200 },
      )
      .toBe("done");
  }

  // The head-end is away for a while: what was read meanwhile comes when it is back, and nothing twice.
  await head.stop();
  const before = edge.journal.newest;
  first!.module.setDoor(1, false);
  await edge.readEverything();
  await expect.poll(() => edge.journal.newest, { timeout: 12_000, interval: 200 }).toBeGreaterThan(before);
  head = await startHead(listen);
  await expect
    .poll(() => edge.journal.taken > before && edge.journal.taken === edge.journal.newest, {
      timeout: 40_000,
      interval: 200,
    })
    .toBe(true);
  expect((await gateway()).poisonEntries).toBe(0);
  // The door hangs on the concentrator, once, however often it was told: at once, and in the journal.
  const doors = await db.query<{ n: number; device: string }>(sql`
    select count(*)::int as n, min(identity) as device from event join device using (device_id)
    where code = 'energsys-mc:4112'`);
  expect(doors.rows).toEqual([{ n: 1, device: identity }]);
  expect(await inTime(0)).toEqual(expected(0));
  expect(await inTime(1)).toEqual(expected(1));
}, 170_000);
