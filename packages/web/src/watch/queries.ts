import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, type WatchQuery, type WatchReportName } from "../api/client.ts";
import type { Period } from "../time/period.ts";

export const watchReportQuery = (report: WatchReportName, asked: WatchQuery) =>
  queryOptions({
    queryKey: ["watch", report, asked],
    queryFn: ({ signal }) => api.watchReport(report, asked, signal),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });

export const voltageLimitsQuery = queryOptions({
  queryKey: ["voltage-limits"],
  queryFn: ({ signal }) => api.voltageLimits(signal),
  staleTime: 60_000,
});

export const worksQuery = (period: Period) =>
  queryOptions({
    queryKey: ["planned-works", period],
    queryFn: ({ signal }) => api.plannedWorks({ ...period }, signal),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
