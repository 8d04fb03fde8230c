import { Retention, RetentionBody, RetentionJob, RetentionParams } from "../schemas/retention.ts";
import { nothing, operation } from "./operation.ts";

/** Calls about how long what is kept. */
export const retentionOperations = {
  getRetention: operation({
    method: "GET",
    url: "/retention",
    action: "database.see",
    tag: "database",
    summary: "How long what is kept and for what, what a run would take now, and what runs took",
    answer: Retention,
  }),
  setRetention: operation({
    method: "PUT",
    url: "/retention/:retentionClass",
    action: "database.change",
    stepUp: true,
    tag: "database",
    summary: "Keeps a class of data for another time; nothing is taken until a run is asked for",
    params: RetentionParams,
    body: RetentionBody,
    status: 204,
    answer: nothing,
  }),
  runRetention: operation({
    method: "POST",
    url: "/retention/runs",
    action: "database.command",
    stepUp: true,
    tag: "database",
    summary: "Takes what is older than its class says, by a job. It cannot be taken back",
    status: 202,
    answer: RetentionJob,
  }),
} as const;
