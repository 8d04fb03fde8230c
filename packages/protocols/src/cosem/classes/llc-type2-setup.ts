import type { CosemClass } from "../cosem-class.ts";

export const llcType2Setup = {
  id: 58,
  name: "iso-iec-8802-2-llc-type-2-setup",
  attributes: [
    "logical_name",
    "transmit_window_size_k",
    "receive_window_size_rw",
    "max_octets_i_pdu_n1",
    "max_nbr_transmissions_n2",
    "acknowledgement_timer",
    "p_bit_timer",
    "reject_timer",
    "busy_state_timer",
  ],
  methods: [],
} as const satisfies CosemClass;
