import type { CosemClass } from "../cosem-class.ts";

export const primeNetworkAdministration = {
  id: 85,
  name: "prime-mac-network-administration-data",
  attributes: [
    "logical_name",
    "mac_list_multicast_entries",
    "mac_list_switch_table",
    "mac_list_direct_table",
    "mac_list_available_switches",
    "mac_list_phy_comm",
  ],
  methods: ["reset"],
} as const satisfies CosemClass;
