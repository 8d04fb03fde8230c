import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const rows = readFileSync(`${root}docs/features.md`, "utf8")
  .split("\n")
  .filter((line) => /^\| M\d+ \|/.test(line))
  .map((line) => {
    const [, number = "", promise = "", state = "", where = "", shownBy = ""] = line
      .split("|")
      .map((cell) => cell.trim());
    return { number, promise, state, where, shownBy };
  });

test("docs/features.md has every promise from M1 to M151, once and in order", () => {
  expect(rows.map(({ number }) => number)).toEqual(
    Array.from({ length: 151 }, (_, index) => `M${index + 1}`),
  );
});

test("every promise has one of the four states", () => {
  const states = new Set(["done", "partly", "not yet", "out of scope"]);
  expect(rows.filter(({ state }) => !states.has(state))).toEqual([]);
});

test("a promise that is done or partly done names the test that shows it, and that test exists", () => {
  const shown = rows.filter(({ state }) => state === "done" || state === "partly");
  const missing = shown.filter(({ shownBy }) => {
    const files = [...shownBy.matchAll(/`([^`]+)`/g)].map((match) => match[1]!);
    return files.length === 0 || files.some((file) => !existsSync(`${root}${file}`));
  });
  expect(missing).toEqual([]);
});

test("what is not done says where it will come from", () => {
  expect(
    rows.filter(({ state, where }) => (state === "not yet" || state === "out of scope") && where === ""),
  ).toEqual([]);
});
