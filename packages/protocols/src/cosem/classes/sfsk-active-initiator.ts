import type { CosemClass } from "../cosem-class.ts";

export const sfskActiveInitiator = {
  id: 51,
  name: "s-fsk-active-initiator",
  attributes: ["logical_name", "active_initiator"],
  methods: ["reset_NEW_not_synchronized"],
} as const satisfies CosemClass;
