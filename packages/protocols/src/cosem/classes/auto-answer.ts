import type { CosemClass } from "../cosem-class.ts";

export const autoAnswer = {
  id: 28,
  name: "auto-answer",
  attributes: [
    "logical_name",
    "mode",
    "listening_window",
    "status",
    "number_of_calls",
    "number_of_rings",
    "list_of_allowed_callers",
  ],
  methods: [],
} as const satisfies CosemClass;
