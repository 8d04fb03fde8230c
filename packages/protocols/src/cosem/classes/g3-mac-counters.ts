import type { CosemClass } from "../cosem-class.ts";

export const g3MacCounters = {
  id: 90,
  name: "g3-mac-layer-counters",
  attributes: [
    "logical_name",
    "mac_Tx_data_packet_count",
    "mac_Rx_data_packet_count",
    "mac_Tx_cmd_packet_count",
    "mac_Rx_cmd_packet_count",
    "mac_CSMA_fail_count",
    "mac_CSMA_no_ACK_count",
    "mac_bad_CRC_count",
    "mac_Tx_data_broadcast_count",
    "mac_Rx_data_broadcast_count",
  ],
  methods: ["reset"],
} as const satisfies CosemClass;
