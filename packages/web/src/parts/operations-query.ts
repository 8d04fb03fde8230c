import { queryOptions } from "@tanstack/react-query";
import { api } from "../api/client.ts";

/** The control room's figures; the live stream makes them new, a minute at the latest. */
export const operationsQuery = queryOptions({
  queryKey: ["operations"],
  queryFn: ({ signal }) => api.operations(signal),
  refetchInterval: 30_000,
});
