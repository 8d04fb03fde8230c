import { createHash } from "node:crypto";
import { createServer, type Socket } from "node:net";
import { type DataValue, data, decodeApdu, encodeApdu } from "@energsys/protocols/dlms";
import { encodeWrapperFrame, takeWrapperFrame } from "@energsys/protocols/wrapper";
import { afterEach, describe, expect, test } from "vitest";
import { pushFrom } from "../src/dlms/pushing.ts";
import type { RelayMode } from "../src/meter/relay.ts";
import { associate, securedDevice } from "./secured.ts";
import { bytesOf, nowMs, until } from "./support.ts";

const octets = (text: string) => data.octets(Uint8Array.from(Buffer.from(text, "latin1")));
const hex = (text: string) => data.octets(bytesOf(text));
const name = (obis: string) =>
  hex(
    obis
      .split(/[-:.*]/)
      .map((part) => Number(part).toString(16).padStart(2, "0"))
      .join(""),
  );
const success = { actionResult: "success" };
const written = { ok: true };

/** A managed meter whose clock a test moves. */
async function open(relayMode: RelayMode = 4) {
  let now = nowMs;
  const device = securedDevice(5, 0, true, { relayMode }, () => now);
  const client = await associate(device);
  const at = (classId: number, obis: string) => ({
    get: async (attribute: number) => {
      const result = await client.get({ classId, obis, attribute });
      if (!result.ok) throw new Error(`${obis}/${attribute}: ${result.dataAccessResult}`);
      return result.data;
    },
    set: (attribute: number, value: DataValue) => client.set({ classId, obis, attribute }, value),
    act: (method: number, parameters?: DataValue) => client.action({ classId, obis, method }, parameters),
  });
  const logged = () => device.meter.events(nowMs - 1000, Infinity).map(({ kind }) => kind);
  return {
    device,
    client,
    at,
    logged,
    wait: (ms: number) => {
      now += ms;
    },
  };
}

test("every attribute of the object list can be read, and the others are not there", async () => {
  const { client, at } = await open();
  const list = await at(15, "0-0:40.0.0*255").get(2);
  const elements = list.type === "array" ? list.items : [];
  expect(elements.length).toBeGreaterThan(45);
  for (const element of elements) {
    if (element.type !== "structure") throw new Error("no structure");
    const [classId, , logicalName, rights] = element.items;
    if (classId?.type !== "uint16" || logicalName?.type !== "octet-string" || rights?.type !== "structure") {
      throw new Error("another structure");
    }
    const [a, b, c, d, e, f] = logicalName.bytes;
    const obis = `${a}-${b}:${c}.${d}.${e}*${f}`;
    const [attributes] = rights.items;
    for (const right of attributes?.type === "array" ? attributes.items : []) {
      const [number, mode] = right.type === "structure" ? right.items : [];
      if (number?.type !== "int8" || mode?.type !== "enum") throw new Error("another structure");
      const result = await client.get({ classId: classId.value, obis, attribute: number.value });
      expect(result.ok, `${obis}/${number.value}`).toBe((mode.value & 1) === 1);
    }
    expect(await client.get({ classId: classId.value, obis, attribute: 99 })).toMatchObject({
      dataAccessResult: "object-undefined",
    });
  }
});

describe("activity calendar", () => {
  const obis = "0-0:13.0.0*255";
  const days = (hours: readonly number[]) =>
    data.array(
      data.structure(
        data.uint8(1),
        data.array(
          ...hours.map((hour, n) =>
            data.structure(
              data.octets(Uint8Array.of(hour, 0, 0, 0)),
              name("0-0:10.0.100*255"),
              data.uint16((n & 1) + 1),
            ),
          ),
        ),
      ),
    );

  test("is written as the passive one, read back, and activated by the method", async () => {
    const { at, logged } = await open();
    const calendar = at(20, obis);
    const before = await calendar.get(5);
    const table = days(Array.from({ length: 24 }, (_, hour) => hour));
    expect(await calendar.set(6, octets("SUMMER26"))).toEqual(written);
    expect(await calendar.set(9, table)).toEqual(written);
    expect(await calendar.get(9)).toEqual(table);
    expect(await calendar.get(5)).toEqual(before);
    expect(await calendar.act(1, data.int8(0))).toMatchObject(success);
    expect(await calendar.get(2)).toEqual(octets("SUMMER26"));
    expect(await calendar.get(5)).toEqual(table);
    expect(logged()).toEqual(["calendar-programmed", "calendar-activated"]);
  });

  test("waits for its activation time", async () => {
    const { at, wait } = await open();
    const calendar = at(20, obis);
    await calendar.set(6, octets("LATER"));
    // 10 November 2026, 13:00:00 = UTC+2; it is 12:07:30.
    expect(await calendar.set(10, hex("07ea0b0a020d000000ff8800"))).toEqual(written);
    wait(52 * 60_000);
    expect(await calendar.get(2)).toEqual(octets("2-RATE"));
    wait(60_000);
    expect(await calendar.get(2)).toEqual(octets("LATER"));
  });

  test.each([
    ["a table of another shape", 9, data.array(data.uint8(1))],
    ["an active part", 5, days([0])],
  ])("refuses %s", async (_, attribute, value) => {
    const { at } = await open();
    expect(await at(20, obis).set(attribute, value)).toMatchObject({ ok: false });
  });

  test("has special days that are inserted, replaced by their number, and deleted", async () => {
    const { at } = await open();
    const special = at(11, "0-0:11.0.0*255");
    const day = (index: number, id: number) =>
      data.structure(data.uint16(index), hex("07ea0c19ff"), data.uint8(id));
    expect(await special.act(1, day(1, 2))).toMatchObject(success);
    expect(await special.act(1, day(2, 2))).toMatchObject(success);
    expect(await special.act(1, day(1, 3))).toMatchObject(success);
    expect(await special.get(2)).toEqual(data.array(day(2, 2), day(1, 3)));
    expect(await special.act(2, data.uint16(2))).toMatchObject(success);
    expect(await special.get(2)).toEqual(data.array(day(1, 3)));
  });
});

describe("limiter", () => {
  const obis = "0-0:17.0.0*255";

  test("opens the relay after its time over the threshold, and closes it where the mode knows that", async () => {
    const { device, at, wait, logged } = await open(5);
    const limit = at(71, obis);
    await limit.set(6, data.uint32(60));
    await limit.set(7, data.uint32(300));
    expect(await limit.set(4, data.uint32(1))).toEqual(written);
    device.catchUp();
    expect(device.meter.relayState).toBe(1);
    wait(61_000);
    device.catchUp();
    expect(device.meter.relayState).toBe(2);
    expect(await at(70, "0-0:96.3.10*255").get(2)).toEqual(data.boolean(false));
    wait(301_000);
    device.catchUp();
    expect(device.meter.relayState).toBe(1);
    expect(logged().slice(3)).toEqual(["limit-exceeded", "local-disconnect", "limit-kept", "local-connect"]);
  });

  test("takes the emergency threshold while the profile of its group holds", async () => {
    const { at, wait } = await open();
    const limit = at(71, obis);
    await limit.set(4, data.uint32(9000));
    await limit.set(5, data.uint32(2000));
    await limit.set(9, data.array(data.uint16(7)));
    // From 12:30 local time for an hour.
    await limit.set(8, data.structure(data.uint16(7), hex("07ea0b0a020c1e0000ff8800"), data.uint32(3600)));
    expect(await limit.get(3)).toEqual(data.uint32(9000));
    wait(30 * 60_000);
    expect(await limit.get(3)).toEqual(data.uint32(2000));
    expect(await limit.get(10)).toEqual(data.boolean(true));
    wait(3600_000);
    expect(await limit.get(3)).toEqual(data.uint32(9000));
  });
});

describe("image transfer", () => {
  const obis = "0-0:44.0.0*255";
  const firmware = Buffer.concat([Buffer.from("ENSFW ESV-2.1\n"), Buffer.alloc(1500, 0x5a)]);
  const image = Buffer.concat([firmware, createHash("sha256").update(firmware).digest()]);
  const block = (n: number) =>
    data.structure(data.uint32(n), data.octets(Uint8Array.from(image.subarray(n * 128, (n + 1) * 128))));
  const count = Math.ceil(image.length / 128);

  test("asks again for lost blocks, verifies and activates", async () => {
    const { at, logged } = await open();
    const transfer = at(18, obis);
    expect(await transfer.get(2)).toEqual(data.uint32(128));
    await transfer.act(1, data.structure(octets("ESV-2.1"), data.uint32(image.length)));
    for (let n = 0; n < count; n++) {
      if (n !== 3 && n !== 7) expect(await transfer.act(2, block(n))).toMatchObject(success);
    }
    expect(await transfer.get(4)).toEqual(data.uint32(3));
    expect(await transfer.get(3)).toMatchObject({ type: "bit-string", bits: count, bytes: bytesOf("eeF8") });
    expect(await transfer.act(3, data.int8(0))).toMatchObject({ actionResult: "other-reason" });
    await transfer.act(2, block(3));
    await transfer.act(2, block(7));
    expect(await transfer.get(4)).toEqual(data.uint32(count));
    expect(await transfer.act(3, data.int8(0))).toMatchObject(success);
    expect(await transfer.get(6)).toEqual(data.enum(3));
    expect(await at(1, "1-0:0.2.0*255").get(2)).toEqual(octets("ESV-1.0"));
    expect(await transfer.act(4, data.int8(0))).toMatchObject(success);
    expect(await transfer.get(6)).toEqual(data.enum(6));
    expect(await at(1, "1-0:0.2.0*255").get(2)).toEqual(octets("ESV-2.1"));
    expect(logged()).toEqual(["firmware-ready", "firmware-activated"]);
  });

  test("does not verify a damaged image, and does not activate it", async () => {
    const { at } = await open();
    const transfer = at(18, obis);
    await transfer.act(1, data.structure(octets("BAD"), data.uint32(128)));
    await transfer.act(2, data.structure(data.uint32(0), data.octets(new Uint8Array(128))));
    expect(await transfer.act(3, data.int8(0))).toMatchObject({ actionResult: "other-reason" });
    expect(await transfer.get(6)).toEqual(data.enum(4));
    expect(await transfer.act(4, data.int8(0))).toMatchObject({ actionResult: "other-reason" });
  });
});

describe("scripts", () => {
  test("switch the relay when they are executed, and at the time of their schedule", async () => {
    const { at, device, wait } = await open(2);
    const table = at(9, "0-0:10.0.106*255");
    expect(await table.act(1, data.uint16(1))).toMatchObject(success);
    expect(device.meter.relayState).toBe(0);
    expect(await table.act(1, data.uint16(2))).toMatchObject(success);
    expect(device.meter.relayState).toBe(1);
    expect(await table.act(1, data.uint16(9))).toMatchObject({ actionResult: "other-reason" });
    // Every day at 12:30.
    const times = data.array(data.structure(hex("0c1e0000"), hex("ffffffffff")));
    expect(await at(22, "0-0:15.0.1*255").set(4, times)).toEqual(written);
    wait(20 * 60_000);
    device.catchUp();
    expect(device.meter.relayState).toBe(1);
    wait(3 * 60_000);
    device.catchUp();
    expect(device.meter.relayState).toBe(0);
    device.meter.switchRelay("remote", "reconnect");
    wait(86_400_000);
    device.catchUp();
    expect(device.meter.relayState).toBe(0);
  });
});

describe("push", () => {
  const closing: (() => void)[] = [];
  afterEach(() => {
    for (const close of closing.splice(0)) close();
  });

  test("goes to the address of its set-up, ciphered, and again until it is confirmed", async () => {
    const { device, at } = await open();
    device.pusher = (list, options) => pushFrom(device, list, options);
    const received: Uint8Array[] = [];
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on("error", () => socket.destroy());
      socket.on("data", (chunk: Uint8Array) => {
        const { frame } = takeWrapperFrame(chunk, 65_535)!;
        received.push(frame.apdu);
        // The first one is lost on its way.
        if (received.length === 1) return;
        const apdu = encodeApdu({ kind: "data-notification-confirm", longInvokeId: 1 });
        socket.write(encodeWrapperFrame({ sourcePort: 0x66, destinationPort: 1, apdu }));
      });
    });
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    closing.push(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    const { port } = server.address() as { port: number };
    const setup = at(40, "0-0:25.9.0*255");
    expect(await setup.act(1, data.int8(0))).toMatchObject({ actionResult: "temporary-failure" });
    expect(await setup.set(7, { type: "uint16", value: 0 })).toEqual(written);
    expect(
      await setup.set(3, data.structure(data.enum(0), octets(`127.0.0.1:${port}`), data.enum(0))),
    ).toEqual(written);
    expect(await setup.set(3, data.structure(data.enum(4), octets("0712"), data.enum(0)))).toMatchObject({
      dataAccessResult: "other-reason",
    });
    await setup.set(7, { type: "uint16", value: 1 });
    expect(await setup.act(1, data.int8(0))).toMatchObject(success);
    await until(() => received.length === 2 && device.isConfirmed(1));
    expect(received.map((apdu) => decodeApdu(apdu))).toMatchObject([
      { kind: "ciphered", service: "general-glo-ciphering" },
      { kind: "ciphered", service: "general-glo-ciphering" },
    ]);
  });
});
