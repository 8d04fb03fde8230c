import type { Concentrator } from "../api/client.ts";

type Meter = Concentrator["meterList"][number];

export interface TopologyNode {
  readonly meter: Meter;
  /** Meters on the inputs of this module. */
  readonly below: readonly TopologyNode[];
}

/** Meters by line, those of a local module below it, in the order given. One whose module is unknown stands on the line itself. */
export function topologyOf(meters: readonly Meter[]): { line: string; nodes: readonly TopologyNode[] }[] {
  const known = new Set(meters.map(({ logicalDevice }) => logicalDevice));
  const belowOf = Map.groupBy(
    meters.filter(({ module }) => module !== null && known.has(module)),
    ({ module }) => module,
  );
  const top = meters.filter(({ module }) => module === null || !known.has(module));
  return [...Map.groupBy(top, ({ line }) => line)].map(([line, nodes]) => ({
    line,
    nodes: nodes.map((meter) => ({
      meter,
      below: (belowOf.get(meter.logicalDevice) ?? []).map((each) => ({ meter: each, below: [] })),
    })),
  }));
}
