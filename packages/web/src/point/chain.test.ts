import { expect, test } from "vitest";
import { silentPart } from "./chain.tsx";

const good = {
  gatewayId: 1,
  gateway: "MC-1",
  gatewayState: "online",
  gatewayContactAt: null,
  hasLine: true,
  line: "a",
  address: "",
  module: "ML-1",
  moduleState: "known",
  input: 3,
  meterState: "known",
  meterContactAt: null,
} as const;

test("the silent part of a chain is the one nearest to the centre: what is behind it cannot be judged", () => {
  expect(silentPart(good)).toBeUndefined();
  expect(silentPart({ ...good, meterState: "missing" })).toBe("meter");
  expect(silentPart({ ...good, meterState: "missing", moduleState: "missing" })).toBe("module");
  expect(silentPart({ ...good, meterState: "missing", gatewayState: "silent", hasLine: false })).toBe("link");
  expect(silentPart({ ...good, gatewayState: "shutdown", hasLine: false })).toBe("concentrator");
});
