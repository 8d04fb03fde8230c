import type { CosemClass } from "../cosem-class.ts";

export const utilityTables = {
  id: 26,
  name: "utility-tables",
  attributes: ["logical_name", "table_id", "length", "buffer"],
  methods: [],
} as const satisfies CosemClass;
