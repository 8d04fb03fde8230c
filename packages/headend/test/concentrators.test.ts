import {
  adoptGateway,
  everyAttempt,
  everywhere,
  findGatewayLine,
  importInventory,
  listAttempts,
  listDifferences,
  listGateways,
  listProposals,
  proposeSettings,
  queueAttempt,
  requestOfGateway,
  retireGateway,
  sql,
} from "@energsys/store";
import { testDatabase } from "@energsys/store/testing";
import { entryOf, eventsBody, metersBody, profileBody } from "@energsys/store/testing/journal-bytes";
import { afterEach, expect, test } from "vitest";
import type { RunningHeadend } from "../src/index.ts";
import { FakeConcentrator } from "./fake-concentrator.ts";
import { quick, startTestHeadend, until } from "./town.ts";

const { db } = await testDatabase();
const identity = "ENC0000000000001";
const dayMs = 86_400_000;
/** The 1st of November 2026 in Bucharest; the test's clock is the real one, so the days are long past or to be past. */
const startMs = Date.UTC(2026, 9, 31, 22);

await importInventory(db, {
  branches: [],
  points: ["ENS1", "ENS2"].map((name, nth) => ({
    pod: `POD${nth}`,
    name,
    address: "Street 1",
    branch: ["Network"],
    phases: 1 as const,
    meter: { serial: name, manufacturer: "ENS", model: "generic-dlms", phases: 1 as const, maxCurrentA: 60 },
    installedAt: "2020-01-01T00:00:00Z",
    device: {
      identity: name,
      model: "generic-dlms",
      url: "dlms+tcp://?client=2&server=16",
      direction: "call-in" as const,
    },
  })),
});

const concentrator = new FakeConcentrator(identity);
let headend: RunningHeadend | undefined;
const start = async () => {
  headend = await startTestHeadend(db);
  return headend.listen as string;
};
afterEach(async () => {
  concentrator.hangUp();
  await headend?.stop();
  headend = undefined;
});
const slots = async () =>
  (
    await db.query<{ n: number }>(sql`
      select coalesce(sum(ok), 0)::int as n from load_day join channel using (channel_id) where meter_id is not null`)
  ).rows[0]!.n;
const gateway = async () => (await listGateways(db)).find((each) => each.identity === identity)!;
const day = (nth: number, logicalDevice: number) =>
  profileBody(
    startMs + nth * dayMs,
    Array.from({ length: 96 }, (_, slot) => slot + logicalDevice),
  );

test("a stranger is confirmed and kept on the line, and nothing is read of it", async () => {
  const listen = await start();
  concentrator.entries = [entryOf(1, 1, 4, metersBody(16, "ENS1", 0)), entryOf(2, 16, 1, day(0, 16))];
  await concentrator.call(listen);
  await until(async () => concentrator.confirmations === 1);
  concentrator.announce();
  await until(async () => concentrator.confirmations === 2);
  expect(await gateway()).toMatchObject({ state: "quarantine", newest: 2, cursor: 0, hasLine: false });
  expect(concentrator.asked).toEqual([]);
  await adoptGateway(db, everywhere, (await gateway()).gatewayId, { by: "ana" });
  // It has to call again, and is then another one.
  await concentrator.closed;
});

test("an adopted one is drained: rows first, then taken, its clock set, the attempt written", async () => {
  const { gatewayId } = await gateway();
  await db.query(sql`update device set gateway_id = ${gatewayId} where identity in ('ENS1', 'ENS2')`);
  await concentrator.call(await start());
  await until(async () => concentrator.taken.at(-1) === 2);
  expect(await slots()).toBe(96);
  expect(concentrator.clockSets).toBe(1);
  await until(async () => (await gateway()).takenConfirmed === 2);
  const { deviceId, cursor } = await gateway();
  expect(cursor).toBe(2);
  // Its announcement, when that is read late, asks for one more look, which finds nothing and is an attempt without a row.
  const ended = async () => {
    const attempts = await listAttempts(db, everyAttempt, { deviceIds: [deviceId!], limit: 5 });
    return attempts.length > 0 && attempts.every(({ state }) => state === "done") ? attempts : undefined;
  };
  await until(async () => (await ended()) !== undefined);
  const attempts = (await ended()) ?? [];
  expect(attempts.at(-1)).toMatchObject({ cause: "call-in", intervals: 96 });
  expect(attempts.slice(0, -1).map(({ intervals }) => intervals)).toEqual(attempts.slice(1).map(() => 0));
  expect((await listDifferences(db, { limit: 5 }))[0]).toMatchObject({ kind: "new", state: "adopted" });
});

test("a line that breaks between commit and taken: the next one says it, and no entry is asked twice", async () => {
  concentrator.entries.push(entryOf(3, 16, 1, day(1, 16)));
  concentrator.cutAtTaken = true;
  concentrator.taken = [];
  concentrator.asked = [];
  const listen = await start();
  await concentrator.call(listen);
  await concentrator.closed;
  expect(await slots()).toBe(192);
  expect(await gateway()).toMatchObject({ cursor: 3, takenConfirmed: 2 });
  concentrator.cutAtTaken = false;
  await until(async () => !(await gateway()).hasLine);
  await concentrator.call(listen);
  await until(async () => (await gateway()).takenConfirmed === 3);
  expect(concentrator.taken).toEqual([3]);
  expect(concentrator.asked.filter(([first]) => first === 3)).toHaveLength(1);
});

test("the centre was away for a week: everything comes in parts, over one line, nothing doubled", async () => {
  for (let nth = 2; nth < 9; nth++) concentrator.entries.push(entryOf(nth + 2, 16, 1, day(nth, 16)));
  concentrator.atOnce = 3;
  await concentrator.call(await start());
  await until(async () => (await gateway()).takenConfirmed === 10);
  expect(await slots()).toBe(9 * 96);
});

test("a poison entry does not stop what follows", async () => {
  concentrator.entries.push(entryOf(11, 16, 1, [0x02, 0x01, 0x00]), entryOf(12, 16, 1, day(9, 16)));
  await concentrator.call(await start());
  await until(async () => (await gateway()).takenConfirmed === 12);
  expect(await gateway()).toMatchObject({ poisonEntries: 1 });
  expect(await slots()).toBe(10 * 96);
});

test("events told at once are confirmed after they are stored, and taken is not moved for them", async () => {
  await concentrator.call(await start());
  await until(async () => (await gateway()).hasLine);
  const before = concentrator.confirmations;
  const eventMs = startMs + 5 * dayMs;
  concentrator.push([entryOf(13, 1, 3, eventsBody(eventMs, 0x0101))]);
  await until(async () => concentrator.confirmations > before);
  const { rows } = await db.query<{ code: string }>(
    sql`select code from event where at = ${new Date(eventMs).toISOString()}::timestamptz`,
  );
  expect(rows).toEqual([{ code: "energsys-mc:257" }]);
  expect(await gateway()).toMatchObject({ cursor: 12 });
});

test("an announced shutdown is told from a lost line", async () => {
  const listen = await start();
  await concentrator.call(listen);
  await until(async () => (await gateway()).hasLine);
  concentrator.announce(3);
  await until(async () => (await gateway()).supply === "shutting-down");
  concentrator.hangUp();
  await until(async () => (await gateway()).standing === "shutdown");
  await concentrator.call(listen);
  await until(async () => (await gateway()).hasLine);
  concentrator.hangUp();
  await until(async () => !(await gateway()).hasLine);
  const { rows } = await db.query<{ code: string }>(sql`
    select distinct code from event where code like 'system:gateway.%' order by code`);
  expect(rows.map(({ code }) => code)).toEqual(["system:gateway.line-lost", "system:gateway.shutdown"]);
});

test("the same identity twice: the second caller is sent away while the first one's line is there", async () => {
  const listen = await start();
  await concentrator.call(listen);
  await until(async () => (await gateway()).hasLine);
  const twin = new FakeConcentrator(identity);
  twin.entries = concentrator.entries;
  // The first one still answers to its clock.
  await twin.call(listen);
  await twin.closed;
  expect(await gateway()).toMatchObject({ hasLine: true, standing: "online" });
});

test("an old range of the journal is read again on request, and the cursor stays", async () => {
  await concentrator.call(await start());
  await until(async () => (await gateway()).hasLine);
  const { deviceId } = await gateway();
  await db.query(sql`delete from load_day where day = '2026-11-02'`);
  expect(await slots()).toBe(9 * 96);
  await queueAttempt(db, {
    deviceId: deviceId!,
    cause: "gateway",
    request: { gateway: { action: "reread", from: 3, to: 3 } },
  });
  await until(async () => (await slots()) === 10 * 96);
  expect((await findGatewayLine(db, identity))!.cursor).toBe(12);
});

test("a retired one loses its line at once and is turned away; taken back, its journal goes on where it stood", async () => {
  const listen = await start();
  await concentrator.call(listen);
  await until(async () => (await gateway()).hasLine);
  const { gatewayId } = await gateway();
  const lost = async () =>
    (
      await db.query<{ n: number }>(
        sql`select count(*)::int as n from event where code = 'system:gateway.line-lost'`,
      )
    ).rows[0]!.n;
  const before = await lost();
  await retireGateway(db, everywhere, gatewayId, "ana");
  await concentrator.closed;
  await until(async () => !(await gateway()).hasLine);
  // Who closed the line need not be told that it was lost.
  expect(await lost()).toBe(before);
  await concentrator.call(listen);
  await concentrator.closed;
  await adoptGateway(db, everywhere, gatewayId, { by: "ana", again: true });
  concentrator.entries.push(entryOf(13, 16, 1, day(10, 16)));
  concentrator.asked = [];
  await concentrator.call(listen);
  await until(async () => (await gateway()).takenConfirmed === 13);
  expect(concentrator.asked[0]?.[0]).toBe(13);
});

test("other settings are sent, confirmed over another line by whichever head-end has it, and told as rolled back when they are", async () => {
  const { gatewayId } = await gateway();
  concentrator.configuration = JSON.stringify({ identity, schedule: { scanEverySeconds: 86_400 } });
  await concentrator.call(await start());
  await until(async () => (await gateway()).hasLine);
  const asked = { settings: { "schedule.scanEverySeconds": 3_600 }, reason: "", by: "ana" } as const;
  await expect(proposeSettings(db, everywhere, gatewayId, asked)).rejects.toMatchObject({
    code: "gateway.no-configuration",
  });
  await requestOfGateway(db, everywhere, gatewayId, { action: "read-state" }, "ana");
  await until(async () => (await gateway()).configuration !== null);
  await proposeSettings(db, everywhere, gatewayId, asked);
  await expect(proposeSettings(db, everywhere, gatewayId, asked)).rejects.toMatchObject({
    code: "gateway.proposal-open",
  });
  const states = async () => (await listProposals(db, gatewayId, 5)).map(({ state }) => state);
  await until(async () => (await states())[0] === "sent");
  expect(JSON.parse(concentrator.proposed)).toEqual({ identity, schedule: { scanEverySeconds: 3_600 } });
  expect(concentrator.confirmed).toBe(false);
  // The head-end that sent it is gone when the concentrator calls again.
  concentrator.hangUp();
  await headend?.stop();
  concentrator.configuration = concentrator.proposed;
  concentrator.entries.push(entryOf(14, 1, 3, eventsBody(startMs, 0x0005)));
  await concentrator.call(await start());
  await until(async () => (await states())[0] === "confirmed");
  expect(concentrator.confirmed).toBe(true);
  expect(JSON.parse((await gateway()).configuration!)).toMatchObject({
    schedule: { scanEverySeconds: 3_600 },
  });

  await proposeSettings(db, everywhere, gatewayId, {
    ...asked,
    settings: { "schedule.scanEverySeconds": 600 },
  });
  await until(async () => (await states())[0] === "sent");
  concentrator.hangUp();
  await until(async () => !(await gateway()).hasLine);
  concentrator.fault = "rolled back: not confirmed";
  concentrator.onTrial = false;
  await db.query(
    sql`update gateway_proposal set sent_at = now() - interval '11 minutes' where state = 'sent'`,
  );
  concentrator.entries.push(entryOf(15, 1, 3, eventsBody(startMs, 0x0006)));
  await concentrator.call(headend!.listen as string);
  await until(async () => (await states())[0] === "rolled-back");
  expect((await listProposals(db, gatewayId, 1))[0]).toMatchObject({
    error: "rolled back: not confirmed",
    changes: [{ setting: "schedule.scanEverySeconds", from: 3_600, to: 600 }],
  });
});

test("a journal whose reading breaks off on a line that stands is read on over the same line", async () => {
  // The database refuses what came; the line stands, and nothing but the head-end itself would ask once more.
  concentrator.entries.push(entryOf(concentrator.entries.length + 1, 16, 1, day(17, 16)));
  await db.query(
    sql`create function refuse() returns trigger language plpgsql as 'begin raise exception ''not now''; end'`,
  );
  await db.query(
    sql`create trigger refuse before update of cursor on gateway for each row execute function refuse()`,
  );
  await concentrator.call(await start());
  await until(async () => headend!.headend.counts.failed > 0);
  await db.query(sql`drop trigger refuse on gateway`);
  await until(async () => (await gateway()).takenConfirmed === concentrator.entries.length);

  // One that takes longer than an attempt may goes on with the next.
  for (let nth = 0; nth < 40; nth++)
    concentrator.entries.push(
      entryOf(concentrator.entries.length + 1, 1, 3, eventsBody(startMs + nth, 0x0007)),
    );
  concentrator.atOnce = 1;
  await headend?.stop();
  headend = await startTestHeadend(db, { limits: { ...quick, attemptMs: 100 } });
  await concentrator.call(headend.listen as string);
  await until(async () => (await gateway()).takenConfirmed === concentrator.entries.length);
  expect(headend.headend.counts).toMatchObject({ cancelled: 0 });
  expect(headend.headend.counts.failed).toBeGreaterThan(0);
  concentrator.atOnce = 50;
});

test("one that has proven itself takes the place of its own dead line at once, in the middle of a hand-over, also of another head-end's", async () => {
  // By itself it would wait for half a minute before it takes a line for dead.
  headend = await startTestHeadend(db, { limits: { ...quick, responseMs: 30_000 } });
  const listen = headend.listen as string;
  // Two events of a kind within a second are one.
  await new Promise((resolve) => setTimeout(resolve, 1100));
  const { deviceId, gatewayId } = await gateway();
  await db.query(sql`
    insert into vpn_peer (device_id, label, public_key, sealed_psk, address, rotate_by)
    values (${deviceId}::int, 'gateway', ${`${"B".repeat(43)}=`}, '\\x00', '127.0.0.1', '2030-01-01')`);
  const fence = async () =>
    (
      await db.query<{ fence: number; owner: string }>(
        sql`select fence, owner from link where device_id = ${deviceId}::int`,
      )
    ).rows[0]!;
  // It answers no more once it was asked for its journal: half-open, and the head-end waits for it.
  concentrator.entries.push(entryOf(concentrator.entries.length + 1, 16, 1, day(20, 16)));
  concentrator.silentAtJournal = true;
  const asked = concentrator.asked.length;
  await concentrator.call(listen);
  await until(async () => concentrator.asked.length > asked);
  const before = await fence();
  const again = new FakeConcentrator(identity);
  again.entries = concentrator.entries;
  const calledMs = Date.now();
  await again.call(listen);
  await concentrator.closed;
  await until(async () => again.taken.at(-1) === again.entries.length);
  expect(Date.now() - calledMs).toBeLessThan(10_000);
  expect(Number((await fence()).fence)).toBeGreaterThan(Number(before.fence));
  expect(await gateway()).toMatchObject({ hasLine: true, cursor: again.entries.length });
  await until(
    async () =>
      (
        await db.query(sql`
          select from event where device_id = ${deviceId}::int and code = 'system:gateway.line-lost'
            and detail ->> 'replacedBy' like '%127.0.0.1'`)
      ).rowCount === 1,
  );
  concentrator.silentAtJournal = false;

  // Its session ends again; this time it reaches another head-end.
  const other = await startTestHeadend(db);
  const owner = (await fence()).owner;
  const third = new FakeConcentrator(identity);
  third.entries = [...again.entries, entryOf(again.entries.length + 1, 16, 1, day(21, 16))];
  concentrator.entries = third.entries;
  try {
    await third.call(other.listen as string);
    await until(async () => third.taken.at(-1) === third.entries.length);
    expect((await fence()).owner).not.toBe(owner);
    // The first head-end lets its line go when it next renews.
    await again.closed;
    expect(headend!.headend.callIns.lineOfGateway(gatewayId)).toBeUndefined();
  } finally {
    third.hangUp();
    await other.stop();
    await db.query(sql`delete from vpn_peer where device_id = ${deviceId}::int`);
  }
});
