import {
  type ApduLink,
  type AssociationOptions,
  type Authentication,
  countersInMemory,
  DeviceAssociation,
  DlmsClient,
  decodeApdu,
  encodeApdu,
  encodeConformance,
  type SecuritySettings,
} from "@energsys/protocols/dlms";
import { nodeCiphers, publicKeyOf } from "@energsys/protocols/node";
import { expect, test } from "vitest";
import { hex } from "./support.ts";

// Reader and device of ours against each other; the reader alone is proven by recordings of other programs.

const keys = {
  encryptionKey: hex("000102030405060708090A0B0C0D0E0F"),
  authenticationKey: hex("D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF"),
  ciphers: nodeCiphers,
};
const readerSecurity = (more: Partial<SecuritySettings> = {}): SecuritySettings => ({
  ...keys,
  systemTitle: hex("4D4D4D0000000001"),
  counters: countersInMemory(1),
  ...more,
});
const meterSecurity = (more: Partial<SecuritySettings> = {}): SecuritySettings => ({
  ...keys,
  systemTitle: hex("4D4D4D0000BC614E"),
  counters: countersInMemory(1),
  ...more,
});

/** A device behind a link; every message is kept as it went over the line. */
class Line implements ApduLink {
  readonly device: DeviceAssociation;
  readonly requests: Uint8Array[] = [];
  readonly answers: Uint8Array[] = [];
  closed = false;
  served = 0;
  distort: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes;

  constructor(authentication: Authentication, security?: SecuritySettings) {
    this.device = new DeviceAssociation(
      {
        authentication,
        ...(security && { security }),
        conformance: encodeConformance(["get", "multiple-references", "general-protection"]),
        maxReceivePduLength: 400,
      },
      (request) => {
        this.served++;
        if (request.kind !== "get-request-normal") return undefined;
        const data = { type: "uint32", value: 4711 } as const;
        return { kind: "get-response-normal", invoke: request.invoke, result: { ok: true, data } };
      },
    );
  }

  async connect(): Promise<void> {}

  async exchange(apdu: Uint8Array): Promise<Uint8Array> {
    this.requests.push(apdu);
    const answer = (await this.device.answer(apdu)) ?? new Uint8Array(0);
    this.answers.push(answer);
    return this.distort(answer);
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}

const energy = { classId: 3, obis: "1-0:1.8.0*255", attribute: 2 } as const;
const value = { ok: true, data: { type: "uint32", value: 4711 } };
const gmac: Authentication = { kind: "high", mechanism: 5 };
const open = (line: Line, options: AssociationOptions) =>
  DlmsClient.associate(line, { ...options, conformance: 0x401e5d });

const forms: [string, Partial<SecuritySettings>, number][] = [
  ["a key of the service", {}, 0xc8],
  ["the general form", { general: true }, 0xdb],
  ["a dedicated key", { dedicatedKey: hex("00112233445566778899AABBCCDDEEFF") }, 0xd0],
  ["a dedicated key in the general form", { general: true, dedicatedKey: new Uint8Array(16).fill(7) }, 0xdc],
  ["authentication alone", { level: "authenticated" }, 0xc8],
  ["encryption alone", { level: "encrypted" }, 0xc8],
];
test.each(forms)("GMAC and %s: read, answered in the same form, released", async (_name, more, tag) => {
  const { level } = more;
  const line = new Line(gmac, meterSecurity({ ...(level && { level }) }));
  const meter = await open(line, { authentication: gmac, security: readerSecurity(more) });
  expect(line.device.state).toBe("associated");
  expect(await meter.get(energy)).toEqual(value);
  expect(await meter.get(energy)).toEqual(value);
  expect(line.requests.at(-1)?.[0]).toBe(tag);
  expect(line.answers.at(-1)?.[0]).toBe(tag < 0xd8 ? tag + 4 : tag);
  await meter.release();
  expect(line.device.state).toBe("none");
  expect(decodeApdu(line.answers.at(-1) as Uint8Array)).toMatchObject({
    kind: "rlre",
    userInformation: { kind: "ciphered", service: "glo-initiate-response" },
  });
  expect(line.closed).toBe(true);
});

const privateKey = (byte: number) => new Uint8Array(32).fill(byte);
const signing = (own: number, peer: number) => ({
  curve: "P-256" as const,
  privateKey: privateKey(own),
  peerKey: publicKeyOf("P-256", privateKey(peer)),
});
test.each([2, 3, 4, 5, 6, 7] as const)("high security %i without ciphering", async (mechanism) => {
  const answer = (challenge: Uint8Array, secret: Uint8Array) =>
    nodeCiphers.hash("md5", new Uint8Array([...secret, ...challenge]));
  const common = { kind: "high", mechanism, secret: "of both", answer } as const;
  const line = new Line({ ...common, signing: signing(2, 1) }, meterSecurity({ level: "none" }));
  const security = readerSecurity({ level: "none" });
  const meter = await open(line, { authentication: { ...common, signing: signing(1, 2) }, security });
  expect(await meter.get(energy)).toEqual(value);
  await meter.release();

  const wrong = { ...common, secret: "another", signing: signing(3, 2) } as const;
  const keysOfOther = mechanism === 5 ? { authenticationKey: new Uint8Array(16) } : {};
  await expect(
    open(line, { authentication: wrong, security: readerSecurity({ level: "none", ...keysOfOther }) }),
  ).rejects.toMatchObject({ code: "association.unproven", diagnostic: "authentication-failure" });
  expect(line.served).toBe(1);
  expect(line.closed).toBe(true);
});

test("a meter that does not know the key is found out by its answer to the challenge", async () => {
  const line = new Line({ kind: "high", mechanism: 3, secret: "of both" }, meterSecurity({ level: "none" }));
  line.distort = (bytes) => {
    const apdu = decodeApdu(bytes);
    if (apdu.kind !== "action-response-normal") return bytes;
    const data = { type: "octet-string", bytes: new Uint8Array(16) } as const;
    return encodeApdu({ ...apdu, result: { ok: true, data } });
  };
  await expect(
    open(line, {
      authentication: { kind: "high", mechanism: 3, secret: "of both" },
      security: readerSecurity({ level: "none" }),
    }),
  ).rejects.toMatchObject({ code: "association.meter-unproven" });
  expect(line.device.state).toBe("none");
  expect(line.closed).toBe(true);
});

test.each([
  ["a wrong encryption key", { encryptionKey: new Uint8Array(16) }, "dlms.deciphering-refused"],
  ["a wrong authentication key", { authenticationKey: new Uint8Array(16) }, "dlms.deciphering-refused"],
  ["weaker protection than the meter's policy", { level: "authenticated" }, "dlms.deciphering-refused"],
] as const)("%s is refused before anything is served", async (_name, more, code) => {
  const line = new Line(gmac, meterSecurity());
  const opening = open(line, { authentication: gmac, security: readerSecurity(more) });
  await expect(opening).rejects.toMatchObject({ code });
  expect(line.served).toBe(0);
  expect(line.closed).toBe(true);
});

test("a counter behind the meter's is refused with the counter that it expects", async () => {
  const line = new Line(gmac, meterSecurity({ counters: countersInMemory(1, 5000) }));
  await expect(
    open(line, { authentication: gmac, security: readerSecurity({ counters: countersInMemory(5000) }) }),
  ).rejects.toMatchObject({ code: "dlms.counter-refused", expectedCounter: 5001 });
  const security = readerSecurity({ counters: countersInMemory(5001) });
  const meter = await open(line, { authentication: gmac, security });
  expect(await meter.get(energy)).toEqual(value);
});

test("the device refuses a request that is played to it again", async () => {
  const line = new Line(gmac, meterSecurity());
  const meter = await open(line, { authentication: gmac, security: readerSecurity() });
  await meter.get(energy);
  const again = await line.device.answer(line.requests.at(-1) as Uint8Array);
  expect(decodeApdu(again as Uint8Array)).toMatchObject({
    kind: "exception-response",
    serviceError: "invocation-counter-error",
    invocationCounter: 5,
  });
  expect(line.served).toBe(1);
});

const faults: [string, (answers: readonly Uint8Array[], now: Uint8Array) => Uint8Array, string][] = [
  ["an answer of before", (answers) => answers.at(-2) as Uint8Array, "dlms.replay"],
  [
    "a changed answer",
    (_, now) => now.map((byte, at) => (at === now.length - 1 ? byte ^ 1 : byte)),
    "dlms.tag",
  ],
  ["an answer in the clear", () => hex("C401C1000600001267"), "dlms.protection"],
  [
    "an answer without authentication",
    (_, now) => now.map((byte, at) => (at === 2 ? 0x20 : byte)),
    "dlms.protection",
  ],
  ["an answer of another suite", (_, now) => now.map((byte, at) => (at === 2 ? 0x31 : byte)), "dlms.suite"],
  [
    "an answer named another service",
    (_, now) => now.map((byte, at) => (at === 0 ? 0xcd : byte)),
    "dlms.inner-service",
  ],
  ["a refusal to decipher", () => hex("D80105"), "dlms.deciphering-refused"],
  ["a refusal of the length", () => hex("D80104"), "dlms.pdu-refused"],
];
test.each(faults)("%s ends the association, and its value is not used", async (_name, distort, code) => {
  const line = new Line(gmac, meterSecurity());
  const meter = await open(line, { authentication: gmac, security: readerSecurity() });
  expect(await meter.get(energy)).toEqual(value);
  line.distort = (now) => distort(line.answers, now);
  await expect(meter.get(energy)).rejects.toMatchObject({ code });
  expect(line.closed).toBe(true);
  expect(decodeApdu(line.requests.at(-1) as Uint8Array).kind).toBe("rlrq");
  expect(line.device.state).toBe("none");
});

test("a service that the meter does not have leaves the association open", async () => {
  const line = new Line(gmac, meterSecurity());
  const meter = await open(line, { authentication: gmac, security: readerSecurity() });
  line.distort = () => hex("D80202");
  await expect(meter.get(energy)).rejects.toMatchObject({ code: "dlms.exception" });
  line.distort = (bytes) => bytes;
  expect(await meter.get(energy)).toEqual(value);
  expect(line.closed).toBe(false);
});

test("nothing in the clear is served in a ciphered association, nor its end believed", async () => {
  const line = new Line(gmac, meterSecurity());
  await open(line, { authentication: gmac, security: readerSecurity() });
  for (const text of ["C001C100030100010800FF0200", "6203800100"]) {
    const answer = decodeApdu((await line.device.answer(hex(text))) as Uint8Array);
    expect(answer).toMatchObject({ kind: "exception-response", stateError: "service-not-allowed" });
  }
  expect(line.served).toBe(0);
  expect(line.device.state).toBe("associated");
});

test("counters never come twice, in any block of them", async () => {
  const line = new Line(gmac, meterSecurity());
  const meter = await open(line, { authentication: gmac, security: readerSecurity() });
  for (let count = 0; count < 600; count++) await meter.get(energy);
  const sent = line.requests.slice(1).map((bytes) => decodeApdu(bytes));
  const counters = sent.map((apdu) => (apdu.kind === "ciphered" ? apdu.invocationCounter : 0));
  expect(counters).toEqual(counters.map((_, index) => index + 3));
  const last = readerSecurity({ counters: countersInMemory(0xffff_fffd) });
  const exhausted = open(new Line(gmac, meterSecurity()), { authentication: gmac, security: last });
  const other = await exhausted;
  await expect(other.get(energy)).rejects.toMatchObject({ code: "dlms.counter-exhausted" });
});

test("without an association nothing is served, and odd bytes are answered", async () => {
  const line = new Line({ kind: "none" });
  for (const text of ["C001C100030100010800FF0200", "C8051E30", "FF", "DB0000"]) {
    const answer = decodeApdu((await line.device.answer(hex(text))) as Uint8Array);
    expect(answer.kind).toBe("exception-response");
  }
  expect(line.served).toBe(0);
});

test("an association by agreement needs no AARQ", async () => {
  const security = readerSecurity({ peerTitle: hex("4D4D4D0000BC614E"), counters: countersInMemory(900) });
  const line = new Line({ kind: "none" });
  let plain: Uint8Array = new Uint8Array(0);
  line.exchange = async (apdu) => {
    line.requests.push(apdu);
    plain = apdu;
    return hex("D80101");
  };
  const meter = await DlmsClient.associate(line, {
    authentication: { kind: "none" },
    security,
    preEstablished: { conformance: 0x001010, serverMaxReceivePduLength: 500 },
  });
  expect(line.requests).toEqual([]);
  await expect(meter.get(energy)).rejects.toMatchObject({ code: "dlms.exception" });
  expect(decodeApdu(plain)).toMatchObject({ kind: "ciphered", invocationCounter: 900 });
});
