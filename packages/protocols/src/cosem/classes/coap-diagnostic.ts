import type { CosemClass } from "../cosem-class.ts";

export const coapDiagnostic = {
  id: 153,
  name: "coap-diagnostic",
  attributes: ["logical_name", "messages_counter", "request_response_counter", "bt_counter", "capture_time"],
  methods: ["reset"],
} as const satisfies CosemClass;
