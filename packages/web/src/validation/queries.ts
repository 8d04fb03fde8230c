import { queryOptions } from "@tanstack/react-query";
import { api, type FindingQuery } from "../api/client.ts";
import type { ValidationSearch } from "./search.ts";

const refetchMs = 60_000;

const undecided: ReadonlySet<string> = new Set(["due", "open", "estimated"]);

/** The work list as the address asks for it; which finding is open does not matter. What waits for the field stands aside while it is undecided. */
export const findingsQuery = ({ finding: _, ...search }: ValidationSearch) => {
  const aside = undecided.has(search.state ?? "due") ? { field: "not-waiting" as const } : {};
  const query = { ...aside, ...search } as FindingQuery;
  return queryOptions({
    queryKey: ["validation", "findings", query],
    queryFn: ({ signal }) => api.findings(query, signal),
    refetchInterval: refetchMs,
  });
};

/** Other findings of a point that are to be decided and for which nobody goes there. */
export const siblingsQuery = (pointId: number) =>
  queryOptions({
    queryKey: ["validation", "siblings", pointId],
    queryFn: ({ signal }) => api.findings({ pointId, field: "not-waiting" }, signal),
  });

export const findingQuery = (findingId: number) =>
  queryOptions({
    queryKey: ["validation", "finding", findingId],
    queryFn: ({ signal }) => api.finding(findingId, signal),
  });

export const qualityQuery = (month?: string) =>
  queryOptions({
    queryKey: ["validation", "quality", month ?? ""],
    queryFn: ({ signal }) => api.quality(month === undefined ? {} : { month }, signal),
    refetchInterval: refetchMs,
  });

export const policyQuery = queryOptions({
  queryKey: ["validation", "policy"],
  queryFn: ({ signal }) => api.validationPolicy(signal),
});
