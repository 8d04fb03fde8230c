import { GroupSum, packCounts, packDay, quality, toQuarterHours, unpackCounts } from "@energsys/metering";
import fc from "fast-check";
import { expect, test } from "vitest";

const day = (values: number[], flags: number[] = values.map(() => 0)) => ({
  values: Float64Array.from(values),
  flags: Uint16Array.from(flags),
});

test("a whole day of equal counts is three bytes a list", () => {
  const list = new Uint32Array(96).fill(60);
  expect(packCounts([list])).toEqual(Uint8Array.of(96, 60));
  expect(packCounts([list, new Uint32Array(96).fill(312)])).toHaveLength(2 + 3);
});

test("counts come back as they were, and bytes cut anywhere are refused", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(92, 96, 100),
      fc.array(fc.nat(200_000), { minLength: 1, maxLength: 100 }),
      (slots, seeds) => {
        const lists = [0, 1, 2, 3].map((nth) =>
          Uint32Array.from(
            { length: slots },
            (_, slot) => seeds[Math.floor((slot + nth) / 7) % seeds.length]!,
          ),
        );
        const bytes = packCounts(lists);
        expect(unpackCounts(bytes, 4, slots)).toEqual(lists);
        expect(() => unpackCounts(bytes.subarray(0, -1), 4, slots)).toThrow(/./);
        expect(() => unpackCounts(Uint8Array.of(...bytes, 0), 4, slots)).toThrow(/./);
      },
    ),
  );
});

test("values are added with their signs; what is missing, bad or estimated is counted and not made up", () => {
  const sum = new GroupSum(4);
  sum.expect(0, 4);
  sum.expect(0, 4);
  sum.expect(2, 4);
  sum.add(day([10, 20, Number.NaN, 40]), 1, 0, 4, false);
  sum.add(day([1, 2, Number.NaN, 4], [0, quality.suspect, 0, quality.estimated]), -1, 0, 4, false);
  sum.add(day([100, 100, 100, 100]), 10, 2, 3, false);
  const { values, flags, expected, present, good, estimated } = sum.finish();
  expect([...values]).toEqual([9, 18, 1000, 36]);
  expect([...flags]).toEqual([0, quality.suspect, 0, quality.estimated]);
  expect([...expected]).toEqual([2, 2, 3, 3]);
  expect([...present]).toEqual([2, 2, 1, 2]);
  expect([...good]).toEqual([2, 1, 1, 2]);
  expect([...estimated]).toEqual([0, 0, 0, 1]);
});

test("a slot in which no member has a value has none; whole days count like unpacked ones", () => {
  const sum = new GroupSum(4);
  sum.add(day([Number.NaN, 5, 5, Number.NaN]), 1, 0, 3, true);
  expect([...sum.finish().values]).toEqual([Number.NaN, 5, 5, Number.NaN]);
  const { v } = packDay(Float64Array.of(1, 2, 3, 4), new Uint16Array(4));
  expect(sum.addWhole(v, 0, v.length, -2, true)).toBe(true);
  const { values, expected, present, good } = sum.finish();
  expect([...values]).toEqual([-2, 1, -1, -8]);
  expect([...expected]).toEqual([1, 2, 2, 1]);
  expect([...present]).toEqual([1, 2, 2, 1]);
  expect([...good]).toEqual([1, 2, 2, 1]);
});

test("five-minute values make quarter-hours, and one that lacks a part has none", () => {
  const { values, flags } = toQuarterHours(day([1, 2, 3, 4, Number.NaN, 6], [0, 0, 1, 0, 0, 0]), 2);
  expect([...values]).toEqual([6, Number.NaN]);
  expect([...flags]).toEqual([1, 0]);
});
