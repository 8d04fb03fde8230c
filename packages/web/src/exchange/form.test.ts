import { expect, test } from "vitest";
import type { Point } from "../api/client.ts";
import { askedOf, faultsOf, formOf, ratiosOf } from "./form.ts";

const installation = {
  installationId: 1,
  meterId: 1,
  serial: "70000001",
  manufacturer: "TST",
  model: "generic-dlms",
  from: "2020-01-01T00:00:00.000Z",
  to: null,
  ctRatio: "20",
  vtRatio: "1",
  primaryValues: false,
  factor: "20",
  ledPulsesPerKwh: "1000",
  outputPulseWh: null,
};
const reading = (obis: string, unit: string) => ({
  obis,
  unit,
  value: "1",
  measuredAt: "2026-09-15T00:00:00.000Z",
  flags: 0,
});
const point = {
  phases: 1,
  installations: [installation],
  device: { identity: "TST1" },
  chain: null,
  now: [reading("1-0:1.8.0*255", "kWh"), reading("1-0:32.7.0*255", "V"), reading("1-0:2.8.0*255", "kWh")],
} as unknown as Point;
const at = "2026-09-15T10:07:00.000Z";
const typed = () => ({
  ...formOf(point, "2026-09-15T13:07"),
  serial: " 90001 ",
  identity: "NEW90001",
});

test("the registers asked for are the energies that the old meter was read for", () => {
  expect(formOf(point, "").registers.map(({ obis }) => obis)).toEqual(["1-0:1.8.0*255", "1-0:2.8.0*255"]);
  expect(formOf({ ...point, now: [] }, "").registers.map(({ unit }) => unit)).toEqual(["kWh"]);
});

test("an index is typed as people write it, and a field left empty is no reading", () => {
  const form = typed();
  const registers = form.registers.map((one, nth) => ({ ...one, last: nth === 0 ? "12 345,678" : "" }));
  expect(askedOf({ ...form, registers, maxCurrentA: "60" }, at)).toEqual({
    at,
    meter: {
      serial: "90001",
      manufacturer: "TST",
      model: "generic-dlms",
      phases: 1,
      indexDigits: 6,
      maxCurrentA: 60,
    },
    last: [{ obis: "1-0:1.8.0*255", unit: "kWh", value: "12345.678" }],
    first: [
      { obis: "1-0:1.8.0*255", unit: "kWh", value: "0" },
      { obis: "1-0:2.8.0*255", unit: "kWh", value: "0" },
    ],
    ledPulsesPerKwh: "1000",
    identity: "NEW90001",
  });
});

test("a meter of the stock is asked for by its serial alone", () => {
  const { meter, identity } = askedOf({ ...typed(), isNew: false, manufacturer: "", isReadHere: false }, at);
  expect([meter, identity]).toEqual([{ serial: "90001" }, undefined]);
});

test("what cannot be sent is told beside its field; who and why only when it is made", () => {
  const form = { ...typed(), serial: "", led: "0", ctRatio: "x", isReadHere: true, identity: "" };
  const registers = form.registers.map((one) => ({ ...one, last: "12.3.4" }));
  expect(faultsOf({ ...form, registers }, undefined, false)).toEqual({
    at: "instant",
    serial: "missing",
    identity: "missing",
    led: "number",
    ctRatio: "number",
    "last 1-0:1.8.0*255": "number",
    "last 1-0:2.8.0*255": "number",
  });
  expect(faultsOf(typed(), at, false)).toEqual({});
  expect(faultsOf(typed(), at, true)).toEqual({ fittedBy: "missing", reason: "missing" });
});

test("ratios are asked for only when they differ, however they are written", () => {
  expect(ratiosOf({ ...typed(), ctRatio: "20,0" }, installation)).toEqual({});
  expect(ratiosOf({ ...typed(), ctRatio: "40" }, installation)).toEqual({
    ratios: { ctRatio: "40", vtRatio: "1", primaryValues: false },
  });
});
