import type { CosemClass } from "../cosem-class.ts";

export const iecHdlcSetup = {
  id: 23,
  name: "iec-hdlc-setup",
  attributes: [
    "logical_name",
    "comm_speed",
    "window_size_transmit",
    "window_size_receive",
    "max_info_field_length_transmit",
    "max_info_field_length_receive",
    "inter_octet_time_out",
    "inactivity_time_out",
    "device_address",
  ],
  methods: [],
} as const satisfies CosemClass;
