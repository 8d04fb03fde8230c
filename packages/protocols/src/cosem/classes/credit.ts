import type { CosemClass } from "../cosem-class.ts";

export const credit = {
  id: 112,
  name: "credit",
  attributes: [
    "logical_name",
    "current_credit_amount",
    "credit_type",
    "priority",
    "warning_threshold",
    "limit",
    "credit_configuration",
    "credit_status",
    "preset_credit_amount",
    "credit_available_threshold",
    "period",
  ],
  methods: ["update_amount", "set_amount_to_value", "invoke_credit"],
} as const satisfies CosemClass;
