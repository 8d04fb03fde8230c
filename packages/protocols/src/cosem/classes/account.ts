import type { CosemClass } from "../cosem-class.ts";

export const account = {
  id: 111,
  name: "account",
  attributes: [
    "logical_name",
    "account_mode_and_status",
    "current_credit_in_use",
    "current_credit_status",
    "available_credit",
    "amount_to_clear",
    "clearance_threshold",
    "aggregated_debt",
    "credit_reference_list",
    "charge_reference_list",
    "credit_charge_configuration",
    "token_gateway_configuration",
    "account_activation_time",
    "account_closure_time",
    "currency",
    "low_credit_threshold",
    "next_credit_available_threshold",
    "max_provision",
    "max_provision_period",
  ],
  methods: ["activate_account", "close_account", "reset_account"],
} as const satisfies CosemClass;
