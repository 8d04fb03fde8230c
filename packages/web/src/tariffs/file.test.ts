import { expect, test } from "vitest";
import { termsInFile } from "./file.ts";

const version = (validFrom: string, mark: string) => ({ validFrom, terms: { mark } });
const tariff = (code: string, ...versions: object[]) => ({ code, name: code, versions });

test("the version that begins last, of the tariff that is looked at or of the only one in the file", () => {
  const one = tariff("A", version("2027-01-01", "later"), version("2026-01-01", "earlier"));
  const two = [one, tariff("B", version("2026-01-01", "other"))];
  expect(termsInFile(JSON.stringify(two), "A")).toEqual({ mark: "later" });
  expect(termsInFile(JSON.stringify(one), "C")).toEqual({ mark: "later" });
  expect(termsInFile(JSON.stringify(two), "C")).toBeUndefined();
});

test.each([
  "{",
  "null",
  "[]",
  '{"code":"A"}',
  '{"code":"A","versions":[]}',
  '{"code":"A","versions":[null]}',
])("%s holds no version", (text) => expect(termsInFile(text, "A")).toBeUndefined());
