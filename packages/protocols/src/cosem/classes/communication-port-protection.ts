import type { CosemClass } from "../cosem-class.ts";

export const communicationPortProtection = {
  id: 124,
  name: "communication-port-protection",
  attributes: [
    "logical_name",
    "protection_mode",
    "allowed_failed_attempts",
    "initial_lockout_time",
    "steepness_factor",
    "max_lockout_time",
    "port_reference",
    "protection_status",
    "failed_attempts",
    "cumulative_failed_attempts",
  ],
  methods: ["reset"],
} as const satisfies CosemClass;
