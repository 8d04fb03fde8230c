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
  methods: [
    "security_activate",
    "key_transfer",
    "key_agreement",
    "generate_key_pair",
    "generate_certificate_request",
    "import_certificate",
    "export_certificate",
    "remove_certificate",
  ],
} as const satisfies CosemClass;
