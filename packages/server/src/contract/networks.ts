import { Networks, NetworksTrial, NetworksTried } from "../schemas/networks.ts";
import { operation } from "./operation.ts";

/** Calls about networks that typed addresses may lead to. */
export const networkOperations = {
  getNetworks: operation({
    method: "GET",
    url: "/networks",
    action: "vpn.see",
    tag: "vpn",
    summary: "Networks where devices, directories, providers and the mail server may be called",
    answer: Networks,
  }),
  changeNetworks: operation({
    method: "PUT",
    url: "/networks",
    action: "vpn.change",
    stepUp: true,
    tag: "vpn",
    summary: "Changes them; in force within five seconds",
    body: Networks,
    answer: Networks,
  }),
  tryNetworks: operation({
    method: "POST",
    url: "/networks/trial",
    action: "vpn.see",
    tag: "vpn",
    summary: "What such lists would say of an address; nothing is called and nothing stored",
    body: NetworksTrial,
    answer: NetworksTried,
  }),
} as const;
