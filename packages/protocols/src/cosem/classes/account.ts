import type { CosemClass } from "../cosem-class.ts";

/** Prepayment; the attributes after those named here are read by number. */
export const account = {
  id: 111,
  name: "account",
  attributes: [
    "logical_name",
    "account_mode_and_status",
    "current_credit_in_use",
    "current_credit_status",
    "available_credit",
  ],
  methods: ["activate_account", "close_account", "reset_account"],
} as const satisfies CosemClass;
