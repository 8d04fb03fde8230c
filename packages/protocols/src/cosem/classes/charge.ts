import type { CosemClass } from "../cosem-class.ts";

export const charge = {
  id: 113,
  name: "charge",
  attributes: [
    "logical_name",
    "total_amount_paid",
    "charge_type",
    "priority",
    "unit_charge_active",
    "unit_charge_passive",
    "unit_charge_activation_time",
    "period",
    "charge_configuration",
    "last_collection_time",
    "last_collection_amount",
    "total_amount_remaining",
    "proportion",
  ],
  methods: [
    "update_unit_charge",
    "activate_passive_unit_charge",
    "collect",
    "update_total_amount_remaining",
    "set_total_amount_remaining",
  ],
} as const satisfies CosemClass;
