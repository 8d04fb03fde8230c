import { queryOptions } from "@tanstack/react-query";
import { api } from "../api/client.ts";

/** Requests of one point, or those that wait for somebody. */
export const requestsQuery = (filter: { readonly open?: boolean; readonly pointId?: number }) =>
  queryOptions({
    queryKey: ["ratio-requests", filter],
    queryFn: ({ signal }) => api.ratioRequests(filter, signal),
  });
