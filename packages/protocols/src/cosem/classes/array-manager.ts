import type { CosemClass } from "../cosem-class.ts";

export const arrayManager = {
  id: 123,
  name: "array-manager",
  attributes: ["logical_name", "array_object_list"],
  methods: [
    "retrieve_number_of_entries",
    "retrieve_entries",
    "insert_entry",
    "update_entry",
    "remove_entries",
  ],
} as const satisfies CosemClass;
