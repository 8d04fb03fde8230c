import type { CosemClass } from "../cosem-class.ts";

export const specialDays = {
  id: 11,
  name: "special-days-table",
  attributes: ["logical_name", "entries"],
  methods: ["insert", "delete"],
} as const satisfies CosemClass;
