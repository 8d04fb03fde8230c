import type { CosemClass } from "../cosem-class.ts";

export const lteMonitoring = {
  id: 151,
  name: "lte-monitoring",
  attributes: ["logical_name", "LTE_network_parameters", "LTE_quality_of_service"],
  methods: [],
} as const satisfies CosemClass;
