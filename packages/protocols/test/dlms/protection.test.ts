import { type Ciphered, decodeApdu, openCiphered } from "@energsys/protocols/dlms";
import { nodeCiphers } from "@energsys/protocols/node";
import { expect, test } from "vitest";
import { asHex, hex } from "./support.ts";

const keys = {
  encryption: hex("000102030405060708090A0B0C0D0E0F"),
  authentication: hex("D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF"),
  systemTitle: hex("4D4D4D0000BC614E"),
};
const plain = "c0010000080000010000ff0200";

// Published suite 0 vectors (GET of the clock, counter 01234567) and the same in the general form.
const vectors: [string, string, "good" | "absent"][] = [
  [
    "both",
    "C8 1E 30 01 23 45 67 41 13 12 FF 93 5A 47 56 68 27 C4 67 BC 7D 82 5C 3B E4 A7 7C 3F CC 05 6B 6B",
    "good",
  ],
  [
    "authentication only",
    "C8 1E 10 01 23 45 67 C0 01 00 00 08 00 00 01 00 00 FF 02 00 06 72 5D 91 0F 92 21 D2 63 87 75 16",
    "good",
  ],
  ["encryption only", "C8 12 20 01 23 45 67 41 13 12 FF 93 5A 47 56 68 27 C4 67 BC", "absent"],
  [
    "general form with the title inside",
    "DB 08 4D 4D 4D 00 00 BC 61 4E 1E 30 01 23 45 67 41 13 12 FF 93 5A 47 56 68 27 C4 67 BC 7D 82 5C 3B E4 A7 7C 3F CC 05 6B 6B",
    "good",
  ],
];
const ciphered = (text: string): Ciphered => decodeApdu(hex(text)) as Ciphered;

test.each(vectors)("%s opens to the GET of the clock", (_name, text, tag) => {
  const opened = openCiphered(ciphered(text), keys, nodeCiphers);
  expect(opened).toMatchObject({ ok: true, tag });
  expect(opened.ok && asHex(opened.apdu)).toBe(plain);
});

test.each(vectors.filter(([, , tag]) => tag === "good"))("%s: any changed byte closes it", (_name, text) => {
  const bytes = hex(text);
  const start = bytes[0] === 0xdb ? 11 : 2;
  for (let at = start + 1; at < bytes.length; at++) {
    const changed = bytes.slice();
    changed[at] = (changed[at] as number) ^ 1;
    expect(openCiphered(decodeApdu(changed) as Ciphered, keys, nodeCiphers)).toEqual({
      ok: false,
      code: "dlms.tag",
    });
  }
});

test("what is missing is said, and nothing is opened without it", () => {
  const both = ciphered(vectors[0]?.[1] ?? "");
  const { encryption, systemTitle, authentication } = keys;
  expect(openCiphered(both, { encryption, systemTitle }, nodeCiphers)).toEqual({
    ok: false,
    code: "dlms.no-authentication-key",
  });
  expect(openCiphered(both, { encryption, authentication }, nodeCiphers)).toEqual({
    ok: false,
    code: "dlms.no-title",
  });
  const short = ciphered("C8 06 30 01 23 45 67 41");
  expect(openCiphered(short, keys, nodeCiphers)).toEqual({ ok: false, code: "dlms.tag" });
  const compressed = ciphered("DB 08 4D 4D 4D 00 00 BC 61 4E 06 A0 01 23 45 67 41");
  expect(openCiphered(compressed, keys, nodeCiphers)).toEqual({ ok: false, code: "dlms.compressed" });
});
