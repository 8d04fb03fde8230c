import {
  decodeLog,
  decodeProfile,
  decodeReadout,
  encodeLogAnswer,
  encodeProfileAnswer,
  findStamp,
  formatWallTime,
  formatZonedStamp,
  instantOf,
  zoneOffset,
} from "@energsys/protocols/iec62056-21";
import fc from "fast-check";
import { expect, test } from "vitest";
import { capturesWith } from "./captures.ts";

const offset = zoneOffset("Europe/Bucharest");
const asUtc = () => 0;

test.each(capturesWith("profile"))(
  "the load profile of %s has the rows of its list",
  (_id, { bytes }, expected) => {
    const { blocks } = decodeProfile(decodeReadout(bytes).dataSets, { offset: asUtc });
    const first = blocks[0]!;
    const ends = blocks.flatMap((block) => block.rowEndsMs.map((at) => formatWallTime(at)));
    const rows = blocks.flatMap((block) => block.rows);
    if (expected.start) {
      expect(first.stampText[0]).toBe(expected.start.zoneDigit);
      expect(formatWallTime(first.stamp.wallMs)).toBe(expected.start.local);
    }
    if (expected.status !== undefined) expect(first.status).toBe(expected.status);
    if (expected.periodMinutes !== undefined) expect(first.periodSeconds).toBe(expected.periodMinutes * 60);
    if (expected.channels) {
      expect(first.columns.map(({ address, unit }) => [address, unit])).toEqual(expected.channels);
    }
    if (expected.channelCount !== undefined) expect(first.columns).toHaveLength(expected.channelCount);
    if (expected.rowCount !== undefined) expect(rows).toHaveLength(expected.rowCount);
    if (expected.row3) expect(rows[3]?.map(Number)).toEqual(expected.row3);
    if (expected.rows) {
      expect(rows.map((values, index) => ({ end: ends[index], values: values.map(Number) }))).toEqual(
        expected.rows,
      );
    }
    if (expected.blocks) {
      const found = blocks.map((block) => ({
        start: formatWallTime(block.stamp.wallMs),
        zoneDigit: block.stampText[0],
        rows: block.rows.length,
        lastRowEnd: formatWallTime(block.rowEndsMs.at(-1)!),
      }));
      expect(found).toEqual(expected.blocks);
    }
  },
);

test.each(capturesWith("events"))("the log of %s has the events of its list", (_id, { bytes }, events) => {
  const { entries } = decodeLog(decodeReadout(bytes).dataSets, { offset: asUtc });
  expect(
    entries.map(({ at, status, values }, index) => [
      formatWallTime(at),
      typeof events[index]?.[1] === "string" ? status : values.map(Number),
    ]),
  ).toEqual(events);
});

test("rows that are missing as a whole or in one channel keep their place", () => {
  const { blocks } = decodeProfile(
    "P.01(0260105001500)(00)(15)(2)(1.29)(kWh)(2.29)(kWh)\r\n(0.125)(0.000)\r\n()\r\n(0.250)(-----)\r\n",
    { offset },
  );
  expect(blocks[0]?.rows).toEqual([
    ["0.125", "0.000"],
    [undefined, undefined],
    ["0.250", undefined],
  ]);
  expect(blocks[0]?.rowEndsMs.map((at) => new Date(at).toISOString())).toEqual([
    "2026-01-04T22:15:00.000Z",
    "2026-01-04T22:30:00.000Z",
    "2026-01-04T22:45:00.000Z",
  ]);
});

test("the meter says that it has no values", () => {
  expect(decodeProfile("P.01(ERROR)", { offset })).toEqual({ address: "P.01", error: "ERROR", blocks: [] });
  expect(decodeLog("P.98(ERROR)", { offset })).toEqual({ address: "P.98", error: "ERROR", entries: [] });
});

const header = "P.01(0260105001500)(00)(15)(1)(1.29)(kWh)\r\n";
test.each([
  ["no header", "(0.125)\r\n", "iec.profile-header", 0],
  ["no data sets", "", "iec.profile-header", 0],
  ["a date that is none", "P.01(0260230001500)(00)(15)(1)(1.29)(kWh)\r\n", "iec.profile-header", 0],
  [
    "a zone digit that means nothing",
    "P.01(7260105001500)(00)(15)(1)(1.29)(kWh)\r\n",
    "iec.profile-header",
    0,
  ],
  [
    "a status that is not hexadecimal",
    "P.01(0260105001500)(xy)(15)(1)(1.29)(kWh)\r\n",
    "iec.profile-header",
    0,
  ],
  ["a period of nothing", "P.01(0260105001500)(00)(0)(1)(1.29)(kWh)\r\n", "iec.profile-header", 0],
  [
    "more channels than announced",
    "P.01(0260105001500)(00)(15)(1)(1.29)(kWh)(2.29)(kWh)\r\n",
    "iec.profile-header",
    0,
  ],
  [
    "fewer channels than announced",
    "P.01(0260105001500)(00)(15)(99999)(1.29)(kWh)\r\n",
    "iec.profile-header",
    0,
  ],
  ["a row too long", `${header}(0.125)(0.250)\r\n`, "iec.profile-row", 1],
  ["another address in between", `${header}(0.125)\r\nP.02(1)\r\n`, "iec.profile-header", 2],
  ["a bracket left open", `${header}(0.125\r\n`, "iec.bracket", 49],
])("a profile with %s is refused", (_what, text, code, at) => {
  expect(() => decodeProfile(text, { offset })).toThrow(
    expect.objectContaining({ name: "DecodeError", code, offset: at }),
  );
});

test.each([
  ["no stamp", "P.98(ABC)(00)()(0)", "iec.log-entry", 0],
  ["a status that is not hexadecimal", "P.98(1041007095703)(zz)()(0)", "iec.log-entry", 0],
  ["values missing", "P.98(1041007095703)(00)()(2)(C.11.0)()(C.11.1)()(4)\r\n", "iec.log-entry", 0],
  ["columns missing", "P.98(1041007095703)(00)()(3)(C.11.0)()\r\n", "iec.log-entry", 0],
  ["values of no entry", "P.98(1041007095703)(00)()(0)\r\n(4)\r\n", "iec.log-entry", 1],
])("a log entry with %s is refused", (_what, text, code, at) => {
  expect(() => decodeLog(text, { offset })).toThrow(
    expect.objectContaining({ name: "DecodeError", code, offset: at }),
  );
});

test.each([
  ["0260105001500", "2026-01-04T22:15:00Z"],
  ["1260705001500", "2026-07-04T21:15:00Z"],
  ["2260705001500", "2026-07-05T00:15:00Z"],
  ["02607050015", "2026-07-04T22:15:00Z"],
  ["2607050015", "2026-07-04T21:15:00Z"],
  ["260705001530S", "2026-07-04T21:15:30Z"],
  ["260105001530W", "2026-01-04T22:15:30Z"],
  ["26-07-05,00:15", "2026-07-04T21:15:00Z"],
  ["0261231240000", "2026-12-31T22:00:00Z"],
  // The hour that comes twice in autumn: the season tells which one, without it the first.
  ["261025033000S", "2026-10-25T00:30:00Z"],
  ["261025033000W", "2026-10-25T01:30:00Z"],
  ["261025033000", "2026-10-25T00:30:00Z"],
])("the stamp %s is %s in Bucharest", (text, instant) => {
  expect(instantOf(findStamp(text)!, offset)).toBe(Date.parse(instant));
});

test.each([
  "",
  "1",
  "632525252525S",
  "0260230001500",
  "3260105001500",
  "0260105246000",
  "12345678901234",
  "P.01",
])("%j is no stamp", (text) => {
  expect(findStamp(text)).toBeUndefined();
});

test("a day of the calendar is where the calendar of the platform has it", () => {
  fc.assert(
    fc.property(fc.integer({ min: 946_684_800, max: 4_102_444_799 }), (second) => {
      const wallMs = second * 1000;
      const stamp = { wallMs, season: "utc" as const };
      expect(findStamp(formatZonedStamp(stamp))).toEqual(stamp);
    }),
  );
});

const value = fc.option(
  fc.integer({ min: 0, max: 9_999_999 }).map((count) => (count / 1000).toFixed(3)),
  {
    nil: undefined,
  },
);

test("a profile that is encoded is decoded to the same", () => {
  const columns = [
    { address: "1.29", unit: "kWh" },
    { address: "2.29", unit: "kWh" },
  ];
  const block = fc.record({
    stamp: fc.constantFrom("0260105001500", "1260705120000"),
    status: fc.constantFrom("00", "80", "00000040"),
    periodMinutes: fc.constantFrom(1, 5, 15, 60),
    columns: fc.constant(columns),
    rows: fc.array(fc.tuple(value, value), { maxLength: 20 }),
  });
  fc.assert(
    fc.property(fc.array(block, { minLength: 1, maxLength: 4 }), (blocks) => {
      const telegram = decodeReadout(encodeProfileAnswer("P.01", blocks));
      expect(telegram).toMatchObject({ kind: "load-profile", check: { bcc: "good" } });
      const decoded = decodeProfile(telegram.dataSets, { offset });
      expect(
        decoded.blocks.map(({ stampText, status, periodSeconds, columns: found, rows }) => ({
          stamp: stampText,
          status,
          periodMinutes: periodSeconds / 60,
          columns: found.map(({ address, unit }) => ({ address, unit })),
          rows,
        })),
      ).toEqual(blocks);
    }),
  );
});

test("a log that is encoded is decoded to the same", () => {
  const entries = [
    { stamp: "1260801060000", status: "80", columns: [], values: [] },
    {
      stamp: "1260801061530",
      status: "40",
      columns: [
        { address: "0-0:C.11.0", unit: "" },
        { address: "0-0:C.11.10", unit: "" },
      ],
      values: ["2", "1"],
    },
  ];
  const telegram = decodeReadout(encodeLogAnswer("P.98", entries));
  expect(telegram.kind).toBe("event-log");
  const decoded = decodeLog(telegram.dataSets, { offset });
  expect(
    decoded.entries.map(({ stampText, status, columns, values }) => ({
      stamp: stampText,
      status,
      columns: columns.map(({ address, unit }) => ({ address, unit })),
      values,
    })),
  ).toEqual(entries);
  expect(decodeReadout(encodeLogAnswer("P.98", [])).error).toBe("ERROR");
});
