import { type Apdu, decodeApdu, encodeApdu } from "@energsys/protocols/dlms";
import { expect, test } from "vitest";
import { asHex, hex } from "./support.ts";

// Written by hand from the layouts of IEC 62056-5-3, byte for byte, not by our encoder.

const invoke = { id: 1, confirmed: true, highPriority: true };
const clock = { classId: 8, obis: "0-0:1.0.0*255", attribute: 2 } as const;
const relay = { classId: 70, obis: "0-0:96.3.10*255", method: 1 } as const;
const LN = { clock: "0008 0000010000FF 02", relay: "0046 000060030AFF 01" };
const uint8 = (value: number) => ({ type: "uint8", value }) as const;
const none = { type: "null" } as const;

const vectors: [string, string, Apdu][] = [
  [
    "SET",
    `C1 01 C1 ${LN.clock} 00 11 05`,
    { kind: "set-request-normal", invoke, attribute: clock, data: uint8(5) },
  ],
  [
    "SET with selection",
    `C1 01 C1 ${LN.clock} 01 02 00 11 05`,
    {
      kind: "set-request-normal",
      invoke,
      attribute: clock,
      selection: { selector: 2, parameters: none },
      data: uint8(5),
    },
  ],
  [
    "SET, first block",
    `C1 02 C1 ${LN.clock} 00 00 00000001 03 09 0C 07`,
    { kind: "set-request-first-block", invoke, attribute: clock, last: false, block: 1, raw: hex("090C07") },
  ],
  [
    "SET, last block",
    "C1 03 C1 01 00000002 02 E9 01",
    { kind: "set-request-block", invoke, last: true, block: 2, raw: hex("E901") },
  ],
  [
    "SET of two",
    `C1 04 C1 02 ${LN.clock} 00 ${LN.clock} 00 02 11 01 00`,
    {
      kind: "set-request-with-list",
      invoke,
      items: [{ attribute: clock }, { attribute: clock }],
      values: [uint8(1), none],
    },
  ],
  [
    "SET of a list, first block",
    `C1 05 C1 01 ${LN.clock} 00 00 00000001 02 01 11`,
    {
      kind: "set-request-list-first-block",
      invoke,
      items: [{ attribute: clock }],
      last: false,
      block: 1,
      raw: hex("0111"),
    },
  ],
  [
    "SET answer",
    "C5 01 C1 03",
    { kind: "set-response-normal", invoke, dataAccessResult: "read-write-denied" },
  ],
  ["SET answer, block taken", "C5 02 C1 00000001", { kind: "set-response-block", invoke, block: 1 }],
  [
    "SET answer, last block",
    "C5 03 C1 00 00000002",
    { kind: "set-response-last-block", invoke, dataAccessResult: "success", block: 2 },
  ],
  [
    "SET answer, last block of a list",
    "C5 04 C1 02 00 04 00000003",
    {
      kind: "set-response-list-last-block",
      invoke,
      dataAccessResults: ["success", "object-undefined"],
      block: 3,
    },
  ],
  [
    "SET answer, list",
    "C5 05 C1 02 00 0C",
    { kind: "set-response-with-list", invoke, dataAccessResults: ["success", "type-unmatched"] },
  ],
  [
    "ACTION",
    `C3 01 C1 ${LN.relay} 01 0F 00`,
    { kind: "action-request-normal", invoke, method: relay, parameters: { type: "int8", value: 0 } },
  ],
  ["ACTION, next block", "C3 02 C1 00000001", { kind: "action-request-next", invoke, block: 1 }],
  [
    "ACTION of two",
    `C3 03 C1 02 ${LN.relay} ${LN.relay} 02 00 11 01`,
    { kind: "action-request-with-list", invoke, methods: [relay, relay], parameters: [none, uint8(1)] },
  ],
  [
    "ACTION, first block",
    `C3 04 C1 ${LN.relay} 00 00000001 02 09 20`,
    { kind: "action-request-first-block", invoke, method: relay, last: false, block: 1, raw: hex("0920") },
  ],
  [
    "ACTION of a list, first block",
    `C3 05 C1 01 ${LN.relay} 00 00000001 01 01`,
    {
      kind: "action-request-list-first-block",
      invoke,
      methods: [relay],
      last: false,
      block: 1,
      raw: hex("01"),
    },
  ],
  [
    "ACTION, block",
    "C3 06 C1 01 00000002 01 AA",
    { kind: "action-request-block", invoke, last: true, block: 2, raw: hex("AA") },
  ],
  ["ACTION answer", "C7 01 C1 00 00", { kind: "action-response-normal", invoke, actionResult: "success" }],
  [
    "ACTION answer with a value",
    "C7 01 C1 00 01 00 11 05",
    { kind: "action-response-normal", invoke, actionResult: "success", result: { ok: true, data: uint8(5) } },
  ],
  [
    "ACTION answer, block",
    "C7 02 C1 00 00000001 01 09",
    { kind: "action-response-block", invoke, last: false, block: 1, raw: hex("09") },
  ],
  [
    "ACTION answer, list",
    "C7 03 C1 02 00 00 03 01 01 04",
    {
      kind: "action-response-with-list",
      invoke,
      outcomes: [
        { actionResult: "success" },
        { actionResult: "read-write-denied", result: { ok: false, dataAccessResult: "object-undefined" } },
      ],
    },
  ],
  ["ACTION answer, block taken", "C7 04 C1 00000001", { kind: "action-response-next", invoke, block: 1 }],
  [
    "ACCESS",
    `D9 40000007 00 04 01 ${LN.clock} 02 ${LN.clock} 03 ${LN.relay} 04 ${LN.clock} 01 00 04 00 11 05 0F 00 00`,
    {
      kind: "access-request",
      longInvokeId: 0x40000007,
      specifications: [
        { service: "get", attribute: clock },
        { service: "set", attribute: clock },
        { service: "action", method: relay },
        { service: "get", attribute: clock, selection: { selector: 1, parameters: none } },
      ],
      values: [none, uint8(5), { type: "int8", value: 0 }, none],
    },
  ],
  [
    "ACCESS answer without echo",
    "DA 40000007 00 00 03 11 05 00 00 03 01 00 02 03 03 00",
    {
      kind: "access-response",
      longInvokeId: 0x40000007,
      values: [uint8(5), none, none],
      outcomes: [
        { service: "get", result: "success" },
        { service: "set", result: "read-write-denied" },
        { service: "action", result: "success" },
      ],
    },
  ],
  [
    "ACCESS answer with echo and time",
    `DA 40000007 0C 07E9010F030D2D1E00FFC400 01 01 01 ${LN.clock} 01 11 05 01 01 00`,
    {
      kind: "access-response",
      longInvokeId: 0x40000007,
      dateTime: hex("07E9010F030D2D1E00FFC400"),
      specifications: [{ service: "get", attribute: clock }],
      values: [uint8(5)],
      outcomes: [{ service: "get", result: "success" }],
    },
  ],
  [
    "READ, parameterised and in a block",
    "05 02 04 FA58 01 09 01 AA 06 01 0002 01 05",
    {
      kind: "read-request",
      items: [
        {
          kind: "name",
          name: 0xfa58,
          selection: { selector: 1, parameters: { type: "octet-string", bytes: hex("AA") } },
        },
        { kind: "read-block", last: true, block: 2, raw: hex("05") },
      ],
    },
  ],
  [
    "READ answer: a value, an error, a block, a block taken",
    "0C 04 00 11 05 01 03 02 01 0001 01 FF 03 0002",
    {
      kind: "read-response",
      results: [
        { ok: true, data: uint8(5) },
        { ok: false, dataAccessResult: "read-write-denied" },
        { ok: "block", last: true, block: 1, raw: hex("FF") },
        { ok: "taken", block: 2 },
      ],
    },
  ],
  [
    "WRITE",
    "06 02 02 FA08 07 00 0001 02 11 05 09 01 AA",
    {
      kind: "write-request",
      items: [
        { kind: "name", name: 0xfa08 },
        { kind: "write-block", last: false, block: 1 },
      ],
      values: [uint8(5), { type: "octet-string", bytes: hex("AA") }],
    },
  ],
  [
    "WRITE without answer",
    "16 01 02 1000 01 11 05",
    { kind: "unconfirmed-write-request", items: [{ kind: "name", name: 0x1000 }], values: [uint8(5)] },
  ],
  [
    "WRITE answer",
    "0D 03 00 01 04 02 0001",
    {
      kind: "write-response",
      results: [{ ok: true }, { ok: false, dataAccessResult: "object-undefined" }, { ok: "block", block: 1 }],
    },
  ],
  [
    "information report",
    "18 00 01 02 1000 01 11 05",
    { kind: "information-report", items: [{ kind: "name", name: 0x1000 }], values: [uint8(5)] },
  ],
  [
    "information report with its time",
    "18 01 0F 32303235303131353133343533305A 01 02 1000 01 11 05",
    {
      kind: "information-report",
      time: "20250115134530Z",
      items: [{ kind: "name", name: 0x1000 }],
      values: [uint8(5)],
    },
  ],
  [
    "gateway prefix",
    "E6 00 02 1234 C0 01",
    { kind: "gateway-request", networkId: 0, address: hex("1234"), apdu: hex("C001") },
  ],
  [
    "gateway answer",
    "E7 03 01 09 D8 01 02",
    { kind: "gateway-response", networkId: 3, address: hex("09"), apdu: hex("D80102") },
  ],
];

test.each(vectors)("%s: taken apart and put together to the same bytes", (_name, text, apdu) => {
  const bytes = hex(text);
  expect(decodeApdu(bytes)).toEqual(apdu);
  expect(asHex(encodeApdu(apdu))).toBe(asHex(bytes));
});

test.each(vectors)("%s: every cut is refused by its code", (_name, text, apdu) => {
  const bytes = hex(text);
  // The rest of a gateway message is whatever stands there.
  const start = apdu.kind.startsWith("gateway") ? 3 + (bytes[2] as number) : bytes.length;
  for (let length = 1; length < start; length++) {
    expect(() => decodeApdu(bytes.subarray(0, length))).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^(apdu|data)\.(truncated|count)$/) }),
    );
  }
});

test("a refused ACTION may end with its code, a successful one not", () => {
  expect(decodeApdu(hex("C701C809"))).toMatchObject({ actionResult: "object-class-inconsistent" });
  expect(() => decodeApdu(hex("C701C800"))).toThrow(expect.objectContaining({ code: "apdu.truncated" }));
});
