import {
  ErasureAsked,
  ErasureDecided,
  ErasureDecision,
  ErasureMade,
  ErasureParams,
  ErasureQuery,
  Erasures,
} from "../schemas/erasures.ts";
import { SubscriberParams } from "../schemas/subscribers.ts";
import { nothing, operation } from "./operation.ts";

/** Calls about erasing what names a subscriber: one person asks, another confirms. */
export const erasureOperations = {
  listErasures: operation({
    method: "GET",
    url: "/erasures",
    action: "subscribers.see",
    tag: "subscribers",
    summary: "Erasures of subscribers that were asked for, and what became of them; the newest first",
    query: ErasureQuery,
    answer: Erasures,
  }),
  requestErasure: operation({
    method: "POST",
    url: "/subscribers/:subscriberId/erasures",
    action: "subscribers.change",
    tag: "subscribers",
    summary: "Asks that what names a subscriber be erased; nothing changes until somebody else confirms",
    params: SubscriberParams,
    body: ErasureAsked,
    status: 201,
    answer: ErasureMade,
    problems: [404, 409],
  }),
  decideErasure: operation({
    method: "POST",
    url: "/erasures/:erasureId/decision",
    action: "subscribers.approve",
    stepUp: true,
    tag: "subscribers",
    summary:
      "Confirms or refuses an erasure that somebody else asked for; confirmed, it is done and cannot be taken back",
    params: ErasureParams,
    body: ErasureDecision,
    answer: ErasureDecided,
    problems: [404, 409],
  }),
  withdrawErasure: operation({
    method: "DELETE",
    url: "/erasures/:erasureId",
    action: "subscribers.change",
    tag: "subscribers",
    summary: "Takes one's own request back",
    params: ErasureParams,
    status: 204,
    answer: nothing,
    problems: [404, 409],
  }),
} as const;
