import type { CosemClass } from "../cosem-class.ts";

export const registerMonitor = {
  id: 21,
  name: "register-monitor",
  attributes: ["logical_name", "thresholds", "monitored_value", "actions"],
  methods: [],
} as const satisfies CosemClass;
