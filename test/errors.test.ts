import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

// An error is made by `new SomethingError("area.what", …)`, `problem("area.what", …)`, or a field `code: "area.what"`.
const raised =
  /(?:new \w*Error\(|\bproblem\(|\bfail\(|\bcode:|\berrorCode:|#end\(|\brefuse\()\s*"([a-z0-9-]+\.[a-z0-9.-]+)"/g;

const sources = globSync("{packages/*/src,scripts}/**/*.{ts,tsx,mjs}", { cwd: root });
const codesInSource = new Set(
  sources.flatMap((file) =>
    [...readFileSync(`${root}${file}`, "utf8").matchAll(raised)].map((match) => match[1]!),
  ),
);
const rows = readFileSync(`${root}docs/errors.md`, "utf8").matchAll(
  /^\| `([^`]+)` \| ([^|]+) \| ([^|]+) \|$/gm,
);
const documented = new Map(
  [...rows].map((row) => [row[1]!, { meaning: row[2]!.trim(), whatToDo: row[3]!.trim() }]),
);

test("every error code that the source raises is explained in docs/errors.md", () => {
  expect(codesInSource.size).toBeGreaterThan(20);
  expect([...codesInSource].filter((code) => !documented.has(code)).sort()).toEqual([]);
});

test("docs/errors.md explains no code that nothing raises", () => {
  const text = sources.map((file) => readFileSync(`${root}${file}`, "utf8")).join("\n");
  expect([...documented.keys()].filter((code) => !text.includes(`"${code}"`)).sort()).toEqual([]);
});

test("every row of docs/errors.md says what it means and what to do", () => {
  expect([...documented].filter(([, { meaning, whatToDo }]) => meaning === "" || whatToDo === "")).toEqual(
    [],
  );
});
