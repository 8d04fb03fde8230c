import type { CosemClass } from "../cosem-class.ts";

export const tcpUdpSetup = {
  id: 41,
  name: "tcp-udp-setup",
  attributes: [
    "logical_name",
    "tcp_udp_port",
    "ip_reference",
    "mss",
    "nb_of_sim_conn",
    "inactivity_time_out",
  ],
  methods: [],
} as const satisfies CosemClass;
