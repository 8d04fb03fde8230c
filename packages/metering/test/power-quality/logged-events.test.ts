import { isVoltageEvent, joinDisturbances, pairVoltageEvents } from "@energsys/metering";
import { expect, test } from "vitest";

const at = (atMs: number, name: string) => ({ atMs, name });

test("a phase is out of its limits until the log says that it is normal, or something else begins", () => {
  expect(
    pairVoltageEvents([
      at(0, "under-voltage-l1"),
      at(100, "missing-voltage-l2"),
      at(200, "under-voltage-l1"),
      at(300, "voltage-normal-l1"),
      at(400, "phase-returned-l2"),
      at(500, "over-voltage-l3"),
      at(600, "under-voltage-l3"),
    ]),
  ).toEqual([
    { kind: "under", phase: 0, startMs: 0, endMs: 300 },
    { kind: "missing", phase: 1, startMs: 100, endMs: 400 },
    { kind: "over", phase: 2, startMs: 500, endMs: 600 },
    { kind: "under", phase: 2, startMs: 600, endMs: undefined },
  ]);
  expect(
    ["under-voltage-l2", "phase-returned-l3", "voltage-normal-l4", "power-down"].map(isVoltageEvent),
  ).toEqual([true, true, false, false]);
});

test("phases that are low at the same time are one event, with the lowest voltage that is known", () => {
  const percents = [88, undefined, 75];
  const joined = joinDisturbances(
    [
      { kind: "under", phase: 0, startMs: 0, endMs: 1_000 },
      { kind: "under", phase: 1, startMs: 500, endMs: 4_000 },
      { kind: "under", phase: 2, startMs: 3_000, endMs: 3_500 },
      { kind: "under", phase: 0, startMs: 9_000, endMs: undefined },
      { kind: "missing", phase: 0, startMs: 600, endMs: 700 },
    ],
    ({ phase }) => percents[phase],
  );
  expect(joined).toEqual([
    { kind: "under", startMs: 0, endMs: 4_000, phases: [0, 1, 2], percent: 75 },
    { kind: "missing", startMs: 600, endMs: 700, phases: [0], percent: 0 },
    { kind: "under", startMs: 9_000, endMs: undefined, phases: [0], percent: 88 },
  ]);
});
