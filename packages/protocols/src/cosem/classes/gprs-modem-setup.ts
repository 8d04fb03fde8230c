import type { CosemClass } from "../cosem-class.ts";

export const gprsModemSetup = {
  id: 45,
  name: "gprs-modem-setup",
  attributes: ["logical_name", "APN", "PIN_code", "quality_of_service"],
  methods: [],
} as const satisfies CosemClass;
