import { DecodeError } from "@energsys/protocols";
import {
  crc16X25,
  decodeFrame,
  decodeParameters,
  defaultParameters,
  encodeFrame,
  encodeParameters,
  FrameReader,
  type HdlcFrame,
  stripLlc,
  takeFrame,
} from "@energsys/protocols/hdlc";
import fc from "fast-check";
import { expect, test } from "vitest";
import { asHex, hex } from "../dlms/support.ts";

const client = { logical: 16, bytes: 1 } as const;
const server = { logical: 1, bytes: 1 } as const;
const none = new Uint8Array(0);
const kilobyte = {
  informationTransmitMax: 1024,
  informationReceiveMax: 1024,
  windowTransmit: 1,
  windowReceive: 1,
};

// Worked frames of IEC 62056-46 practice: client 16, logical device 1.
const vectors: [string, string, HdlcFrame][] = [
  [
    "SNRM without parameters",
    "7E A0 07 03 21 93 0F 01 7E",
    {
      destination: server,
      source: client,
      control: { kind: "SNRM", final: true },
      segmented: false,
      information: none,
    },
  ],
  [
    "SNRM to a four-byte address",
    "7E A0 0A 00 02 00 23 21 93 18 71 7E",
    {
      destination: { logical: 1, physical: 17, bytes: 4 },
      source: client,
      control: { kind: "SNRM", final: true },
      segmented: false,
      information: none,
    },
  ],
  [
    "SNRM, information 1024",
    "7E A0 20 03 21 93 7D D9 81 80 14 05 02 04 00 06 02 04 00 07 04 00 00 00 01 08 04 00 00 00 01 72 E3 7E",
    {
      destination: server,
      source: client,
      control: { kind: "SNRM", final: true },
      segmented: false,
      information: encodeParameters(kilobyte),
    },
  ],
  [
    "UA, information 128, window 1",
    "7E A0 1E 21 03 73 C3 7A 81 80 12 05 01 80 06 01 80 07 04 00 00 00 01 08 04 00 00 00 01 53 3B 7E",
    {
      destination: client,
      source: server,
      control: { kind: "UA", final: true },
      segmented: false,
      information: encodeParameters(defaultParameters),
    },
  ],
  [
    "RR, expects 1",
    "7E A0 07 03 21 31 17 87 7E",
    {
      destination: server,
      source: client,
      control: { kind: "RR", receiving: 1, final: true },
      segmented: false,
      information: none,
    },
  ],
  [
    "DISC",
    "7E A0 07 03 21 53 03 C7 7E",
    {
      destination: server,
      source: client,
      control: { kind: "DISC", final: true },
      segmented: false,
      information: none,
    },
  ],
  [
    "GET of the clock",
    "7E A0 19 03 21 32 6F D8 E6 E6 00 C0 01 C1 00 08 00 00 01 00 00 FF 02 00 60 1A 7E",
    {
      destination: server,
      source: client,
      control: { kind: "I", sending: 1, receiving: 1, final: true },
      segmented: false,
      information: hex("E6E600C001C100080000010000FF0200"),
    },
  ],
];

test.each(vectors)(
  "%s is decoded and encoded to the same bytes; no cut of it is a frame",
  (_name, text, frame) => {
    const bytes = hex(text);
    const { hcs, fcs, ...decoded } = decodeFrame(bytes);
    expect(decoded).toEqual({ ...frame, information: new Uint8Array(frame.information) });
    expect([hcs, fcs]).toEqual([frame.information.length > 0 ? "good" : "absent", "good"]);
    expect(asHex(encodeFrame(frame))).toBe(asHex(bytes));
    for (let length = 0; length < bytes.length; length++) {
      expect(takeFrame(bytes.slice(0, length))).toBeUndefined();
      expect(() => decodeFrame(bytes.slice(0, length))).toThrow(DecodeError);
    }
  },
);

test("the check value of 123456789 is 906E", () => {
  expect(crc16X25(new TextEncoder().encode("123456789"))).toBe(0x906e);
});

const refused: [string, string, string, number][] = [
  ["too short", "7E A0 07 7E", "hdlc.length", 0],
  ["no opening flag", "00 A0 07 03 21 93 0F 01 7E", "hdlc.flag", 0],
  ["no closing flag", "7E A0 07 03 21 93 0F 01 00", "hdlc.flag", 8],
  ["another frame type", "7E 90 07 03 21 93 0F 01 7E", "hdlc.format", 1],
  ["a length that is not that of the frame", "7E A0 08 03 21 93 0F 01 7E", "hdlc.length", 1],
  ["an address of three bytes", "7E A0 09 02 02 03 21 93 0F 01 7E", "hdlc.address", 3],
  ["an address without end", "7E A0 0B 02 02 02 02 02 02 93 0F 01 7E", "hdlc.address", 3],
  ["a wrong header check", "7E A0 0A 03 21 32 6F D9 E6 60 1A 7E", "hdlc.hcs", 6],
];
test.each(refused)("%s is refused with code and offset", (_name, text, code, offset) => {
  expect(() => decodeFrame(hex(text))).toThrow(expect.objectContaining({ code, offset }));
});

test("a wrong FCS is told, and the information is still there", () => {
  const bytes = hex(vectors[6]?.[1] ?? "");
  bytes[20] = 0x55;
  expect(decodeFrame(bytes)).toMatchObject({ hcs: "good", fcs: "bad" });
});

test("a negotiation may come in any order, with values of 1, 2 or 4 bytes, and with unknown parameters", () => {
  expect(decodeParameters(hex("81 80 0F 08 01 02 06 02 04 00 05 04 00 00 01 00 63 00"))).toEqual({
    informationTransmitMax: 256,
    informationReceiveMax: 1024,
    windowTransmit: 1,
    windowReceive: 2,
  });
  expect(decodeParameters(none)).toEqual(defaultParameters);
});

test.each([
  ["another format", "80 80 00", "hdlc-parameters.format", 0],
  ["a group longer than its bytes", "81 80 05 05 01", "hdlc-parameters.truncated", 3],
  ["a value of three times too many bytes", "81 80 07 05 05 00 00 00 00 01", "hdlc-parameters.length", 4],
  ["a limit of zero", "81 80 03 05 01 00", "hdlc-parameters.value", 5],
])("a negotiation with %s is refused", (_name, text, code, offset) => {
  expect(() => decodeParameters(hex(text))).toThrow(expect.objectContaining({ code, offset }));
});

test.each([
  ["no LLC header", "C0 01 C1"],
  ["half an LLC header", "E6 E6"],
])("%s is refused", (_name, text) => {
  expect(() => stripLlc(hex(text))).toThrow(expect.objectContaining({ code: "hdlc.llc" }));
});

const address = fc.oneof(
  fc.record({ logical: fc.integer({ min: 0, max: 127 }), bytes: fc.constant(1 as const) }),
  fc.record({
    logical: fc.integer({ min: 0, max: 127 }),
    physical: fc.integer({ min: 0, max: 127 }),
    bytes: fc.constant(2 as const),
  }),
  fc.record({
    logical: fc.integer({ min: 0, max: 16383 }),
    physical: fc.integer({ min: 0, max: 16383 }),
    bytes: fc.constant(4 as const),
  }),
);
const number = fc.integer({ min: 0, max: 7 });
const control = fc.oneof(
  fc.record({ kind: fc.constant("I" as const), sending: number, receiving: number, final: fc.boolean() }),
  fc.record({ kind: fc.constantFrom("RR" as const, "RNR" as const), receiving: number, final: fc.boolean() }),
  fc.record({ kind: fc.constantFrom("SNRM", "DISC", "UA", "DM", "FRMR", "UI"), final: fc.boolean() }),
) as fc.Arbitrary<HdlcFrame["control"]>;
const frames: fc.Arbitrary<HdlcFrame> = fc.record({
  destination: address,
  source: address,
  control,
  segmented: fc.boolean(),
  information: fc.uint8Array({ maxLength: 300 }),
});

test("frames between noise come out whole, however the bytes are split, also with shared flags", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(frames, fc.uint8Array({ maxLength: 6 }), fc.boolean()), {
        minLength: 1,
        maxLength: 5,
      }),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 30 }),
      (sent, cuts) => {
        const parts: number[] = [];
        for (const [frame, noise, shared] of sent) {
          const bytes = [...encodeFrame(frame)];
          const quiet = [...noise].filter((byte) => byte !== 0x7e);
          if (shared && parts.at(-1) === 0x7e) parts.push(...bytes.slice(1));
          else parts.push(...quiet, ...bytes);
        }
        const reader = new FrameReader();
        const received: HdlcFrame[] = [];
        for (let at = 0, cut = 0; at < parts.length; cut++) {
          const size = cuts[cut % cuts.length] as number;
          received.push(...reader.push(Uint8Array.from(parts.slice(at, at + size))));
          at += size;
        }
        // Closing flags may open noise that announces more than follows: then the last frame waits for its end.
        const expected = sent.map(([frame]) => asHex(encodeFrame(frame)));
        const found = received.map((frame) => asHex(encodeFrame(frame)));
        expect(found.filter((frame) => expected.includes(frame)).length).toBeGreaterThanOrEqual(
          expected.length - 1,
        );
      },
    ),
    { numRuns: 300 },
  );
});

test("noise alone never grows the reader's memory beyond one frame", () => {
  const reader = new FrameReader();
  const noise = Uint8Array.from(
    { length: 5000 },
    (_, index) => [0x7e, 0xa7, 0xff, 0x03, 0x21][index % 5] as number,
  );
  for (let round = 0; round < 50; round++) reader.push(noise);
  const frame = vectors[0]?.[1] ?? "";
  reader.clear();
  expect(reader.push(hex(frame))).toHaveLength(1);
});
