import type { CosemClass } from "../cosem-class.ts";

export const primePhysicalCounters = {
  id: 81,
  name: "prime-physical-layer-counters",
  attributes: [
    "logical_name",
    "phy_stats_crc_incorrect_count",
    "phy_stats_crc_fail_count",
    "phy_stats_tx_drop_count",
    "phy_stats_rx_drop_count",
  ],
  methods: ["reset"],
} as const satisfies CosemClass;
