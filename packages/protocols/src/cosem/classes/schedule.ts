import type { CosemClass } from "../cosem-class.ts";

export const schedule = {
  id: 10,
  name: "schedule",
  attributes: ["logical_name", "entries"],
  methods: ["enable_disable", "insert", "delete"],
} as const satisfies CosemClass;
