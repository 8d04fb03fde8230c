import type { CosemClass } from "../cosem-class.ts";

export const securitySetup = {
  id: 64,
  name: "security-setup",
  attributes: [
    "logical_name",
    "security_policy",
    "security_suite",
    "client_system_title",
    "server_system_title",
    "certificates",
  ],
  methods: ["security_activate", "key_transfer"],
} as const satisfies CosemClass;
