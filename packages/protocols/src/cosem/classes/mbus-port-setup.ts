import type { CosemClass } from "../cosem-class.ts";

export const mbusPortSetup = {
  id: 76,
  name: "dlms-mbus-port-setup",
  attributes: [
    "logical_name",
    "profile_selection",
    "port_communication_status",
    "data_header_type",
    "primary_address",
    "identification_number",
    "manufacturer_id",
    "version",
    "device_type",
    "max_pdu_size",
    "listening_window",
  ],
  methods: [],
} as const satisfies CosemClass;
