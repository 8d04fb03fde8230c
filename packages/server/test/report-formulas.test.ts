import { checkFormula, FormulaError, formulaErrorCodes, formulaFunctions } from "@energsys/metering";
import { afterAll, expect, test } from "vitest";
import { checkColumns, inputsOf } from "../src/reports/check-columns.ts";
import { FormulaRunner, runnerLimits } from "../src/reports/formula-runner.ts";
import { functionHelp } from "../src/reports/functions.ts";
import { reportCodes, sentenceOf } from "../src/reports/sentences.ts";
import { textOf } from "../src/reports/table.ts";
import type { FormulaTask } from "../src/reports/task.ts";
import { reportTemplates, templateFor } from "../src/reports/templates.ts";

const runners: FormulaRunner[] = [];
const runnerOf = (limits: Partial<typeof runnerLimits> = {}) => {
  const runner = new FormulaRunner({ ...runnerLimits, ...limits });
  runners.push(runner);
  return runner;
};
afterAll(() => Promise.all(runners.map((runner) => runner.close())));

const kWh = { unit: "kWh", step: 900 } as const;
const names = new Map([
  ["A+", kWh],
  ["A-", kWh],
  ["R+", { unit: "kvarh", step: 900 }],
  ["Linia 1 (A+)", kWh],
  ["PT-07", { ...kWh, group: true }],
  ["U", { unit: "V", step: 900 }],
]);
const refusal = (formula: string, language: "ro" | "en" = "ro"): string => {
  try {
    checkFormula(formula, names);
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error;
    return sentenceOf(error.code, { ...error.params, column: error.column }, language);
  }
  throw new Error(`${formula} is taken`);
};

test.each([
  ["[A+] + [U]", "kWh și V nu se pot aduna sau alege împreună, coloana 6"],
  ["sum([A+]", "„(” este deschis și nu se închide cu „)”, coloana 4"],
  ["summ([A+])", "Nu există funcția „summ”, coloana 1, ați vrut sum?"],
  ["sum([A*])", "Nu există mărimea „A*”, coloana 5, ați vrut A+?"],
  ["sum(power([A+]))", "Suma puterilor (kW) nu are sens: însumați energia, cu energy(x), coloana 5"],
  ["[A+] +", "Formula se termină prea devreme: lipsește un nume, un număr sau o paranteză, coloana 7"],
  ["[A+] [A-]", "„A-” nu poate sta aici; înainte lipsește un operator, un nume sau un număr, coloana 6"],
  ["round([A+]; 1; 2)", "round are între 1 și 2 argumente, nu 3, coloana 1"],
  [
    "1,2,3",
    "„1,2,3” nu este un număr: o singură virgulă sau un singur punct, fără separator de mii, coloana 1",
  ],
  ["shift([A+]; 3)", "Aici shift are nevoie de un interval de timp, ca 1h sau -1d, coloana 13"],
  ["", "Scrieți o formulă, coloana 1"],
])("in Romanian %s is refused with its column", (formula, sentence) => {
  expect(refusal(formula)).toBe(sentence);
});

test("in English the same, with what may have been meant", () => {
  expect(refusal("sum([A*])", "en")).toBe("There is no input “A*”, column 5, did you mean A+?");
  expect(refusal("[A+] > 5%", "en")).toBe("kWh and % cannot be compared, column 6");
});

test.each([...formulaErrorCodes, ...reportCodes])(
  "%s has a sentence in both languages, without a gap",
  (code) => {
    const params = Object.fromEntries(
      "max min found name unit left right expected opening closing seconds points days"
        .split(" ")
        .map((name) => [name, "7"]),
    );
    for (const language of ["ro", "en"] as const) {
      const sentence = sentenceOf(code, { ...params, column: 3 }, language);
      expect(sentence).not.toBe(code);
      expect(sentence).not.toMatch(/[{}]/);
    }
    expect(sentenceOf(code, params, "ro")).not.toBe(sentenceOf(code, params, "en"));
  },
);

test("each function of the engine is explained, by an example that is one", () => {
  expect(Object.keys(functionHelp).sort()).toEqual([...formulaFunctions.keys()].sort());
  const rates = { rates: new Set(["peak"]) };
  const inputs = new Map([...names, ["A+", { ...kWh, group: true }]]);
  for (const { example } of Object.values(functionHelp)) checkFormula(example, inputs, rates);
});

test.each(reportTemplates.map((template) => [template.key, template] as const))(
  "the template %s is a report whose formulas hold, in both languages",
  (_, template) => {
    for (const language of ["ro", "en"] as const) {
      const definition = templateFor(template, "g4", language);
      expect(JSON.stringify(definition)).not.toMatch(/"ask/);
      const checked = checkColumns(definition, inputsOf(definition), {});
      expect(checked.flatMap((column) => (column.ok ? [] : [column.error.message]))).toEqual([]);
    }
  },
);

test("numbers are exact decimals of their unit, half away from zero", () => {
  const column = { title: "", unit: "kWh", of: "number" as const, factor: 1_000, decimals: 1 };
  const text = (value: number) => textOf({ value, flags: 0 }, column);
  expect([1_250, -1_250, 1_249, 0, Number.NaN].map(text)).toEqual(["1.3", "-1.3", "1.2", "0.0", null]);
  expect(textOf({ value: 9_007_199_254_740_991, flags: 0 }, { ...column, decimals: 0 })).toBe(
    "9007199254741",
  );
});

const slots = 35_040;
const task = (formulas: readonly string[]): FormulaTask => ({
  zone: "UTC",
  stepSeconds: 900,
  days: Array.from({ length: 365 }, (_, nth) => ({
    date: Temporal.PlainDate.from("2025-01-01").add({ days: nth }).toString(),
    first: nth * 96,
    slots: 96,
  })),
  windows: [{ fromSlot: 0, toSlot: slots }],
  formulas,
  calendars: [],
  inputs: [["A+", kWh]],
  sets: [
    [{ values: Float64Array.from({ length: slots }, (_, slot) => slot), flags: new Uint16Array(slots) }],
  ],
});

test("a year is computed in a thread, which serves the next task too", async () => {
  const runner = runnerOf();
  const total = (slots * (slots - 1)) / 2;
  for (let turn = 0; turn < 2; turn++) {
    const results = await runner.run(task(["sum([A+])", "power([A+])"]));
    const [sum, series] = results[0]![0]!;
    expect(sum).toMatchObject({ value: total });
    expect(series && "values" in series && series.values[4]).toBe(16);
  }
});

test("a formula that takes too long is stopped, and the next one runs all the same", async () => {
  const runner = runnerOf({ silentMs: 20 });
  const slow = `${Array.from({ length: 60 }, (_, nth) => `percentile([A+] * ${nth + 1}; 50)`).join(" + ")}`;
  await expect(runner.run(task(Array(10).fill(slow)))).rejects.toMatchObject({ code: "report.too-long" });
  await expect(runnerOf().run(task(["sum([A+])"]))).resolves.toBeDefined();
});

test("a formula that needs too much memory is stopped, and nothing else with it", async () => {
  const strict = runnerOf({ arraysMb: 4 });
  const wide = Array.from({ length: 120 }, () => "cumulate([A+])").join(" + ");
  await expect(strict.run(task(Array(30).fill(wide)))).rejects.toMatchObject({ code: "report.memory" });
  await expect(runnerOf().run(task(["sum([A+])"]))).resolves.toBeDefined();
});

test("a formula that is refused only with the data says which", async () => {
  const hourly = { ...task(["sum([A+])", "sum(resample([A+]; 15min; sum))"]), stepSeconds: 3600 };
  const inputs = [["A+", { ...kWh, step: 3600 }]] as const;
  const days = hourly.days.map((day, nth) => ({ ...day, first: nth * 24, slots: 24 }));
  const values = [[{ values: new Float64Array(8_760), flags: new Uint16Array(8_760) }]];
  const windows = [{ fromSlot: 0, toSlot: 8_760 }];
  await expect(runnerOf().run({ ...hourly, inputs, days, sets: values, windows })).rejects.toMatchObject({
    code: "formula.step",
    params: { nth: 1 },
  });
});

test("no more wait than may, and who does not wait any longer leaves the row", async () => {
  const runner = runnerOf({ threads: 1, waitingMax: 1 });
  const going = new AbortController();
  const first = runner.run(task(["sum([A+])"]));
  const second = runner.run(task(["sum([A+])"]), going.signal);
  await expect(runner.run(task(["sum([A+])"]))).rejects.toMatchObject({ code: "report.busy" });
  going.abort();
  await expect(second).rejects.toMatchObject({ code: "report.cancelled" });
  const third = runner.run(task(["maxof([A+])"]));
  await expect(first).resolves.toBeDefined();
  expect((await third)[0]![0]![0]).toMatchObject({ value: slots - 1 });
});

test("what no thread can be given is refused, and the next one runs all the same", async () => {
  const runner = runnerOf({ threads: 1 });
  const strange = { ...task(["sum([A+])"]), zone: (() => "UTC") as unknown as string };
  await expect(runner.run(strange)).rejects.toThrow(/could not be cloned/);
  await expect(runner.run(task(["sum([A+])"]))).resolves.toBeDefined();
});
