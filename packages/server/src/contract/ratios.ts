import { PointParams } from "../schemas/basics.ts";
import {
  RatioDecided,
  RatioDecision,
  RatioRequestBody,
  RatioRequested,
  RatioRequestQuery,
  RatioRequests,
  RequestParams,
} from "../schemas/ratios.ts";
import { nothing, operation } from "./operation.ts";

/** Calls about transformer ratios, which change what people are billed: one person asks, another approves. */
export const ratioOperations = {
  listRatioRequests: operation({
    method: "GET",
    url: "/ratio-requests",
    action: "points.see",
    tag: "points",
    summary: "Changes of transformer ratios that were asked for, with what was before; the newest first",
    query: RatioRequestQuery,
    answer: RatioRequests,
  }),
  requestRatios: operation({
    method: "POST",
    url: "/points/:pointId/ratio-requests",
    action: "points.change",
    tag: "points",
    summary:
      "Asks for other transformer ratios of the meter at the point from an instant on; nothing changes until somebody else approves",
    params: PointParams,
    body: RatioRequestBody,
    status: 201,
    answer: RatioRequested,
    problems: [404, 409],
  }),
  decideRatios: operation({
    method: "POST",
    url: "/ratio-requests/:requestId/decision",
    action: "points.approve",
    stepUp: true,
    tag: "points",
    summary:
      "Approves or refuses a change that somebody else asked for; approved, its energy is derived again",
    params: RequestParams,
    body: RatioDecision,
    answer: RatioDecided,
    problems: [404, 409],
  }),
  withdrawRatios: operation({
    method: "DELETE",
    url: "/ratio-requests/:requestId",
    action: "points.change",
    tag: "points",
    summary: "Takes one's own request back",
    params: RequestParams,
    status: 204,
    answer: nothing,
    problems: [404, 409],
  }),
} as const;
