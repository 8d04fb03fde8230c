import { join } from "node:path";
import { decodeObjectList } from "@energsys/protocols/cosem";
import {
  type AttributeReference,
  DlmsClient,
  type DlmsClientOptions,
  decodeDateTime,
  textOf,
  toEpochMs,
} from "@energsys/protocols/dlms";
import { HdlcLink } from "@energsys/protocols/hdlc";
import { WrapperLink } from "@energsys/protocols/wrapper";
import { expect, test } from "vitest";
import { captures, hasCaptures, ManualClock, readSession, replay, type TestStream } from "./support.ts";

// Exchanges that two other programs had with each other: our reader takes the place of one of them and must send the
// same bytes, while the meter's answers come byte by byte.

const conformance = 0x401e5d;

const attribute = (classId: number, obis: string, number: number): AttributeReference => ({
  classId,
  obis,
  attribute: number,
});

function client(session: string, stream: TestStream, options: Partial<DlmsClientOptions> & { sap: number }) {
  const clock = new ManualClock();
  const { sap, ...rest } = options;
  const link = session.includes("wrap")
    ? new WrapperLink(stream, clock, { client: sap, server: 1, responseTimeoutMs: 1000 })
    : new HdlcLink(stream, clock, {
        client: sap,
        server: 1,
        responseTimeoutMs: 1000,
        informationLengthMax: 128,
      });
  return DlmsClient.associate(link, {
    authentication: { kind: "none" },
    conformance,
    maxReceivePduLength: 0xffff,
    invokeIds: "constant",
    releaseRequest: session.includes("wrap"),
    ...rest,
  });
}

test.skipIf(!hasCaptures).each([
  ["dlms-hdlc-ln-none", 16, 52, { kind: "none" }],
  ["dlms-hdlc-ln-low", 17, 52, { kind: "low", password: "Gurux" }],
  ["dlms-wrap-ln-none", 16, 52, { kind: "none" }],
] as const)(
  "the recorded session %s is read to the same values",
  async (session, sap, count, authentication) => {
    const { stream, rest } = replay(readSession(join(captures, "sessions", `${session}.json`)));
    const meter = await client(session, stream, { sap, authentication });
    expect(meter.serverMaxReceivePduLength).toBe(512);
    expect(meter.supports("get")).toBe(true);

    const list = await meter.get(attribute(15, "0-0:40.0.0*255", 2));
    const objects = list.ok ? decodeObjectList(list.data) : [];
    expect(objects.length).toBeGreaterThanOrEqual(count);
    expect(objects.some((object) => object.obis === "0-0:42.0.0*255" && object.classId === 1)).toBe(true);

    const name = await meter.get(attribute(1, "0-0:42.0.0*255", 2));
    expect(name.ok && textOf(name.data)).toBe("GRX0000000123456");
    const time = await meter.get(attribute(8, "0-0:1.0.0*255", 2));
    const at =
      time.ok && time.data.type === "octet-string" ? toEpochMs(decodeDateTime(time.data.bytes)) : undefined;
    expect(new Date(at ?? 0).toISOString()).toMatch(/^2026-11-23T07:04:0\d\.000Z$/);
    const columns = await meter.get(attribute(7, "1-0:99.98.0*255", 3));
    expect(columns.ok).toBe(true);
    const status = await meter.get(attribute(15, "0-0:40.0.0*255", 8));
    expect(status).toEqual({ ok: true, data: { type: "enum", value: 2 } });
    const push = await meter.get(attribute(40, "0-0:25.9.0*255", 2));
    expect(push.ok).toBe(true);
    await meter.release();
    expect(rest()).toBe(0);
    expect(stream.closed).toBe(true);
  },
);

test.skipIf(!hasCaptures)("a wrong password is refused with the meter's diagnostic", async () => {
  const { stream, rest } = replay(readSession(join(captures, "sessions/dlms-low-wrongpw.json")));
  await expect(
    client("hdlc", stream, { sap: 17, authentication: { kind: "low", password: "wrong" } }),
  ).rejects.toMatchObject({ code: "association.unproven", diagnostic: "authentication-failure" });
  expect(rest()).toBe(0);
  expect(stream.closed).toBe(true);
});
