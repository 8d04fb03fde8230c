import { keyTransfer } from "@energsys/protocols/cosem";
import {
  countersInMemory,
  type DataValue,
  DlmsClient,
  data,
  decodeApdu,
  encodeApdu,
  openGeneral,
  sealGeneral,
} from "@energsys/protocols/dlms";
import { nodeCiphers } from "@energsys/protocols/node";
import { describe, expect, test } from "vitest";
import { MeterServer } from "../src/dlms/meter-server.ts";
import { associate, publicClient, securedDevice } from "./secured.ts";
import { nowMs } from "./support.ts";

// Our own client against our own meter; what foreign clients proved is in docs/simulator.md.

const energy = { classId: 3, obis: "1-0:1.8.0*255", attribute: 2 } as const;
const relay = { classId: 70, obis: "0-0:96.3.10*255" } as const;
const counterObject = { classId: 1, obis: "0-0:43.1.0*255", attribute: 2 } as const;
const int8Zero: DataValue = data.int8(0);

describe("an association", () => {
  test.each([
    ["MD5 in the clear", 3, 0, false],
    ["SHA-1 in the clear", 4, 0, false],
    ["GMAC, services in the clear", 5, 0, false],
    ["GMAC, ciphered", 5, 0, true],
    ["GMAC, ciphered in suite 1", 5, 1, true],
    ["GMAC, ciphered in suite 2", 5, 2, true],
    ["SHA-256 in the clear", 6, 0, false],
    ["ECDSA in suite 1, ciphered", 7, 1, true],
    ["ECDSA in suite 2, ciphered", 7, 2, true],
  ] as const)("by %s reads, sets the clock and switches the relay", async (_, mechanism, suite, ciphered) => {
    const device = securedDevice(mechanism, suite, ciphered);
    const { meter } = device;
    const client = await associate(device);
    expect(await client.get(energy)).toEqual({ ok: true, data: data.uint32(meter.registersNow().importWh) });

    const shift = { classId: 8, obis: "0-0:1.0.0*255", method: 6 };
    expect(await client.action(shift, data.int16(30))).toMatchObject({ actionResult: "success" });
    expect(meter.now()).toBe(nowMs + 30_000);

    expect(await client.action({ ...relay, method: 1 }, int8Zero)).toMatchObject({ actionResult: "success" });
    expect(await client.get({ ...relay, attribute: 2 })).toEqual({ ok: true, data: data.boolean(false) });
    expect(await client.get({ ...relay, attribute: 3 })).toEqual({ ok: true, data: data.enum(0) });
    await client.release();
  });

  test.each([
    ["dedicated key", { dedicatedKey: new Uint8Array(16).fill(9) }],
    ["general form", { general: true }],
    ["dedicated key in the general form", { general: true, dedicatedKey: new Uint8Array(16).fill(9) }],
  ])("with a %s reads", async (_, more) => {
    const client = await associate(securedDevice(5, 0, true), { more }, 0x401e5d);
    expect(await client.get(energy)).toMatchObject({ ok: true });
    await client.release();
  });

  test("with a wrong key is refused, logged, and the meter answers the right one after it", async () => {
    const device = securedDevice(5, 0, true);
    const wrong = { encryption: new Uint8Array(16), authentication: device.keys.authentication };
    await expect(associate(device, { keys: wrong })).rejects.toMatchObject({
      code: "dlms.deciphering-refused",
    });
    expect(device.meter.events(nowMs - 1000, Infinity).map(({ kind }) => kind)).toEqual(["decipher-failure"]);
    await (await associate(device)).release();
  });

  test("with a wrong secret is refused and logged", async () => {
    const device = securedDevice(3, 0, false);
    await expect(associate(device, { secret: "another" })).rejects.toMatchObject({
      code: "association.unproven",
    });
    expect(device.meter.events(nowMs - 1000, Infinity).map(({ kind }) => kind)).toEqual([
      "authentication-failure",
    ]);
  });

  test("with a counter that came before is refused and logged", async () => {
    const device = securedDevice(5, 0, true);
    const first = await associate(device);
    await first.release();
    const behind = associate(device, { counters: countersInMemory(1) });
    await expect(behind).rejects.toMatchObject({ code: "dlms.counter-refused" });
    expect(device.meter.events(nowMs - 1000, Infinity).map(({ kind }) => kind)).toEqual(["replay"]);
  });

  test("never uses a counter twice, whatever connection it came over", async () => {
    const device = securedDevice(5, 0, true);
    const counters = countersInMemory(1);
    for (let connection = 0; connection < 3; connection++) {
      const client = await associate(device, { counters });
      await client.get(energy);
      await client.release();
    }
    // The client kept what it heard of the meter: a repeated value would have been a replay to it. Four messages or more each time.
    expect(counters.received()).toBeGreaterThan(3 * 4);
  });

  test("of the public client shows names, clock and the counter to go on with", async () => {
    const device = securedDevice(5, 0, true);
    await (await associate(device)).release();
    const open = await publicClient(device);
    expect(await open.get(counterObject)).toEqual({
      ok: true,
      data: data.uint32(device.counters.received()!),
    });
    expect(await open.get(energy)).toEqual({ ok: false, dataAccessResult: "object-undefined" });
    const clock = { classId: 8, obis: "0-0:1.0.0*255", attribute: 2 };
    expect(await open.set(clock, data.octets(new Uint8Array(12)))).toMatchObject({
      dataAccessResult: "read-write-denied",
    });
  });
});

test("a request in general-ciphering is answered in it, and refused when it comes again", async () => {
  const device = securedDevice(5, 0, true);
  const server = new MeterServer(device);
  const clientTitle = Uint8Array.from(Buffer.from("TST\0\0\0\0\x01", "latin1"));
  const link = { connect: async () => undefined, close: async () => undefined };
  const exchange = async (apdu: Uint8Array) => (await server.answer(apdu, 1)) ?? new Uint8Array(0);
  await DlmsClient.associate(
    { ...link, exchange },
    {
      authentication: { kind: "high", mechanism: 5 },
      conformance: 0x401e5d,
      security: {
        encryptionKey: device.keys.encryption,
        authenticationKey: device.keys.authentication,
        systemTitle: clientTitle,
        counters: countersInMemory(1),
        ciphers: nodeCiphers,
      },
    },
  );
  const none = new Uint8Array(0);
  const request = encodeApdu(
    sealGeneral(
      Uint8Array.from(Buffer.from("c001c100030100010800ff0200", "hex")),
      {
        header: {
          transactionId: Uint8Array.of(1, 2, 3),
          originatorTitle: clientTitle,
          recipientTitle: device.security!.systemTitle,
          dateTime: none,
          otherInformation: none,
        },
        keyInfo: { kind: "identified", id: 0 },
        control: 0x30,
        counter: 900,
        key: device.keys.encryption,
        authenticationKey: device.keys.authentication,
      },
      nodeCiphers,
    ),
  );
  const answer = decodeApdu(await exchange(request));
  if (answer.kind !== "general-ciphering") throw new Error(answer.kind);
  expect(answer.header).toMatchObject({ recipientTitle: clientTitle, transactionId: Uint8Array.of(1, 2, 3) });
  const keys = { key: device.keys.encryption, authenticationKey: device.keys.authentication };
  const opened = openGeneral(answer, keys, nodeCiphers);
  expect(opened.ok && Buffer.from(opened.apdu).toString("hex")).toMatch(/^c401c10006/);
  expect(decodeApdu(await exchange(request))).toMatchObject({ serviceError: "invocation-counter-error" });
});

describe("a faulty meter", () => {
  test.each([
    ["wrong-tag", "dlms.tag"],
    ["replays", "dlms.replay"],
  ] as const)("that %s is found out", async (kind, code) => {
    const client = await associate(securedDevice(5, 0, true), { fault: { kind } });
    const reading = async () => {
      for (let n = 0; n < 4; n++) await client.get(energy);
    };
    await expect(reading()).rejects.toMatchObject({ code });
  });

  test("that begins its counter anew is found out in the next association", async () => {
    const device = securedDevice(5, 0, true);
    const counters = countersInMemory(1);
    const fault = { kind: "counter-behind" } as const;
    await (await associate(device, { counters, fault })).release();
    await expect(associate(device, { counters, fault })).rejects.toMatchObject({ code: "dlms.replay" });
  });

  test("that ends a block early is found out", async () => {
    const client = await associate(securedDevice(5, 0, true), { fault: { kind: "truncated-block" } });
    const buffer = { classId: 7, obis: "1-0:99.1.0*255", attribute: 2 };
    await expect(client.get(buffer)).rejects.toMatchObject({ code: "link.garbled" });
  });
});

describe("keys", () => {
  const newKeys = {
    encryption: new Uint8Array(16).fill(0x11),
    authentication: new Uint8Array(16).fill(0x22),
  };
  const transfer = { classId: 64, obis: "0-0:43.0.0*255", method: 2 };

  test("wrapped with the master key are in force for the next association; the old ones open nothing then", async () => {
    const device = securedDevice(5, 0, true);
    const old = device.keys;
    const client = await associate(device);
    const parameter = keyTransfer(
      [
        { name: "unicast", key: newKeys.encryption },
        { name: "authentication", key: newKeys.authentication },
      ],
      old.master,
      nodeCiphers,
    );
    expect(await client.action(transfer, parameter)).toMatchObject({ actionResult: "success" });
    expect(await client.get(energy)).toMatchObject({ ok: true });
    await client.release();
    await expect(associate(device, { keys: old })).rejects.toMatchObject({
      code: "dlms.deciphering-refused",
    });
    const again = await associate(device, { keys: newKeys, counters: countersInMemory(1) });
    expect(await again.get(energy)).toMatchObject({ ok: true });
    await again.release();
  });

  test("wrapped with another key change nothing", async () => {
    const device = securedDevice(5, 0, true);
    const client = await associate(device);
    const parameter = keyTransfer(
      [{ name: "unicast", key: newKeys.encryption }],
      new Uint8Array(16),
      nodeCiphers,
    );
    expect(await client.action(transfer, parameter)).toMatchObject({ actionResult: "other-reason" });
    await client.release();
    await (await associate(device)).release();
  });
});
