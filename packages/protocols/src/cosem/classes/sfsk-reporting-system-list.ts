import type { CosemClass } from "../cosem-class.ts";

export const sfskReportingSystemList = {
  id: 56,
  name: "s-fsk-reporting-system-list",
  attributes: ["logical_name", "reporting_system_list"],
  methods: [],
} as const satisfies CosemClass;
