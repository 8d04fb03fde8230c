import type { Inventory } from "@energsys/store";

/** A small network: `count` points with a meter and a device each, on one plan. */
export function inventoryOf(count: number, direction: "dial" | "call-in" = "dial"): Inventory {
  return {
    branches: [{ path: ["Test"] }],
    plan: { name: "quarter-hour", everySeconds: 900, backfillDays: 7 },
    points: Array.from({ length: count }, (_, index) => ({
      pod: `RO00${index + 1}`,
      name: `Point ${index + 1}`,
      address: `Street ${index + 1}`,
      branch: ["Test"],
      phases: 1 as const,
      meter: { serial: `S${index + 1}`, manufacturer: "Test", model: "generic-dlms", phases: 1 as const },
      installedAt: "2026-01-01T00:00:00Z",
      device: {
        identity: `ID${index + 1}`,
        model: "generic-dlms",
        url: direction === "dial" ? `dlms+tcp://127.0.0.1:${10_001 + index}` : "dlms+tcp://",
        direction,
      },
    })),
  };
}
