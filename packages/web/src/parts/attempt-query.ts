import { queryOptions } from "@tanstack/react-query";
import { api } from "../api/client.ts";
import { isOpen } from "./marks.tsx";

/** One attempt, followed until it ends: the live stream tells of each stage, the interval is for when it is away. */
export const attemptQuery = (attemptId: number) =>
  queryOptions({
    queryKey: ["attempt", attemptId],
    queryFn: ({ signal }) => api.attempt(attemptId, signal),
    refetchInterval: (query) => (query.state.data && !isOpen(query.state.data.state) ? false : 3_000),
    staleTime: 1_000,
  });
