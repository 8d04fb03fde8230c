import type { CosemClass } from "../cosem-class.ts";

export const register = {
  id: 3,
  name: "register",
  attributes: ["logical_name", "value", "scaler_unit"],
  methods: ["reset"],
} as const satisfies CosemClass;
