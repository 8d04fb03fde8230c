import { type ReadRequest, readDevice, realClock } from "@energsys/drivers";
import { encodeApdu } from "@energsys/protocols/dlms";
import {
  everyAttempt,
  findAttempt,
  type InventoryDevice,
  importInventory,
  queueAttempt,
  sql,
} from "@energsys/store";
import { testKeyRing } from "@energsys/store/testing";
import { afterAll, expect, test } from "vitest";
import { lowerLimits } from "../src/index.ts";
import {
  authenticationKey,
  changed,
  encryptionKey,
  meterCounters,
  meterSecurity,
  startTestMeter,
  type TestMeterOptions,
} from "./ciphered-device.ts";
import { startTestHeadend, testDatabase, until } from "./town.ts";

const { db, drop } = await testDatabase();
const headend = await startTestHeadend(db);
afterAll(async () => {
  await headend.stop();
  await drop();
});

const limits = lowerLimits({ responseMs: 1000, dialMs: 1000 });
const request: ReadRequest = { zone: "Europe/Bucharest", registers: true };
const keys = { ek: encryptionKey, ak: authenticationKey };
const gmac = { kind: "high", mechanism: 5 } as const;
const sha256 = { kind: "high", mechanism: 6, secret: "geheim" } as const;
const bare = () => meterSecurity({ level: "none" });
/** The first answers of a ciphered association are AARE and pass 4; the next is the meter's name. */
const firstValue = 2;

interface Case {
  readonly fault: string;
  readonly meter: TestMeterOptions;
  readonly url: string;
  readonly secrets: Readonly<Record<string, string>>;
  readonly code: string;
  /** Of the head-end, where it asks in another way. */
  readonly attemptCode?: string;
  /** Nothing stood that could be released. */
  readonly never?: true;
  readonly more?: Partial<ReadRequest>;
}

const cases: readonly Case[] = [
  {
    fault: "a wrong encryption key",
    meter: { authentication: gmac, security: meterSecurity() },
    url: "auth=gmac&counter=1",
    secrets: { ...keys, ek: "00".repeat(16) },
    code: "dlms.deciphering-refused",
    never: true,
  },
  {
    fault: "a wrong authentication key",
    meter: { authentication: gmac, security: meterSecurity() },
    url: "auth=gmac&counter=1",
    secrets: { ...keys, ak: "00".repeat(16) },
    code: "dlms.deciphering-refused",
    never: true,
  },
  {
    fault: "an answer that was changed on its way",
    meter: {
      authentication: gmac,
      security: meterSecurity(),
      distort: (answer, nth) =>
        nth === firstValue ? answer.with(answer.length - 1, (answer.at(-1) as number) ^ 1) : answer,
    },
    url: "auth=gmac&counter=1",
    secrets: keys,
    code: "dlms.tag",
  },
  {
    fault: "an answer that came before",
    meter: {
      authentication: gmac,
      security: meterSecurity(),
      distort: (answer, nth, before) =>
        nth === firstValue + 1 ? (before[firstValue] as Uint8Array) : answer,
    },
    url: "auth=gmac&counter=1",
    secrets: keys,
    code: "dlms.replay",
  },
  {
    fault: "an answer in the clear where ciphering was agreed",
    meter: {
      authentication: gmac,
      security: meterSecurity(),
      distort: (answer, nth) => (nth === firstValue ? Uint8Array.of(0xc4, 1, 0xc1, 0, 9, 1, 0x41) : answer),
    },
    url: "auth=gmac&counter=1",
    secrets: keys,
    code: "dlms.protection",
  },
  {
    fault: "a counter behind the meter's",
    meter: { authentication: gmac, security: meterSecurity({ counters: meterCounters(900_000) }) },
    url: "auth=gmac&counter=1",
    secrets: keys,
    code: "dlms.counter-refused",
    never: true,
  },
  {
    fault: "a counter that nobody knows",
    meter: { authentication: gmac, security: meterSecurity() },
    url: "auth=gmac",
    secrets: keys,
    // What is released is the association of the public client.
    code: "read.counter-unknown",
  },
  {
    fault: "a wrong password",
    meter: { authentication: { kind: "low", password: "12345678" } },
    url: "auth=low",
    secrets: { password: "00000000" },
    code: "association.unproven",
    never: true,
  },
  {
    fault: "a wrong secret",
    meter: { authentication: sha256, security: bare() },
    url: "auth=sha256",
    secrets: { secret: "falsch" },
    code: "association.unproven",
  },
  {
    fault: "a meter that does not know the secret",
    meter: {
      authentication: sha256,
      security: bare(),
      distort: (answer, nth) =>
        nth === 1 ? answer.with(answer.length - 1, (answer.at(-1) as number) ^ 1) : answer,
    },
    url: "auth=sha256",
    secrets: { secret: "geheim" },
    code: "association.meter-unproven",
  },
  {
    fault: "a PDU that is too short for the meter",
    meter: {
      authentication: { kind: "none" },
      distort: (answer, nth) =>
        nth > 0
          ? answer
          : changed(answer, (aare) => ({
              ...aare,
              result: "rejected-permanent",
              userInformation: {
                kind: "confirmed-service-error",
                service: "initiate",
                errorClass: "initiate",
                error: "pdu-size-too-short",
              },
            })),
    },
    url: "pdu=12",
    secrets: {},
    code: "association.pdu-too-short",
    never: true,
  },
  {
    fault: "a request that is too long for the meter",
    meter: {
      authentication: { kind: "none" },
      distort: (answer, nth) => (nth === 1 ? exception("pdu-too-long") : answer),
    },
    url: "",
    secrets: {},
    code: "dlms.pdu-refused",
  },
  {
    fault: "a service that the meter does not have",
    meter: {
      authentication: { kind: "none" },
      distort: (answer, nth) => (nth === 1 ? exception("service-not-supported") : answer),
    },
    url: "",
    secrets: {},
    code: "dlms.exception",
  },
  {
    fault: "an object that the meter does not have",
    meter: { authentication: { kind: "none" }, identity: "" },
    url: "",
    secrets: {},
    code: "read.no-profile",
    attemptCode: "identity.missing",
    more: { profiles: [{ obis: "1-0:99.9.9*255", fromMs: 0, toMs: 1 }] },
  },
  {
    fault: "a long value of which the last block was cut",
    meter: {
      authentication: { kind: "none" },
      distort: (answer) =>
        answer[0] === 0xc4 && answer[1] === 2 && answer[3] === 1
          ? changed(answer, (block) =>
              block.kind === "get-response-with-block"
                ? { ...block, raw: block.raw.subarray(0, -3) }
                : undefined,
            )
          : answer,
    },
    url: "pdu=64",
    secrets: {},
    code: "dlms.value-truncated",
  },
];

function exception(serviceError: string): Uint8Array {
  return encodeApdu({ kind: "exception-response", stateError: "service-not-allowed", serviceError });
}

const secretNames: Readonly<Record<string, keyof InventoryDevice>> = {
  ek: "encryptionKey",
  ak: "authenticationKey",
  password: "password",
  secret: "hlsSecret",
};

test.each(cases.map((each, number) => ({ ...each, number })))(
  "$fault: $code, and the association is released",
  async ({ meter: options, url, code, attemptCode = code, never, more, number, ...each }) => {
    const identity = `TST${number}`;
    // A key belongs to one device: its last byte is the case's number.
    const { ek, ak, ...words } = each.secrets;
    const own = (key: string) => `${key.slice(0, -2)}${number.toString(16).padStart(2, "0")}`;
    const secrets = { ...words, ...(ek && ak ? { ek: own(ek), ak: own(ak) } : {}) };
    const security = options.security && {
      ...options.security,
      encryptionKey: options.security.encryptionKey.with(15, number),
      authenticationKey: options.security.authenticationKey.with(15, number),
    };
    const meter = await startTestMeter({ identity, ...options, ...(security ? { security } : {}) });
    try {
      const place = `dlms+tcp://127.0.0.1:${meter.port}?client=1&${url}`;
      const given = new URLSearchParams(secrets).toString();
      const reading = readDevice(`${place}&${given}`, { ...request, ...more }, { clock: realClock, limits });
      await expect(reading).rejects.toMatchObject({ code });
      expect(meter.releases()).toBe(never ? 0 : 1);

      const id = await queueAttempt(db, {
        cause: "read-now",
        // The technician was there before, and the meter remembers his counters.
        deviceId: await addDevice(number, place.replace("counter=1", "counter=1000"), secrets),
      });
      await until(async () =>
        ["done", "failed"].includes((await findAttempt(db, everyAttempt, id))?.state ?? ""),
      );
      expect(await findAttempt(db, everyAttempt, id)).toMatchObject({
        state: "failed",
        errorCode: attemptCode,
      });
      expect(meter.releases()).toBe(never ? 0 : 2);
    } finally {
      await meter.stop();
    }
  },
);

async function addDevice(
  number: number,
  url: string,
  secrets: Readonly<Record<string, string>>,
): Promise<number> {
  const named = Object.entries(secrets).map(([name, value]) => [secretNames[name], value]);
  await importInventory(
    db,
    {
      branches: [],
      points: [
        {
          pod: `P${number}`,
          name: "",
          address: "A",
          branch: ["B"],
          phases: 1,
          meter: { serial: `S${number}`, manufacturer: "M", model: "generic-dlms", phases: 1 },
          installedAt: "2026-01-01T00:00:00Z",
          device: {
            identity: `TST${number}`,
            model: "generic-dlms",
            direction: "dial",
            url: url.replace(/&$/, ""),
            ...Object.fromEntries(named),
          },
        },
      ],
    },
    { keyRing: testKeyRing(db) },
  );
  const { rows } = await db.query<{ id: number }>(
    sql`select device_id as id from device where identity = ${`TST${number}`}`,
  );
  return rows[0]!.id;
}
