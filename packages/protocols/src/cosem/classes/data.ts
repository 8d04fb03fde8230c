import type { CosemClass } from "../cosem-class.ts";

export const data = {
  id: 1,
  name: "data",
  attributes: ["logical_name", "value"],
  methods: [],
} as const satisfies CosemClass;
