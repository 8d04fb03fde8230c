import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

// An error is made by `new SomethingError("area.what", …)`, `problem("area.what", …)`, or a field `code: "area.what"`.
const raised =
  /(?:new \w*Error\(|\bproblem\(|\bfail\(|\bcode:|\berrorCode:|#end\(|\brefuse\()\s*"([a-z0-9-]+\.[a-z0-9.-]+)"/g;

// What is generated raises nothing: types of answers name words that are no errors.
const sources = globSync("{packages/*/src,scripts}/**/*.{ts,tsx,mjs}", { cwd: root }).filter(
  (file) => !file.includes("/generated/"),
);
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
  // A cursor raises its codes as `${subject}.truncated`, or by `cursor.fail("oid", …)`, with the subject of its decoder.
  const composed = new Set(
    [...text.matchAll(/(?:\$\{[\w.#]+\}\.([a-z-]+)`|\.fail\("([a-z-]+)")/g)].map(
      ([, tail, failed]) => tail ?? failed!,
    ),
  );
  const raisedSomewhere = (code: string) => {
    const [area = "", what = ""] = code.split(".");
    return text.includes(`"${code}"`) || (composed.has(what) && text.includes(`"${area}"`));
  };
  expect([...documented.keys()].filter((code) => !raisedSomewhere(code)).sort()).toEqual([]);
});

test("every row of docs/errors.md says what it means and what to do", () => {
  expect([...documented].filter(([, { meaning, whatToDo }]) => meaning === "" || whatToDo === "")).toEqual(
    [],
  );
});
