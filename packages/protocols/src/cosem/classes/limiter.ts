import type { CosemClass } from "../cosem-class.ts";

export const limiter = {
  id: 71,
  name: "limiter",
  attributes: [
    "logical_name",
    "monitored_value",
    "threshold_active",
    "threshold_normal",
    "threshold_emergency",
    "min_over_threshold_duration",
    "min_under_threshold_duration",
    "emergency_profile",
    "emergency_profile_group_id_list",
    "emergency_profile_active",
    "actions",
  ],
  methods: [],
} as const satisfies CosemClass;
