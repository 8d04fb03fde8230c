import type { CosemClass } from "../cosem-class.ts";

export const demandRegister = {
  id: 5,
  name: "demand-register",
  attributes: [
    "logical_name",
    "current_average",
    "last_average",
    "scaler_unit",
    "status",
    "capture_time",
    "start_time_current",
    "period",
    "number_of_periods",
  ],
  methods: ["reset", "next_period"],
} as const satisfies CosemClass;
