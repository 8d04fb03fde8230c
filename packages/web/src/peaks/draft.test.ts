import { expect, test } from "vitest";
import { basesOf, decimalOf, faultsOf, givenOf, newDraft, soundBasis } from "./draft.ts";

test.each([
  ["12,5", "12.5"],
  [" 7 ", "7"],
  ["0,250", "0.250"],
  ["0", undefined],
  ["-1", undefined],
  ["1,2,3", undefined],
  ["1e3", undefined],
  ["", undefined],
  ["1234567890", undefined],
  ["1,1234567", undefined],
])("what is typed as %j is the decimal %s", (typed, decimal) => {
  expect(decimalOf(typed, 9, 6)).toBe(decimal);
});

test("each basis asks for what it needs, and sends nothing else", () => {
  const draft = { ...newDraft, name: "A", of: "p1" };
  expect([...faultsOf(draft)]).toEqual(["power"]);
  expect(givenOf({ ...draft, power: "5,25" })).toMatchObject({ of: "p1", basis: "power", powerKw: "5.25" });
  expect(givenOf({ ...draft, power: "5" })).not.toHaveProperty("percent");
  expect([...faultsOf({ ...draft, basis: "former", formerDays: "401" })]).toEqual(["formerDays"]);
  expect(givenOf({ ...draft, basis: "former" })).toMatchObject({ percent: "100", formerDays: 30 });
  expect([...faultsOf({ ...newDraft, basis: "approved" })]).toEqual(["name", "of"]);
});

test("a group has no approved power, and a rule for each point has nothing else", () => {
  expect(basesOf({ every: false, of: "g4" })).toEqual(["power", "former"]);
  expect(soundBasis({ ...newDraft, of: "g4", basis: "approved" }).basis).toBe("power");
  expect(soundBasis({ ...newDraft, every: true }).basis).toBe("approved");
  expect(givenOf({ ...newDraft, every: true, basis: "approved" })).toMatchObject({
    of: "approved",
    percent: "100",
  });
});
