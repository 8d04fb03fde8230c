import type { CosemClass } from "../cosem-class.ts";

/** Prepayment; the attributes after those named here are read by number. */
export const credit = {
  id: 112,
  name: "credit",
  attributes: ["logical_name", "current_credit_amount", "credit_type", "priority"],
  methods: ["update_amount", "set_amount_to_value", "invoke_credit"],
} as const satisfies CosemClass;
