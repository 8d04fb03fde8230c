import type { CosemClass } from "../cosem-class.ts";

export const registerTable = {
  id: 61,
  name: "register-table",
  attributes: ["logical_name", "table_cell_values", "table_cell_definition", "scaler_unit"],
  methods: ["reset", "capture"],
} as const satisfies CosemClass;
