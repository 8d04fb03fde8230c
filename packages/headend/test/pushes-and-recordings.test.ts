import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { explain } from "@energsys/protocols/decode";
import { decodeApdu, encodeApdu, encodeDateTime, SecureChannel } from "@energsys/protocols/dlms";
import { nodeCiphers } from "@energsys/protocols/node";
import { encodeWrapperFrame, takeWrapperFrame } from "@energsys/protocols/wrapper";
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
await importInventory(
  db,
  {
    branches: [],
    points: [
      {
        pod: "P1",
        name: "",
        address: "A",
        branch: ["B"],
        phases: 1,
        meter: { serial: "S1", manufacturer: "M", model: "generic-dlms", phases: 1 },
        installedAt: "2026-01-01T00:00:00Z",
        device: {
          identity: "PUSH0001",
          model: "generic-dlms",
          direction: "call-in",
          url: "dlms+tcp://?client=1&auth=gmac",
          encryptionKey,
          authenticationKey,
        },
      },
    ],
  },
  { keyRing: testKeyRing(db) },
);
const line = await callIn();
afterAll(async () => {
  line.socket.destroy();
  await headend.stop();
  await drop();
  rmSync(folder, { recursive: true });
});

async function callIn(): Promise<{ socket: Socket; answers: Uint8Array[]; send(apdu: Uint8Array): void }> {
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
  socket.write("PUSH0001\r\n");
  await until(
    async () => (await countOf(db, sql`select count(*) as n from link where state = 'open'`)) === 1,
  );
  const send = (apdu: Uint8Array) =>
    socket.write(encodeWrapperFrame({ sourcePort: 1, destinationPort: 1, apdu }));
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

test("a ciphered push is opened, stored, and confirmed under the same keys; the same bytes again are a replay", async () => {
  const security = meterSecurity({ counters: meterCounters() });
  const meter = new SecureChannel({
    ...security,
    peerTitle: new Uint8Array(Buffer.from("454e530000000001", "hex")),
  });
  const octets = (bytes: Uint8Array) => ({ type: "octet-string", bytes }) as const;
  const plain = encodeApdu({
    kind: "data-notification",
    longInvokeId: 0x4000_0007,
    body: {
      type: "structure",
      items: [
        octets(Uint8Array.of(1, 0, 1, 8, 0, 255)),
        { type: "uint32", value: 123_456 },
        {
          type: "structure",
          items: [
            { type: "int8", value: 0 },
            { type: "enum", value: 30 },
          ],
        },
        octets(Uint8Array.of(0, 0, 96, 11, 0, 255)),
        { type: "uint8", value: 41 },
      ],
    },
  });
  const apdu = await meter.protect(plain, { general: true, dedicated: false });
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

test("the ciphered reading of a device that is recorded is a file that its keys explain, turn by turn", async () => {
  const own = (key: string) => `${key.slice(0, -2)}ff`;
  const bytes = (key: string) => new Uint8Array(Buffer.from(key, "hex"));
  const keys = { encryption: bytes(own(encryptionKey)), authentication: bytes(own(authenticationKey)) };
  const meter = await startTestMeter({
    authentication: { kind: "high", mechanism: 5 },
    security: meterSecurity({ encryptionKey: keys.encryption, authenticationKey: keys.authentication }),
    shownCounter: () => 41,
  });
  const point = {
    pod: "P2",
    name: "",
    address: "A",
    branch: ["B"],
    phases: 1 as const,
    meter: { serial: "S2", manufacturer: "M", model: "generic-dlms", phases: 1 as const },
    installedAt: "2026-01-01T00:00:00Z",
    device: {
      identity: "TST0001",
      model: "generic-dlms",
      direction: "dial" as const,
      url: `dlms+tcp://127.0.0.1:${meter.port}?client=1&auth=gmac`,
      encryptionKey: own(encryptionKey),
      authenticationKey: own(authenticationKey),
    },
  };
  await importInventory(db, { branches: [], points: [point] }, { keyRing: testKeyRing(db) });
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
