import type { CosemClass } from "../cosem-class.ts";

export const ntpSetup = {
  id: 100,
  name: "ntp-setup",
  attributes: [
    "logical_name",
    "activated",
    "server_address",
    "server_port",
    "authentication_method",
    "authentication_keys",
    "client_key",
  ],
  methods: ["synchronize", "add_authentication_key", "delete_authentication_key"],
} as const satisfies CosemClass;
