import { operationsSchema } from "../schemas/operations.ts";
import { file, operation } from "./operation.ts";

/** Calls about the control room. */
export const controlRoomOperations = {
  getOperations: operation({
    method: "GET",
    url: "/operations",
    action: "operations.see",
    tag: "operations",
    summary:
      "Figures of the control room: reads of the market day, coverage, silent devices, newest happenings",
    answer: operationsSchema.reference,
  }),
  openStream: operation({
    method: "GET",
    url: "/stream",
    action: "points.see",
    tag: "operations",
    summary:
      "Server-sent events with growing ids: attempt and event carry a LiveItem; resync asks to fetch anew, because what happened since Last-Event-ID is no longer at hand. A comment comes every 5 s.",
    answer: file,
    media: "text/event-stream",
  }),
} as const;
