import type { CosemClass } from "../cosem-class.ts";

export const activityCalendar = {
  id: 20,
  name: "activity-calendar",
  attributes: [
    "logical_name",
    "calendar_name_active",
    "season_profile_active",
    "week_profile_table_active",
    "day_profile_table_active",
    "calendar_name_passive",
    "season_profile_passive",
    "week_profile_table_passive",
    "day_profile_table_passive",
    "activate_passive_calendar_time",
  ],
  methods: ["activate_passive_calendar"],
} as const satisfies CosemClass;
