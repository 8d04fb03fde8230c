import type { CosemClass } from "../cosem-class.ts";

export const tokenGateway = {
  id: 115,
  name: "token-gateway",
  attributes: [
    "logical_name",
    "token",
    "token_time",
    "token_description",
    "token_delivery_method",
    "token_status",
  ],
  methods: ["enter"],
} as const satisfies CosemClass;
