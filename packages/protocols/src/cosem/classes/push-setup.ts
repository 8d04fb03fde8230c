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
  ],
  methods: ["push"],
} as const satisfies CosemClass;
