import type { CosemClass } from "../cosem-class.ts";

export const profileGeneric = {
  id: 7,
  name: "profile-generic",
  attributes: [
    "logical_name",
    "buffer",
    "capture_objects",
    "capture_period",
    "sort_method",
    "sort_object",
    "entries_in_use",
    "profile_entries",
  ],
  methods: ["reset", "capture"],
} as const satisfies CosemClass;
