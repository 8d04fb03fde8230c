import type { CosemClass } from "../cosem-class.ts";

export const llcType3Setup = {
  id: 59,
  name: "iso-iec-8802-2-llc-type-3-setup",
  attributes: [
    "logical_name",
    "max_octets_acn_pdu_n3",
    "max_nbr_transmissions_n4",
    "acknowledgement_time_t1",
    "receive_lifetime_var_t2",
    "transmit_lifetime_var_t3",
  ],
  methods: [],
} as const satisfies CosemClass;
