import {
  addSlot,
  type CheckedDay,
  emptySlots,
  type Finding,
  faultsOf,
  type GroupBalance,
  marketDay,
  type PointClass,
  planRules,
  quality,
  type RuleCode,
  ruleCodes,
  slotsIn,
  slotsOf,
  validateDay,
  validationRules,
} from "@energsys/metering";
import { describe, expect, test } from "vitest";
import { vector, wh } from "../vectors.ts";

const zone = "Europe/Bucharest";

/** A quiet household day in Wh; `slot => Wh` says otherwise. */
function dayOf(with_: Partial<CheckedDay> = {}, date = "2026-03-04"): CheckedDay {
  const day = marketDay(date, zone);
  const slots = slotsOf(day, 900);
  return {
    channelId: 7,
    energy: "active",
    direction: "import",
    scale: 0,
    periodSeconds: 900,
    startMs: day.startMs,
    nowMs: day.endMs + 12 * 3_600_000,
    values: Float64Array.from({ length: slots }, (_, slot) => 100 + ((slot * 37) % 50)),
    flags: new Uint16Array(slots),
    ...with_,
  };
}

const changed = (
  change: (values: Float64Array, flags: Uint16Array) => void,
  more: Partial<CheckedDay> = {},
) => {
  const day = dayOf();
  change(day.values, day.flags);
  return { ...day, ...more };
};

const only = (code: RuleCode, day: CheckedDay, of: PointClass = "household"): Finding[] =>
  validateDay(
    day,
    planRules(of).filter(({ rule }) => rule.code === code),
  );

const history = (sums: readonly number[]) => ({
  sums: Float64Array.from(sums),
  present: Uint16Array.from(sums, (sum) => (Number.isNaN(sum) ? 0 : 96)),
  from: 0,
  count: sums.length,
});

test("a quiet day with all that is known about it passes every rule", () => {
  const day = dayOf();
  const sum = day.values.reduce((total, value) => total + value, 0);
  const findings = validateDay(
    {
      ...day,
      meterMax: 3450,
      approvedMax: 3000,
      register: { step: sum, digit: 100, rolledOver: false, decreased: false },
      rates: { sum, total: sum, count: 2, digit: 100 },
      history: history(new Array(30).fill(sum)),
      yearAgo: { sum: sum * 28, present: 28 * 96 },
      reactive: day.values.map((value) => Math.round(value / 4)),
      outages: [],
      energised: true,
      exportContract: false,
      clockOffsetMs: 3000,
      identity: { expected: "100", read: "100" },
      partner: { sum, limitPermille: 5 },
    },
    planRules("household"),
  );
  expect(findings).toEqual([]);
});

test("there is one rule per code from V01 to V21, each with thresholds inside their bounds for every class", () => {
  expect(ruleCodes).toEqual(Array.from({ length: 21 }, (_, n) => `V${String(n + 1).padStart(2, "0")}`));
  for (const code of ruleCodes) {
    const rule = validationRules[code];
    expect(rule.code).toBe(code);
    const all = [
      Object.fromEntries(Object.entries(rule.thresholds).map(([name, { default: value }]) => [name, value])),
      ...Object.values(rule.byClass ?? {}),
    ];
    for (const thresholds of all)
      expect(
        faultsOf({ rule: code, class: "household", thresholds: thresholds as Record<string, number> }),
      ).toEqual([]);
  }
});

describe("sum check", () => {
  test.each(["TV-12", "TV-13"])("%s", (id) => {
    const { given, expect: wanted } = vector(id);
    const values = Float64Array.from(given.intervals_kWh as string[], wh);
    const step = wh(given.index_to_kWh) - wh(given.index_from_kWh);
    const found = only(
      "V09",
      dayOf({ values, register: { step, digit: 100, rolledOver: false, decreased: false } }),
    );
    expect(found.length === 0).toBe(wanted.pass);
    if (wanted.pass) return;
    expect(found[0]).toMatchObject({
      severity: "F",
      slots: null,
      measured: { value: String(wh(wanted.difference_kWh)), unit: "Wh" },
      limit: { value: String(wh(wanted.tolerance_kWh)), unit: "Wh" },
    });
  });

  test("a day with a gap is not compared: the register's step scales the estimates", () => {
    const register = { step: 1, digit: 1, rolledOver: false, decreased: false };
    const day = changed((values) => values.fill(Number.NaN, 10, 12), { register });
    expect(only("V09", day)).toEqual([]);
    expect(only("V09", dayOf({ register }))).toHaveLength(1);
  });
});

describe("spike", () => {
  const { given, expect: wanted } = vector("TV-14");
  test.each(
    (given.cases as { highest_three_kWh: string[] }[]).map((one, nth) => ({ ...one, ...wanted.cases[nth] })),
  )(
    "TV-14: $p1_kW kW, $excess_percent % above the third highest: $result",
    ({ highest_three_kWh, excess_percent, result }) => {
      const [highest = 0, second = 0, third = 0] = highest_three_kWh.map(wh);
      const day = changed((values) => {
        values[40] = third;
        values[70] = highest;
        values[20] = second;
      });
      const found = only("V10", day);
      expect(found).toHaveLength(result === "warn" ? 1 : 0);
      if (result !== "warn") return;
      expect(found[0]).toMatchObject({
        rule: "V10",
        severity: "W",
        channelId: 7,
        count: 1,
        measured: { value: excess_percent, unit: "%" },
        limit: { value: given.limit_percent, unit: "%" },
      });
      expect(slotsIn(found[0]?.slots ?? emptySlots(96))).toEqual([70]);
    },
  );

  test("below a kilowatt nothing is a spike", () => {
    const at = (highest: number) =>
      changed((values) => {
        values.fill(10);
        values[5] = highest;
      });
    expect(only("V10", at(250))).toEqual([]);
    expect(only("V10", at(251))).toHaveLength(1);
  });

  test("a day under way has no spike: its rest may be as high", () => {
    const until = (slot: number) =>
      changed((values) => {
        values.fill(10);
        values[5] = 900;
        values.fill(Number.NaN, slot);
      });
    expect(only("V10", until(86))).toEqual([]);
    expect(only("V10", until(87))).toHaveLength(1);
  });
});

test("TV-21: ninety-six values on a day of a hundred intervals are a gap of four", () => {
  const { given, expect: wanted } = vector("TV-21");
  const day = dayOf({}, given.local_day);
  const delivered = (slotMs: number) =>
    (given.delivered_ranges_utc as { from: string; to: string }[]).some(
      ({ from, to }) => slotMs >= Date.parse(from) && slotMs < Date.parse(to),
    );
  for (let slot = 0; slot < day.values.length; slot++)
    if (!delivered(day.startMs + slot * 900_000)) day.values[slot] = Number.NaN;
  const [found, ...rest] = only("V03", day);
  expect(rest).toEqual([]);
  expect(day.values).toHaveLength(wanted.expected_count);
  expect(found).toMatchObject({ rule: wanted.check_failed, severity: "F", count: wanted.missing_count });
  const missing = slotsIn(found?.slots ?? emptySlots(100));
  expect(
    missing.map((slot) => new Date(day.startMs + slot * 900_000).toISOString().replace(".000", "")),
  ).toEqual(wanted.missing_starts_utc);
});

describe("gap", () => {
  test("what is not over yet is not missing, nor is what no meter could measure", () => {
    const { startMs } = dayOf();
    const empty = { values: new Float64Array(96).fill(Number.NaN) };
    const hour = 3_600_000;
    expect(only("V03", dayOf({ ...empty, nowMs: startMs }))).toEqual([]);
    expect(only("V03", dayOf({ ...empty, nowMs: startMs + 3 * hour }))[0]).toMatchObject({
      words: "day-missing",
      count: 8,
    });
    const metered = { meteredFromMs: startMs + 10 * hour, meteredToMs: startMs + 20 * hour };
    expect(only("V03", dayOf({ ...empty, ...metered }))[0]?.count).toBe(40);
  });
});

const fill = (value: number, from = 0, to = 96) => changed((values) => values.fill(value, from, to));

interface Case {
  readonly code: RuleCode;
  readonly what: string;
  readonly of?: PointClass;
  /** Days that the rule speaks about, with the words and severity, and the intervals when it names some. */
  readonly found: readonly (readonly [CheckedDay, string, "F" | "W" | "I", (number | null)?])[];
  readonly silent: readonly CheckedDay[];
}

const outage = (from: number, to: number) => {
  const { startMs } = dayOf();
  return [{ fromMs: startMs + from * 900_000, toMs: startMs + to * 900_000 }];
};
const slotsAt = (...slots: number[]) => {
  const set = emptySlots(96);
  for (const slot of slots) addSlot(set, slot);
  return set;
};
const sumOf = (day: CheckedDay) => day.values.reduce((total, value) => total + value, 0);

/** A group of 100 kWh: 1 % of uncertainty, and nothing that must be lost by its plate. */
const balanceOf = (given: Partial<GroupBalance>): GroupBalance => ({
  groupId: 1,
  name: "PT 1",
  scale: 0,
  input: 100_000,
  counted: 100_000,
  gross: 100_000,
  technical: 0,
  uncertainty: 1_000,
  feedsUncounted: false,
  ...given,
});

const cases: readonly Case[] = [
  {
    code: "V01",
    what: "the clock",
    found: [
      [dayOf({ clockOffsetMs: -11_000 }), "clock-slewed", "I", 0],
      [dayOf({ clockOffsetMs: 61_000 }), "clock-off", "W", 0],
      [dayOf({ clockOffsetMs: 901_000 }), "clock-off-an-interval", "F", 96],
    ],
    silent: [dayOf({ clockOffsetMs: 10_000 }), dayOf()],
  },
  {
    code: "V02",
    what: "the serial number",
    found: [[dayOf({ identity: { expected: "1", read: "2" } }), "other-serial", "F", 0]],
    silent: [dayOf()],
  },
  {
    code: "V04",
    what: "the device's own status",
    found: [
      [
        changed((_, flags) => flags.fill(quality.clockInvalid | quality.notValid, 3, 5)),
        "refused-by-device",
        "F",
        2,
      ],
      [changed((_, flags) => flags.fill(quality.clockAdjusted, 3, 4)), "clock-adjusted", "W", 1],
      [changed((_, flags) => flags.fill(quality.powerDown, 3, 6)), "power-down", "I", 3],
    ],
    silent: [changed((_, flags) => flags.fill(quality.daylightSaving))],
  },
  {
    code: "V05",
    what: "a second delivery",
    found: [[dayOf({ duplicates: slotsAt(4) }), "delivered-twice", "W", 1]],
    silent: [dayOf({})],
  },
  {
    code: "V06",
    what: "the future",
    found: [[dayOf({ nowMs: dayOf().startMs + 94 * 900_000 }), "in-the-future", "F", 1]],
    silent: [dayOf({ nowMs: dayOf().startMs + 95 * 900_000 - 60_000 })],
  },
  {
    code: "V07",
    what: "a pulse counter",
    found: [
      [changed((values) => values.fill(65_535, 8, 9), { pulseWeight: 1 }), "counter-overflow", "F", 1],
      [
        changed((values) => values.fill(3451, 8, 9), { pulseWeight: 5, meterMax: 3450 }),
        "counter-overflow",
        "F",
        1,
      ],
    ],
    silent: [fill(65_535, 8, 9), changed((values) => values.fill(65_534, 8, 9), { pulseWeight: 1 })],
  },
  {
    code: "V08",
    what: "a meter under test",
    found: [[dayOf({ testSlots: slotsAt(10, 11) }), "test-mode", "F", 2]],
    silent: [dayOf()],
  },
  {
    code: "V11",
    what: "the mean of a day",
    found: [
      [dayOf({ history: history(new Array(30).fill(5_000)) }), "unusually-high", "W", 0],
      [dayOf({ history: history(new Array(30).fill(50_000)) }), "unusually-low", "W", 0],
      [
        dayOf({
          history: history(new Array(30).fill(11_000)),
          yearAgo: { sum: 28 * 5_000, present: 28 * 96 },
        }),
        "unusually-high",
        "W",
        0,
      ],
    ],
    silent: [
      dayOf({ history: history(new Array(6).fill(1)) }),
      // The day is under way.
      changed((values) => values.fill(Number.NaN, 80), { history: history(new Array(30).fill(50_000)) }),
      dayOf({ history: history(new Array(30).fill(sumOf(dayOf()) / 2)) }),
      dayOf({ history: history(new Array(30).fill(sumOf(dayOf()) * 4)) }),
    ],
  },
  {
    code: "V12",
    what: "what a meter and a contract allow",
    found: [
      [changed((values) => values.fill(3796, 3, 5), { meterMax: 3450 }), "above-meter", "F", 2],
      [
        changed((values) => values.fill(3301, 3, 5), { meterMax: 3450, approvedMax: 3000 }),
        "above-approved",
        "W",
        2,
      ],
    ],
    silent: [
      changed((values) => values.fill(3795, 3, 5), { meterMax: 3450 }),
      changed((values) => values.fill(3300, 3, 5), { meterMax: 3450, approvedMax: 3000 }),
    ],
  },
  {
    code: "V13",
    what: "reactive energy",
    found: [
      [
        changed((values) => values.fill(0, 20, 28), { reactive: new Float64Array(96).fill(20) }),
        "reactive-without-active",
        "W",
        8,
      ],
      [dayOf({ reactive: dayOf().values.map((value) => value * 4) }), "low-power-factor", "W", 0],
    ],
    silent: [
      changed((values) => values.fill(0, 20, 27), { reactive: new Float64Array(96).fill(20) }),
      dayOf({ reactive: dayOf().values.map((value) => value * 3) }),
    ],
  },
  {
    code: "V14",
    what: "days of zeros",
    found: [
      [changed((values) => values.fill(0), { history: history([0, 0, 0, 0, 0, 0]) }), "zero-days", "W", 0],
    ],
    silent: [
      changed((values) => values.fill(0), { history: history([0, 0, 0, 0, 0, 1]) }),
      changed((values) => values.fill(0), { history: history([0, 0, 0, 0, 0, 0]), energised: false }),
      fill(0, 1),
    ],
  },
  {
    code: "V14",
    of: "industry",
    what: "one day of zeros of a factory",
    found: [[fill(0), "zero-days", "W", 0]],
    silent: [fill(0, 1)],
  },
  {
    code: "V15",
    what: "energy behind an open switch",
    found: [
      [
        changed((values) => values.fill(0).fill(17, 90, 93), { openSinceMs: dayOf().startMs }),
        "consumption-while-open",
        "W",
        3,
      ],
    ],
    silent: [
      changed((values) => values.fill(0).fill(10, 90, 95), { openSinceMs: dayOf().startMs }),
      dayOf({ openSinceMs: dayOf().startMs + 96 * 900_000 }),
    ],
  },
  {
    code: "V16",
    what: "direction",
    found: [
      [changed((values) => values.fill(-1, 3, 4)), "negative", "F", 1],
      [dayOf({ direction: "export", exportContract: false }), "export-without-contract", "W", 96],
    ],
    silent: [dayOf({ direction: "export", exportContract: true }), dayOf({ direction: "export" }), dayOf()],
  },
  {
    code: "V17",
    what: "a value that stands still",
    found: [[fill(123, 10, 22), "frozen", "W", 12]],
    silent: [
      fill(123, 10, 21),
      fill(0, 10, 40),
      fill(24, 10, 40),
      changed((values) => values.fill(12, 10, 40), { scale: 1 }),
    ],
  },
  {
    code: "V17",
    what: "street lighting through the longest night and by day",
    of: "lighting",
    found: [[fill(123, 10, 78), "frozen", "W", 68]],
    silent: [fill(123, 10, 77)],
  },
  {
    code: "V18",
    what: "a register that goes back",
    found: [
      [changed((_, flags) => flags.fill(quality.decreased, 3, 4)), "decreased", "F", 1],
      [
        dayOf({ register: { step: 0, digit: 1, rolledOver: false, decreased: true } }),
        "register-decreased",
        "F",
        0,
      ],
      [
        dayOf({ register: { step: 35_700, digit: 1, rolledOver: true, decreased: false } }),
        "rolled-over",
        "I",
        0,
      ],
    ],
    silent: [dayOf()],
  },
  {
    code: "V19",
    what: "outages",
    found: [
      [dayOf({ outages: outage(10.5, 13) }), "energy-in-the-dark", "W", 2],
      [changed((values) => values.fill(0, 10, 14), { outages: [] }), "zero-without-event", "W", 4],
    ],
    silent: [
      changed((values) => values.fill(0, 10, 14)),
      changed((values) => values.fill(0, 10, 13), { outages: [] }),
      changed((values) => values.fill(0, 10, 14), { outages: outage(9.5, 14.2) }),
      changed((values) => values.fill(0, 10, 60), { outages: [] }),
    ],
  },
  {
    code: "V20",
    what: "registers of rates",
    found: [[dayOf({ rates: { sum: 11_301, total: 11_000, count: 3, digit: 100 } }), "rates-differ", "W", 0]],
    silent: [dayOf({ rates: { sum: 11_300, total: 11_000, count: 3, digit: 100 } })],
  },
  {
    code: "V21",
    what: "a partner meter",
    found: [
      [dayOf({ partner: { sum: sumOf(dayOf()) - 200, limitPermille: 10 } }), "partner-differs", "W", 0],
    ],
    silent: [dayOf({ partner: { sum: sumOf(dayOf()) - 100, limitPermille: 10 } })],
  },
  {
    code: "V21",
    what: "a balance meter",
    found: [
      [dayOf({ groups: [balanceOf({ counted: 95_999 })] }), "group-loses", "W", 0],
      [dayOf({ groups: [balanceOf({ counted: 83_999, technical: null })] }), "group-loses", "W", 0],
      [dayOf({ groups: [balanceOf({ counted: 101_001 })] }), "group-gains", "W", 0],
      // What flows back leaves little of both sides; the limit is of what flowed.
      [dayOf({ groups: [balanceOf({ input: 1_000, counted: -3_001 })] }), "group-loses", "W", 0],
    ],
    silent: [
      dayOf({ groups: [balanceOf({ counted: 96_000 }), balanceOf({ counted: 101_000 })] }),
      dayOf({ groups: [balanceOf({ counted: 84_000, technical: null })] }),
      dayOf({ groups: [balanceOf({ input: 1_000, counted: -3_000 })] }),
      dayOf({ groups: [balanceOf({ counted: 120_000, feedsUncounted: true })] }),
    ],
  },
];

test.each(cases)("$code ($what) speaks at its threshold and not below", ({ code, of, found, silent }) => {
  for (const [day, words, severity, count] of found) {
    expect(only(code, day, of)).toEqual([
      expect.objectContaining({
        rule: code,
        words,
        severity,
        channelId: 7,
        ...(count === undefined ? {} : { count }),
      }),
    ]);
  }
  for (const day of silent) expect(only(code, day, of)).toEqual([]);
});

describe("settings", () => {
  test("a class can switch a rule off and set its thresholds and severity", () => {
    const day = changed((values) => values.fill(0, 10, 14), { outages: [] });
    const run = (settings: Parameters<typeof planRules>[1]) =>
      validateDay(day, planRules("household", settings));
    expect(run([]).map(({ rule }) => rule)).toEqual(["V19"]);
    expect(run([{ rule: "V19", class: "household", enabled: false }])).toEqual([]);
    expect(run([{ rule: "V19", class: "household", thresholds: { zeroIntervals: 5 } }])).toEqual([]);
    expect(run([{ rule: "V19", class: "household", severity: "I" }])[0]?.severity).toBe("I");
    expect(run([{ rule: "V19", class: "industry", enabled: false }])).toHaveLength(1);
  });

  test("thresholds that a rule does not have, or beyond its bounds, are named", () => {
    const faults = (thresholds: Record<string, number>) =>
      faultsOf({ rule: "V10", class: "household", thresholds });
    expect(faults({ excessPercent: 5 })).toEqual(["excessPercent is from 10 to 10000"]);
    expect(faults({ toString: 5 })).toEqual(["V10 has no threshold toString"]);
    expect(faults({ excessPercent: 200.5 })).toEqual(["excessPercent is a whole number"]);
    expect(faults({ excessPercent: 200 })).toEqual([]);
  });
});
