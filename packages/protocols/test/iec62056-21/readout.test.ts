import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  computeBcc,
  crc16Arc,
  decodeDataSets,
  decodeReadout,
  encodeBlock,
  encodeDataMessage,
  encodeP1,
  encodeReadout,
  encodeText,
  type IecTelegram,
  type ReadoutOptions,
  ReadoutReader,
} from "@energsys/protocols/iec62056-21";
import fc from "fast-check";
import { expect, test } from "vitest";
import { captures, capturesWith, fixtures, sharedFolder, sharedIsThere } from "./captures.ts";

function readAll(chunks: readonly Uint8Array[], options: ReadoutOptions = {}): IecTelegram[] {
  const reader = new ReadoutReader(options);
  return [...chunks.flatMap((chunk) => reader.push(chunk)), ...reader.end()];
}

test.skipIf(!sharedIsThere)("the captures beside the project are read too", () => {
  expect(captures.filter(({ id }) => id.startsWith("shared/"))).toHaveLength(34);
});

/** The index splits a bracket at every `*` and keeps the first two parts, which matters for `088*C&082*C` only. */
const asListed = (telegram: IecTelegram) =>
  telegram.dataSets.map(({ address, values }) => ({
    address,
    values: values.map(({ value, unit }) =>
      unit === undefined ? { value } : { value, unit: unit.split("*")[0] },
    ),
  }));

test.each(capturesWith("dataSets"))("%s has the data sets of its list", (_id, { bytes }, dataSets) => {
  expect(asListed(decodeReadout(bytes))).toEqual(dataSets);
});

test.each(capturesWith("count"))("%s has as many data sets as counted", (_id, { bytes }, count) => {
  expect(decodeReadout(bytes).dataSets).toHaveLength(count);
});

test.each(capturesWith("identification"))("%s is identified", (_id, { bytes }, identification) => {
  expect(decodeReadout(bytes).identification).toMatchObject(identification);
});

test.each(capturesWith("bcc"))("the check byte of %s is judged", (_id, { bytes }, bcc) => {
  const expected = bcc.transmitted === null ? "absent" : bcc.ok ? "good" : "bad";
  expect(decodeReadout(bytes).check).toEqual({ bcc: expected });
});

test.each(captures.filter(({ kind }) => kind === "p1").map((capture) => [capture.id, capture] as const))(
  "%s is a P1 telegram and its CRC is judged",
  (_id, { bytes, expect: { crc } }) => {
    const telegram = decodeReadout(bytes);
    expect(telegram.kind).toBe("p1");
    expect(telegram.check).toEqual({ crc: crc ? (crc.ok ? "good" : "bad") : "absent" });
  },
);

test.each(captures.filter(({ kind }) => kind !== "p1").map((capture) => [capture.id, capture] as const))(
  "%s is of its kind",
  (_id, { bytes, kind }) => {
    expect(decodeReadout(bytes).kind).toBe(kind === "mode-c-readout" ? "iec62056-21-readout" : kind);
  },
);

test.each(captures.map((capture) => [capture.id, capture] as const))(
  "%s cut anywhere in two, or at every byte, gives the same telegrams as the whole",
  (_id, { bytes }) => {
    const whole = readAll([bytes]);
    for (let cut = 0; cut <= bytes.length; cut++) {
      expect(readAll([bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual(whole);
    }
    // One buffer for all chunks, as sockets may hand them over: the reader must have copied what it keeps.
    const reader = new ReadoutReader();
    const shared = new Uint8Array(1);
    const one: IecTelegram[] = [];
    for (const byte of bytes) {
      shared[0] = byte;
      one.push(...reader.push(shared));
    }
    expect([...one, ...reader.end()]).toEqual(whole);
  },
);

test("any bytes cut anywhere give the same telegrams as the whole, and never an error", () => {
  const pieces = captures.map(({ bytes }) => bytes).filter((bytes) => bytes.length < 500);
  const part = fc.oneof(
    fc.uint8Array({ maxLength: 12 }),
    fc.constantFrom(...pieces),
    fc.constantFrom(...pieces).chain((bytes) => fc.nat(bytes.length).map((end) => bytes.subarray(0, end))),
    fc
      .constantFrom(
        "/?!\r\n",
        "/ISK5A\r\n",
        "\x02",
        "\x03",
        "\x04",
        "\x06050\r\n",
        "!",
        "(",
        ")",
        "\x01B0\x03q",
      )
      .map(encodeText),
  );
  fc.assert(
    fc.property(
      fc.array(part, { maxLength: 8 }),
      fc.array(fc.nat(2000), { maxLength: 12 }),
      (parts, places) => {
        const bytes = Uint8Array.from(parts.flatMap((some) => [...some]));
        const cuts = [
          ...new Set([0, ...places.map((place) => place % (bytes.length + 1)), bytes.length]),
        ].sort((a, b) => a - b);
        const chunks = cuts.slice(1).map((cut, index) => bytes.subarray(cuts[index], cut));
        expect(readAll(chunks)).toEqual(readAll([bytes]));
      },
    ),
    { numRuns: 400 },
  );
});

test("partial blocks without end are given up at the length limit", () => {
  const block = encodeBlock(`1.8.0(1*kWh)\r\n`.repeat(100), { last: false });
  const reader = new ReadoutReader({ answerLengthMax: 10_000 });
  const telegrams = Array.from({ length: 8 }, () => reader.push(block)).flat();
  expect(telegrams.map(({ end, dataSets }) => [end, dataSets.length])).toEqual([["overlong", 800]]);
});

test("a message survives whatever noise without a solidus, STX or ETX stands before it", () => {
  const message = encodeReadout({ manufacturer: "ISK", baudCharacter: "5", identification: "ME162" }, [
    { address: "1.8.0", values: [{ value: "1", unit: "kWh" }] },
  ]);
  const noise = fc
    .uint8Array({ maxLength: 40 })
    .map((bytes) => bytes.filter((byte) => ![0x2f, 0x02, 0x03, 0x01].includes(byte & 0x7f)));
  fc.assert(
    fc.property(noise, (before) => {
      const telegram = decodeReadout(Uint8Array.from([...before, ...message]));
      expect(telegram).toMatchObject({ check: { bcc: "good" }, offset: before.length });
    }),
  );
});

const word = (characters: string, maxLength: number) =>
  fc.array(fc.constantFrom(...characters), { minLength: 1, maxLength }).map((letters) => letters.join(""));
const dataSet = fc.record({
  address: word("0123456789.-:*&CFLP", 16).filter((address) => !address.startsWith("P.")),
  values: fc.array(
    fc.oneof(
      fc.record({ value: word("0123456789.-:,", 32) }),
      fc.record({ value: word("0123456789.", 16), unit: word("kWhvarm3*&", 6) }),
    ),
    { minLength: 1, maxLength: 5 },
  ),
});

test("what is encoded as a data message is decoded to the same", () => {
  fc.assert(
    fc.property(fc.array(dataSet, { maxLength: 30 }), (dataSets) => {
      const telegram = decodeReadout(encodeDataMessage(dataSets));
      expect(telegram.dataSets).toEqual(dataSets);
      expect(telegram).toMatchObject({ check: { bcc: "good" }, end: "etx", faults: [] });
    }),
  );
});

test("what is encoded as P1 is decoded to the same", () => {
  fc.assert(
    fc.property(fc.array(dataSet, { minLength: 1, maxLength: 30 }), (dataSets) => {
      const telegram = decodeReadout(
        encodeP1(
          { manufacturer: "ENS", baudCharacter: "5", enhanced: ["2"], identification: "TOWN" },
          dataSets,
        ),
      );
      expect(telegram.dataSets).toEqual(dataSets);
      expect(telegram).toMatchObject({ kind: "p1", check: { crc: "good" }, end: "mark" });
    }),
  );
});

test("the CRC of P1 agrees with published values", () => {
  expect(crc16Arc(encodeText("123456789"))).toBe(0xbb3d);
  expect(crc16Arc(encodeText("/XXX5TEST\r\n\r\n1-0:1.8.0(000001.234*kWh)\r\n!"))).toBe(0x3ee7);
});

const vectorFiles = [join(fixtures, "bcc-vectors.json")];
if (sharedIsThere) vectorFiles.push(join(sharedFolder, "captures/iec62056-21/bcc-vectors.json"));
const vectors = vectorFiles.flatMap(
  (file) => (JSON.parse(readFileSync(file, "utf8")) as { vectors: { hex: string; ok: boolean }[] }).vectors,
);

test.each(vectors.map(({ hex, ok }) => [hex, ok] as const))("the check byte of %s agrees: %s", (hex, ok) => {
  const bytes = Uint8Array.fromHex(hex);
  expect(computeBcc(bytes, 1, bytes.length - 1) === bytes.at(-1)).toBe(ok);
});

test.each([
  ["nothing", "", "iec.no-message", 0],
  ["noise", "\x7f\x7f\0\xff", "iec.no-message", 4],
  ["prose", "the meter is in the cellar (left)", "iec.no-message", 33],
  ["an echo alone", "/?28342193!\r\n", "iec.no-message", 13],
  ["an identification with a digit in the maker's code", "/I5K5ME162\r\n", "iec.no-message", 12],
  ["a message without end", `\x02${"1.8.0(1*kWh)\r\n".repeat(5000)}`, "iec.message-length", 65_536],
  ["a bracket without end", `/ISK5ME162\r\n\x021.8.0(${"0".repeat(70_000)}`, "iec.message-length", 65_536],
])("%s is refused with code and offset", (_what, text, code, offset) => {
  expect(() => decodeReadout(Uint8Array.from(text, (character) => character.charCodeAt(0)))).toThrow(
    expect.objectContaining({ name: "DecodeError", code, offset }),
  );
});

test("a bracket that its line leaves open is reported, in a stream and on its own", () => {
  const telegram = decodeReadout(encodeText("\x021.8.0(0001\r\n2.8.0(0002*kWh)\r\n!\r\n\x03"));
  expect(telegram.dataSets.map(({ address }) => address)).toEqual(["1.8.0", "2.8.0"]);
  expect(telegram.faults).toEqual([{ code: "iec.bracket", offset: 11 }]);
  expect(() => decodeDataSets("1.8.0(0001\r\n")).toThrow(
    expect.objectContaining({ code: "iec.bracket", offset: 10 }),
  );
});

test("a message that breaks off comes out cut, and the next one whole", () => {
  const message = encodeReadout({ manufacturer: "ISK", baudCharacter: "5", identification: "ME162" }, [
    { address: "1.8.0", values: [{ value: "1", unit: "kWh" }] },
    { address: "2.8.0", values: [{ value: "2", unit: "kWh" }] },
  ]);
  const cut = message.subarray(0, 29);
  const telegrams = readAll([Uint8Array.from([...cut, ...message])]);
  expect(telegrams.map(({ end, dataSets }) => [end, dataSets.length])).toEqual([
    ["cut", 1],
    ["etx", 2],
  ]);
});

test("a check byte that looks like the start of a message is a check byte", () => {
  const found = new Set<string>();
  for (let counter = 0; found.size < 4 && counter < 20_000; counter++) {
    const message = encodeDataMessage([{ address: "0.0.0", values: [{ value: String(counter) }] }]);
    const check = String.fromCharCode(message.at(-1)!);
    if (!"/!\r\x02".includes(check) || found.has(check)) continue;
    found.add(check);
    const telegrams = readAll([Uint8Array.from([...message, ...message])]);
    expect(telegrams.map((telegram) => telegram.check.bcc)).toEqual(["good", "good"]);
  }
  expect(found.size).toBeGreaterThan(0);
});

test("a stream of messages whose check bytes a tunnel swallowed is still told apart", () => {
  const message = encodeReadout({ manufacturer: "ISK", baudCharacter: "5", identification: "ME162" }, [
    { address: "1.8.0", values: [{ value: "1", unit: "kWh" }] },
  ]).subarray(0, -1);
  const telegrams = readAll([Uint8Array.from([...message, ...message, ...message])]);
  expect(telegrams.map(({ check, dataSets }) => [check.bcc, dataSets.length])).toEqual(
    Array(3).fill(["absent", 1]),
  );
});

test.each([
  ["024562 kWh", { value: "024562", unit: "kWh", separator: " " }],
  ["-0.5 %", { value: "-0.5", unit: "%", separator: " " }],
  [" 20000", { value: " 20000" }],
  ["12 High Street", { value: "12 High Street" }],
  ["088*C&082*C", { value: "088", unit: "C&082*C" }],
])("the bracket (%s) is split where its unit begins", (text, value) => {
  expect(decodeDataSets(`1.8.0(${text})`)).toEqual([{ address: "1.8.0", values: [value] }]);
});

test("an error answer is told", () => {
  expect(decodeReadout(encodeText("\x02(ER04)\x03")).error).toBe("ER04");
  expect(decodeReadout(encodeText("\x02P.01(ERROR)\x03")).error).toBe("ERROR");
  expect(decodeReadout(encodeText("\x02(0001*kWh)\x03")).error).toBeUndefined();
});
