import type { CosemClass } from "../cosem-class.ts";

export const clock = {
  id: 8,
  name: "clock",
  attributes: [
    "logical_name",
    "time",
    "time_zone",
    "status",
    "dst_begin",
    "dst_end",
    "dst_deviation",
    "dst_enabled",
    "clock_base",
  ],
  methods: [
    "adjust_to_quarter",
    "adjust_to_measuring_period",
    "adjust_to_minute",
    "adjust_to_preset_time",
    "preset_adjusting_time",
    "shift_time",
  ],
} as const satisfies CosemClass;
