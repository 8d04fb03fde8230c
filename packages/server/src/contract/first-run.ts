import { FirstAccount, FirstRun, sessionSchema } from "../schemas/accounts.ts";
import { Accepted } from "../schemas/basics.ts";
import { Health } from "../schemas/devices.ts";
import { operation } from "./operation.ts";

/** Calls about the first start and for whoever watches the server. */
export const firstRunOperations = {
  getHealth: operation({
    method: "GET",
    url: "/health",
    action: "anyone",
    tag: "system",
    summary: "Whether the server can do its work; 503 when it cannot",
    answer: Health,
  }),
  getFirstRun: operation({
    method: "GET",
    url: "/first-run",
    action: "anyone",
    tag: "first run",
    summary: "What is still missing in a fresh installation",
    answer: FirstRun,
  }),
  createFirstAccount: operation({
    method: "POST",
    url: "/first-account",
    action: "first-account",
    tag: "first run",
    summary: "Makes the first account with the one-time token and signs it in",
    body: FirstAccount,
    status: 201,
    answer: sessionSchema.reference,
    budget: "login",
    problems: [409],
  }),
  startSampleNetwork: operation({
    method: "POST",
    url: "/sample-network",
    action: "devices.change",
    tag: "first run",
    summary: "Asks the launcher to start the simulated network",
    status: 202,
    answer: Accepted,
    problems: [409],
  }),
} as const;
