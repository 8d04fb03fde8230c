import { expect, test } from "vitest";
import { recogniseRegistration } from "../src/registration.ts";

const bytes = (hex: string) =>
  Uint8Array.from(hex.replace(/\s/g, "").match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
const ascii = (text: string) => new TextEncoder().encode(text);

test.each([
  [
    "a maker's structure without a service tag",
    bytes("0001 0001 0001 0012 0A 02 0C 303132333435363738393031 010203"),
    "012345678901",
    "plain-structure",
  ],
  [
    "a structure with one octet-string",
    bytes("0001 0001 0001 000C 02 01 09 08 3430303031323334"),
    "40001234",
    "plain-structure",
  ],
  [
    "a data notification with the logical device name",
    bytes(`0001 0001 0001 001A 0F 00000001 00 02 01 09 10 ${"454E5330303030303030303030303137"}`),
    "ENS0000000000017",
    "data-notification",
  ],
  ["a text line with an IMEI", ascii("IMEI:356938035643809\r\n"), "356938035643809", "text"],
  ["a text line with a serial number alone", ascii("40001234\r\n"), "40001234", "text"],
  ["a text line with words before the number", ascii("HELLO ID=ISK40001234\r\n"), "ISK40001234", "text"],
] as const)("%s is recognised, at every cut of its bytes", (_, received, identity, form) => {
  expect(recogniseRegistration(received)).toMatchObject({ identity, form });
  for (let cut = 1; cut < received.length - (form === "text" ? 1 : 0); cut++) {
    expect(recogniseRegistration(received.subarray(0, cut))).toBe("more");
  }
});

test("what follows a registration is kept for whoever comes next", () => {
  const found = recogniseRegistration(
    Uint8Array.of(...bytes("0001 0001 0001 000C 02 01 09 08 3430303031323334"), 0, 1, 0),
  );
  expect(found).toMatchObject({ rest: Uint8Array.of(0, 1, 0) });
});

test.each([
  ["binary noise", bytes("FF 13 88 00 01")],
  ["a web browser", ascii("GET / HTTP/1.1\r\nHost: x\r\n")],
  ["a wrapper frame that announces too much", bytes("0001 0001 0001 FFFF 0F")],
  [
    "a notification without any identity",
    bytes("0001 0001 0001 000B 0F 00000001 00 02 01 12 0001".replace("000B", "000B")),
  ],
  ["a text longer than any registration", ascii("A".repeat(200))],
  ["another version of the wrapper", bytes("0002 0001 0001 0003 020100")],
])("%s is nobody", (_, received) => {
  expect(recogniseRegistration(received)).toBe("unknown");
});
