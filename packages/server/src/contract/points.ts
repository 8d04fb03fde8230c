import { OnQuery, PointParams } from "../schemas/basics.ts";
import {
  PointExportQuery,
  PointList,
  PointListQuery,
  PulseAnswer,
  PulseQuery,
  pointSchema,
  SearchQuery,
  SearchResult,
} from "../schemas/points.ts";
import { file, operation } from "./operation.ts";

/** Calls about points of measure. */
export const pointOperations = {
  search: operation({
    method: "GET",
    url: "/search",
    action: "points.see",
    tag: "points",
    summary:
      "Points, locations, meters that stand nowhere, modems and SIM cards by part of a code, name, address or serial number",
    query: SearchQuery,
    answer: SearchResult,
  }),
  listPoints: operation({
    method: "GET",
    url: "/points",
    action: "points.see",
    tag: "points",
    summary: "Points of measure",
    query: PointListQuery,
    answer: PointList,
  }),
  exportPoints: operation({
    method: "GET",
    url: "/points.csv",
    action: "points.see",
    tag: "points",
    summary:
      "The same rows as CSV: UTF-8 with BOM, semicolons; decimal comma when the account's language is Romanian",
    query: PointExportQuery,
    answer: file,
    media: "text/csv",
    budget: "export",
  }),
  getPoint: operation({
    method: "GET",
    url: "/points/:pointId",
    action: "points.see",
    tag: "points",
    summary: "One point with its installations, device, newest values, channels and plan",
    params: PointParams,
    query: OnQuery,
    answer: pointSchema.reference,
    problems: [404],
  }),
  getPulseFigures: operation({
    method: "GET",
    url: "/points/:pointId/pulses",
    action: "points.see",
    tag: "points",
    summary:
      "What pulses of the meter at a point mean by the constants of its installation: the power of a gap, the fastest that can come",
    params: PointParams,
    query: PulseQuery,
    answer: PulseAnswer,
    problems: [404],
  }),
} as const;
