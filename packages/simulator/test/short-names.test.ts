import { data, ShortNameClient } from "@energsys/protocols/dlms";
import { HdlcLink } from "@energsys/protocols/hdlc";
import { expect, test } from "vitest";
import { connectTo } from "./secured.ts";
import { ascii, deviceOf, meterOf, nowMs, realClock } from "./support.ts";

const energy = { classId: 3, obis: "1-0:1.8.0*255", attribute: 2 } as const;
const relay = { classId: 70, obis: "0-0:96.3.10*255" } as const;

function open(client: number, password?: string, maxReceivePduLength?: number) {
  const device = deviceOf(meterOf("dlms-sn", { password: "12345678", relayMode: 2, framing: "hdlc" }));
  const link = new HdlcLink(connectTo(device), realClock, { client, server: 1, responseTimeoutMs: 500 });
  const associating = ShortNameClient.associate(link, {
    authentication: password === undefined ? { kind: "none" } : { kind: "low", password: ascii(password) },
    // READ, WRITE, lists, parameterised access, blocks both ways.
    conformance: 0x1c1a20,
    ...(maxReceivePduLength !== undefined && { maxReceivePduLength }),
  });
  return { device, associating };
}

test.each([
  ["in one piece", undefined],
  ["in blocks", 128],
])("a meter of short names is read, written and switched, %s", async (_, pduLength) => {
  const { device, associating } = open(17, "12345678", pduLength);
  const client = await associating;
  expect((await client.objects()).length).toBeGreaterThan(30);
  expect(await client.get(energy)).toEqual({
    ok: true,
    data: data.uint32(device.meter.registersNow().importWh),
  });
  expect(await client.getList([energy, { ...relay, attribute: 3 }])).toMatchObject([
    { ok: true },
    { ok: true },
  ]);
  expect(await client.action({ ...relay, method: 1 }, data.int8(0))).toEqual({ actionResult: "success" });
  expect(await client.get({ ...relay, attribute: 2 })).toEqual({ ok: true, data: data.boolean(false) });
  const shift = { classId: 8, obis: "0-0:1.0.0*255", method: 6 };
  expect(await client.action(shift, data.int16(-20))).toEqual({ actionResult: "success" });
  expect(device.meter.now()).toBe(nowMs - 20_000);
  const calendar = { classId: 20, obis: "0-0:13.0.0*255", attribute: 6 };
  const name = data.octets(new Uint8Array(200).fill(0x41));
  expect(await client.set(calendar, name)).toEqual({ ok: true });
  expect(await client.get(calendar)).toEqual({ ok: true, data: name });
  await client.release();
});

test("the public client of a meter of short names sees its list and no energy", async () => {
  const { associating } = open(16);
  const client = await associating;
  const names = (await client.objects()).map(({ obis }) => obis);
  expect(names).toContain("0-0:42.0.0*255");
  expect(names).not.toContain(energy.obis);
  await client.release();
});

test("a meter of short names refuses a wrong password and logical names", async () => {
  await expect(open(17, "87654321").associating).rejects.toMatchObject({ code: "association.unproven" });
});
