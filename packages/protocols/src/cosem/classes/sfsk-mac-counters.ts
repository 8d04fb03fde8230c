import type { CosemClass } from "../cosem-class.ts";

export const sfskMacCounters = {
  id: 53,
  name: "s-fsk-mac-counters",
  attributes: [
    "logical_name",
    "synchronization_register",
    "desynchronization_listing",
    "broadcast_frames_counter",
    "repetitions_counter",
    "transmissions_counter",
    "CRC_OK_frames_counter",
    "CRC_NOK_frames_counter",
  ],
  methods: ["reset"],
} as const satisfies CosemClass;
