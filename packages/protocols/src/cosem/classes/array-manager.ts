import type { CosemClass } from "../cosem-class.ts";

/** Only the attributes that are known for certain; the others are read by number. */
export const arrayManager = {
  id: 123,
  name: "array-manager",
  attributes: ["logical_name"],
  methods: [],
} as const satisfies CosemClass;
