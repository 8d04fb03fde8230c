import type { CosemClass } from "../cosem-class.ts";

export const modemConfiguration = {
  id: 27,
  name: "modem-configuration",
  attributes: ["logical_name", "comm_speed", "initialization_string", "modem_profile"],
  methods: [],
} as const satisfies CosemClass;
