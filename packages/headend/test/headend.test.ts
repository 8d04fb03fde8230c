import { connect, type Socket } from "node:net";
import {
  cancelAttempt,
  everyAttempt,
  findAttempt,
  importInventory,
  queueAttempt,
  sealTrialSecret,
  sql,
} from "@energsys/store";
import { testKeyRing } from "@energsys/store/testing";
import { afterEach, expect, test } from "vitest";
import { lowerLimits } from "../src/limits.ts";
import {
  compareTown,
  countOf,
  importTown,
  makeAllDue,
  quick,
  type Simulation,
  startSimulator,
  startTestHeadend,
  testDatabase,
  until,
} from "./town.ts";

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function database() {
  const base = await testDatabase();
  ends.push(base.drop);
  return base.db;
}
async function headend(...args: Parameters<typeof startTestHeadend>) {
  const running = await startTestHeadend(...args);
  ends.push(() => running.stop());
  return running;
}
async function town(options: Parameters<typeof startSimulator>[0]): Promise<Simulation> {
  const sim = await startSimulator(options);
  ends.push(() => sim.stop());
  return sim;
}
const callInOf = (listen: string | undefined, share: number) => ({
  host: listen!.slice(0, listen!.lastIndexOf(":")),
  port: Number(listen!.slice(listen!.lastIndexOf(":") + 1)),
  share,
  spreadMs: 200,
});

const done = sql`select count(distinct device_id) as n from attempt where state = 'done'`;
const quarter = 900_000;

test("a town of all models, dialled and calling in, is read to the last interval and equals what its meters hold", async () => {
  const db = await database();
  // Nothing is at fault here, so nothing may fail, however busy the machine that runs the test.
  const running = await headend(db, { limits: lowerLimits({ ...quick, responseMs: 5000 }) });
  const sim = await town({ points: 40, seed: 1, days: 3, callIn: callInOf(running.listen, 0.3) });
  await importTown(db, sim);
  await until(async () => (await countOf(db, done)) === 40 || countOf(db, done));

  const models = await db.query(sql`select distinct model from device where last_success_at is not null`);
  expect(models.rows.length).toBeGreaterThanOrEqual(4);
  const toMs = Math.floor((Date.now() - 120_000) / quarter) * quarter;
  const result = await compareTown(db, sim, toMs - 2 * 86_400_000, toMs);
  expect(result).toMatchObject({ lost: 0, extra: 0, wrong: 0 });
  expect(result.compared).toBeGreaterThan(20_000);

  const failed = await db.query(
    sql`select error_code, error_detail, cause from attempt where state = 'failed'`,
  );
  expect(failed.rows).toEqual([]);
  const offsets = await countOf(db, sql`select count(*) as n from device where clock_offset_ms is not null`);
  expect(offsets).toBeGreaterThan(25);
  const blocks = await db.query<{ kind: string }>(sql`select distinct kind from block`);
  expect(blocks.rows.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(["dlms-profile", "dlms-registers", "iec62056-21-readout"]),
  );

  // Read again at once: nothing is missing, so no profile is asked for, and nothing changes.
  const before = await db.query(sql`select channel_id, day, ver from load_day order by 1, 2`);
  await makeAllDue(db);
  await until(
    async () => (await countOf(db, sql`select count(*) as n from attempt where state = 'done'`)) >= 80,
  );
  const after = await db.query(sql`select channel_id, day, ver from load_day order by 1, 2`);
  expect(after.rows.length).toBe(before.rows.length);
  expect(
    await countOf(
      db,
      sql`select count(*) as n from link where leased_until > now() and state = 'connecting'`,
    ),
  ).toBe(0);
});

test("faulty devices fail with a code of their own, store nothing wrong, and disturb nobody else", async () => {
  const db = await database();
  const sim = await town({
    points: 14,
    seed: 7,
    days: 2,
    shares: { "dlms-hdlc": 1, "iec-own": 1 },
    faults: {
      meters: {
        "70700000": { kind: "dead" },
        "70700001": { kind: "stops" },
        "70700002": { kind: "drops" },
        "70700003": { kind: "late", from: 3, every: 12, delayMs: 800 },
        "70700004": { kind: "bad-check" },
        "70700005": { kind: "refuses" },
        "70700010": { kind: "identity" },
        "70700007": { kind: "slow" },
      },
    },
  });
  const serials = sim.meters.map((meter) => meter.description.serial);
  expect(serials).toContain("70700007");
  await importTown(db, sim);
  await headend(db);
  // Good meters, the slow one and those whose broken frames are asked for again: everybody but the hopeless.
  await until(async () => (await countOf(db, done)) >= 6 || countOf(db, done));
  await until(
    async () =>
      (await countOf(
        db,
        sql`select count(distinct device_id) as n from attempt where state in ('done', 'failed')`,
      )) === 14,
  );

  const { rows } = await db.query<{ serial: string; code: string; contact: number | null }>(sql`
    select distinct m.serial, a.error_code as code, d.last_contact_at as contact
    from attempt a join device d using (device_id) join meter m using (meter_id) where a.state = 'failed'`);
  const codes = (serial: string) => [
    ...new Set(rows.filter((row) => row.serial === serial).map((row) => row.code)),
  ];
  expect(codes("70700000")).toEqual(["link.timeout"]);
  expect(codes("70700001")).toEqual(["link.timeout"]);
  expect(codes("70700002")).toEqual(["link.closed"]);
  expect(codes("70700005")).toEqual(["dial.refused"]);
  expect(codes("70700010")).toEqual(["identity.mismatch"]);
  expect(rows.find((row) => row.serial === "70700010")?.contact).toBeNull();

  const events = await db.query<{ serial: string; code: string }>(sql`
    select m.serial, e.code from event e join device d using (device_id) join meter m using (meter_id)
    where e.code like 'system:%' group by 1, 2`);
  expect(events.rows).toEqual([{ serial: "70700010", code: "system:identity.mismatch" }]);
  const foreign = await countOf(
    db,
    sql`
    select count(*) as n from channel c join meter m using (meter_id) where m.serial in ('70700000', '70700005', '70700010')`,
  );
  expect(foreign).toBe(0);

  const toMs = Math.floor((Date.now() - 120_000) / quarter) * quarter;
  const result = await compareTown(db, sim, toMs - 86_400_000, toMs);
  expect(result).toMatchObject({ extra: 0, wrong: 0 });
  expect(result.compared).toBeGreaterThan(2000);
}, 60_000);

test("what the database refuses in the middle of a reading ends that reading and nothing else", async () => {
  const db = await database();
  const sim = await town({
    points: 4,
    seed: 3,
    days: 20,
    shares: { "dlms-wrapper": 1 },
    faults: { meters: { "70300000": { kind: "late", from: 1, every: 1, delayMs: 100 } } },
  });
  await importTown(db, sim);
  // The first meter counted something else under these codes before: its deliveries are refused while it is still being read.
  await db.query(sql`
    insert into channel (meter_id, obis, kind, unit, scale, period_s)
    select min(meter_id), code, kind, 'A', 0, 900 from meter,
      (values ('1-0:1.8.0*255', 'index'), ('1-0:1.29.0*255', 'delta')) as column_of (code, kind) group by code, kind`);
  // A rejection that nobody hears ends the process, and fails a test run.
  await headend(db);
  await until(async () => (await countOf(db, done)) === 3 || countOf(db, done));
  const failed = () =>
    db.query(sql`select distinct error_code as code, device_id from attempt where state = 'failed'`);
  await until(async () => (await failed()).rows.length === 1);
  expect((await failed()).rows).toMatchObject([{ code: "channel.unit-changed" }]);
});

test("a caller that is unknown, claims another's identity, says nothing or talks nonsense is sent away", async () => {
  const db = await database();
  const running = await headend(db);
  const { host, port } = callInOf(running.listen, 1);
  const sim = await town({
    points: 2,
    seed: 9,
    days: 1,
    shares: { "dlms-wrapper": 1 },
    callIn: callInOf(running.listen, 1),
  });
  await importTown(db, sim);
  await until(async () => (await countOf(db, done)) === 2);
  const identity = sim.inventory.points[0]!.device.identity;

  const say = (text: string) =>
    new Promise<void>((resolve) => {
      const socket: Socket = connect({ host, port }, () => socket.write(text));
      socket.resume().on("close", () => resolve());
      socket.on("error", () => {});
    });
  await say(`${identity}\r\n`);
  await until(
    async () => (await db.query(sql`select from event where code like '%duplicate'`)).rowCount === 1,
  );
  // What the refused bring is stored nowhere: neither as a reading, nor as an event of a meter, nor as a session.
  const stored = async () => {
    const { rows } = await db.query<Record<string, string>>(sql`
      select (select count(*) from load_day) as days, (select count(*) from register_reading) as registers,
        (select count(*) from block) as blocks, (select count(*) from event where code not like 'system:%') as events,
        (select count(*) from device) as devices, (select count(*) from meter) as meters,
        (select count(*) from attempt where state = 'done') as attempts`);
    return rows[0]!;
  };
  const before = await stored();
  expect(Number(before.days)).toBeGreaterThan(0);
  // It has a tunnel by now, and this call comes from elsewhere.
  await db.query(sql`
    insert into vpn_peer (device_id, label, public_key, sealed_psk, address, rotate_by)
    values (1, 'first', ${`${"A".repeat(43)}=`}, '\\x00', '10.90.0.2', '2030-01-01')`);
  await say(`${identity}\r\n`);
  await say("STRANGER-4711\r\n");
  await say("GET / HTTP/1.1\r\n\r\n");
  await say("");
  await db.query(sql`update device set enabled = false where device_id = 2`);
  await say(`${sim.inventory.points[1]!.device.identity}\r\n`);

  const events = () =>
    db.query<{ device_id: number; code: string }>(
      sql`select device_id, code from event where code like 'system:%' order by code`,
    );
  await until(async () => (await events()).rows.length === 4 || (await events()).rows);
  expect((await events()).rows).toEqual([
    { device_id: 1, code: "system:identity.channel" },
    { device_id: 2, code: "system:identity.disabled" },
    { device_id: 1, code: "system:identity.duplicate" },
    { device_id: 0, code: "system:identity.unknown" },
  ]);
  const told = () =>
    db.query<{ code: string; address: string }>(sql`
      select after ->> 'code' as code, address from audit.log where severity = 'security' order by 1`);
  await until(async () => (await told()).rows.length === 4 || (await told()).rows);
  expect((await told()).rows.map(({ code }) => code)).toEqual([
    "identity.channel",
    "identity.disabled",
    "identity.duplicate",
    "identity.unknown",
  ]);
  expect(await stored()).toEqual(before);
  // The line of the real one still works.
  const id = await queueAttempt(db, { deviceId: 1, cause: "read-now" });
  await until(
    async () =>
      (await findAttempt(db, everyAttempt, id))?.state === "done" ||
      (await findAttempt(db, everyAttempt, id))?.state,
  );
});

test("a line that broke without a word is taken over by the same device's next call", async () => {
  const db = await database();
  const running = await headend(db);
  const { host, port } = callInOf(running.listen, 1);
  await importInventory(db, {
    branches: [],
    points: [
      {
        pod: "P1",
        name: "",
        address: "",
        branch: ["B"],
        phases: 1,
        meter: { serial: "1", manufacturer: "T", model: "generic-dlms", phases: 1 },
        installedAt: "2026-01-01T00:00:00Z",
        device: {
          identity: "DEAF0001",
          model: "generic-dlms",
          url: "dlms+tcp://?client=16",
          direction: "call-in",
        },
      },
    ],
  });
  const call = () => {
    const socket: Socket = connect({ host, port }, () => socket.write("DEAF0001\r\n"));
    socket.on("error", () => {}).resume();
    return socket;
  };
  const first = call();
  await until(
    async () => (await countOf(db, sql`select count(*) as n from link where state = 'open'`)) === 1,
  );
  const second = call();
  // The first does not answer the question whether it lives; so the second has the line.
  await until(async () => (await countOf(db, sql`select max(fence) as n from link`)) === 2);
  expect(first.readyState === "open" && second.readyState !== "open").toBe(false);
  second.destroy();
  await until(
    async () => (await countOf(db, sql`select count(*) as n from link where state = 'open'`)) === 0,
  );
});

test("a trial tells who answers and what it has, and stores nothing", async () => {
  const db = await database();
  await headend(db);
  const sim = await town({
    points: 12,
    seed: 3,
    days: 2,
    shares: { "dlms-hdlc": 1, "iec-own": 1, "iec-iskra": 1 },
  });
  for (const model of ["energsys-virtual-dlms", "energsys-virtual-iec", "iskra-me162"]) {
    const { device } = sim.inventory.points.find((point) => point.device.model === model)!;
    const secret = device.password && (await sealTrialSecret(testKeyRing(db), { password: device.password }));
    const id = await queueAttempt(db, {
      cause: "trial",
      request: { url: device.url, ...(secret ? { secret } : {}) },
    });
    await until(async () => ["done", "failed"].includes((await findAttempt(db, everyAttempt, id))!.state));
    const attempt = await findAttempt(db, everyAttempt, id);
    expect(attempt).toMatchObject({
      state: "done",
      errorCode: null,
      result: { identity: device.identity, model },
    });
    expect(attempt!.result!.registers.length).toBeGreaterThan(3);
    expect(attempt!.bytesReceived).toBeGreaterThan(100);
    if (model === "iskra-me162") expect(attempt!.result!.profile).toBeNull();
    else expect(attempt!.result!.profile).toMatchObject({ periodSeconds: 900, obis: "1-0:99.1.0*255" });
  }
  const refused = await queueAttempt(db, { cause: "trial", request: { url: "dlms+serial:/dev/ttyUSB0" } });
  await until(async () => (await findAttempt(db, everyAttempt, refused))?.errorCode === "url.scheme-unknown");
  expect(await countOf(db, sql`select count(*) as n from block`)).toBe(0);
});

test("a reading that somebody cancels stops and gives its link back", async () => {
  const db = await database();
  const sim = await town({
    points: 1,
    seed: 1,
    days: 1,
    shares: { "dlms-hdlc": 1 },
    faults: { shares: { slow: 1 } },
  });
  await importTown(db, sim);
  await db.query(sql`delete from device_plan`);
  await headend(db);
  const id = await queueAttempt(db, { deviceId: 1, cause: "read-now", requestedBy: "ana" });
  await until(async () => (await findAttempt(db, everyAttempt, id))?.state === "reading");
  await cancelAttempt(db, everyAttempt, id);
  await until(async () => (await findAttempt(db, everyAttempt, id))?.state === "cancelled");
  expect(await findAttempt(db, everyAttempt, id)).toMatchObject({
    errorCode: "attempt.cancelled",
    requestedBy: "ana",
  });
  expect(await countOf(db, sql`select count(*) as n from link where leased_until is not null`)).toBe(0);
});

test("a week without a word is made good by itself, the newest first", async () => {
  const db = await database();
  const nowMs = Math.floor(Date.now() / quarter) * quarter;
  // Seven days ago: everything is read, then the head-end is away.
  let clockMs = nowMs - 7 * 86_400_000;
  const sim = await town({
    points: 12,
    seed: 21,
    days: 10,
    shares: { "dlms-wrapper": 2, "iec-own": 1 },
    nowMs: () => clockMs,
  });
  await importTown(db, sim);
  const clock = {
    now: () => clockMs,
    after: (ms: number, act: () => void) => {
      const timer = setTimeout(act, ms);
      return () => clearTimeout(timer);
    },
  };
  const first = await startTestHeadend(db, { clock });
  await until(async () => (await countOf(db, done)) === 12);
  await first.stop();
  clockMs = nowMs;
  await makeAllDue(db);
  const again = await headend(db, { clock });
  const fromMs = nowMs - 9 * 86_400_000;
  await until(async () => (await compareTown(db, sim, fromMs, nowMs - quarter)).lost === 0);
  expect(await compareTown(db, sim, fromMs, nowMs - quarter)).toMatchObject({ lost: 0, extra: 0, wrong: 0 });
  expect(again.headend.counts.failed).toBe(0);
  // The curves are there; events of the same readings may still be on their way.
  await until(async () => again.headend.queue.rows === 0);
}, 60_000);
