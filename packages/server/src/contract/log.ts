import {
  CommunicationList,
  CommunicationQuery,
  LogExportQuery,
  LogList,
  LogNames,
  LogQuery,
} from "../schemas/log.ts";
import { file, operation } from "./operation.ts";

/** Calls about the activity log. */
export const logOperations = {
  listLog: operation({
    method: "GET",
    url: "/log",
    action: "log.see",
    tag: "log",
    summary: "Activity log: what people did and what was changed, newest first",
    query: LogQuery,
    answer: LogList,
  }),
  listLogNames: operation({
    method: "GET",
    url: "/log/names",
    action: "log.see",
    tag: "log",
    summary: "Users and pages that are in the activity log",
    answer: LogNames,
  }),
  listCommunication: operation({
    method: "GET",
    url: "/log/communication",
    action: "log.see",
    tag: "log",
    summary: "Who or what asked which device when, and how it ended, newest first",
    query: CommunicationQuery,
    answer: CommunicationList,
  }),
  exportLog: operation({
    method: "GET",
    url: "/log.jsonl",
    action: "log.see",
    tag: "log",
    summary: "Entries with their hashes, oldest first, as lines of JSON; the last line signs all before it",
    query: LogExportQuery,
    answer: file,
    media: "application/x-ndjson",
    budget: "export",
    problems: [409],
  }),
  exportLogCsv: operation({
    method: "GET",
    url: "/log.csv",
    action: "log.see",
    tag: "log",
    summary: "The same as CSV, newest first; the last line signs all before it",
    query: LogExportQuery,
    answer: file,
    media: "text/csv",
    budget: "export",
    problems: [409],
  }),
} as const;
