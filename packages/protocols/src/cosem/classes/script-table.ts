import type { CosemClass } from "../cosem-class.ts";

export const scriptTable = {
  id: 9,
  name: "script-table",
  attributes: ["logical_name", "scripts"],
  methods: ["execute"],
} as const satisfies CosemClass;
