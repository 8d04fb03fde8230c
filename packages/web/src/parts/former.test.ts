import { expect, test } from "vitest";
import { formerOf } from "./former.ts";

test("an answer about the same subject stays until the next one is there, one about another goes", () => {
  const keep = formerOf("losses", 7);
  expect(keep("august", { queryKey: ["losses", 7, "members", { from: "2026-08-01" }] })).toBe("august");
  expect(keep("august", { queryKey: ["losses", 8, "members", { from: "2026-08-01" }] })).toBeUndefined();
  expect(keep(undefined, undefined)).toBeUndefined();
});
