import type { CosemClass } from "../cosem-class.ts";

export const macAddressSetup = {
  id: 43,
  name: "mac-address-setup",
  attributes: ["logical_name", "MAC_address"],
  methods: [],
} as const satisfies CosemClass;
