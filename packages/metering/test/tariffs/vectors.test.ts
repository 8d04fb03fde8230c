import {
  blockEnergies,
  type CompiledCalendar,
  compileCalendar,
  cosPhi,
  exact,
  formatExact,
  indicativeBill,
  marketDay,
  marketDayOf,
  maxDemand,
  orthodoxEaster,
  parseExact,
  plusExact,
  type RateCalendar,
  type ReactiveSettings,
  reactiveCharge,
  reactiveRule,
  romanianHolidays,
  roundExact,
  slotsOf,
  splitByVersion,
  sumReactive,
  sumZones,
  tangentOf,
  timesExact,
} from "@energsys/metering";
import { describe, expect, test } from "vitest";
import { vector, wh } from "../vectors.ts";

const zone = "Europe/Bucharest";
const used = {
  energyWh: 0n,
  byRateWh: new Map<string, bigint>(),
  exportWh: 0n,
  exportByRateWh: new Map<string, bigint>(),
  fixed: true,
  chargedVarh: exact(0n),
  demandW: 0n,
  days: 30,
  months: 1,
};

test.each(vector("TV-23").expect.years as Record<string, unknown>[])(
  "TV-23: Orthodox Easter and the holidays of $year",
  (year) => {
    const easter = orthodoxEaster(year.year as number);
    expect(easter.subtract({ days: 2 }).toString()).toBe(year.good_friday);
    expect(easter.toString()).toBe(year.easter_sunday);
    expect(easter.add({ days: 1 }).toString()).toBe(year.easter_monday);
    expect(easter.add({ days: 49 }).toString()).toBe(year.pentecost_sunday);
    expect(easter.add({ days: 50 }).toString()).toBe(year.pentecost_monday);
    expect([...romanianHolidays(year.year as number)].sort()).toEqual(year.holidays);
    expect(romanianHolidays(year.year as number).size).toBe(year.holiday_count);
  },
);

interface GivenCalendar {
  readonly day_profiles: Record<string, { from_local: string; rate: string }[]>;
  readonly week: Record<string, string>;
  readonly special_days: Record<string, string>;
}

function calendarOf(given: GivenCalendar): RateCalendar {
  const minute = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
  return {
    rates: ["day", "night"],
    dayProfiles: Object.entries(given.day_profiles).map(([id, switches]) => ({
      id,
      switches: switches.map(({ from_local, rate }) => ({ minute: minute(from_local), rate })),
    })),
    weeks: [
      { id: "all year", days: ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].map((d) => given.week[d]!) },
    ],
    seasons: [{ from: "01-01", week: "all year" }],
    specialDays: Object.entries(given.special_days).map(([on, day]) => ({ on, day })),
  };
}

function constantDay(date: string, value: number) {
  const day = marketDay(date, zone);
  const slots = slotsOf(day, 900);
  return {
    stepSeconds: 900,
    days: [{ day, first: 0, slots }],
    values: new Float64Array(slots).fill(value),
    flags: new Uint16Array(slots),
    expected: new Uint32Array(slots).fill(1),
    present: new Uint32Array(slots).fill(1),
    good: new Uint32Array(slots).fill(1),
    estimated: new Uint32Array(slots),
  };
}

const dayCases = ["TV-24", "TV-25", "TV-26", "TV-27"].flatMap((id) =>
  (vector(id).expect.days as { local_day: string }[]).map((day) => ({ id, ...day })),
) as {
  id: string;
  local_day: string;
  day_kWh: string;
  night_kWh: string;
  day_intervals: number;
  night_intervals: number;
}[];

describe.each([
  ["holidays listed as special days", (calendar: RateCalendar) => calendar],
  [
    "holidays computed",
    (calendar: RateCalendar) =>
      calendar.specialDays.length === 0
        ? calendar
        : { ...calendar, specialDays: [], holidayProfile: "restday" },
  ],
])("%s", (_, change) => {
  test.each(dayCases)("$id: $local_day has $day_kWh kWh by day and $night_kWh by night", (wanted) => {
    const { given } = vector(wanted.id);
    const calendar = compileCalendar(change(calendarOf(given.calendar)), zone);
    const { zones, total, unrated } = sumZones([
      {
        series: constantDay(wanted.local_day, wh(given.energy_per_interval_kWh)),
        calendarOn: () => calendar,
      },
    ]);
    const [day, night] = zones;
    expect([day?.rate, night?.rate]).toEqual(["day", "night"]);
    expect([day?.energy, night?.energy]).toEqual([BigInt(wh(wanted.day_kWh)), BigInt(wh(wanted.night_kWh))]);
    expect([day?.expected, night?.expected]).toEqual([wanted.day_intervals, wanted.night_intervals]);
    expect(day!.energy! + night!.energy!).toBe(total.energy);
    expect(unrated.energy).toBe(0n);
  });
});

test.each(vector("TV-28").expect.intervals as { start_local: string; start_utc: string; rate: string }[])(
  "TV-28: the interval that starts at $start_local has the rate $rate",
  ({ start_utc, start_local, rate }) => {
    const calendar: CompiledCalendar = compileCalendar(calendarOf(vector("TV-28").given.calendar), zone);
    const startMs = Date.parse(start_utc);
    const day = marketDayOf(startMs, zone);
    const rates = calendar.ratesOf(day, 900);
    expect(calendar.rates[rates[(startMs - day.startMs) / 900_000]!]).toBe(rate);
    const minute = Number(start_local.slice(11, 13)) * 60 + Number(start_local.slice(14, 16));
    expect(calendar.rates[calendar.rateAt(day.date, minute)]).toBe(rate);
  },
);

test("TV-29: of two equal maxima the earlier one counts", () => {
  const { given, expect: wanted } = vector("TV-29");
  const demand = maxDemand({
    startMs: Date.parse(given.quarters[0].start_utc),
    stepSeconds: given.interval_s,
    values: Float64Array.from(given.quarters, (quarter: { energy_kWh: string }) => wh(quarter.energy_kWh)),
  });
  expect(demand?.power).toBe(wh(wanted.max_demand_kW));
  expect(demand?.startMs).toBe(Date.parse(wanted.start_utc));
});

test("TV-30: blocks are filled one after the other, each at its price", () => {
  const { given, expect: wanted } = vector("TV-30");
  const tiers = given.tiers as { up_to_kWh: string | null; price_per_kWh: string }[];
  const energies = blockEnergies(
    BigInt(wh(given.energy_kWh)),
    tiers.map(({ up_to_kWh, price_per_kWh }) => ({
      upToWh: up_to_kWh === null ? undefined : BigInt(wh(up_to_kWh)),
      price: parseExact(price_per_kWh),
    })),
  );
  expect(energies).toEqual(wanted.tier_energy_kWh.map((kwh: string) => BigInt(wh(kwh))));
  const blocks = tiers.map(({ up_to_kWh, price_per_kWh }) => ({
    upToKwh: up_to_kWh ?? undefined,
    price: price_per_kWh,
  }));
  const bill = indicativeBill([
    {
      prices: {
        components: [{ code: "active", basis: { kind: "blocks", blocks, ofDays: 30 } }],
        vatPercent: "0",
      },
      used: { ...used, energyWh: BigInt(wh(given.energy_kWh)) },
    },
  ]);
  expect(bill.lines.map(({ amount }) => formatExact(amount))).toEqual(wanted.tier_amount);
  expect(formatExact(bill.total)).toBe(wanted.amount);
});

const settingsOf = (
  given: Record<string, string>,
  mode: ReactiveSettings["mode"],
  basePeriod: ReactiveSettings["basePeriod"] = "hour",
): ReactiveSettings => ({
  neutralFactor: given.neutral_factor!,
  secondFactor: given.second_factor!,
  multiplier: given.multiplier!,
  mode,
  basePeriod,
});
/** varh as kvarh. */
const shown = (value: ReturnType<typeof exact>, decimals: number) =>
  formatExact(roundExact({ ...value, decimals: value.decimals + 3 }, decimals));

test("TV-31: the tangents of both factors", () => {
  const { given, expect: wanted } = vector("TV-31");
  expect(formatExact(roundExact(tangentOf(given.settings.neutral_factor), 6))).toBe(wanted.tan_neutral);
  expect(formatExact(roundExact(tangentOf(given.settings.second_factor), 6))).toBe(wanted.tan_second);
});

const reactiveCases = [
  ...vector("TV-31").given.cases.map((given: object, nth: number) => ({
    id: "TV-31",
    decimals: 2,
    ...given,
    ...vector("TV-31").expect.cases[nth],
  })),
  ...vector("TV-31b").given.hours.map((given: object, nth: number) => ({
    id: "TV-31b",
    decimals: 4,
    ...given,
    ...vector("TV-31b").expect.hours[nth],
  })),
  {
    id: "TV-31b",
    decimals: 4,
    active_kWh: "120",
    reactive_kvarh: "80",
    ...vector("TV-31b").expect.if_base_were_the_two_hour_total,
  },
] as (Record<string, string> & { id: string; decimals: number })[];

test.each(reactiveCases)("$id: $active_kWh kWh with $reactive_kvarh kvarh", (row) => {
  const { given } = vector(row.id);
  const [active, reactive] = [BigInt(wh(row.active_kWh!)), BigInt(wh(row.reactive_kvarh!))];
  const marginal = reactiveCharge(active, reactive, reactiveRule(settingsOf(given.settings, "marginal")));
  const whole = reactiveCharge(active, reactive, reactiveRule(settingsOf(given.settings, "whole")));
  expect(shown(marginal.free, row.decimals)).toBe(row.free_kvarh);
  if (row.limit_kvarh) expect(shown(marginal.limit, row.decimals)).toBe(row.limit_kvarh);
  expect(formatExact(roundExact(cosPhi(active, reactive)!, 4))).toBe(row.cos_phi);
  expect(shown(marginal.q1, row.decimals)).toBe(row.q1_kvarh);
  expect(shown(marginal.q3, row.decimals)).toBe(row.q3_kvarh);
  expect(shown(marginal.charged, row.decimals)).toBe(row.charged_marginal_kvarh);
  expect(shown(whole.charged, row.decimals)).toBe(row.charged_whole_kvarh);
});

test.each([
  ["marginal", "hour", "sum_of_hours"],
  ["whole", "hour", "sum_of_hours"],
  ["marginal", "month", "if_base_were_the_two_hour_total"],
  ["whole", "month", "if_base_were_the_two_hour_total"],
] as const)("TV-31b: %s, by the %s, from quarter-hours", (mode, basePeriod, wanted) => {
  const { given, expect: expected } = vector("TV-31b");
  const quarters = (field: string) =>
    Float64Array.from({ length: 8 }, (_, slot) => wh(given.hours[slot >> 2][field]) / 4);
  const sum = sumReactive(
    {
      stepSeconds: 900,
      days: [{ day: marketDay("2026-03-04", zone), first: 0, slots: 8 }],
      active: { values: quarters("active_kWh"), scale: 0 },
      reactive: { values: quarters("reactive_kvarh"), scale: 0 },
    },
    settingsOf(given.settings, mode, basePeriod),
  );
  expect(shown(sum.charged, 4)).toBe(expected[wanted][`charged_${mode}_kvarh`]);
  expect([sum.periods, sum.missing]).toEqual([basePeriod === "hour" ? 2 : 1, 0]);
});

test("TV-48: an indicative account is rounded by line, and VAT is on the sum", () => {
  const { given, expect: wanted } = vector("TV-48");
  const bill = indicativeBill([
    {
      prices: {
        components: given.lines.map((line: { code: string; price_per_kWh: string }) => ({
          code: line.code,
          basis: { kind: "energy" },
          price: line.price_per_kWh,
        })),
        vatPercent: given.vat_percent,
      },
      used: { ...used, energyWh: BigInt(wh(given.energy_kWh)) },
    },
  ]);
  expect(bill.lines.map(({ code, amount }) => ({ code, amount: formatExact(amount) }))).toEqual(wanted.lines);
  expect([bill.net, bill.vat, bill.total].map(formatExact)).toEqual([wanted.net, wanted.vat, wanted.total]);
});

test("TV-49: where a price changes within the period, each part has its own", () => {
  const { given, expect: wanted } = vector("TV-49");
  const change = given.price_change_local.slice(0, 10);
  const versions = [
    {
      validFrom: "2026-01-01",
      validTo: change,
      price: given.price_before_per_kWh,
      kwh: given.energy_before_kWh,
    },
    { validFrom: change, price: given.price_after_per_kWh, kwh: given.energy_after_kWh },
  ];
  expect(marketDay(change, given.timezone).startMs).toBe(Date.parse(given.price_change_utc));
  const spans = splitByVersion(versions, "2026-06-15", "2026-07-15");
  expect(spans.map(({ fromDay, toDay }) => [fromDay, toDay])).toEqual([
    ["2026-06-15", change],
    [change, "2026-07-15"],
  ]);
  const bill = indicativeBill(
    spans.map(({ version }) => ({
      prices: {
        components: [{ code: "active", basis: { kind: "energy" }, price: version!.price }],
        vatPercent: "0",
      },
      used: { ...used, energyWh: BigInt(wh(version!.kwh)) },
    })),
  );
  expect(bill.lines.map(({ amount }) => formatExact(amount))).toEqual([
    wanted.amount_before,
    wanted.amount_after,
  ]);
  expect(formatExact(bill.total)).toBe(wanted.amount);
  expect(formatExact(timesExact(plusExact(parseExact("1.5"), parseExact("0.25")), parseExact("-2")))).toBe(
    "-3.50",
  );
});
