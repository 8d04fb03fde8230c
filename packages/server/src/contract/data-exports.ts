import {
  DataExportList,
  DataExportParams,
  DataExportQueued,
  NewDataExport,
  ValuesParams,
  ValuesQuery,
  ValuesSize,
} from "../schemas/data-exports.ts";
import { file, nothing, operation } from "./operation.ts";

const own = { action: "analysis.see", tag: "analysis" } as const;

/** Calls about files of interval values: what is short comes at once, what is long is written by a job and fetched. */
export const dataExportOperations = {
  getValuesSize: operation({
    ...own,
    method: "GET",
    url: "/analysis/values",
    summary: "How many points and rows a file of interval values would have",
    query: ValuesQuery,
    answer: ValuesSize,
    problems: [404],
  }),
  exportValues: operation({
    ...own,
    method: "GET",
    url: "/analysis/values.:format",
    summary: "Every interval value of every point of a subject, as a file",
    params: ValuesParams,
    query: ValuesQuery,
    answer: file,
    media: "application/octet-stream",
    budget: "export",
    problems: [404],
  }),
  listDataExports: operation({
    ...own,
    method: "GET",
    url: "/exports",
    summary: "The caller's files, the newest first",
    answer: DataExportList,
  }),
  queueDataExport: operation({
    ...own,
    method: "POST",
    url: "/exports",
    summary: "Has a file of interval values written, of any length",
    body: NewDataExport,
    status: 202,
    answer: DataExportQueued,
    budget: "export",
    problems: [404],
  }),
  fetchDataExport: operation({
    ...own,
    method: "GET",
    url: "/exports/:dataExportId/file",
    summary: "The file, once it is whole",
    params: DataExportParams,
    answer: file,
    media: "application/octet-stream",
    budget: "export",
    problems: [404, 409],
  }),
  removeDataExport: operation({
    ...own,
    method: "DELETE",
    url: "/exports/:dataExportId",
    summary: "Takes a file away before its days are over",
    params: DataExportParams,
    status: 204,
    answer: nothing,
    problems: [404],
  }),
} as const;
