import type { CosemClass } from "../cosem-class.ts";

export const smtpSetup = {
  id: 46,
  name: "smtp-setup",
  attributes: [
    "logical_name",
    "server_port",
    "user_name",
    "login_password",
    "server_address",
    "sender_address",
  ],
  methods: [],
} as const satisfies CosemClass;
