import { queryOptions } from "@tanstack/react-query";
import { api, type FindingQuery } from "../api/client.ts";
import type { ValidationSearch } from "./search.ts";

const refetchMs = 60_000;

/** The work list as the address asks for it; which finding is open does not matter. */
export const findingsQuery = ({ finding: _, ...search }: ValidationSearch) =>
  queryOptions({
    queryKey: ["validation", "findings", search],
    queryFn: ({ signal }) => api.findings(search as FindingQuery, signal),
    refetchInterval: refetchMs,
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
