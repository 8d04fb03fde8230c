import type { CosemClass } from "../cosem-class.ts";

export const dataProtection = {
  id: 30,
  name: "data-protection",
  attributes: [
    "logical_name",
    "protection_buffer",
    "protection_object_list",
    "protection_parameters_get",
    "protection_parameters_set",
    "required_protection",
  ],
  methods: ["get_protected_attributes", "set_protected_attributes", "invoke_protected_method"],
} as const satisfies CosemClass;
