import type { CosemClass } from "../cosem-class.ts";

export const mbusMasterPortSetup = {
  id: 74,
  name: "mbus-master-port-setup",
  attributes: ["logical_name", "comm_speed"],
  methods: [],
} as const satisfies CosemClass;
