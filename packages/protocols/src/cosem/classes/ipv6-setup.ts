import type { CosemClass } from "../cosem-class.ts";

export const ipv6Setup = {
  id: 48,
  name: "ipv6-setup",
  attributes: [
    "logical_name",
    "DL_reference",
    "address_config_mode",
    "unicast_IPv6_addresses",
    "multicast_IPv6_addresses",
    "gateway_IPv6_addresses",
    "primary_DNS_address",
    "secondary_DNS_address",
    "traffic_class",
    "neighbor_discovery_setup",
  ],
  methods: ["add_IPv6_address", "remove_IPv6_address"],
} as const satisfies CosemClass;
