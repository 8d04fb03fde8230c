import type { CosemClass } from "../cosem-class.ts";

export const compactData = {
  id: 62,
  name: "compact-data",
  attributes: [
    "logical_name",
    "compact_buffer",
    "capture_objects",
    "template_id",
    "template_description",
    "capture_method",
  ],
  methods: ["reset", "capture"],
} as const satisfies CosemClass;
