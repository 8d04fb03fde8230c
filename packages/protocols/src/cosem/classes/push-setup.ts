import type { CosemClass } from "../cosem-class.ts";

export const pushSetup = {
  id: 40,
  name: "push-setup",
  attributes: [
    "logical_name",
    "push_object_list",
    "send_destination_and_method",
    "communication_window",
    "randomisation_start_interval",
    "number_of_retries",
    "repetition_delay",
    "port_reference",
    "push_client_SAP",
    "push_protection_parameters",
    "push_operation_method",
    "confirmation_parameters",
    "last_confirmation_date_time",
  ],
  methods: ["push", "reset"],
} as const satisfies CosemClass;
