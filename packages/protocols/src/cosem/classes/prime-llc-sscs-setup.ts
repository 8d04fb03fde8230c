import type { CosemClass } from "../cosem-class.ts";

export const primeLlcSscsSetup = {
  id: 80,
  name: "prime-llc-sscs-setup",
  attributes: ["logical_name", "service_node_address", "base_node_address"],
  methods: ["reset"],
} as const satisfies CosemClass;
