import { expect, test } from "vitest";
import { obisSymbol, shownRegister, unitText } from "./obis.ts";

test.each([
  ["1-0:1.8.0*255", "A+"],
  ["1-0:2.8.0*255", "A−"],
  ["1-0:1.8.2*255", "A+ T2"],
  ["1-1:3.8.0", "R+"],
  ["1-0:32.7.0*255", "U L1"],
  ["1-0:71.7.0*255", "I L3"],
  ["1-0:53.7.0*255", "PF L2"],
  ["1-0:13.7.0*255", "PF"],
  ["1-0:14.7.0*255", "f"],
  ["1-0:1.6.0*255", "P+ max"],
  ["1-0:16.7.0*255", "P"],
  ["0-0:96.1.0*255", "0-0:96.1.0*255"],
  ["1-0:99.1.0*255", "1-0:99.1.0*255"],
])("%s is known as %s", (obis, symbol) => {
  expect(obisSymbol(obis)).toBe(symbol);
});

test.each([
  ["11823363", "Wh", "11823.363", "kWh"],
  ["0", "Wh", "0.000", "kWh"],
  ["-12.5", "varh", "-0.0125", "kvarh"],
  ["33402.264", "kWh", "33402.264", "kWh"],
  ["0.98", "1", "0.98", ""],
])("the register %s %s is shown as %s %s, without losing a digit", (value, unit, shown, shownUnit) => {
  expect(shownRegister(value, unit)).toEqual({ value: shown, unit: shownUnit });
});

test("a plain number has no unit", () => {
  expect(["1", "kWh"].map(unitText)).toEqual(["", "kWh"]);
});
