import type { CosemClass } from "../cosem-class.ts";

export const disconnectControl = {
  id: 70,
  name: "disconnect-control",
  attributes: ["logical_name", "output_state", "control_state", "control_mode"],
  methods: ["remote_disconnect", "remote_reconnect"],
} as const satisfies CosemClass;
