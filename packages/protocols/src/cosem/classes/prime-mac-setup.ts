import type { CosemClass } from "../cosem-class.ts";

export const primeMacSetup = {
  id: 82,
  name: "prime-mac-setup",
  attributes: [
    "logical_name",
    "mac_min_switch_search_time",
    "mac_max_promotion_pdu",
    "mac_promotion_pdu_tx_period",
    "mac_beacons_per_frame",
    "mac_scp_max_tx_attempts",
    "mac_ctl_re_tx_timer",
    "mac_max_ctl_re_tx",
  ],
  methods: [],
} as const satisfies CosemClass;
