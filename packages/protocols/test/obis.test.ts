import { encodeObis, findObis, formatObis } from "@energsys/protocols";
import { expect, test } from "vitest";

test.each([
  ["1-0:1.8.0*255", "1-0:1.8.0*255"],
  ["1.0.99.1.0.255", "1-0:99.1.0*255"],
  ["1.8.0", "1-0:1.8.0*255"],
  ["1.8", "1-0:1.8.0*255"],
  ["1.8.1*05", "1-0:1.8.1*5"],
  ["1.6.1&12", "1-0:1.6.1*12"],
  ["1-0:32.7.0", "1-0:32.7.0*255"],
  ["C.1.0", "0-0:96.1.0*255"],
  ["F.F", "0-0:97.97.0*255"],
  ["0-1:24.2.1", "0-1:24.2.1*255"],
])("the address %s stands for %s", (address, code) => {
  expect(findObis(address)).toBe(code);
});

test.each([
  "",
  "1",
  "256.8.0",
  "1.8.0.0",
  "1-0:1.8.0*256",
  "1.0.99.1.0.256",
  "1.8.0 ",
  "x.8.0",
  "1..0",
  "-1.8.0",
])("%j is no OBIS code", (address) => {
  expect(findObis(address)).toBeUndefined();
});

test("a logical name of six bytes and its code are the same thing", () => {
  const bytes = encodeObis("1-0:99.1.0*255");
  expect([...bytes]).toEqual([1, 0, 99, 1, 0, 255]);
  expect(formatObis(bytes)).toBe("1-0:99.1.0*255");
  expect(() => encodeObis("not a code")).toThrow(expect.objectContaining({ code: "obis.invalid" }));
});
