import type { CosemClass } from "../cosem-class.ts";

export const registerActivation = {
  id: 6,
  name: "register-activation",
  attributes: ["logical_name", "register_assignment", "mask_list", "active_mask"],
  methods: ["add_register", "add_mask", "delete_mask"],
} as const satisfies CosemClass;
