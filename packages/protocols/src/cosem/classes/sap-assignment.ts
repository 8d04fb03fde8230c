import type { CosemClass } from "../cosem-class.ts";

export const sapAssignment = {
  id: 17,
  name: "sap-assignment",
  attributes: ["logical_name", "list"],
  methods: ["connect"],
} as const satisfies CosemClass;
