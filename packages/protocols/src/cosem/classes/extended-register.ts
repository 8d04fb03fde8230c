import type { CosemClass } from "../cosem-class.ts";

export const extendedRegister = {
  id: 4,
  name: "extended-register",
  attributes: ["logical_name", "value", "scaler_unit", "status", "capture_time"],
  methods: ["reset"],
} as const satisfies CosemClass;
