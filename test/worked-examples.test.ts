import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const page = readFileSync(`${root}docs/validation.md`, "utf8");

/** Rows of worked examples: their numbers, and the files that check them. */
const rows = [...page.matchAll(/^\| ((?:TV-|S)\d[^|]*) \|[^|]*\| ([^|]+) \|$/gm)].flatMap(([, ids, files]) =>
  ids!.split(", ").map((id) => ({ id, files: [...files!.matchAll(/`([^`]+)`/g)].map((match) => match[1]!) })),
);

test("the page of validation names the worked examples 1 to 22, S8 and S16, once each", () => {
  const wanted = [...Array.from({ length: 22 }, (_, nth) => `TV-${nth + 1}`), "S8", "S16"];
  expect(rows.map(({ id }) => id).sort()).toEqual(wanted.sort());
});

test.each(rows)("$id is checked by the tests that the page names", ({ id, files }) => {
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) expect(readFileSync(`${root}${file}`, "utf8")).toMatch(new RegExp(`"${id}[": ]`));
});
