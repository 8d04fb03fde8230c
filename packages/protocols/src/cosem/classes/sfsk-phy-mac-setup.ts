import type { CosemClass } from "../cosem-class.ts";

export const sfskPhyMacSetup = {
  id: 50,
  name: "s-fsk-phy-mac-setup",
  attributes: [
    "logical_name",
    "initiator_electrical_phase",
    "delta_electrical_phase",
    "max_receiving_gain",
    "max_transmitting_gain",
    "search_initiator_threshold",
    "frequency",
    "mac_address",
    "mac_group_addresses",
    "repeater",
    "repeater_status",
    "min_delta_credit",
    "initiator_mac_address",
    "synchronization_locked",
    "transmission_speed",
  ],
  methods: [],
} as const satisfies CosemClass;
