import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Ciphers } from "@energsys/protocols";
import { decodeObjectList } from "@energsys/protocols/cosem";
import {
  type AssociationOptions,
  type AttributeReference,
  countersInMemory,
  DeviceAssociation,
  DlmsClient,
  decodeApdu,
  integerOf,
  textOf,
} from "@energsys/protocols/dlms";
import { decodeFrame, HdlcLink } from "@energsys/protocols/hdlc";
import { nodeCiphers } from "@energsys/protocols/node";
import { WrapperLink } from "@energsys/protocols/wrapper";
import { expect, test } from "vitest";
import {
  captures,
  hasCaptures,
  hex,
  ManualClock,
  readSession,
  replay,
  type SessionStep,
  type TestStream,
} from "./support.ts";

// Ciphered exchanges that two other programs had with each other: our reader takes the place of the client, with its
// keys, its challenge and its first counter, and must send the same bytes to the last tag.

const of = (classId: number, obis: string, number: number): AttributeReference => ({
  classId,
  obis,
  attribute: number,
});
const conformance = 0x401e5d;

/** The AARQ with a challenge, and the counter of its initiate request. */
function recordedStart(
  steps: readonly SessionStep[],
  hdlc: boolean,
): { challenge: Uint8Array; counter: number } {
  for (const step of steps) {
    if (step.dir !== "to-meter") continue;
    const bytes = hex(step.hex ?? "");
    const apdu = hdlc ? decodeFrame(bytes).information.subarray(3) : bytes.subarray(8);
    if (apdu[0] !== 0x60) continue;
    const aarq = decodeApdu(apdu);
    if (aarq.kind === "aarq" && aarq.authenticationValue && aarq.userInformation?.kind === "ciphered") {
      return { challenge: aarq.authenticationValue, counter: aarq.userInformation.invocationCounter };
    }
  }
  throw new Error("no ciphered association in the recording");
}

function read(session: string, encryptionKey?: string) {
  const file = join(captures, "sessions", `${session}.json`);
  const { keys } = JSON.parse(readFileSync(file, "utf8"));
  const steps = readSession(file);
  const hdlc = session.includes("hdlc");
  const { stream, rest } = replay(steps);
  const { challenge, counter } = recordedStart(steps, hdlc);
  const ciphers: Ciphers = { ...nodeCiphers, random: () => challenge };
  const counters = countersInMemory(counter);
  const options: AssociationOptions = {
    authentication: { kind: "high", mechanism: 5 },
    conformance,
    releaseProtected: false,
    security: {
      encryptionKey: hex(encryptionKey ?? keys.encryptionKey),
      authenticationKey: hex(keys.authenticationKey),
      systemTitle: hex(keys.clientSystemTitle),
      general: true,
      counters,
      ciphers,
    },
  };
  return { stream, rest, hdlc, options, counters };
}

const linkTo = (stream: TestStream, hdlc: boolean, client: number, closeStream: boolean) => {
  const common = { client, server: 1, responseTimeoutMs: 1000, closeStream };
  return hdlc
    ? new HdlcLink(stream, new ManualClock(), { ...common, informationLengthMax: 128 })
    : new WrapperLink(stream, new ManualClock(), common);
};

/** As the recorded client: the invocation counter by the public client first. */
async function readCounter(stream: TestStream, hdlc: boolean): Promise<number> {
  const meter = await DlmsClient.associate(linkTo(stream, hdlc, 16, false), {
    authentication: { kind: "none" },
    conformance,
    invokeIds: "constant",
    releaseRequest: !hdlc,
  });
  const counter = await meter.get(of(1, "0-0:43.1.0*255", 2));
  await meter.release();
  return counter.ok ? Number(integerOf(counter.data)) : 0;
}

test.skipIf(!hasCaptures).each(["dlms-wrap-ln-gmac", "dlms-hdlc-ln-gmac"])(
  "%s: associated, read and released with the same bytes",
  async (session) => {
    const { stream, rest, hdlc, options, counters } = read(session);
    const counter = await readCounter(stream, hdlc);
    const meter = await DlmsClient.associate(linkTo(stream, hdlc, 1, true), {
      ...options,
      invokeIds: "constant",
    });
    const list = await meter.get(of(15, "0-0:40.0.0*255", 2));
    expect(list.ok && decodeObjectList(list.data).length).toBeGreaterThan(50);
    const name = await meter.get(of(1, "0-0:42.0.0*255", 2));
    expect(name.ok && textOf(name.data)).toBe("GRX0000000123456");
    await meter.get(of(8, "0-0:1.0.0*255", 2));
    const columns = await meter.get(of(7, "1-0:99.98.0*255", 3));
    expect(columns.ok).toBe(true);
    expect(await meter.get(of(15, "0-0:40.0.0*255", 8))).toEqual({
      ok: true,
      data: { type: "enum", value: 2 },
    });
    await meter.get(of(40, "0-0:25.9.0*255", 2));
    await meter.release();
    expect(rest()).toBe(0);
    expect(stream.closed).toBe(true);
    // The meter's last message carried the counter 16A.
    expect(counters.received()).toBe(0x16a);
    expect(counter).toBeGreaterThan(0);
  },
);

test.skipIf(!hasCaptures)(
  "a wrong key is told as the meter's refusal to decipher, and the link closed",
  async () => {
    const { stream, rest, hdlc, options } = read("dlms-gmac-badkey", "000102030405060708090A0B0C0D0E00");
    await readCounter(stream, hdlc);
    await expect(DlmsClient.associate(linkTo(stream, hdlc, 1, true), options)).rejects.toMatchObject({
      code: "dlms.deciphering-refused",
      service: "deciphering-error",
    });
    expect(rest()).toBe(0);
    expect(stream.closed).toBe(true);
  },
);

test.skipIf(!hasCaptures)("a wrong authentication key of ours stops at the meter's first tag", async () => {
  const { stream, hdlc, options } = read("dlms-wrap-ln-gmac");
  await readCounter(stream, hdlc);
  const security = options.security as NonNullable<AssociationOptions["security"]>;
  // Keep what we send as recorded: only opening uses the wrong key.
  const ciphers = { ...security.ciphers, open: () => undefined };
  await expect(
    DlmsClient.associate(linkTo(stream, hdlc, 1, true), { ...options, security: { ...security, ciphers } }),
  ).rejects.toMatchObject({ code: "dlms.tag" });
  expect(stream.closed).toBe(true);
});

test.skipIf(!hasCaptures)(
  "dlms-wrap-ln-gmac: our device takes the recorded client's proof and opens all that it asked for",
  async () => {
    const file = join(captures, "sessions/dlms-wrap-ln-gmac.json");
    const { keys } = JSON.parse(readFileSync(file, "utf8"));
    const steps = readSession(file).filter((step) => step.dir !== undefined);
    const start = steps.findIndex((step) => hex(step.hex ?? "")[3] === 1 && step.dir === "to-meter");
    const apdus = steps.slice(start).map((step) => hex(step.hex ?? "").subarray(8));
    const aare = decodeApdu(apdus[1] as Uint8Array);
    const challenge = aare.kind === "aare" ? aare.authenticationValue : undefined;
    const asked: string[] = [];
    const device = new DeviceAssociation(
      {
        authentication: { kind: "high", mechanism: 5 },
        conformance: 0x40181d,
        maxReceivePduLength: 512,
        security: {
          encryptionKey: hex(keys.encryptionKey),
          authenticationKey: hex(keys.authenticationKey),
          systemTitle: hex(keys.serverSystemTitle),
          counters: countersInMemory(0x158),
          ciphers: { ...nodeCiphers, random: () => challenge as Uint8Array },
        },
      },
      (request) => {
        asked.push(request.kind);
        return undefined;
      },
    );
    // Only what the two devices offer may differ in the protected part.
    const ours = decodeApdu((await device.answer(apdus[0] as Uint8Array)) as Uint8Array);
    expect(ours).toMatchObject({ ...aare, userInformation: { service: "glo-initiate-response" } });
    expect(device.state).toBe("pending");
    await device.answer(apdus[2] as Uint8Array);
    expect(device.state).toBe("associated");
    for (let at = 4; at < apdus.length - 2; at += 2) await device.answer(apdus[at] as Uint8Array);
    expect(asked.filter((kind) => kind === "get-request-next")).toHaveLength(9);
    expect(asked.filter((kind) => kind === "get-request-normal")).toHaveLength(6);
  },
);
