import type { CosemClass } from "../cosem-class.ts";

export const statusMapping = {
  id: 63,
  name: "status-mapping",
  attributes: ["logical_name", "status_word", "mapping_table"],
  methods: [],
} as const satisfies CosemClass;
