import type { CosemClass } from "../cosem-class.ts";

export const ipv4Setup = {
  id: 42,
  name: "ipv4-setup",
  attributes: [
    "logical_name",
    "DL_reference",
    "IP_address",
    "multicast_IP_address",
    "IP_options",
    "subnet_mask",
    "gateway_IP_address",
    "use_DHCP_flag",
    "primary_DNS_address",
    "secondary_DNS_address",
  ],
  methods: ["add_mc_IP_address", "delete_mc_IP_address", "get_nbof_mc_IP_addresses"],
} as const satisfies CosemClass;
