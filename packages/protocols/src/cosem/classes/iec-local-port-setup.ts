import type { CosemClass } from "../cosem-class.ts";

export const iecLocalPortSetup = {
  id: 19,
  name: "iec-local-port-setup",
  attributes: [
    "logical_name",
    "default_mode",
    "default_baud",
    "prop_baud",
    "response_time",
    "device_addr",
    "pass_p1",
    "pass_p2",
    "pass_w5",
  ],
  methods: [],
} as const satisfies CosemClass;
