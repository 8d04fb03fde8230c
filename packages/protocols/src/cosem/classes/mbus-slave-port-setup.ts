import type { CosemClass } from "../cosem-class.ts";

export const mbusSlavePortSetup = {
  id: 25,
  name: "mbus-slave-port-setup",
  attributes: ["logical_name", "default_baud", "avail_baud", "addr_state", "bus_address"],
  methods: [],
} as const satisfies CosemClass;
