import { expect, test } from "vitest";
import { problemOf } from "../api/problem.ts";
import {
  branchParts,
  checkPointForm,
  emptyPointForm,
  plainRatio,
  serialIn,
} from "../first-run/point-form-check.ts";
import { periodOf, pointSearch } from "../point/search.ts";
import { isFiltered, pointsSearch } from "../points/search.ts";
import { safeNext } from "../sign-in/sign-in-page.tsx";
import { readJobs } from "./jobs.ts";
import { keyName } from "./shortcuts.ts";
import { initials } from "./user-menu.tsx";

test.each([
  ["/points?q=1", "/points?q=1"],
  ["https://elsewhere.example/", "/"],
  ["//elsewhere.example/", "/"],
  ["/\\elsewhere.example", "/"],
  ["/sign-in?next=/op", "/"],
  [undefined, "/"],
])("after signing in, %s leads to %s", (next, goes) => {
  expect(safeNext(next)).toBe(goes);
});

test("a list's address is believed as far as it makes sense", () => {
  expect(
    pointsSearch({ q: 12345, branch: "7", state: "loud", sort: "name", descending: "true", x: 1 }),
  ).toEqual({
    q: "12345",
    branch: 7,
    sort: "name",
    descending: true,
  });
  expect(isFiltered({ sort: "name" })).toBe(false);
  expect(isFiltered({ state: "silent" })).toBe(true);
});

test("a point's address keeps tab, period and channel, and drops what cannot be", () => {
  expect(
    pointSearch({ tab: "curve", from: "2026-10-01", to: "2026-11-01", channel: 4, show: "power" }),
  ).toEqual({
    tab: "curve",
    from: "2026-10-01",
    to: "2026-11-01",
    channel: 4,
    show: "power",
  });
  expect(pointSearch({ tab: "secret", from: "2026-13-01", to: "x", channel: -1, last: 7 })).toEqual({
    last: 7,
  });
  expect(periodOf({ last: 7 }, "2026-11-23", 30)).toEqual({ from: "2026-11-17", to: "2026-11-24" });
  expect(periodOf({}, "2026-11-23", 1)).toEqual({ from: "2026-11-23", to: "2026-11-24" });
});

test("jobs of storage that cannot be read are no jobs", () => {
  expect(readJobs("{")).toEqual([]);
  expect(readJobs('[{"attemptId":1,"name":"RO1","pointId":2,"told":false},{"attemptId":"x"}]')).toHaveLength(
    1,
  );
});

test("a problem keeps its code, its fields and its reference", () => {
  const problem = problemOf(400, {
    code: "input.invalid",
    fields: { "/pod": "taken", x: 1 },
    reference: "r1",
  });
  expect([problem.code, problem.fields, problem.reference]).toEqual([
    "input.invalid",
    { pod: "taken" },
    "r1",
  ]);
  expect(problemOf(502, "<html>").code).toBe("web.answer");
});

test("keys are named with their modifiers", () => {
  const press = { ctrlKey: false, metaKey: false, altKey: false };
  expect(keyName({ ...press, key: "K", ctrlKey: true })).toBe("ctrl+k");
  expect(keyName({ ...press, key: "ArrowLeft", altKey: true })).toBe("alt+arrowleft");
  expect(keyName({ ...press, key: "?" })).toBe("?");
});

test("initials are of the first and the last name", () => {
  expect(["Ana Viorescu", "ștefan", "Ion Gh. Popa"].map(initials)).toEqual(["AV", "Ș", "IP"]);
});

test("the form of a new point says what is missing before the server does", () => {
  expect(checkPointForm(emptyPointForm)).toEqual({
    pod: "common.required",
    address: "common.required",
    branch: "common.required",
    serial: "common.required",
  });
  const form = {
    ...emptyPointForm,
    pod: "RO 1",
    address: "x",
    branch: " / ",
    serial: "1",
    ctRatio: "0",
    vtRatio: "0,5",
  };
  expect(checkPointForm(form)).toEqual({
    pod: "add.no-space",
    branch: "common.required",
    ctRatio: "add.not-number",
  });
  expect(plainRatio(" 0,5 ")).toBe("0.5");
  expect(branchParts("Pitești / PT-07 › ML-3")).toEqual(["Pitești", "PT-07", "ML-3"]);
  expect(serialIn("ISK6ME162-33402264")).toBe("33402264");
});
