import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, type ReportDefinition } from "../api/client.ts";

export const reportsQuery = queryOptions({
  queryKey: ["reports"],
  queryFn: ({ signal }) => api.reports(signal),
});

export const reportQuery = (reportId: number) =>
  queryOptions({ queryKey: ["reports", reportId], queryFn: ({ signal }) => api.report(reportId, signal) });

export const templateQuery = (template: string, of: string) =>
  queryOptions({
    queryKey: ["reports", "template", template, of],
    queryFn: ({ signal }) => api.reportTemplate({ key: template, of }, signal),
  });

export const functionsQuery = queryOptions({
  queryKey: ["report-functions"],
  queryFn: ({ signal }) => api.reportFunctions(signal),
  // Functions stay, but tariffs come and change.
  staleTime: 60_000,
});

export const checkQuery = (definition: ReportDefinition) =>
  queryOptions({
    queryKey: ["report-check", definition],
    queryFn: ({ signal }) => api.checkReport({ definition }, signal),
    placeholderData: keepPreviousData,
  });

export const previewQuery = (definition: ReportDefinition, enabled: boolean) =>
  queryOptions({
    queryKey: ["report-preview", definition],
    queryFn: ({ signal }) => api.previewReport({ definition }, signal),
    enabled,
    retry: false,
    placeholderData: keepPreviousData,
  });

export const runsQuery = (reportId: number) =>
  queryOptions({
    queryKey: ["reports", reportId, "runs"],
    queryFn: ({ signal }) => api.reportRuns(reportId, signal),
    // A run that is under way ends by itself, within seconds; what could not be delivered is tried again after minutes.
    refetchInterval: ({ state: { data } }) => {
      if (data?.rows.some(({ state }) => state === "queued" || state === "running")) return 3_000;
      return data?.rows.some((run) => run.deliveries.some(({ state }) => state === "waiting"))
        ? 60_000
        : false;
    },
  });
