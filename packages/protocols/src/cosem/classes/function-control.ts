import type { CosemClass } from "../cosem-class.ts";

export const functionControl = {
  id: 122,
  name: "function-control",
  attributes: ["logical_name", "activation_status", "function_list"],
  methods: ["set_function_status", "add_function", "remove_function"],
} as const satisfies CosemClass;
