import { keyTransfer, openKeyTransfer } from "@energsys/protocols/cosem";
import {
  type ApduLink,
  countersInMemory,
  DeviceAssociation,
  DlmsClient,
  decodeApdu,
  deriveAgreedKey,
  encodeApdu,
  encodeConformance,
  type GeneralCiphering,
  type GeneralSigning,
  openGeneral,
  type SecuritySettings,
  sealGeneral,
  signGeneral,
  verifyGeneral,
} from "@energsys/protocols/dlms";
import { nodeCiphers, publicKeyOf } from "@energsys/protocols/node";
import { expect, test } from "vitest";
import { asHex, hex } from "./support.ts";

const published = "00112233445566778899AABBCCDDEEFF";
const kek128 = "000102030405060708090A0B0C0D0E0F";
const kek256 = `${kek128}101112131415161718191A1B1C1D1E1F`;

// RFC 3394, 4.1 and 4.6.
test.each([
  ["128 bit", kek128, published, "1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5"],
  [
    "256 bit",
    kek256,
    published + kek128,
    "28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21",
  ],
])(
  "key transfer with %s: the published wrap, opened by the device, refused when changed",
  (_name, kek, key, wrapped) => {
    const parameter = keyTransfer([{ name: "unicast", key: hex(key) }], hex(kek), nodeCiphers);
    const size = (wrapped.length / 2).toString(16);
    expect(asHex(encodeApdu({ kind: "data-notification", longInvokeId: 0, body: parameter })).slice(12)).toBe(
      `01010202160009${size}${wrapped}`,
    );
    expect(openKeyTransfer(parameter, hex(kek), nodeCiphers)).toEqual([{ name: "unicast", key: hex(key) }]);
    expect(
      openKeyTransfer(
        parameter,
        hex(kek).map((byte) => byte ^ 1),
        nodeCiphers,
      ),
    ).toBeUndefined();
    expect(openKeyTransfer({ type: "null" }, hex(kek), nodeCiphers)).toBeUndefined();
  },
);

test("AES-256-GCM as the published test case 16, its tag cut to 12 bytes", () => {
  const half = "feffe9928665731c6d6a8f9467308308";
  const sealed = nodeCiphers.seal(
    hex(half + half),
    hex("cafebabefacedbaddecaf888"),
    hex("feedfacedeadbeeffeedfacedeadbeefabaddad2"),
    hex(
      "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
    ),
  );
  expect(asHex(sealed)).toBe(
    "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853",
  );
});

test("ECDH P-256 as the first vector of NIST's CDH component test", () => {
  const shared = nodeCiphers.agree(
    "P-256",
    hex("7d7dc5f71eb29ddaf80d6214632eeae03d9058af1fb6d22ed80badb62bc1a534"),
    hex(
      "700c48f77f56584c5cc632ca65640db91b6bacce3a4df6b42ce7cc838833d287db71e509e3fd9b060ddb20ba5c51dcc5948d46fbf640dfe0441782cab85fa4ac",
    ),
  );
  expect(asHex(shared)).toBe("46fc62106420ff012e54a434fbdd2d25ccc5852060561e68040dd7778997bd7b");
});

test("ECDSA P-256: the signature of RFC 6979 over `sample` is good, over anything else not", () => {
  const key = hex(
    "60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB67903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299",
  );
  const signature = hex(
    "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8",
  );
  const text = (value: string) => new TextEncoder().encode(value);
  expect(nodeCiphers.verify("P-256", key, text("sample"), signature)).toBe(true);
  expect(nodeCiphers.verify("P-256", key, text("simple"), signature)).toBe(false);
});

const header = {
  transactionId: hex("0102030405060708"),
  originatorTitle: hex("4D4D4D0000BC614E"),
  recipientTitle: hex("4D4D4D0000000001"),
  dateTime: new Uint8Array(0),
  otherInformation: new Uint8Array(0),
};
const apdu = hex("C001C100080000010000FF0200");
const widths = [
  [1, "P-256", 16, 32],
  [2, "P-384", 32, 48],
] as const;

test("general-ciphering with an identified key, byte by byte", () => {
  const text = `DD 08 0102030405060708 08 4D4D4D0000BC614E 08 4D4D4D0000000001 00 00 01 00 00 0D 31 00000007 0102030405060708`;
  const message = decodeApdu(hex(text)) as GeneralCiphering;
  expect(message).toMatchObject({ header, keyInfo: { kind: "identified", id: 0 }, invocationCounter: 7 });
  expect(asHex(encodeApdu(message))).toBe(asHex(hex(text)));
});

test.each(widths)(
  "suite %i: general-ciphering opens with its key, and no byte of it may change",
  (suite, _curve, length) => {
    const key = new Uint8Array(length).fill(3);
    const authenticationKey = new Uint8Array(length).fill(4);
    const sealing = {
      header,
      keyInfo: { kind: "identified", id: 0 } as const,
      counter: 7,
      key,
      authenticationKey,
    };
    for (const control of [0x30, 0x10]) {
      const bytes = encodeApdu(sealGeneral(apdu, { ...sealing, control: control | suite }, nodeCiphers));
      const open = (changed: Uint8Array) =>
        openGeneral(decodeApdu(changed) as GeneralCiphering, { key, authenticationKey }, nodeCiphers);
      const opened = open(bytes);
      expect(opened.ok && asHex(opened.apdu)).toBe(asHex(apdu));
      const fields = [...Array.from({ length: 8 }, (_, at) => 2 + at), bytes.length - 1, bytes.length - 14];
      for (const at of fields) {
        const changed = bytes.slice();
        changed[at] = (changed[at] as number) ^ 1;
        expect(open(changed)).toEqual({ ok: false, code: "dlms.tag" });
      }
    }
    const other = sealGeneral(
      apdu,
      { ...sealing, control: 0x30 | suite, headerAuthenticated: false },
      nodeCiphers,
    );
    expect(openGeneral(other, { key, authenticationKey }, nodeCiphers).ok).toBe(false);
    expect(openGeneral(other, { key, authenticationKey, headerAuthenticated: false }, nodeCiphers).ok).toBe(
      true,
    );
  },
);

test.each(widths)(
  "suite %i: both sides of %s agree on one key, another for each message and scheme",
  (suite, curve, length, half) => {
    const [one, other] = [new Uint8Array(half).fill(1), new Uint8Array(half).fill(2)];
    const ours = (scheme: "one-pass" | "static-unified", of = header) =>
      deriveAgreedKey(
        { suite, scheme, privateKey: one, publicKey: publicKeyOf(curve, other), header: of },
        nodeCiphers,
      );
    const theirs = deriveAgreedKey(
      { suite, scheme: "one-pass", privateKey: other, publicKey: publicKeyOf(curve, one), header },
      nodeCiphers,
    );
    expect(ours("one-pass")).toEqual(theirs);
    expect(theirs).toHaveLength(length);
    expect(ours("static-unified")).not.toEqual(theirs);
    expect(ours("static-unified", { ...header, transactionId: hex("09") })).not.toEqual(
      ours("static-unified"),
    );
  },
);

test.each(widths)(
  "suite %i: general-signing holds for the message and the header that were signed",
  (_suite, curve, _length, half) => {
    const privateKey = new Uint8Array(half).fill(5);
    const signer = { curve, publicKey: publicKeyOf(curve, privateKey) };
    const bytes = encodeApdu(signGeneral(apdu, header, { curve, privateKey }, nodeCiphers));
    const message = decodeApdu(bytes) as GeneralSigning;
    expect(message.signature).toHaveLength(half * 2);
    expect(verifyGeneral(message, signer, nodeCiphers)).toBe(true);
    expect(verifyGeneral({ ...message, content: apdu.subarray(1) }, signer, nodeCiphers)).toBe(false);
    const moved = { ...message, header: { ...header, recipientTitle: hex("4D4D4D0000000002") } };
    expect(verifyGeneral(moved, signer, nodeCiphers)).toBe(false);
  },
);

test.each(widths)(
  "suite %i: an association by ECDSA on %s, ciphered with its keys",
  async (suite, curve, length, half) => {
    const [client, meter] = [new Uint8Array(half).fill(1), new Uint8Array(half).fill(2)];
    const signing = (own: Uint8Array, peer: Uint8Array) => ({
      curve,
      privateKey: own,
      peerKey: publicKeyOf(curve, peer),
    });
    const settings = (title: string): SecuritySettings => ({
      suite,
      encryptionKey: new Uint8Array(length).fill(6),
      authenticationKey: new Uint8Array(length).fill(7),
      systemTitle: hex(title),
      counters: countersInMemory(1),
      ciphers: nodeCiphers,
    });
    const device = new DeviceAssociation(
      {
        authentication: { kind: "high", mechanism: 7, signing: signing(meter, client) },
        security: settings("4D4D4D0000BC614E"),
        conformance: encodeConformance(["get"]),
        maxReceivePduLength: 1000,
      },
      (request) =>
        request.kind === "get-request-normal"
          ? {
              kind: "get-response-normal",
              invoke: request.invoke,
              result: { ok: true, data: { type: "null" } },
            }
          : undefined,
    );
    const tags: (number | undefined)[] = [];
    const link: ApduLink = {
      connect: async () => {},
      close: async () => {},
      async exchange(bytes) {
        tags.push(bytes[2]);
        return (await device.answer(bytes)) ?? new Uint8Array(0);
      },
    };
    const reader = await DlmsClient.associate(link, {
      authentication: { kind: "high", mechanism: 7, signing: signing(client, meter) },
      security: settings("4D4D4D0000000001"),
    });
    expect(await reader.get({ classId: 1, obis: "0-0:96.1.0*255", attribute: 2 })).toEqual({
      ok: true,
      data: { type: "null" },
    });
    expect(tags.at(-1)).toBe(0x30 | suite);
  },
);
