import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeObis } from "@energsys/protocols";
import { explain } from "@energsys/protocols/decode";
import {
  countersInMemory,
  type DataValue,
  data,
  decodeApdu,
  encodeApdu,
  encodeDateTime,
  SecureChannel,
  sealGeneral,
} from "@energsys/protocols/dlms";
import { nodeCiphers } from "@energsys/protocols/node";
import { encodeWrapperFrame, takeWrapperFrame } from "@energsys/protocols/wrapper";
import {
  buildMeters,
  Ledger,
  lineClock,
  MeterDevice,
  openLine,
  pushFrom,
  type VirtualMeter,
} from "@energsys/simulator";
import { everyAttempt, findAttempt, importInventory, queueAttempt, sql } from "@energsys/store";
import { testKeyRing } from "@energsys/store/testing";
import { afterAll, expect, test } from "vitest";
import {
  authenticationKey,
  encryptionKey,
  meterCounters,
  meterSecurity,
  startTestMeter,
} from "./ciphered-device.ts";
import { countOf, startTestHeadend, testDatabase, until } from "./town.ts";

const { db, drop } = await testDatabase();
const folder = mkdtempSync(join(tmpdir(), "record-"));
const headend = await startTestHeadend(db, { record: { folder, identities: ["TST0001"] } });
const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
type InventoryDevice = NonNullable<Parameters<typeof importInventory>[1]["points"][number]["device"]>;

/** A point of its own for a device. */
async function importDevice(name: string, device: Omit<InventoryDevice, "model">): Promise<void> {
  const point = {
    pod: `P${name}`,
    name: "",
    address: "A",
    branch: ["B"],
    phases: 1 as const,
    meter: { serial: `S${name}`, manufacturer: "M", model: "generic-dlms", phases: 1 as const },
    installedAt: "2026-01-01T00:00:00Z",
    device: { ...device, model: "generic-dlms" } as InventoryDevice,
  };
  await importInventory(db, { branches: [], points: [point] }, { keyRing: testKeyRing(db) });
}

const calledIn = { direction: "call-in", url: "dlms+tcp://?client=1&auth=gmac" } as const;
await importDevice("1", { identity: "PUSH0001", ...calledIn, encryptionKey, authenticationKey });
const line = await callIn("PUSH0001");
afterAll(async () => {
  line.socket.destroy();
  await headend.stop();
  await drop();
  rmSync(folder, { recursive: true });
});

interface Caller {
  readonly socket: Socket;
  readonly answers: Uint8Array[];
  send(apdu: Uint8Array, port?: number): void;
}

async function callIn(identity: string): Promise<Caller> {
  const [host, port] = headend.listen!.split(":") as [string, string];
  const socket = connect({ host, port: Number(port) });
  const answers: Uint8Array[] = [];
  let received: Uint8Array = new Uint8Array(0);
  socket.on("data", (chunk) => {
    received = new Uint8Array(Buffer.concat([received, chunk as Buffer]));
    for (let taken = takeWrapperFrame(received); taken; taken = takeWrapperFrame(received)) {
      answers.push(taken.frame.apdu.slice());
      received = received.slice(taken.end);
    }
  });
  socket.write(`${identity}\r\n`);
  const open = sql`
    select count(*) as n from link join device using (device_id) where state = 'open' and identity = ${identity}`;
  await until(async () => (await countOf(db, open)) === 1);
  const send = (apdu: Uint8Array, destinationPort = 1) =>
    socket.write(encodeWrapperFrame({ sourcePort: 1, destinationPort, apdu }));
  return { socket, answers, send };
}

const events = async () =>
  (await db.query(sql`select at, code, detail from event where code not like 'system:%' order by at, code`))
    .rows;

const stamp = {
  year: 2026,
  month: 3,
  day: 7,
  dayOfWeek: 6,
  hour: 12,
  minute: 30,
  second: 5,
  hundredths: 0,
  deviationMinutes: -120,
  status: 0,
};
const noticed = Date.UTC(2026, 2, 7, 10, 30, 5);
const code = { classId: 1, obis: "0-0:96.11.0*255", attribute: 2 };

test("an event that a meter notifies at once is a row of the event table, once however often it comes", async () => {
  const apdu = encodeApdu({
    kind: "event-notification",
    dateTime: encodeDateTime(stamp),
    attribute: code,
    data: { type: "uint8", value: 40 },
  });
  line.send(apdu);
  line.send(apdu);
  await until(async () => (await countOf(db, sql`select count(*) as n from block`)) > 0);
  expect(await events()).toEqual([{ at: noticed, code: "idis:40", detail: null }]);
});

const general = { general: true, dedicated: false };

/** A register with its unit, and more, to be confirmed. */
const pushOf = (number: number, obis: string, value: number, ...more: DataValue[]) =>
  encodeApdu({
    kind: "data-notification",
    longInvokeId: 0x4000_0000 | number,
    body: data.structure(
      data.octets(encodeObis(obis)),
      data.uint32(value),
      data.structure(data.int8(0), data.enum(30)),
      ...more,
    ),
  });

test("a ciphered push is opened, stored, and confirmed under the same keys; the same bytes again are a replay", async () => {
  const meter = new SecureChannel({
    ...meterSecurity({ counters: meterCounters() }),
    peerTitle: new Uint8Array(Buffer.from("454e530000000001", "hex")),
  });
  const event = [data.octets(encodeObis("0-0:96.11.0*255")), data.uint8(41)];
  const apdu = await meter.protect(pushOf(7, "1-0:1.8.0*255", 123_456, ...event), general);
  line.send(apdu);
  await until(async () => line.answers.length === 1);
  const confirmed = await meter.openBytes(line.answers[0] as Uint8Array);
  expect(decodeApdu(confirmed!.apdu)).toMatchObject({
    kind: "data-notification-confirm",
    longInvokeId: 0x4000_0007,
  });
  const { rows } = await db.query(sql`select obis, value, unit from register_reading`);
  expect(rows).toEqual([{ obis: "1-0:1.8.0*255", value: "123456", unit: "Wh" }]);
  expect((await events()).map((event) => event.code)).toEqual(["idis:40", "idis:41"]);

  line.send(apdu);
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(line.answers).toHaveLength(1);
  expect(await countOf(db, sql`select count(*) as n from register_reading`)).toBe(1);
});

test("a ciphered push whose rows were not stored is taken when it comes again as it was", async () => {
  const meter = new SecureChannel(meterSecurity({ counters: meterCounters() }));
  // The counters of the push before this one are used up.
  await meter.nextCounter();
  const apdu = await meter.protect(pushOf(8, "1-0:2.8.0*255", 99), general);
  const answersBefore = line.answers.length;
  await db.query(sql`create function refuse() returns trigger language plpgsql as
    $$ begin raise exception 'no' using errcode = 'check_violation'; end $$`);
  await db.query(sql`create trigger refused before insert on register_reading execute function refuse()`);
  line.send(apdu);
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(line.answers).toHaveLength(answersBefore);
  await db.query(sql`drop trigger refused on register_reading`);
  line.send(apdu);
  await until(async () => line.answers.length === answersBefore + 1);
  const { rows } = await db.query(sql`select value from register_reading where obis = '1-0:2.8.0*255'`);
  expect(rows).toEqual([{ value: "99" }]);
});

test("a push in general ciphering is opened and confirmed in the same way", async () => {
  const reader = new Uint8Array(Buffer.from("454e530000000001", "hex"));
  const meter = new SecureChannel({
    ...meterSecurity({ counters: countersInMemory(50) }),
    peerTitle: reader,
  });
  const empty = new Uint8Array(0);
  const security = meterSecurity();
  const header = {
    transactionId: Uint8Array.of(7),
    originatorTitle: security.systemTitle,
    recipientTitle: reader,
    dateTime: empty,
    otherInformation: empty,
  };
  const message = sealGeneral(
    pushOf(9, "1-0:4.8.0*255", 7),
    {
      header,
      keyInfo: { kind: "identified", id: 0 },
      control: 0x30,
      counter: 50,
      key: security.encryptionKey,
      authenticationKey: security.authenticationKey,
    },
    nodeCiphers,
  );
  const answersBefore = line.answers.length;
  line.send(encodeApdu(message));
  await until(async () => line.answers.length === answersBefore + 1);
  const answer = decodeApdu(line.answers.at(-1)!);
  if (answer.kind !== "general-ciphering") throw new Error(answer.kind);
  expect(decodeApdu(await meter.openGeneral(answer))).toMatchObject({ kind: "data-notification-confirm" });
  const { rows } = await db.query(sql`select value from register_reading where obis = '1-0:4.8.0*255'`);
  expect(rows).toEqual([{ value: "7" }]);
});

test("a virtual meter that ciphers and called in knows its push confirmed once it is stored", async () => {
  const nowMs = Date.now();
  const { meters } = buildMeters({
    points: 8,
    seed: 3,
    days: 1,
    nowMs: () => nowMs,
    shares: { "dlms-gmac": 1 },
  });
  const meter = meters.find(({ description }) => description.framing === "wrapper") as VirtualMeter;
  const { serial, identity } = meter.description;
  const device = new MeterDevice(meter, { serial, identity });
  await importDevice("3", {
    identity,
    ...calledIn,
    encryptionKey: hexOf(device.keys.encryption),
    authenticationKey: hexOf(device.keys.authentication),
  });
  const { socket, send } = await callIn(identity);
  const answering = openLine(
    device,
    { write: (bytes) => void socket.write(bytes), destroy: () => void socket.destroy() },
    lineClock(Date.now),
  );
  socket.on("data", (chunk: Uint8Array) => answering.receive(chunk));
  device.line = (apdu) => send(apdu, 0x66);
  const reference = (classId: number, obis: string, attribute: number) =>
    data.structure(data.uint16(classId), data.octets(encodeObis(obis)), data.int8(attribute), data.uint16(0));
  const list = data.array(
    reference(1, "0-0:42.0.0*255", 2),
    reference(3, "1-0:1.8.0*255", 2),
    reference(3, "1-0:1.8.0*255", 3),
    // Without its unit nobody can say what it counts.
    reference(3, "1-0:3.8.0*255", 2),
  );
  expect(pushFrom(device, list, { retries: 0, repeatMs: 5000 })).toBe(true);
  await until(async () => device.isConfirmed(1));
  const { rows } = await db.query(
    sql`select obis, value, unit from register_reading join meter using (meter_id) where serial = 'S3'`,
  );
  const truth = new Ledger(meters).register(serial, "1-0:1.8.0", meter.now());
  expect(rows).toEqual([{ obis: "1-0:1.8.0*255", value: String(truth), unit: "Wh" }]);

  // And while it is read under the same keys: answers and pushes share their counters, requests and confirmations too.
  let requests = 0;
  const numbers: number[] = [];
  socket.on("data", () => {
    if (++requests % 4 !== 0 || requests > 24) return;
    pushFrom(device, list, { retries: 0, repeatMs: 10 });
    numbers.push(1 + numbers.length + 1);
  });
  const { rows: found } = await db.query<{ id: number }>(
    sql`select device_id as id from device where identity = ${identity}`,
  );
  const id = await queueAttempt(db, { cause: "read-now", deviceId: found[0]!.id });
  await until(async () => {
    const attempt = await findAttempt(db, everyAttempt, id);
    return attempt?.state === "done" || [attempt?.state, attempt?.errorCode];
  });
  expect(numbers.length).toBeGreaterThan(2);
  const last = numbers.at(-1)!;
  await until(async () => device.isConfirmed(last));
  const stored = sql`
    select count(*) as n from block join device using (device_id) where identity = ${identity} and kind = 'dlms-push'`;
  await until(async () => (await countOf(db, stored)) === last || countOf(db, stored));
  socket.destroy();
});

test("the ciphered reading of a device that is recorded is a file that its keys explain, turn by turn", async () => {
  const own = (key: string) => `${key.slice(0, -2)}ff`;
  const bytes = (key: string) => new Uint8Array(Buffer.from(key, "hex"));
  const keys = { encryption: bytes(own(encryptionKey)), authentication: bytes(own(authenticationKey)) };
  const meter = await startTestMeter({
    authentication: { kind: "high", mechanism: 5 },
    security: meterSecurity({ encryptionKey: keys.encryption, authenticationKey: keys.authentication }),
    shownCounter: () => 41,
  });
  await importDevice("2", {
    identity: "TST0001",
    direction: "dial",
    url: `dlms+tcp://127.0.0.1:${meter.port}?client=1&auth=gmac`,
    encryptionKey: own(encryptionKey),
    authenticationKey: own(authenticationKey),
  });
  const { rows } = await db.query<{ id: number }>(
    sql`select device_id as id from device where identity = 'TST0001'`,
  );
  const id = await queueAttempt(db, { cause: "read-now", deviceId: rows[0]!.id });
  await until(async () => (await findAttempt(db, everyAttempt, id))?.state === "done");
  await meter.stop();
  expect(Math.min(...meter.heard)).toBe(42);
  const files = readdirSync(folder);
  expect(files).toEqual([`TST0001-${id}.jsonl`]);
  const recorded = readFileSync(join(folder, files[0]!));
  expect(recorded.toString()).not.toContain(own(encryptionKey));
  const { telegrams } = explain(recorded, { keys, ciphers: nodeCiphers, zone: "Europe/Bucharest" });
  const frames = telegrams.flatMap((telegram) => telegram.frames ?? []).map(({ explains }) => explains);
  expect(frames.join("\n")).toContain("1-0:1.8.0*255");
});
