import { expect, test } from "vitest";
import { firstDefinition, freeName, renamed } from "./definition.ts";
import { wordBefore } from "./formula-field.tsx";

test("the word that is completed is the one before the caret, in brackets or out of them", () => {
  expect(wordBefore("sum([Li", 7)).toEqual({ from: 4, word: "Li" });
  expect(wordBefore("sum([Linia 1]) + max", 20)).toEqual({ from: 17, word: "max" });
  expect(wordBefore("2,5 + ", 6)).toEqual({ from: 6, word: "" });
});

test("an input that is renamed is renamed in the formulas, and no other with it", () => {
  expect(renamed("sum([In]) - sum([In 2])", "In", "Intrare")).toBe("sum([Intrare]) - sum([In 2])");
});

test("a new input has a name that is free", () => {
  expect(freeName("A+", firstDefinition("s"))).toBe("A+ 2");
  expect(freeName("R+", firstDefinition("s"))).toBe("R+");
});
