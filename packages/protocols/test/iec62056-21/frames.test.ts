import {
  addressMatches,
  decodeCommand,
  encodeBlock,
  encodeCommand,
  encodeFrame,
  encodeText,
  FrameReader,
  type IecFrame,
  RequestReader,
} from "@energsys/protocols/iec62056-21";
import fc from "fast-check";
import { expect, test } from "vitest";

test.each([
  ["/?!\r\n", { kind: "sign-on", address: "" }],
  ["/?00028342193!\r\n", { kind: "sign-on", address: "00028342193" }],
  ["\x06050\r\n", { kind: "option-select", protocol: "0", baudCharacter: "5", mode: "0" }],
  ["\x06", { kind: "ack" }],
  ["\x15", { kind: "nak" }],
  [
    "\x01R1\x021.8.0()\x03Z",
    { kind: "command", command: "R1", address: "1.8.0", argument: "", last: true, check: "good" },
  ],
  [
    "\x01R1\x021.8.0()\x03!",
    { kind: "command", command: "R1", address: "1.8.0", argument: "", last: true, check: "bad" },
  ],
  [
    "\x01P1\x02(00000000)\x03a",
    { kind: "command", command: "P1", address: "", argument: "00000000", last: true, check: "good" },
  ],
  ["\x01B0\x03q", { kind: "command", command: "B0", address: "", argument: "", last: true, check: "good" }],
])("a meter understands %j", (text, request) => {
  expect(decodeCommand(encodeText(text))).toEqual(request);
});

test.each([
  ["nothing", ""],
  ["an identification", "/ISK5ME162\r\n"],
  ["a data message", "\x021.8.0(1*kWh)\x03\x31"],
  ["a command cut short", "\x01R1\x021.8.0()"],
  ["two commands", "\x01B0\x03q\x01B0\x03q"],
  ["an option select without its mode", "\x0605\r\n"],
])("%s is no request", (_what, text) => {
  expect(() => decodeCommand(encodeText(text))).toThrow(
    expect.objectContaining({ code: "iec.request", offset: 0 }),
  );
});

test("an ACK is the start of an option select or an answer of its own, by what the meter waits for", () => {
  const reader = new RequestReader();
  expect(reader.push(encodeText("\x06"))).toEqual([]);
  expect(reader.push(encodeText("051\r\n"))).toMatchObject([{ kind: "option-select", mode: "1" }]);
  reader.acknowledgement = "alone";
  expect(reader.push(encodeText("\x06"))).toEqual([{ kind: "ack" }]);
});

test.each([
  ["", "123", true],
  ["123", "123", true],
  ["000123", "123", true],
  ["123", "00123", true],
  ["abc1", "ABC1", true],
  ["124", "123", false],
  ["0", "000", true],
])("a sign-on to %j calls the meter %j: %s", (requested, own, called) => {
  expect(addressMatches(requested, own)).toBe(called);
});

const text = fc
  .array(fc.integer({ min: 0x20, max: 0x7e }), { maxLength: 60 })
  .map((codes) => String.fromCharCode(...codes));
const frame: fc.Arbitrary<IecFrame> = fc.oneof(
  fc.constant<IecFrame>({ kind: "ack" }),
  fc.constant<IecFrame>({ kind: "nak" }),
  text.map((line): IecFrame => ({ kind: "line", line: `/${line.replaceAll("/", "")}` })),
  fc.record({
    kind: fc.constant("block" as const),
    body: text.map(encodeText),
    last: fc.boolean(),
    check: fc.constant("good" as const),
  }),
  fc.record({
    kind: fc.constant("command" as const),
    command: fc.constantFrom("P0", "P1", "R1", "R5", "W1", "W5", "B0", "E2"),
    body: text.map(encodeText),
    last: fc.boolean(),
    check: fc.constant("good" as const),
  }),
);

test("frames that are encoded one after another are found again, in any split", () => {
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 8 }), fc.array(fc.nat(500)), (frames, places) => {
      const bytes = Uint8Array.from(frames.flatMap((some) => [...encodeFrame(some)]));
      const cuts = [...new Set([0, ...places.map((place) => place % (bytes.length + 1)), bytes.length])].sort(
        (a, b) => a - b,
      );
      const reader = new FrameReader();
      const found = cuts.slice(1).flatMap((cut, index) => reader.push(bytes.subarray(cuts[index], cut)));
      expect(found).toEqual(frames);
    }),
  );
});

test("whatever bytes come, a session's frames stay within their limit", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 10 }), (chunks) => {
      const reader = new FrameReader({ frameLengthMax: 64 });
      for (const some of chunks.flatMap((chunk) => reader.push(chunk))) {
        if (some.kind === "block") expect(some.body.length).toBeLessThanOrEqual(64);
      }
    }),
  );
  const endless = new FrameReader({ frameLengthMax: 1000 });
  expect(endless.push(encodeText(`\x02${"1".repeat(1200)}`))).toEqual([{ kind: "overlong" }]);
  expect(endless.push(new Uint8Array(4000))).toEqual([{ kind: "overlong" }]);
});

test("check bytes of worked examples agree", () => {
  expect(String.fromCharCode(...encodeCommand("R1", "1.8.0()"))).toBe("\x01R1\x021.8.0()\x03Z");
  expect(encodeCommand("B0").at(-1)).toBe(0x71);
  expect(encodeCommand("P1", "(00000000)").at(-1)).toBe(0x61);
  expect(encodeBlock("(0033402.264*kWh)").at(-1)).toBe(0x54);
});
