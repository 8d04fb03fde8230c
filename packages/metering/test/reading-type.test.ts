import { describeReadingType, parseReadingType } from "@energsys/metering";
import { expect, test } from "vitest";

test("TV-11: a reading type says its period, direction, kind and unit; one of 17 numbers is refused", () => {
  const type = parseReadingType("0.0.2.4.19.1.12.0.0.0.0.0.0.0.0.3.72.0");
  expect(describeReadingType(type)).toBe("15-minute delta, reverse, electricity, energy, kWh");
  expect(() => parseReadingType("0.0.2.4.1.1.12.0.0.0.0.0.0.0.0.3.72")).toThrow(
    expect.objectContaining({ code: "reading-type.invalid" }),
  );
});

test.each([
  ["0.0.0.1.1.1.12.0.0.0.0.1.0.0.0.3.72.0", "index, forward, electricity, energy, rate 1, kWh"],
  [
    "8.8.2.6.1.1.8.0.0.0.0.0.0.0.0.3.38.0",
    "billing period, maximum, 15-minute indicating, forward, electricity, demand, kW",
  ],
  ["0.0.0.12.0.1.54.0.0.0.0.0.0.0.129.0.29.0", "instantaneous, electricity, voltage, L1-N, V"],
  ["0.0.0.1.5.1.12.0.0.0.0.0.0.0.0.3.73.0", "index, Q1 + Q2, electricity, energy, kvarh"],
  ["0.0.0.12.0.1.54.7.2.0.0.0.0.0.0.-3.29.946", "instantaneous, electricity, voltage, harmonic 7/2, mV, RON"],
  [
    "0.0.99.4.1.1.12.0.0.0.0.0.0.0.0.-6.200.0",
    "measuringPeriod 99 delta, forward, electricity, energy, 10^-6 unit 200",
  ],
])("%s is: %s", (text, words) => expect(describeReadingType(parseReadingType(text))).toBe(words));

test.each([
  "",
  "0.0.2.4.19.1.12.0.0.0.0.0.0.0.0.3.72.0.0",
  "0.0.2.4.-19.1.12.0.0.0.0.0.0.0.0.3.72.0",
  "0.0.02.4.19.1.12.0.0.0.0.0.0.0.0.3.72.0",
  "0.0.2.4.19.1.12.0.0.0.0.0.0.0..3.72.0",
  "0.0.2.4.19.1.12.0.0.0.0.0.0.0.0.3.72.x",
])("no reading type: %j", (text) =>
  expect(() => parseReadingType(text)).toThrow(expect.objectContaining({ code: "reading-type.invalid" })),
);
