import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { generate } from "../../generate-api.ts";

test("the client's types are those of the API description", async () => {
  const stored = readFileSync(join(import.meta.dirname, "generated/paths.ts"), "utf8");
  expect(stored === (await generate()), "run packages/web/generate-api.ts").toBe(true);
});
