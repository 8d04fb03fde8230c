import type { CosemClass } from "../cosem-class.ts";

export const stsAttributes = {
  id: 116,
  name: "iec-62055-41-attributes",
  attributes: [
    "logical_name",
    "meter_PAN",
    "commodity",
    "token_carrier_type",
    "encryption_algorithm",
    "supply_group_code",
    "tariff_index",
    "key_revision_number",
    "key_type",
    "key_expiry_number",
    "no_of_KCT_supported",
    "STS_certificate_no",
  ],
  methods: [],
} as const satisfies CosemClass;
