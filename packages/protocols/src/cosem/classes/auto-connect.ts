import type { CosemClass } from "../cosem-class.ts";

export const autoConnect = {
  id: 29,
  name: "auto-connect",
  attributes: [
    "logical_name",
    "mode",
    "repetitions",
    "repetition_delay",
    "calling_window",
    "destination_list",
  ],
  methods: ["connect"],
} as const satisfies CosemClass;
