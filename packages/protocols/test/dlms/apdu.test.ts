import { DecodeError } from "@energsys/protocols";
import {
  type Apdu,
  conformanceBits,
  decodeApdu,
  decodeConformance,
  encodeApdu,
  encodeConformance,
  readingConformance,
} from "@energsys/protocols/dlms";
import fc from "fast-check";
import { expect, test } from "vitest";
import { asHex, hex } from "./support.ts";
import { dataValues } from "./values.ts";

const invoke = { id: 1, confirmed: true, highPriority: true };
const clock = { classId: 8, obis: "0-0:1.0.0*255", attribute: 2 };
const initiate = {
  kind: "initiate-request",
  responseAllowed: true,
  dlmsVersion: 6,
  conformance: 0x007e1f,
  maxReceivePduLength: 1200,
} as const;
const granted = {
  kind: "initiate-response",
  dlmsVersion: 6,
  conformance: 0x00501f,
  maxReceivePduLength: 500,
  vaaName: 7,
} as const;

// Worked examples of IEC 62056-5-3 and of recorded exchanges; each is decoded, encoded and cut.
const vectors: [string, string, Apdu][] = [
  [
    "AARQ, logical names, no security",
    "60 1D A1 09 06 07 60 85 74 05 08 01 01 BE 10 04 0E 01 00 00 00 06 5F 1F 04 00 00 7E 1F 04 B0",
    { kind: "aarq", context: "logical-names", userInformation: initiate },
  ],
  [
    "AARQ, logical names, password 12345678",
    `60 36 A1 09 06 07 60 85 74 05 08 01 01 8A 02 07 80 8B 07 60 85 74 05 08 02 01 AC 0A 80 08 31 32 33 34 35 36 37 38
     BE 10 04 0E 01 00 00 00 06 5F 1F 04 00 00 7E 1F 04 B0`,
    {
      kind: "aarq",
      context: "logical-names",
      mechanism: "low",
      authenticationValue: hex("3132333435363738"),
      userInformation: initiate,
    },
  ],
  [
    "AARQ, ciphered, high security by GMAC",
    `60 66 A1 09 06 07 60 85 74 05 08 01 03 A6 0A 04 08 4D 4D 4D 00 00 BC 61 4E 8A 02 07 80 8B 07 60 85 74 05 08 02 05
     AC 0A 80 08 4B 35 36 69 56 61 67 59 BE 34 04 32 21 30 30 01 23 45 67
     80 13 02 FF 8A 78 74 13 3D 41 4C ED 25 B4 25 34 D2 8D B0 04 77 20 60 6B 17 5B D5 22 11 BE 68
     41 DB 20 4D 39 EE 6F DB 8E 35 68 55`,
    {
      kind: "aarq",
      context: "logical-names-ciphered",
      callingApTitle: hex("4D4D4D0000BC614E"),
      mechanism: "high-gmac",
      authenticationValue: hex("4B35366956616759"),
      userInformation: {
        kind: "ciphered",
        tag: 0x21,
        service: "glo-initiate-request",
        securityControl: {
          byte: 0x30,
          suite: 0,
          authenticated: true,
          encrypted: true,
          broadcastKey: false,
          compressed: false,
        },
        invocationCounter: 0x01234567,
        content: hex(
          `801302FF8A7874133D414CED25B42534D28DB0047720606B175BD52211BE6841DB204D39EE6FDB8E356855`,
        ),
      },
    },
  ],
  [
    "AARE, accepted",
    "61 29 A1 09 06 07 60 85 74 05 08 01 01 A2 03 02 01 00 A3 05 A1 03 02 01 00 BE 10 04 0E 08 00 06 5F 1F 04 00 00 50 1F 01 F4 00 07",
    {
      kind: "aare",
      context: "logical-names",
      result: "accepted",
      diagnostic: { source: "service-user", code: 0, name: "null" },
      userInformation: granted,
    },
  ],
  [
    "AARE, DLMS version too low",
    "61 1F A1 09 06 07 60 85 74 05 08 01 01 A2 03 02 01 01 A3 05 A1 03 02 01 01 BE 06 04 04 0E 01 06 01",
    {
      kind: "aare",
      context: "logical-names",
      result: "rejected-permanent",
      diagnostic: { source: "service-user", code: 1, name: "no-reason-given" },
      userInformation: {
        kind: "confirmed-service-error",
        service: "initiate",
        errorClass: "initiate",
        error: "dlms-version-too-low",
      },
    },
  ],
  ["RLRQ, normal", "62 03 80 01 00", { kind: "rlrq", reason: 0 }],
  ["RLRE, normal", "63 03 80 01 00", { kind: "rlre", reason: 0 }],
  [
    "GET of the clock",
    "C0 01 C1 00 08 00 00 01 00 00 FF 02 00",
    { kind: "get-request-normal", invoke, attribute: clock },
  ],
  ["GET of the next block", "C0 02 C1 00 00 00 05", { kind: "get-request-next", invoke, block: 5 }],
  [
    "GET by list",
    "C0 03 C1 02 00 01 00 00 2A 00 00 FF 02 00 00 08 00 00 01 00 00 FF 02 00",
    {
      kind: "get-request-with-list",
      invoke,
      items: [{ attribute: { classId: 1, obis: "0-0:42.0.0*255", attribute: 2 } }, { attribute: clock }],
    },
  ],
  [
    "answer with the time, 15 January 2025 13:45:30 UTC+1",
    "C4 01 C1 00 09 0C 07 E9 01 0F 03 0D 2D 1E 00 FF C4 00",
    {
      kind: "get-response-normal",
      invoke,
      result: { ok: true, data: { type: "octet-string", bytes: hex("07E9010F030D2D1E00FFC400") } },
    },
  ],
  [
    "answer with an error",
    "C4 01 C1 01 01",
    { kind: "get-response-normal", invoke, result: { ok: false, dataAccessResult: "hardware-fault" } },
  ],
  [
    "answer with an error of no name",
    "C4 01 C1 01 63",
    { kind: "get-response-normal", invoke, result: { ok: false, dataAccessResult: "result-99" } },
  ],
  [
    "a block",
    "C4 02 C1 00 00 00 00 01 00 03 01 02 03",
    { kind: "get-response-with-block", invoke, last: false, block: 1, raw: hex("010203") },
  ],
  [
    "a block that failed",
    "C4 02 C1 01 00 00 00 02 01 13",
    {
      kind: "get-response-block-error",
      invoke,
      last: true,
      block: 2,
      dataAccessResult: "data-block-number-invalid",
    },
  ],
  [
    "answers to a list",
    "C4 03 C1 02 00 11 05 01 0B",
    {
      kind: "get-response-with-list",
      invoke,
      results: [
        { ok: true, data: { type: "uint8", value: 5 } },
        { ok: false, dataAccessResult: "object-unavailable" },
      ],
    },
  ],
  [
    "SET of the clock",
    "C1 01 C1 00 08 00 00 01 00 00 FF 02 00 09 0C 07 E5 01 18 FF 0E 30 39 50 FF C4 00",
    {
      kind: "set-request-normal",
      invoke,
      attribute: clock,
      data: { type: "octet-string", bytes: hex("07E50118FF0E303950FFC400") },
    },
  ],
  ["answer to a SET", "C5 01 C1 00", { kind: "set-response-normal", invoke, dataAccessResult: "success" }],
  [
    "ACTION that carries a challenge's answer",
    "C3 01 C1 00 0F 00 00 28 00 00 FF 01 01 09 02 AB CD",
    {
      kind: "action-request-normal",
      invoke,
      method: { classId: 15, obis: "0-0:40.0.0*255", method: 1 },
      parameters: { type: "octet-string", bytes: hex("ABCD") },
    },
  ],
  [
    "answer to an ACTION",
    "C7 01 C1 00 01 00 09 02 AB CD",
    {
      kind: "action-response-normal",
      invoke,
      actionResult: "success",
      result: { ok: true, data: { type: "octet-string", bytes: hex("ABCD") } },
    },
  ],
  [
    "READ of the object list by its short name",
    "05 01 02 FA 08",
    { kind: "read-request", items: [{ kind: "name", name: 0xfa08 }] },
  ],
  [
    "answer to a READ",
    "0C 02 00 11 05 01 04",
    {
      kind: "read-response",
      results: [
        { ok: true, data: { type: "uint8", value: 5 } },
        { ok: false, dataAccessResult: "object-undefined" },
      ],
    },
  ],
  [
    "READ of the next block",
    "05 01 05 00 02",
    { kind: "read-request", items: [{ kind: "next-block", block: 2 }] },
  ],
  [
    "a block of a READ",
    "0C 01 02 01 00 02 02 AB CD",
    { kind: "read-response", results: [{ ok: "block", last: true, block: 2, raw: hex("ABCD") }] },
  ],
  [
    "notification without a time",
    "0F 00 00 00 01 00 11 07",
    { kind: "data-notification", longInvokeId: 1, body: { type: "uint8", value: 7 } },
  ],
  [
    "notification with a time",
    "0F 40 00 00 00 0C 07 E9 01 0F 03 0D 2D 1E 00 FF C4 00 11 07",
    {
      kind: "data-notification",
      longInvokeId: 0x40000000,
      dateTime: hex("07E9010F030D2D1E00FFC400"),
      body: { type: "uint8", value: 7 },
    },
  ],
  [
    "confirmation of a notification",
    "10 00 00 00 01 00",
    { kind: "data-notification-confirm", longInvokeId: 1 },
  ],
  [
    "event notification",
    "C2 00 00 08 00 00 01 00 00 FF 02 11 01",
    { kind: "event-notification", attribute: clock, data: { type: "uint8", value: 1 } },
  ],
  [
    "exception",
    "D8 01 02",
    { kind: "exception-response", stateError: "service-not-allowed", serviceError: "service-not-supported" },
  ],
  [
    "exception with the counter that is expected",
    "D8 01 06 00 00 00 64",
    {
      kind: "exception-response",
      stateError: "service-not-allowed",
      serviceError: "invocation-counter-error",
      invocationCounter: 100,
    },
  ],
  [
    "confirmed service error",
    "0E 05 04 01",
    { kind: "confirmed-service-error", service: "read", errorClass: "definition", error: "object-undefined" },
  ],
  [
    "general block",
    "E0 81 00 02 00 01 02 AB CD",
    {
      kind: "general-block-transfer",
      last: true,
      streaming: false,
      window: 1,
      block: 2,
      acknowledged: 1,
      raw: hex("ABCD"),
    },
  ],
  [
    "ciphered GET",
    "C8 1E 30 01 23 45 67 41 13 12 FF 93 5A 47 56 68 27 C4 67 BC 7D 82 5C 3B E4 A7 7C 3F CC 05 6B 6B",
    {
      kind: "ciphered",
      tag: 0xc8,
      service: "glo-get-request",
      securityControl: {
        byte: 0x30,
        suite: 0,
        authenticated: true,
        encrypted: true,
        broadcastKey: false,
        compressed: false,
      },
      invocationCounter: 0x01234567,
      content: hex("411312FF935A4756682 7C467BC7D825C3BE4A77C3FCC056B6B"),
    },
  ],
];

test.each(vectors)("%s is decoded, encoded to the same bytes, and refused when cut", (_name, text, apdu) => {
  const bytes = hex(text);
  expect(decodeApdu(bytes)).toEqual(apdu);
  expect(asHex(encodeApdu(apdu))).toBe(asHex(bytes));
  for (let length = 0; length < bytes.length; length++) {
    // The counter of an exception may be left out: that cut is a whole APDU of another device.
    if (apdu.kind === "exception-response" && length === 3) continue;
    if (apdu.kind === "exception-response" && length > 3) continue;
    expect(() => decodeApdu(bytes.slice(0, length))).toThrow(DecodeError);
  }
});

test("what is written in another way is read the same", () => {
  const plain = decodeApdu(hex(vectors[0]?.[1] ?? ""));
  const longLengths =
    "60 81 1E A1 81 09 06 07 60 85 74 05 08 01 01 BE 10 04 0E 01 00 00 00 06 5F 1F 04 00 00 7E 1F 04 B0";
  expect(decodeApdu(hex(longLengths))).toEqual(plain);
  const oldConformance =
    "60 1C A1 09 06 07 60 85 74 05 08 01 01 BE 0F 04 0D 01 00 00 00 06 5F 04 00 00 7E 1F 04 B0";
  expect(decodeApdu(hex(oldConformance))).toEqual(plain);
  const unknownField =
    "60 21 A1 09 06 07 60 85 74 05 08 01 01 80 02 07 80 BE 10 04 0E 01 00 00 00 06 5F 1F 04 00 00 7E 1F 04 B0";
  expect(decodeApdu(hex(unknownField))).toEqual(plain);
  const taggedTime = "0F 40 00 00 00 09 0C 07 E9 01 0F 03 0D 2D 1E 00 FF C4 00 11 07";
  expect(decodeApdu(hex(taggedTime))).toEqual(
    vectors.find(([name]) => name === "notification with a time")?.[2],
  );
});

const refused: [string, string, string, number][] = [
  ["nothing", "", "apdu.truncated", 0],
  ["a byte that starts no APDU", "7E 00", "apdu.tag", 0],
  ["an ACCESS that stops", "D9 00", "apdu.truncated", 1],
  ["a SET of a form that does not exist", "C1 06 C1 00", "apdu.choice", 1],
  ["a GET of no known form", "C0 04 C1", "apdu.choice", 1],
  [
    "an optional part that is neither there nor not",
    "C0 01 C1 00 08 00 00 01 00 00 FF 02 02",
    "apdu.choice",
    12,
  ],
  ["bytes after the APDU", "62 03 80 01 00 00", "apdu.trailing", 5],
  ["a list longer than its bytes", "C0 03 C1 7F 00 08", "apdu.count", 3],
  ["a block longer than its bytes", "C4 02 C1 00 00 00 00 01 00 82 FF FF 01", "apdu.truncated", 12],
  ["a value of an unknown type", "C4 01 C1 00 07", "data.type", 4],
  ["an AARQ without a context", "60 04 8A 02 07 80", "apdu.context", 1],
  ["an AARQ with a foreign context", "60 0B A1 09 06 07 60 85 74 05 08 01 09", "apdu.context", 4],
  ["an AARQ with another object identifier", "60 0B A1 09 06 07 2A 85 74 05 08 01 01", "apdu.oid", 6],
  ["an AARE without a result", "61 0B A1 09 06 07 60 85 74 05 08 01 01", "apdu.result", 1],
  [
    "a mechanism that is not known",
    "60 14 A1 09 06 07 60 85 74 05 08 01 01 8B 07 60 85 74 05 08 02 09",
    "apdu.mechanism",
    15,
  ],
  ["a conformance block of another size", "01 00 00 00 06 5F 1F 03 00 7E 1F 04 B0", "apdu.conformance", 5],
  ["a notification with half a time", "0F 00 00 00 01 05 07 E9 01 0F 03 00", "apdu.date-time", 5],
  ["a ciphered APDU without room for its counter", "C8 04 30 01 23 45", "apdu.length", 1],
  ["a field that is longer than the AARQ", "60 04 A1 7F 00 00", "apdu.truncated", 4],
];
test.each(refused)("%s is refused with code and offset", (_name, text, code, offset) => {
  expect(() => decodeApdu(hex(text))).toThrow(expect.objectContaining({ code, offset }));
});

const attribute = fc.record({
  classId: fc.integer({ min: 0, max: 65535 }),
  obis: fc
    .array(fc.integer({ min: 0, max: 255 }), { minLength: 6, maxLength: 6 })
    .map(([a, b, c, d, e, f]) => `${a}-${b}:${c}.${d}.${e}*${f}`),
  attribute: fc.integer({ min: -128, max: 127 }),
});
const anyInvoke = fc.record({
  id: fc.integer({ min: 0, max: 15 }),
  confirmed: fc.boolean(),
  highPriority: fc.boolean(),
});
const result = fc.oneof(
  dataValues.map((data) => ({ ok: true as const, data })),
  fc
    .constantFrom("hardware-fault", "object-undefined", "result-77")
    .map((dataAccessResult) => ({ ok: false as const, dataAccessResult })),
);
const apdus: fc.Arbitrary<Apdu> = fc.oneof(
  fc.record({ kind: fc.constant("get-request-normal" as const), invoke: anyInvoke, attribute }),
  fc.record({
    kind: fc.constant("get-request-normal" as const),
    invoke: anyInvoke,
    attribute,
    selection: fc.record({ selector: fc.integer({ min: 0, max: 255 }), parameters: dataValues }),
  }),
  fc.record({ kind: fc.constant("get-response-normal" as const), invoke: anyInvoke, result }),
  fc.record({
    kind: fc.constant("get-response-with-list" as const),
    invoke: anyInvoke,
    results: fc.array(result, { maxLength: 4 }),
  }),
  fc.record({
    kind: fc.constant("data-notification" as const),
    longInvokeId: fc.integer({ min: 0, max: 0xffffffff }),
    body: dataValues,
  }),
);

test("random APDUs come back from their bytes", () => {
  fc.assert(
    fc.property(apdus, (apdu) => {
      expect(decodeApdu(encodeApdu(apdu))).toEqual(apdu);
    }),
    { numRuns: 400 },
  );
});

test("random bytes behind a known tag are decoded or refused with an offset inside them", () => {
  const tags = [
    0x01, 0x05, 0x08, 0x0c, 0x0e, 0x0f, 0x60, 0x61, 0x62, 0xc0, 0xc1, 0xc2, 0xc3, 0xc4, 0xc5, 0xc7, 0xc8,
    0xd8, 0xdb, 0xe0,
  ];
  fc.assert(
    fc.property(fc.constantFrom(...tags), fc.uint8Array({ maxLength: 80 }), (tag, rest) => {
      try {
        decodeApdu(Uint8Array.of(tag, ...rest));
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error;
        expect(error.offset).toBeLessThanOrEqual(rest.length + 1);
      }
    }),
    { numRuns: 3000 },
  );
});

test("conformance bits count from the highest, as the standard writes them", () => {
  expect(encodeConformance(["get"])).toBe(0x000010);
  expect(encodeConformance(["read"])).toBe(0x100000);
  expect(encodeConformance(["action"])).toBe(0x000001);
  expect(decodeConformance(0x00501f)).toEqual([
    "priority-management",
    "block-transfer-with-get",
    "get",
    "set",
    "selective-access",
    "event-notification",
    "action",
  ]);
  expect(Object.keys(conformanceBits)).toHaveLength(22);
  expect(readingConformance & ~0x007e1f).toBe(0);
});
