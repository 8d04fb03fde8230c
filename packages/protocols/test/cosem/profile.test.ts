import { DecodeError } from "@energsys/protocols";
import {
  type ClockColumn,
  decodeProfileBuffer,
  type ProfileColumns,
  type ProfileOptions,
  profileFromData,
  type ValueColumn,
} from "@energsys/protocols/cosem";
import {
  type DataValue,
  data,
  dateTimeOf,
  decodeData,
  encodeData,
  encodeDateTime,
} from "@energsys/protocols/dlms";
import fc from "fast-check";
import { expect, test } from "vitest";
import { hex } from "../dlms/support.ts";

const clock = { classId: 8, attribute: 2 };
const register = { classId: 3, attribute: 2 };
const columns = [clock, { classId: 1, attribute: 2 }, register, register];
const quarter: ProfileOptions = { columns, periodSeconds: 900 };

const times = (profile: ProfileColumns, at = 0): number[] => [...(profile.columns[at] as ClockColumn).times];
const values = (profile: ProfileColumns, at: number): number[] => [
  ...(profile.columns[at] as ValueColumn).values,
];
const stamp = (instant: number, offset = 120): DataValue =>
  data.octets(encodeDateTime(dateTimeOf(instant, offset, 0)));
const buffer = (...rows: DataValue[][]): Uint8Array =>
  encodeData(data.array(...rows.map((row) => data.structure(...row))));
const start = Date.parse("2026-01-05T10:00:00Z");

test("a profile whose stamps were left out counts on by the capture period (recorded example)", () => {
  const bytes = hex(`01 04 02 04 09 0C 07 E3 0C 1F 02 17 00 00 00 FF C4 00 11 06 06 00 00 05 ED 06 00 00 06 54
    02 04 00 11 06 06 00 00 05 ED 06 00 00 06 54 02 04 00 11 06 06 00 00 05 ED 06 00 00 06 54
    02 04 00 11 06 06 00 00 05 ED 06 00 00 06 54`);
  const profile = decodeProfileBuffer(bytes, { columns, periodSeconds: 3600 });
  expect(times(profile).map((time) => new Date(time).toISOString())).toEqual([
    "2019-12-31T22:00:00.000Z",
    "2019-12-31T23:00:00.000Z",
    "2020-01-01T00:00:00.000Z",
    "2020-01-01T01:00:00.000Z",
  ]);
  expect(values(profile, 1)).toEqual([6, 6, 6, 6]);
  expect(values(profile, 2)).toEqual([1517, 1517, 1517, 1517]);
  expect(values(profile, 3)).toEqual([1620, 1620, 1620, 1620]);
  expect([...(profile.columns[0] as ClockColumn).status]).toEqual([0, 255, 255, 255]);
});

test("null-data repeats the row above; in the first row the value is unknown", () => {
  const profile = decodeProfileBuffer(
    buffer(
      [stamp(start), data.null, data.uint32(7), data.null],
      [data.null, data.uint8(8), data.null, data.null],
      [stamp(start + 3_600_000), data.null, data.uint32(9), data.uint32(1)],
    ),
    quarter,
  );
  expect(times(profile)).toEqual([start, start + 900_000, start + 3_600_000]);
  expect(values(profile, 1)).toEqual([Number.NaN, 8, 8]);
  expect(values(profile, 2)).toEqual([7, 7, 9]);
  expect(values(profile, 3)).toEqual([Number.NaN, Number.NaN, 1]);
});

test("a stamp left out in the first row stays unknown until the next one that is sent", () => {
  const row = [data.uint8(0), data.uint32(1), data.uint32(1)];
  const profile = decodeProfileBuffer(
    buffer([data.null, ...row], [data.null, ...row], [stamp(start), ...row]),
    quarter,
  );
  expect(times(profile)).toEqual([Number.NaN, Number.NaN, start]);
});

test("without a period a stamp that is left out is that of the row above", () => {
  const row = [data.uint8(0), data.uint32(1), data.uint32(1)];
  const profile = decodeProfileBuffer(buffer([stamp(start), ...row], [data.null, ...row]), {
    columns,
    periodSeconds: 0,
  });
  expect(times(profile)).toEqual([start, start]);
});

test("numbers beyond 2^53, fractions and texts are kept as sent, never rounded", () => {
  const large: DataValue = { type: "uint64", value: 2n ** 53n + 1n };
  const fraction: DataValue = { type: "float32", value: 1.5 };
  const profile = decodeProfileBuffer(
    buffer(
      [stamp(start), data.visible("ok"), large, fraction],
      [data.null, data.null, data.null, data.uint64(5n)],
      [data.null, data.uint8(1), data.uint32(6), data.null],
    ),
    quarter,
  );
  const [, text, big, part] = profile.columns as [ClockColumn, ValueColumn, ValueColumn, ValueColumn];
  expect([...big.values]).toEqual([Number.NaN, Number.NaN, 6]);
  expect([...big.others]).toEqual([
    [0, large],
    [1, large],
  ]);
  expect([...part.values]).toEqual([Number.NaN, 5, 5]);
  expect(part.others.get(0)).toEqual(fraction);
  expect(text.others.size).toBe(2);
});

test("delta types add to the value above", () => {
  const delta = (value: number): DataValue => ({ type: "delta-int8", value });
  const rest = [data.uint8(0), data.uint32(1)];
  const profile = decodeProfileBuffer(
    buffer(
      [stamp(start), ...rest, data.uint32(100)],
      [data.null, ...rest, delta(5)],
      [data.null, ...rest, delta(-7)],
    ),
    quarter,
  );
  expect(values(profile, 3)).toEqual([100, 105, 98]);
});

test("a stamp with wildcards is kept as sent and has no instant", () => {
  const wild = data.octets(hex("FFFF01FF030D2D1E00FFC400"));
  const profile = decodeProfileBuffer(buffer([wild, data.uint8(0), data.uint32(1), data.uint32(1)]), quarter);
  expect(times(profile)).toEqual([Number.NaN]);
  expect((profile.columns[0] as ClockColumn).others.get(0)).toEqual(wild);
});

test("the doubled hour of autumn is told apart by the deviation, and by the zone where none is sent", () => {
  const cells = [data.uint8(0), data.uint32(1), data.uint32(1)];
  const at = (text: string): DataValue => data.octets(hex(text));
  const sent = buffer(
    [at("07EA0A1907031E0000FF4C80"), ...cells],
    [at("07EA0A1907031E0000FF8800"), ...cells],
    [at("07EA0A1907031E0000800080"), ...cells],
    [at("07EA0A1907031E0000800000"), ...cells],
  );
  const profile = decodeProfileBuffer(sent, { ...quarter, zone: (_local, dst) => (dst ? 180 : 120) });
  const summer = Date.parse("2026-10-25T00:30:00Z");
  expect(times(profile)).toEqual([summer, summer + 3_600_000, summer, summer + 3_600_000]);
  expect([...(profile.columns[0] as ClockColumn).deviations]).toEqual([-180, -120, -32768, -32768]);
});

test("a compact array gives the same columns", () => {
  const bytes = hex("13 02 02 11 06 0A 05 00 00 00 01 06 00 00 00 02");
  const profile = decodeProfileBuffer(bytes, { columns: [register, register], periodSeconds: 900 });
  expect(values(profile, 0)).toEqual([5, 6]);
  expect(values(profile, 1)).toEqual([1, 2]);
});

const good = buffer([stamp(start), data.uint8(0), data.uint32(1), data.uint32(2)]);
test("every cut of a profile is refused", () => {
  for (let length = 0; length < good.length; length++) {
    expect(() => decodeProfileBuffer(good.slice(0, length), quarter)).toThrow(DecodeError);
  }
});

test.each([
  ["a row with another number of cells", "01 01 02 03 00 00 00 00", "profile.row", 2],
  ["a row that is no structure", "01 01 11 05 00 00 00 00", "profile.row", 2],
  ["more rows than bytes", "01 82 FF FF 02 04 00 00 00 00", "profile.count", 1],
  ["a cell of an unknown type", "01 01 02 04 00 00 07 00 00 00", "data.type", 6],
  ["bytes after the last row", "01 01 02 04 00 00 00 00 00", "profile.trailing", 8],
  ["a buffer that is a number", "06 00 00 00 01", "profile.buffer", 0],
])("%s is refused with code and offset", (_name, text, code, offset) => {
  expect(() => decodeProfileBuffer(hex(text), quarter)).toThrow(expect.objectContaining({ code, offset }));
});

const cell: fc.Arbitrary<DataValue> = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 4294967295 }).map(data.uint32) },
  { weight: 2, arbitrary: fc.constant(data.null) },
  fc.integer({ min: -128, max: 127 }).map(data.int8),
  fc.integer({ min: -32768, max: 32767 }).map(data.int16),
  fc.integer({ min: -2147483648, max: 2147483647 }).map(data.int32),
  fc.integer({ min: 0, max: 65535 }).map(data.uint16),
  fc.boolean().map(data.boolean),
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(data.uint64),
  fc.uint8Array({ maxLength: 14 }).map((bytes) => data.octets(bytes)),
  fc.integer({ min: -128, max: 127 }).map((value): DataValue => ({ type: "delta-int8", value })),
  fc.integer({ min: 0, max: 65535 }).map((value): DataValue => ({ type: "delta-uint16", value })),
  fc.float({ noNaN: true }).map((value): DataValue => ({ type: "float32", value })),
  fc.constant(data.structure(data.uint8(1), data.null)),
);
const stampCell: fc.Arbitrary<DataValue> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .tuple(fc.integer({ min: 0, max: 4_000_000_000 }), fc.integer({ min: -720, max: 720 }))
      .map(([seconds, offset]) => stamp(seconds * 1000, offset)),
  },
  { weight: 2, arbitrary: fc.constant(data.null) },
  fc.uint8Array({ minLength: 12, maxLength: 12 }).map((bytes) => data.octets(bytes)),
  fc.uint8Array({ minLength: 12, maxLength: 12 }).map((bytes): DataValue => ({ type: "date-time", bytes })),
  fc.integer({ min: 0, max: 255 }).map(data.uint8),
  fc
    .tuple(
      fc.integer({ min: 0, max: 4_000_000_000 }),
      fc.constantFrom(0x8000, 0xffc4),
      fc.constantFrom(0, 0x80, 0xff),
    )
    .map(([seconds, deviation, status]) => {
      const bytes = encodeDateTime(dateTimeOf(seconds * 1000, 0, 0));
      bytes[9] = deviation >> 8;
      bytes[10] = deviation & 0xff;
      bytes[11] = status;
      return data.octets(bytes);
    }),
);

test("the fast way and the general decoder give the same columns for any rows", () => {
  const rows = fc.array(fc.tuple(stampCell, cell, cell, cell), { maxLength: 12 });
  const rules = fc.record({
    periodSeconds: fc.constantFrom(900, 0, 3600, -900),
    deviationSign: fc.constantFrom("standard" as const, "turned" as const),
    zoned: fc.boolean(),
  });
  fc.assert(
    fc.property(rows, rules, (table, { zoned, ...rule }) => {
      const zone = (local: number, dst: boolean | undefined): number =>
        dst === undefined ? local % 7 : dst ? 180 : 120;
      const options: ProfileOptions = { columns, ...rule, ...(zoned && { zone }) };
      const bytes = buffer(...table);
      expect(decodeProfileBuffer(bytes, options)).toEqual(profileFromData(decodeData(bytes), options));
    }),
    { numRuns: 1500 },
  );
});

test("damaged bytes are refused by both ways, or give the same columns", () => {
  const bytes = buffer(
    [stamp(start), data.uint8(0), data.uint32(1), data.uint32(2)],
    [data.null, data.uint8(0), data.uint32(3), data.null],
  );
  const attempt = (way: () => ProfileColumns): ProfileColumns | "refused" => {
    try {
      return way();
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      return "refused";
    }
  };
  for (let at = 0; at < bytes.length; at++) {
    for (let byte = 0; byte < 256; byte++) {
      const damaged = bytes.slice();
      damaged[at] = byte;
      expect(attempt(() => decodeProfileBuffer(damaged, quarter))).toEqual(
        attempt(() => profileFromData(decodeData(damaged), quarter)),
      );
    }
  }
});
