import type { CosemClass } from "../cosem-class.ts";

export const primeMacCounters = {
  id: 84,
  name: "prime-mac-counters",
  attributes: [
    "logical_name",
    "mac_tx_data_pkt_count",
    "mac_rx_data_pkt_count",
    "mac_tx_ctrl_pkt_count",
    "mac_rx_ctrl_pkt_count",
    "mac_csma_fail_count",
    "mac_csma_ch_busy_count",
  ],
  methods: ["reset"],
} as const satisfies CosemClass;
