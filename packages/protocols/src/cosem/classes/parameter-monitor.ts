import type { CosemClass } from "../cosem-class.ts";

export const parameterMonitor = {
  id: 65,
  name: "parameter-monitor",
  attributes: ["logical_name", "changed_parameter", "capture_time", "parameters"],
  methods: ["add_parameter", "delete_parameter"],
} as const satisfies CosemClass;
