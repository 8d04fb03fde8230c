import type { CosemClass } from "../cosem-class.ts";

/** Prepayment; the attributes after those named here are read by number. */
export const charge = {
  id: 113,
  name: "charge",
  attributes: ["logical_name", "total_amount_paid", "charge_type", "priority", "unit_charge_active"],
  methods: ["update_unit_charge", "activate_passive_unit_charge", "collect"],
} as const satisfies CosemClass;
