import type { CosemClass } from "../cosem-class.ts";

export const sfskMacSynchronizationTimeouts = {
  id: 52,
  name: "s-fsk-mac-synchronization-timeouts",
  attributes: [
    "logical_name",
    "search_initiator_time_out",
    "synchronization_confirmation_time_out",
    "time_out_not_addressed",
    "time_out_frame_not_OK",
  ],
  methods: [],
} as const satisfies CosemClass;
