import { expect, test } from "vitest";
import { topologyOf } from "./topology.ts";

const meter = (logicalDevice: number, line: string, module: number | null = null) => ({
  logicalDevice,
  name: `M${logicalDevice}`,
  model: "",
  line,
  address: "",
  module,
  input: module === null ? null : 1,
  state: "known" as const,
  lastContactAt: null,
  deviceId: null,
  pointId: null,
  pod: null,
});
const shape = (meters: Parameters<typeof topologyOf>[0]) =>
  topologyOf(meters).map(({ line, nodes }) => [
    line,
    nodes.map((node) => [node.meter.logicalDevice, node.below.map((each) => each.meter.logicalDevice)]),
  ]);

test("meters on the inputs of a module stand below it, meters with an address on their line", () => {
  expect(shape([meter(16, "A"), meter(17, "A", 16), meter(18, "A", 16), meter(20, "B")])).toEqual([
    ["A", [[16, [17, 18]]]],
    ["B", [[20, []]]],
  ]);
});

test("a meter whose module was not told is not lost", () => {
  expect(shape([meter(17, "A", 99)])).toEqual([["A", [[17, []]]]]);
});
