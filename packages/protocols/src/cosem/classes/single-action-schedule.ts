import type { CosemClass } from "../cosem-class.ts";

export const singleActionSchedule = {
  id: 22,
  name: "single-action-schedule",
  attributes: ["logical_name", "executed_script", "type", "execution_time"],
  methods: [],
} as const satisfies CosemClass;
