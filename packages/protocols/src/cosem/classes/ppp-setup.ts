import type { CosemClass } from "../cosem-class.ts";

export const pppSetup = {
  id: 44,
  name: "ppp-setup",
  attributes: ["logical_name", "PHY_reference", "LCP_options", "IPCP_options", "PPP_authentication"],
  methods: [],
} as const satisfies CosemClass;
