import { expect, test } from "vitest";
import type { TariffTerms } from "../api/client.ts";
import { draftOf, endOf, hoursByRate, newLine, termsOf } from "./draft.ts";

const terms: TariffTerms = {
  currency: "RON",
  vatPercent: "21",
  calendar: {
    rates: ["zi", "noapte"],
    dayProfiles: [
      {
        id: "lucru",
        switches: [
          { minute: 420, rate: "zi" },
          { minute: 1320, rate: "noapte" },
        ],
      },
      { id: "repaus", switches: [{ minute: 0, rate: "noapte" }] },
    ],
    weeks: [{ id: "an", days: ["lucru", "lucru", "lucru", "lucru", "lucru", "repaus", "repaus"] }],
    seasons: [
      { from: "01-01", week: "an" },
      { from: "06-01", week: "an" },
    ],
    specialDays: [
      { on: "12-24", day: "repaus" },
      { on: "2026-05-04", day: "lucru" },
    ],
    holidayProfile: "repaus",
  },
  registers: [{ rate: "zi", register: 1 }],
  reactive: {
    neutralFactor: "0.90",
    secondFactor: "0.65",
    multiplier: "3",
    mode: "marginal",
    basePeriod: "hour",
  },
  components: [
    { code: "zi", name: "Zi", basis: { kind: "rate", rate: "zi" }, price: "0.52" },
    { code: "livrata", name: "Livrată", basis: { kind: "energy", side: "export" }, price: "-0.40" },
    {
      code: "transe",
      name: "În tranșe",
      basis: { kind: "blocks", ofDays: 30, blocks: [{ upToKwh: "100.5", price: "0.50" }, { price: "1.00" }] },
    },
    { code: "reactiva", name: "Reactivă", basis: { kind: "reactive" }, price: "0.1" },
    { code: "taxa", name: "Taxă", basis: { kind: "percent", of: ["zi", "transe"] }, price: "5" },
  ],
};

test.each([".", ","])("a version comes out of the form as it went in, read with '%s'", (mark) => {
  expect(termsOf(draftOf(terms, mark))).toEqual(terms);
});

test("a name that is changed is changed wherever it is meant, also while it is that of another for a moment", () => {
  const draft = draftOf(terms, ".");
  const renamed = (name: string) =>
    termsOf({ ...draft, rates: draft.rates.map((rate, nth) => (nth === 0 ? { ...rate, name } : rate)) });
  expect(renamed("noapte").calendar.rates).toEqual(["noapte", "noapte"]);
  const { calendar, registers, components } = renamed("ziua");
  expect(calendar.dayProfiles[0]!.switches.map(({ rate }) => rate)).toEqual(["ziua", "noapte"]);
  expect(registers[0]!.rate).toBe("ziua");
  expect(components[0]!.basis).toEqual({ kind: "rate", rate: "ziua" });
});

test("what points to a part that was removed names nothing, which the check refuses", () => {
  const draft = draftOf(terms, ".");
  const { calendar, components } = termsOf({
    ...draft,
    rates: draft.rates.slice(1),
    weeks: [],
    holidays: "",
    lines: draft.lines.slice(2),
  });
  expect(calendar.seasons.map(({ week }) => week)).toEqual(["", ""]);
  expect(calendar.dayProfiles[0]!.switches[0]!.rate).toBe("");
  expect(calendar).not.toHaveProperty("holidayProfile");
  expect(components.at(-1)!.basis).toEqual({ kind: "percent", of: ["transe"] });
});

test("prices with a comma, days of one digit and times that are cleared", () => {
  const draft = draftOf(terms, ".");
  const [dayType] = draft.dayTypes;
  const { calendar, components } = termsOf({
    ...draft,
    lines: [{ ...newLine("day"), code: "a", name: "a", price: " 0,25 " }],
    seasons: [{ ...draft.seasons[0]!, from: "4-1" }],
    dayTypes: [{ ...dayType!, switches: [{ ...dayType!.switches[0]!, time: "" }] }],
  });
  expect(components[0]!.price).toBe("0.25");
  expect(calendar.seasons[0]!.from).toBe("04-01");
  expect(calendar.dayProfiles[0]!.switches[0]!.minute).toBe(-1);
});

test("the hours of a day type by rate, over midnight too", () => {
  const draft = draftOf(terms, ".");
  const [work, rest] = draft.dayTypes;
  expect(hoursByRate(work!, draft.rates)).toEqual([
    { name: "zi", hours: 15 },
    { name: "noapte", hours: 9 },
  ]);
  expect(hoursByRate(rest!, draft.rates)).toEqual([{ name: "noapte", hours: 24 }]);
  expect(work!.switches.map(({ key }) => endOf(work!, key))).toEqual(["22:00", "07:00"]);
});
