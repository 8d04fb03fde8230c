import { expect, test } from "vitest";
import { basesOf, decimalOf, faultsOf, givenOf, givenOfRule, newDraft, soundBasis } from "./draft.ts";

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

test("hours are two times or none, and a rule that is switched is sent as it was seen", () => {
  const draft = { ...newDraft, name: "A", of: "p1", power: "5" };
  expect(givenOf(draft)).not.toHaveProperty("startTime");
  const evening = { startTime: "17:00", endTime: "00:00" };
  expect(givenOf({ ...draft, ...evening })).toMatchObject(evening);
  expect([...faultsOf({ ...draft, startTime: "17:00", endTime: "17:00" })]).toEqual(["hours"]);
  const given = givenOf({ ...draft, ...evening });
  const by = {
    createdBy: "a",
    createdAt: "2026-11-01T00:00:00Z",
    changedBy: "b",
    changedAt: "2026-11-02T00:00:00Z",
  };
  const rule = { ...given, ruleId: 1, subject: "S", detail: "", from: "2026-11-01", raised: 0, ...by };
  expect(givenOfRule(rule)).toEqual({ ...given, seen: by.changedAt });
});
