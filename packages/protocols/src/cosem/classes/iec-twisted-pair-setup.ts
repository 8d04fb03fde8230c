import type { CosemClass } from "../cosem-class.ts";

export const iecTwistedPairSetup = {
  id: 24,
  name: "iec-twisted-pair-setup",
  attributes: ["logical_name", "mode", "speed", "primary_address_list", "tabi_list"],
  methods: [],
} as const satisfies CosemClass;
