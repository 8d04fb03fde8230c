import type { CosemClass } from "../cosem-class.ts";

/** Only the attributes that are known for certain; the others are read by number. */
export const communicationPortProtection = {
  id: 124,
  name: "communication-port-protection",
  attributes: ["logical_name", "protection_mode", "allowed_failed_attempts", "lockout_time"],
  methods: ["reset"],
} as const satisfies CosemClass;
