import { expect, test } from "vitest";
import { courseOf } from "./stages.ts";

const start = Date.parse("2026-11-23T10:00:00Z");
const at = (ms: number) => new Date(start + ms).toISOString();
const stages = (...told: [string, number][]) => told.map(([stage, ms]) => ({ stage, at: at(ms) }));
const asked = { cause: "read-now", requestedAt: at(0) } as const;

test("a read of a DLMS meter: each phase lasts until the next begins, and what the meter told stands by its moment", () => {
  const course = courseOf(
    {
      ...asked,
      state: "done",
      startedAt: at(200),
      endedAt: at(2_300),
      stages: stages(
        ["queued", 0],
        ["connected", 250],
        ["associated", 300],
        ["registers", 900],
        ["storing", 2_200],
        ["done", 2_300],
      ),
    },
    start + 99_000,
  );
  expect(course.phases).toEqual([
    { name: "queued", state: "done", ms: 200 },
    { name: "connecting", state: "done", ms: 50 },
    { name: "reading", state: "done", ms: 1_950 },
    { name: "storing", state: "done", ms: 100 },
  ]);
  expect(course.milestones).toEqual([
    { name: "connected", afterMs: 50 },
    { name: "associated", afterMs: 100 },
    { name: "registers", afterMs: 700 },
  ]);
});

test("an attempt that nobody has taken yet waits, and nothing else has begun", () => {
  const { phases } = courseOf(
    { ...asked, state: "queued", startedAt: null, endedAt: null, stages: stages(["queued", 0]) },
    start + 3_000,
  );
  expect(phases.map(({ state, ms }) => [state, ms])).toEqual([
    ["running", 3_000],
    ["later", undefined],
    ["later", undefined],
    ["later", undefined],
  ]);
});

test.each([
  [
    "a device that nobody reaches fails while it is called",
    [["queued", 0]],
    ["done", "failed", "later", "later"],
  ],
  [
    "a meter that falls silent fails while it is read",
    [
      ["queued", 0],
      ["connected", 300],
    ],
    ["done", "done", "failed", "later"],
  ],
] as const)("%s", (_name, told, states) => {
  const { phases } = courseOf(
    {
      ...asked,
      state: "failed",
      startedAt: at(100),
      endedAt: at(30_100),
      stages: stages(...told.map(([stage, ms]): [string, number] => [stage, ms]), ["failed", 30_100]),
    },
    start + 99_000,
  );
  expect(phases.map(({ state }) => state)).toEqual(states);
});

test("a trial stores nothing, and its line does not say that it did", () => {
  const { phases } = courseOf(
    {
      ...asked,
      cause: "trial",
      state: "done",
      startedAt: at(100),
      endedAt: at(900),
      stages: stages(["queued", 0], ["connected", 150], ["identified", 400], ["done", 900]),
    },
    start,
  );
  expect(phases.map(({ name, state }) => `${name} ${state}`)).toEqual([
    "queued done",
    "connecting done",
    "reading done",
  ]);
});
