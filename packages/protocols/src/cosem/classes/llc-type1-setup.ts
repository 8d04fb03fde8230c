import type { CosemClass } from "../cosem-class.ts";

export const llcType1Setup = {
  id: 57,
  name: "iso-iec-8802-2-llc-type-1-setup",
  attributes: ["logical_name", "max_octets_ui_pdu"],
  methods: [],
} as const satisfies CosemClass;
