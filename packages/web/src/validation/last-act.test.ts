import { expect, test } from "vitest";
import { actOver, actSaved, beginAct, undoLast } from "./last-act.ts";

test("what is taken back while it is still being saved goes as soon as it is saved, and once", () => {
  const undone: string[] = [];
  const act = beginAct();
  undoLast();
  undoLast();
  expect(undone).toEqual([]);
  actSaved(act, () => undone.push("first"));
  expect(undone).toEqual(["first"]);
  undoLast();
  expect(undone).toEqual(["first"]);
});

test("the last of two decisions is meant, also when the first one is saved after it", () => {
  const undone: string[] = [];
  const [first, second] = [beginAct(), beginAct()];
  undoLast();
  actSaved(second, () => undone.push("second"));
  actSaved(first, () => undone.push("first"));
  undoLast();
  expect(undone).toEqual(["second"]);
});

test("what was not saved, and what has been there for its time, is not taken back", () => {
  const undone: string[] = [];
  actOver(beginAct());
  undoLast();
  const act = beginAct();
  actSaved(act, () => undone.push("late"));
  actOver(act);
  undoLast();
  expect(undone).toEqual([]);
});
