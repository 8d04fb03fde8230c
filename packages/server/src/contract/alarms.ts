import { Acknowledged, Acknowledgement, AlarmList, AlarmQuery } from "../schemas/alarms.ts";
import { operation } from "./operation.ts";

/** Calls about alarms: events that somebody should look at. */
export const alarmOperations = {
  listAlarms: operation({
    method: "GET",
    url: "/alarms",
    action: "alarms.see",
    tag: "alarms",
    summary: "Events that somebody should look at: doors, tampering, supply, missing meters; the worst first",
    query: AlarmQuery,
    answer: AlarmList,
  }),
  acknowledgeAlarms: operation({
    method: "POST",
    url: "/alarms/acknowledgements",
    action: "alarms.change",
    tag: "alarms",
    summary: "Says who has seen alarms, when, and what they noted; one that was acknowledged stays as it is",
    body: Acknowledgement,
    answer: Acknowledged,
  }),
} as const;
