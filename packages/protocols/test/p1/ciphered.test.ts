import { readFileSync } from "node:fs";
import { join } from "node:path";
import { explain } from "@energsys/protocols/decode";
import { nodeCiphers } from "@energsys/protocols/node";
import { CipheredP1Reader, decodeCipheredP1, openP1, sealP1 } from "@energsys/protocols/p1";
import { expect, test } from "vitest";
import { asHex, hex } from "../dlms/support.ts";

const fixtures = join(import.meta.dirname, "../fixtures");
const foreign = hex(readFileSync(join(fixtures, "p1/luxembourg-ciphered.hex"), "utf8"));
const plain = new Uint8Array(readFileSync(join(fixtures, "iec62056-21/dsmr-5-isk.txt")));
const keys = {
  encryption: hex("0123456789ABCDEF0123456789ABCDEF"),
  authentication: hex("FFEEDDCCBBAA99887766554433221100"),
};
const wrong = hex("00000000000000000000000000000000");

test("a telegram that another project ciphered opens, and sealing it again gives the same bytes", () => {
  const message = decodeCipheredP1(foreign);
  const opened = openP1(message, keys, nodeCiphers);
  expect(opened).toMatchObject({ ok: true, tag: "good" });
  expect(opened.ok && opened.telegram.identification?.manufacturer).toBe("Lux");
  expect(
    opened.ok && opened.telegram.dataSets.find(({ address }) => address === "1-0:1.8.0")?.values,
  ).toEqual([{ value: "000025.653", unit: "kWh" }]);
  const inside = nodeCiphers.open(
    keys.encryption,
    hex(`${asHex(message.systemTitle!)}11223344`),
    hex(`30${asHex(keys.authentication)}`),
    message.content,
  );
  const sealing = { ...keys, control: 0x30, counter: 0x11223344, systemTitle: message.systemTitle! };
  expect(asHex(sealP1(inside!, sealing, nodeCiphers))).toBe(asHex(foreign));
});

test.each([
  ["the authentication key is another one", { ...keys, authentication: wrong }, "dlms.tag"],
  ["the encryption key is another one", { ...keys, encryption: wrong }, "dlms.tag"],
  ["the authentication key is missing", { encryption: keys.encryption }, "dlms.no-authentication-key"],
  [
    "the tag is not checked and the encryption key is another one",
    { encryption: wrong, tagUnchecked: true },
    "p1.no-telegram",
  ],
])("nothing comes out when %s", (_name, given, code) => {
  expect(openP1(decodeCipheredP1(foreign), given, nodeCiphers)).toEqual({ ok: false, code });
});

test("without the authentication key it opens only when somebody asks for it, and is marked", () => {
  const opened = openP1(
    decodeCipheredP1(foreign),
    { encryption: keys.encryption, tagUnchecked: true },
    nodeCiphers,
  );
  expect(opened).toMatchObject({ ok: true, tag: "unchecked" });
  const { telegrams, warnings } = explain(foreign, {
    ciphers: nodeCiphers,
    keys: { encryption: keys.encryption, tagUnchecked: true },
  });
  expect(telegrams[0]).toMatchObject({ kind: "p1", authenticated: false, checks: { crc: "bad" } });
  expect(telegrams[0]?.checks).not.toHaveProperty("tag");
  expect(warnings[0]).toMatch(/^dlms\.tag-unchecked /);
});

const sealing = { ...keys, control: 0x30, counter: 7, systemTitle: hex("4B464D0000000001") };

test("telegrams of a stream that begins in the middle of one come out, cut anywhere", () => {
  const first = sealP1(plain, sealing, nodeCiphers);
  const second = sealP1(plain, { ...sealing, counter: 8 }, nodeCiphers);
  const stream = new Uint8Array([...first.subarray(40), 0xdb, ...first, 0xdb, 0x08, ...second]);
  for (const size of [1, 2, 3, 13, 512, stream.length]) {
    const reader = new CipheredP1Reader();
    const found = [];
    for (let at = 0; at < stream.length; at += size)
      found.push(...reader.push(stream.subarray(at, at + size)));
    const counters = found.map(({ invocationCounter }) => invocationCounter);
    expect([size, counters.filter((counter) => counter === 7 || counter === 8)]).toEqual([size, [7, 8]]);
  }
});

test("a ciphered telegram is explained like one in the clear, with its title and tag; two in a row as two", () => {
  const bytes = sealP1(plain, sealing, nodeCiphers);
  const given = { ciphers: nodeCiphers, keys };
  const [clear] = explain(plain).telegrams;
  const [sealed] = explain(bytes, given).telegrams;
  expect(sealed).toMatchObject({
    kind: "p1",
    checks: { crc: "good", tag: "good" },
    device: { systemTitle: "4B464D0000000001", manufacturer: "ISk" },
  });
  expect(sealed?.readings).toEqual(clear?.readings);
  expect(explain(new Uint8Array([...bytes, ...bytes]), given).telegrams.map(({ kind }) => kind)).toEqual([
    "p1",
    "p1",
  ]);
  expect(explain(bytes).warnings[0]).toMatch(/^dlms\.no-key /);
});

test("a message of another kind is no ciphered telegram", () => {
  const code = (bytes: Uint8Array) => {
    try {
      return decodeCipheredP1(bytes);
    } catch (error) {
      return (error as { code?: string }).code;
    }
  };
  expect(code(hex("C001C100080000010000FF0200"))).toBe("p1.not-ciphered");
  expect(code(new Uint8Array([...foreign, 0]))).toBe("apdu.trailing");
});

const loneKeys = {
  encryption: hex("000102030405060708090A0B0C0D0E0F"),
  authentication: hex("D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF"),
};

test("a published ciphertext and a published GMAC are recognised when their counter is told", () => {
  const get = hex("411312FF935A47566827C467BC7D825C3BE4A77C3FCC056B6B");
  const title = hex("4D4D4D0000BC614E");
  const options = {
    ciphers: nodeCiphers,
    keys: { ...loneKeys, systemTitle: title },
    invocationCounter: 0x01234567,
  };
  expect(explain(get, options).telegrams).toMatchObject([
    { kind: "dlms-apdu", checks: { tag: "good" }, explains: "GET request: clock 0-0:1.0.0*255 time" },
  ]);
  expect(explain(get, { ...options, invocationCounter: 1 })).toMatchObject({
    telegrams: [{ kind: "dlms-apdu", checks: { tag: "bad" } }],
    warnings: [expect.stringMatching(/^dlms\.tag /)],
  });
  const gmac = (challenge: string) =>
    explain(hex("1A52FE7DD3E72748973C1E28"), {
      ciphers: nodeCiphers,
      keys: { ...loneKeys, systemTitle: hex("4D4D4D0000000001") },
      invocationCounter: 1,
      challenge: hex(challenge),
    }).telegrams;
  expect(gmac("503677524A323146")).toMatchObject([{ kind: "dlms-gmac", checks: { tag: "good" } }]);
  expect(gmac("503677524A323147")).toMatchObject([{ kind: "dlms-gmac", checks: { tag: "bad" } }]);
});
