import type { CosemClass } from "../cosem-class.ts";

export const gsmDiagnostic = {
  id: 47,
  name: "gsm-diagnostic",
  attributes: [
    "logical_name",
    "operator",
    "status",
    "cs_attachment",
    "ps_status",
    "cell_info",
    "adjacent_cells",
    "capture_time",
  ],
  methods: [],
} as const satisfies CosemClass;
