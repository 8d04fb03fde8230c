import { inspect } from "node:util";
import { expect, test } from "vitest";
import { Secret, sameSecret } from "../src/index.ts";

test.each([
  ["text", new Secret("pâine și sare")],
  ["bytes", new Secret(new TextEncoder().encode("pâine și sare"))],
])("a secret of %s is never printed", (_, secret) => {
  const shown = [
    String(secret),
    `${secret}`,
    ["wrong: ", secret].join(""),
    JSON.stringify({ secret }),
    inspect({ deep: { secret } }, { depth: 9, showHidden: true }),
    inspect(secret),
    JSON.stringify(Object.entries(secret)),
    JSON.stringify(structuredCloneOf(secret)),
    new Error(`wrong ${secret}`).message,
  ].join("\n");
  expect(shown).not.toMatch(/pâine|112|195/);
  expect(String(secret)).toBe("[secret]");
});

/** What a message to a worker, or a copy by an unwary library, would hold. */
const structuredCloneOf = (value: object) => structuredClone({ ...value });

test("secrets are compared whole, and bytes can be wiped", () => {
  const abc = new Secret<string>("abc");
  expect(abc.equals("abc")).toBe(true);
  expect(abc.equals(new Secret<string>("abd"))).toBe(false);
  expect(abc.equals("abcd")).toBe(false);
  expect(sameSecret(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true);
  const secret = new Secret(Uint8Array.of(1, 2, 3));
  secret.wipe();
  expect(secret.reveal()).toEqual(new Uint8Array(3));
});
