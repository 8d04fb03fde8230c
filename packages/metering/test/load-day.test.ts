import fc from "fast-check";
import { expect, test } from "vitest";
import { addWholeDay, digestOf, mergeDay, missingBit, packDay, quality, unpackDay } from "../src/index.ts";

const hex = (bytes: Uint8Array | null) =>
  bytes ? [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(" ") : null;

// The first column is what docs/storage.md says byte by byte; these rows were worked out by hand from it.
test.each([
  { name: "a flat day", values: [5, 5, 5], flags: [0, 0, 0], v: "01 0a 00 00", q: null },
  {
    name: "steps up and down",
    values: [0, 63, -1, 64],
    flags: [0, 0, 0, 0],
    v: "01 00 7e 7f 82 01",
    q: null,
  },
  {
    name: "a gap in the middle",
    values: [1, Number.NaN, 2],
    flags: [0, 0, 0],
    v: "01 02 02",
    q: "01 01 80 80 02",
  },
  { name: "two marked slots", values: [1, 2, 3], flags: [0, 0x80, 0x80], v: "01 02 02 02", q: "01 02 80 01" },
  { name: "nothing but a mark", values: [Number.NaN], flags: [0x80], v: "01", q: "00 01 80 81 02" },
  {
    name: "a step of 2^52",
    values: [0, 2 ** 52],
    flags: [0, 0],
    v: "02 00 00 00 00 00 00 00 00 00 00 00 00 00 00 10 00",
    q: null,
  },
])("$name packs to the bytes of the format", ({ values, flags, v, q }) => {
  const packed = packDay(Float64Array.from(values), Uint16Array.from(flags));
  expect([hex(packed.v), hex(packed.q)]).toEqual([v, q]);
  expect(unpackDay(packed.v, packed.q, values.length)).toEqual({
    values: Float64Array.from(values),
    flags: Uint16Array.from(flags),
  });
});

const slot = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -300, max: 5000 }) },
  { weight: 1, arbitrary: fc.maxSafeInteger() },
  { weight: 1, arbitrary: fc.constant(Number.NaN) },
);
const day = fc.integer({ min: 0, max: 100 }).chain((slots) =>
  fc.record({
    values: fc
      .array(slot, { minLength: slots, maxLength: slots })
      .map((list) => Float64Array.from(list, (value) => value + 0)),
    flags: fc
      .array(
        fc.oneof(
          { weight: 5, arbitrary: fc.constant(0) },
          { weight: 1, arbitrary: fc.integer({ min: 0, max: 0x7fff }) },
        ),
        { minLength: slots, maxLength: slots },
      )
      .map((list) => Uint16Array.from(list)),
  }),
);

test("any day comes back as it was, and equal days have equal bytes", () => {
  fc.assert(
    fc.property(day, ({ values, flags }) => {
      const packed = packDay(values, flags);
      const back = unpackDay(packed.v, packed.q, values.length);
      expect(back).toEqual({ values, flags });
      expect(packDay(back.values, back.flags)).toEqual(packed);
    }),
    { numRuns: 500 },
  );
});

test("bytes cut anywhere, or with one more, are refused and never taken for another day", () => {
  const { v } = packDay(
    Float64Array.from({ length: 96 }, (_, index) => index * 37),
    new Uint16Array(96),
  );
  for (let length = 0; length < v.length; length++) {
    expect(() => unpackDay(v.subarray(0, length), null, 96)).toThrow(
      expect.objectContaining({ code: "load-day.garbled" }),
    );
  }
  expect(() => unpackDay(Uint8Array.of(...v, 0), null, 96)).toThrow(
    expect.objectContaining({ code: "load-day.garbled" }),
  );
});

test("random bytes are refused or decoded, never worse", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 120 }), fc.option(fc.uint8Array({ maxLength: 20 })), (v, q) => {
      try {
        unpackDay(v, q, 96);
      } catch (error) {
        expect(error).toMatchObject({ code: "load-day.garbled" });
      }
    }),
    { numRuns: 2000 },
  );
});

test("a value that is no integer is refused where it is packed", () => {
  expect(() => packDay(Float64Array.of(1.5), new Uint16Array(1))).toThrow(RangeError);
});

test("whole days are added straight from their bytes", () => {
  const days = [3, 1000, 70_000].map((by) =>
    Float64Array.from({ length: 92 }, (_, index) => ((index * by) % 5003) - 9),
  );
  const sums = new Float64Array(92);
  for (const values of days) {
    const { v } = packDay(values, new Uint16Array(92));
    const bytes = Uint8Array.of(9, 9, ...v, 9);
    expect(addWholeDay(bytes, 2, 2 + v.length, sums, 10)).toBe(true);
  }
  expect([...sums]).toEqual(
    Array.from({ length: 92 }, (_, index) => days.reduce((sum, values) => sum + values[index]! * 10, 0)),
  );
});

test("the digest counts what is there, what is good, and the first maximum", () => {
  const values = Float64Array.of(4, Number.NaN, 9, 9, 1);
  const flags = Uint16Array.of(0, 0, quality.notValid, 0, quality.powerDown);
  expect(digestOf(values, flags, "delta")).toEqual({
    sum: 23,
    max: 9,
    maxAt: 2,
    ok: 3,
    flags: missingBit | quality.notValid | quality.powerDown,
  });
  expect(digestOf(values, flags, "index").sum).toBeNull();
  expect(digestOf(Float64Array.of(Number.NaN), new Uint16Array(1), "delta")).toMatchObject({
    sum: null,
    max: null,
    maxAt: null,
    ok: 0,
  });
});

test("a good value is not replaced by a doubtful one, a doubtful one is by a good one, in either order", () => {
  const good = () => ({ values: Float64Array.of(10), flags: Uint16Array.of(0) });
  const doubtful = () => ({ values: Float64Array.of(99), flags: Uint16Array.of(quality.notValid) });
  const kept = good();
  expect(mergeDay(kept, doubtful())).toBe(0);
  const healed = doubtful();
  expect(mergeDay(healed, good())).toBe(1);
  expect([kept, healed]).toEqual([good(), good()]);
});

test("a slot without a value takes nothing away", () => {
  const stored = { values: Float64Array.of(1, Number.NaN), flags: Uint16Array.of(0, 0) };
  const empty = {
    values: Float64Array.of(Number.NaN, Number.NaN),
    flags: Uint16Array.of(0, quality.powerDown),
  };
  expect(mergeDay(stored, empty)).toBe(1);
  expect(stored).toEqual({
    values: Float64Array.of(1, Number.NaN),
    flags: Uint16Array.of(0, quality.powerDown),
  });
});
