import type { CosemClass } from "../cosem-class.ts";

export const mbusDiagnostic = {
  id: 77,
  name: "mbus-diagnostic",
  attributes: [
    "logical_name",
    "received_signal_strength",
    "channel_id",
    "link_status",
    "broadcast_frames_counter",
    "transmissions_counter",
    "FCS_OK_frames_counter",
    "FCS_NOK_frames_counter",
    "capture_time",
  ],
  methods: ["reset"],
} as const satisfies CosemClass;
