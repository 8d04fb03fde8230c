import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { catalogue, type Right, readyRoles } from "../src/security/catalogue.ts";

const text = readFileSync(new URL("../../../docs/rights.md", import.meta.url), "utf8");

test("docs/rights.md names every right, its reach and the roles that hold it", () => {
  const written = text.split("\n").filter((line) => /^\| `[a-z-]+` \| \//.test(line));
  const wanted = Object.entries(catalogue).map(([page, { address, levels, reach }]) => {
    const roles = Object.entries(readyRoles).flatMap(([role, rights]) => {
      const held = levels.filter((level) =>
        (rights as readonly Right[]).includes(`${page}.${level}` as Right),
      );
      return held.length === 0 ? [] : [`${role}: ${held.join(", ")}`];
    });
    return `| \`${page}\` | ${address} | ${levels.join(", ")} | ${reach} | ${roles.join("; ")} |`;
  });
  expect(written).toEqual(wanted);
});
