import type { CosemClass } from "../cosem-class.ts";

export const mbusClient = {
  id: 72,
  name: "mbus-client",
  attributes: [
    "logical_name",
    "mbus_port_reference",
    "capture_definition",
    "capture_period",
    "primary_address",
    "identification_number",
    "manufacturer_id",
    "version",
    "device_type",
    "access_number",
    "status",
    "alarm",
    "configuration",
    "encryption_key_status",
  ],
  methods: [
    "slave_install",
    "slave_deinstall",
    "capture",
    "reset_alarm",
    "synchronize_clock",
    "data_send",
    "set_encryption_key",
    "transfer_key",
  ],
} as const satisfies CosemClass;
