import type { CosemClass } from "../cosem-class.ts";

export const primeApplicationIdentification = {
  id: 86,
  name: "prime-application-identification",
  attributes: ["logical_name", "firmware_version", "vendor_ID", "product_ID"],
  methods: [],
} as const satisfies CosemClass;
