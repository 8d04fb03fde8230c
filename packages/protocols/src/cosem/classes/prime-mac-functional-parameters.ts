import type { CosemClass } from "../cosem-class.ts";

export const primeMacFunctionalParameters = {
  id: 83,
  name: "prime-mac-functional-parameters",
  attributes: [
    "logical_name",
    "mac_LNID",
    "mac_LSID",
    "mac_SID",
    "mac_SNA",
    "mac_state",
    "mac_scp_length",
    "mac_node_hierarchy_level",
    "mac_beacon_slot_count",
    "mac_beacon_rx_slot",
    "mac_beacon_tx_slot",
    "mac_beacon_rx_frequency",
    "mac_beacon_tx_frequency",
    "mac_capabilities",
  ],
  methods: [],
} as const satisfies CosemClass;
