import { readFileSync } from "node:fs";
import {
  checkFormula,
  compileCalendar,
  FormulaError,
  formulaErrorCodes,
  formulaFunctions,
  leftOut,
  parseFormula,
  quality,
} from "@energsys/metering";
import { expect, describe as group, test } from "vitest";
import { describe, evaluate, frameOf, given, lengthOf, numbersOf } from "./fixtures.ts";

const nan = Number.NaN;
/** Six hours would do for most, but a day is the least that a frame has. */
const frame = frameOf("2026-03-04", "2026-03-05");
const hours = (...values: number[]) => [...values, ...new Array<number>(24 - values.length).fill(nan)];
const inputs = {
  In: given("kWh", hours(1000, 2000, 3000, 4000)),
  Out: given("kWh", hours(500, 0, 1000, nan)),
  "Linia 1 (A+)": given("kWh", hours(100, -200, 300, 400), hours(0, quality.estimated, 0, quality.suspect)),
  P: given("kW", hours(1000, 3000, 2000, 2000)),
  Q: given("kvarh", hours(0, 2000, 4000, 3000)),
  U: given("V", hours(230, 231, 229, 0)),
  Zero: given("kWh", hours(0, 0, 0, 0)),
};

const series: readonly [formula: string, values: number[], unit: string][] = [
  ["[In] + [Out]", [1500, 2000, 4000, nan], "kWh"],
  ["[In]-[Out]*2", [0, 2000, 1000, nan], "kWh"],
  ["[In] + 0,5 kWh", [1500, 2500, 3500, 4500], "kWh"],
  ["[In] + 0.5kWh", [1500, 2500, 3500, 4500], "kWh"],
  ["In / 2h", [500, 1000, 1500, 2000], "kW"],
  ["P * 2 h", [2000, 6000, 4000, 4000], "kWh"],
  ["-[In] ^ 2 / 1 kWh", [1000, 4000, 9000, 16000], "kWh"],
  ["(In / 1 kWh) ^ -1", [1, 0.5, 1 / 3, 0.25], ""],
  ["2 + 3 * In / 1 kWh", [5, 8, 11, 14], ""],
  ["In * 0,45 lei / 1 kWh", [0.45, 0.9, 1.35, 1.8], "lei"],
  ["In * 10%", [100, 200, 300, 400], "kWh"],
  ["abs([Linia 1 (A+)])", [100, 200, 300, 400], "kWh"],
  ["round(In / 3; 1)", [300, 700, 1000, 1300], "kWh"],
  ["round(-In / 8; 2)", [-130, -250, -380, -500], "kWh"],
  ["floor(In / 3)", [0, 0, 1000, 1000], "kWh"],
  ["ceil(In / 3)", [1000, 1000, 1000, 2000], "kWh"],
  ["min(In; 2kWh; P * 1h)", [1000, 2000, 2000, 2000], "kWh"],
  ["max(In; 2kWh)", [2000, 2000, 3000, 4000], "kWh"],
  ["if(In > 2kWh; In; 0)", [0, 0, 3000, 4000], "kWh"],
  ["if(Out = 0; 1; 2)", [2, 1, 2, nan], ""],
  ["if(NOT (In > 1kWh) OR In >= 4 kWh AND P <> 0; 1; 0)", [1, 0, 0, 1], ""],
  ["coalesce(Out; In)", [500, 0, 1000, 4000], "kWh"],
  ["if(ismissing(Out); 1; 0)", [0, 0, 0, 1], ""],
  ["if(isestimated([Linia 1 (A+)]); 1; 0)", [0, 1, 0, 0], ""],
  ["ratio(Out; In)", [0.5, 0, 1 / 3, nan], "%"],
  ["power(In)", [1000, 2000, 3000, 4000], "kW"],
  ["energy(P)", [1000, 3000, 2000, 2000], "kWh"],
  ["pf(In; Q)", [1, Math.SQRT1_2, 0.6, 0.8], ""],
  ["delta(In)", [nan, 1000, 1000, 1000], "kWh"],
  ["cumulate(Out)", [500, 500, 1500, nan], "kWh"],
  ["shift(In; -1h)", [nan, 1000, 2000, 3000], "kWh"],
  ["shift(In; 2h)", [3000, 4000, nan, nan], "kWh"],
  ["hours(In; 1; 3)", [nan, 2000, 3000, nan], "kWh"],
  ["hours(In; 23; 2)", [1000, 2000, nan, nan], "kWh"],
  ["In / [Zero]", [nan, nan, nan, nan], ""],
];
test.each(series)("%s by interval", (formula, values, unit) => {
  const result = evaluate(formula, frame, inputs);
  const found = numbersOf(result).slice(0, 4);
  for (const [nth, value] of values.entries()) {
    if (Number.isNaN(value)) expect(found[nth]).toBeNaN();
    else expect(found[nth]).toBeCloseTo(value, 9);
  }
  expect(result.unit).toBe(unit);
});

test.each([
  ["sum(In)", 10_000, "kWh"],
  ["avg(In)", 2500, "kWh"],
  ["maxof(In)", 4000, "kWh"],
  ["minof(In)", 1000, "kWh"],
  ["count(In)", 4, ""],
  ["count(In > 1kWh)", 3, ""],
  ["percentile(In; 50)", 2500, "kWh"],
  ["percentile(In; 100)", 4000, "kWh"],
  ["stdev(In / 1kWh)", 1.2909944487, ""],
  ["first(Out)", 500, "kWh"],
  ["last(Out)", 1000, "kWh"],
  ["coverage(In)", 4 / 24, "%"],
  ["coverage(hours(In; 0; 8))", 0.5, "%"],
  ["ratio(sum(In) - sum(Out); sum(In))", 0.85, "%"],
  ["loadfactor(In)", 0.625, ""],
  ["sum(energy(P))", 8000, "kWh"],
  ["sum(coalesce(Out; 1kWh))", 22_500, "kWh"],
  ["sum(Out) / sum([Zero])", nan, ""],
  ["maxof(power(In)) * 2", 8000, "kW"],
  ["1 kWh + 1 Wh", 1001, "kWh"],
  ["2 ^ 9", 512, ""],
  ["sum(workdays(In))", 10_000, "kWh"],
])("%s of the period is %d %s", (formula, value, unit) => {
  const result = evaluate(formula, frame, inputs);
  const [found] = numbersOf(result);
  if (Number.isNaN(value)) expect(found).toBeNaN();
  else expect(found).toBeCloseTo(value, 9);
  expect(result.unit).toBe(unit);
});

test("the moment of the maximum is the earliest of equal ones", () => {
  expect(numbersOf(evaluate("timeofmax(In)", frame, inputs))).toEqual([Date.parse("2026-03-04T01:00:00Z")]);
  expect(numbersOf(evaluate("timeofmax(min(In; 2kWh))", frame, inputs))).toEqual([
    Date.parse("2026-03-03T23:00:00Z"),
  ]);
});

test("divisions by zero are missing and counted, missing values are not divisions", () => {
  const byInterval = evaluate("Out / Zero", frame, inputs);
  expect(byInterval.divisionsByZero).toBe(3);
  expect(evaluate("pf(Zero; Zero / 1kWh * 1kvarh)", frame, inputs).divisionsByZero).toBe(4);
  expect(evaluate("1 / sum(Zero) * sum(In)", frame, inputs).divisionsByZero).toBe(1);
  expect(evaluate("Zero ^ -1", frame, inputs).divisionsByZero).toBe(4);
});

test("a result has the worst quality of all that went in, and tells how much was there", () => {
  const result = evaluate("In + [Linia 1 (A+)] * 2", frame, inputs);
  expect(result).toMatchObject({ expected: 48, present: 8, estimated: 1 });
  if (result.value.shape !== "series") throw new Error("a series");
  expect([...result.value.flags.slice(0, 4)]).toEqual([0, quality.estimated, 0, quality.suspect]);
  const total = evaluate("sum([Linia 1 (A+)])", frame, inputs).value;
  expect(total).toMatchObject({ shape: "one", flags: quality.estimated | quality.suspect | quality.partial });
  expect(evaluate("count([Linia 1 (A+)])", frame, inputs).value).toMatchObject({
    flags: quality.estimated | quality.suspect,
  });
});

group("days of 92 and 100 quarter-hours", () => {
  const spring = frameOf("2026-03-27", "2026-03-31", 900, { before: 1, after: 1 });
  const nth = {
    A: given(
      "kWh",
      Float64Array.from({ length: lengthOf(spring) }, (_, slot) => slot),
    ),
  };
  test("yesterday's value is that of the same time on the clock", () => {
    const found = numbersOf(evaluate("shift(A; -1d)", spring, nth));
    expect(found.slice(0, 96)).toEqual(new Array(96).fill(nan));
    // Sunday has no hour from three to four.
    expect(found[192 + 11]).toBe(96 + 11);
    expect(found[192 + 12]).toBe(96 + 16);
    expect(found[192 + 91]).toBe(191);
    // On Monday that hour has no yesterday.
    expect(found.slice(284 + 12, 284 + 16)).toEqual([nan, nan, nan, nan]);
    expect(found[284 + 16]).toBe(192 + 12);
    expect(evaluate("delta(shift(A; -1d) + shift(A; -1w))", spring, nth).daysBefore).toBe(8);
    expect(evaluate("shift(shift(A; -30h); 1d)", spring, nth).daysBefore).toBe(2);
  });
  test("sums are of the reported days, by hour of the clock, by day and by month", () => {
    const ones = { A: given("kWh", new Array(lengthOf(spring)).fill(250)) };
    expect(numbersOf(evaluate("sum(A)", spring, ones))).toEqual([(96 + 92) * 250]);
    expect(numbersOf(evaluate("resample(A; 1d; sum)", spring, ones))).toEqual([
      24_000, 24_000, 23_000, 24_000,
    ]);
    expect(numbersOf(evaluate("maxof(resample(A; day; sum))", spring, ones))).toEqual([24_000]);
    expect(numbersOf(evaluate("resample(A; 1h; sum)", spring, ones))).toHaveLength(95);
    expect(numbersOf(evaluate("avg(resample(resample(A; 1h; sum); 1d; max))", spring, ones))).toEqual([1000]);
    expect(numbersOf(evaluate("resample(A; month; sum)", spring, ones))).toEqual([24_000, 47_000, 24_000]);
    expect(
      numbersOf(
        evaluate(
          "sum(resample(A; month; sum)) - sum(resample(resample(A; 1d; sum); month; sum))",
          spring,
          ones,
        ),
      ),
    ).toEqual([0]);
    expect(
      numbersOf(evaluate("resample(A;1d;sum) - resample(resample(A;1h;sum);1d;sum)", spring, ones)),
    ).toEqual([0, 0, 0, 0]);
    expect(numbersOf(evaluate("sum(hours(A; 2; 5))", spring, ones))).toEqual([(12 + 8) * 250]);
    expect(numbersOf(evaluate("count(workdays(A))", spring, ones))).toEqual([0]);
  });
  test("a coarser value of which a part is missing says so", () => {
    const holes = given("kWh", new Array(lengthOf(spring)).fill(1));
    holes.values[0] = nan;
    const { value } = evaluate("resample(A; 1d; sum)", spring, { A: holes });
    if (value.shape !== "series") throw new Error("a series");
    expect([...value.flags]).toEqual([quality.partial, 0, 0, 0]);
  });
});

test("a rate's intervals are kept, the others are left out and not missing", () => {
  const calendar = compileCalendar(
    {
      rates: ["peak", "off"],
      dayProfiles: [
        {
          id: "d",
          switches: [
            { minute: 120, rate: "peak" },
            { minute: 240, rate: "off" },
          ],
        },
      ],
      weeks: [{ id: "w", days: new Array(7).fill("d") }],
      seasons: [{ from: "01-01", week: "w" }],
      specialDays: [],
    },
    "Europe/Bucharest",
  );
  const rated = { ...frame, calendarOn: () => calendar };
  const { value } = evaluate('band(In; "peak")', rated, inputs);
  if (value.shape !== "series") throw new Error("a series");
  expect([...value.values.slice(0, 5)]).toEqual([nan, nan, 3000, 4000, nan]);
  expect([...value.flags.slice(0, 5)]).toEqual([leftOut, leftOut, 0, 0, leftOut]);
  expect(numbersOf(evaluate('coverage(band(In; "peak"))', rated, inputs))).toEqual([1]);
  expect(refusal('band(In; "paek")', ["peak"])).toEqual([
    "formula.unknown-rate",
    10,
    { name: "paek", proposal: "peak" },
  ]);
  const unrated = evaluateUnrated();
  expect(unrated).toEqual([0]);
  function evaluateUnrated() {
    let asked = 0;
    return numbersOf(
      evaluate(
        'coverage(band(In; "peak"))',
        { ...frame, calendarOn: () => (asked++ === 0 ? calendar : undefined) },
        inputs,
      ),
    );
  }
});

test("an interval in which the rate changes, or one longer than an hour, has no rate", () => {
  const calendar = compileCalendar(
    {
      rates: ["peak", "night"],
      dayProfiles: [
        {
          id: "all",
          switches: [
            { minute: 6 * 60 + 30, rate: "peak" },
            { minute: 22 * 60, rate: "night" },
          ],
        },
      ],
      weeks: [{ id: "w", days: Array(7).fill("all") }],
      seasons: [{ from: "01-01", week: "w" }],
      specialDays: [],
    },
    "Europe/Bucharest",
  );
  const refused = (formula: string) => {
    try {
      evaluate(formula, { ...frame, calendarOn: () => calendar }, inputs);
    } catch (error) {
      return error instanceof FormulaError ? [error.code, error.params] : error;
    }
    return undefined;
  };
  expect(refused('sum(band(In; "peak"))')).toEqual(["formula.rate-switch", { minutes: 60 }]);
  expect(refused('sum(band(resample(In; 2h; sum); "peak"))')).toEqual([
    "formula.step",
    { left: "7200", right: "1h" },
  ]);
});

test("members of a group are folded interval by interval, then over the period", () => {
  const members = [hours(1000, 5000, 1000), hours(2000, nan, 1000), hours(3000, 1000, 1000)].map(
    (values) => ({
      values: Float64Array.from(values),
      flags: new Uint16Array(24),
    }),
  );
  const all = { G: { ...given("kWh", hours(6000, 6000, 3000)), members } };
  const at = (formula: string) => numbersOf(evaluate(formula, frame, all));
  expect(at("maxof(members(G))").slice(0, 3)).toEqual([3000, 5000, 1000]);
  expect(at("sum(members(G)) - G").slice(0, 3)).toEqual([0, 0, 0]);
  expect(at("count(members(G))").slice(0, 4)).toEqual([3, 2, 3, 0]);
  expect(at("percentile(members(G); 50)")[0]).toBe(2000);
  expect(at("percentile(members(G); 50) - percentile(members(G); 0)")[0]).toBe(1000);
  // Simultaneity: the greatest sum by the sum of the greatest.
  expect(at("maxof(sum(members(G)))")).toEqual([6000]);
});

/** Code, column and parameters with which a formula is refused. */
function refusal(formula: string, rates: readonly string[] = []): unknown[] {
  try {
    checkFormula(formula, describe({ ...inputs, "Linia 2": inputs.In }, 3600), { rates: new Set(rates) });
  } catch (error) {
    if (error instanceof FormulaError) return [error.code, error.column, error.params];
    throw error;
  }
  return [];
}

const refused: readonly [formula: string, code: string, column: number, params?: object][] = [
  ["", "formula.empty", 1],
  ["  ", "formula.empty", 1],
  ["In + U", "formula.add-units", 4, { operator: "+", left: "kWh", right: "V" }],
  ["In + 5", "formula.add-units", 4, { operator: "+", left: "kWh", right: "" }],
  ["ratio(In; Out) + 5", "formula.add-units", 16, { operator: "+", left: "%", right: "" }],
  ["In > U", "formula.compare-units", 4, { operator: ">", left: "kWh", right: "V" }],
  ["ratio(In; U)", "formula.compare-units", 11, { left: "kWh", right: "V" }],
  ["pf(In; In)", "formula.compare-units", 8, { left: "kWh", right: "kWh" }],
  ["sum(P)", "formula.sum-of-power", 5, { unit: "kW", proposal: "energy" }],
  ["resample(P; 1d; sum)", "formula.sum-of-power", 10, { unit: "kW", proposal: "energy" }],
  ["summ(In)", "formula.unknown-function", 1, { name: "summ", proposal: "sum" }],
  ["smu(In)", "formula.unknown-function", 1, { name: "smu", proposal: "sum" }],
  ["constructor(In)", "formula.unknown-function", 1, { name: "constructor" }],
  ["Im + Out", "formula.unknown-name", 1, { name: "Im", proposal: "In" }],
  ["1 + [Linia 3]", "formula.unknown-name", 5, { name: "Linia 3", proposal: "Linia 2" }],
  ["constructor", "formula.unknown-name", 1, { name: "constructor" }],
  ["[__proto__]", "formula.unknown-name", 1, { name: "__proto__" }],
  ["5 kwh", "formula.unit", 3, { found: "kwh", proposal: "kWh" }],
  ["5 constructor", "formula.unit", 3, { found: "constructor" }],
  ["1.234,5", "formula.number", 1, { found: "1.234,5" }],
  ["In +", "formula.expected", 5, { found: "" }],
  ["In In", "formula.expected", 4, { found: "In" }],
  ["(In", "formula.unclosed", 1, { opening: "(", closing: ")" }],
  ["1 + [In", "formula.unclosed", 5, { opening: "[", closing: "]" }],
  ["min(In, Out)", "formula.character", 7, { found: "," }],
  ["In.values", "formula.character", 3, { found: "." }],
  ["In ^ 1,5", "formula.exponent", 6, { max: 9 }],
  ["In ^ Out", "formula.exponent", 6, { max: 9 }],
  ["sum()", "formula.arguments", 1, { name: "sum", min: 1, max: 1, found: 0 }],
  ["percentile(In; 101)", "formula.argument", 16, { name: "percentile", expected: "0…100" }],
  ["shift(In; 1)", "formula.argument", 11, { name: "shift", expected: "span" }],
  ["shift(In; 90min)", "formula.step", 11, { left: "3600", right: "5400" }],
  ["resample(In; 1h; mean)", "formula.argument", 18],
  ["resample(In; 1h; summ)", "formula.argument", 18],
  ["In + resample(In; 1d; sum)", "formula.step", 4, { left: "3600", right: "day" }],
  ["if(In; 1; 2)", "formula.kind", 4, { expected: "logical", found: "number" }],
  ["(In > Out) + 1", "formula.kind", 5, { expected: "number", found: "logical" }],
  ["In AND Out", "formula.kind", 1, { expected: "logical", found: "number" }],
  ["timeofmax(In) + 1", "formula.kind", 1, { expected: "number", found: "instant" }],
  ["sum(5)", "formula.kind", 5, { expected: "series", found: "one" }],
  ["members(In)", "formula.kind", 9, { expected: "group", found: "series" }],
  ['"text"', "formula.kind", 1, { expected: "number", found: "text" }],
  ["energy(In)", "formula.argument", 8, { name: "energy", expected: "kW", found: "kWh" }],
  ["hours(In; 22; 25)", "formula.argument", 15, { name: "hours", expected: "0…24" }],
  ['band(In; "toString")', "formula.unknown-rate", 10, { name: "toString" }],
  [`${"(".repeat(65)}1${")".repeat(65)}`, "formula.depth", 65, { max: 64 }],
  [`1${"+1".repeat(300)}`, "formula.nodes", 500, { max: 500 }],
  [" ".repeat(4001), "formula.too-long", 4001, { max: 4000 }],
];
test.each(refused)("%s is refused as %s at column %i", (formula, code, column, params) => {
  const found = refusal(formula);
  expect(found.slice(0, 2)).toEqual([code, column]);
  if (params) expect(found[2]).toEqual(params);
});

test("each reason to refuse is shown above, or by the limits", () => {
  const shown = new Set([...refused.map(([, code]) => code), "formula.series", "formula.values"]);
  shown.add("formula.rate-switch");
  expect(formulaErrorCodes.filter((code) => !shown.has(code))).toEqual([]);
});

test("more than 50 series and more than 20 million values are refused", () => {
  const names = Array.from({ length: 51 }, (_, nth) => `s${nth}`);
  const many = Object.fromEntries(names.map((name) => [name, inputs.In]));
  expect(() => evaluate(names.slice(1).join("+"), frame, many)).not.toThrow();
  expect(() => evaluate(names.join("+"), frame, many)).toThrow(
    expect.objectContaining({ code: "formula.series" }),
  );
  const long = frameOf("2016-01-01", "2026-01-01", 900);
  const year = { A: given("kWh", new Float64Array(lengthOf(long))) };
  expect(() => evaluate(`A${"+A".repeat(30)}`, long, year)).toThrow(
    expect.objectContaining({ code: "formula.values" }),
  );
});

test("every function of the language is there", () => {
  expect([...formulaFunctions.keys()].sort()).toEqual(
    "abs avg band ceil coalesce count coverage cumulate delta energy first floor hours if isestimated ismissing last loadfactor max maxof members min minof percentile pf power ratio resample round shift stdev sum timeofmax workdays".split(
      " ",
    ),
  );
});

test("the page for operators has every function, and its examples can be parsed", () => {
  const page = readFileSync(new URL("../../../../docs/formula.md", import.meta.url), "utf8");
  const rows = [...page.matchAll(/^\| `(?<call>[^`]+)` \| (?<text>.+) \|$/gm)].map(({ groups }) => groups!);
  expect(rows.map(({ call }) => call!.split("(")[0]).sort()).toEqual([...formulaFunctions.keys()].sort());
  const examples = rows.map(({ text }) => /: `([^`]+)`/.exec(text!)?.[1] ?? "");
  for (const example of examples) expect(() => parseFormula(example), example).not.toThrow();
});

test("a name keeps its blanks as one, and case of functions and words does not count", () => {
  expect(numbersOf(evaluate("SUM([ Linia   1 (A+) ])", frame, inputs))).toEqual([600]);
  expect(parseFormula("not (1 > 2) And 1 < 2")).toMatchObject({ kind: "binary", operator: "and" });
});
