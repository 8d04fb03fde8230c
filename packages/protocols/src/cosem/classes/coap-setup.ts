import type { CosemClass } from "../cosem-class.ts";

export const coapSetup = {
  id: 152,
  name: "coap-setup",
  attributes: [
    "logical_name",
    "UDP_reference",
    "ack_timeout",
    "ack_random_factor",
    "max_retransmit",
    "nstart",
    "delay_ack_timeout",
    "exponential_back_off",
    "probing_rate",
    "CoAP_uri_path",
    "transport_mode",
    "wrapper_version",
    "token_length",
  ],
  methods: [],
} as const satisfies CosemClass;
