import { isConflict, isConnectionLost, sqlState } from "@energsys/store";
import { expect, test } from "vitest";

const withCode = (code: string) => Object.assign(new Error(code), { code });

test.each(["EPIPE", "ECONNRESET", "ECONNREFUSED", "ENOENT", "ETIMEDOUT", "08006", "57P01", "57P03"])(
  "%s says that the connection is lost, so the work may be done again",
  (code) => {
    expect(isConnectionLost(withCode(code))).toBe(true);
    expect(isConflict(withCode(code))).toBe(false);
  },
);

test.each(["40001", "40P01", "23505"])("%s says that another writer came between", (code) => {
  expect(isConflict(withCode(code))).toBe(true);
  expect(isConnectionLost(withCode(code))).toBe(false);
});

test("a SQLSTATE is told from an error of the system of the same length", () => {
  expect([sqlState(withCode("XX000")), sqlState(withCode("EPIPE"))]).toEqual(["XX000", undefined]);
});
