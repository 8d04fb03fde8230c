import { queryOptions } from "@tanstack/react-query";
import { api } from "../api/client.ts";

/** Branches in which one may make groups, and the models of meters that are there. */
export const optionsQuery = queryOptions({
  queryKey: ["groups", "options"],
  queryFn: ({ signal }) => api.groupOptions(signal),
  staleTime: 60_000,
});
