import { queryOptions } from "@tanstack/react-query";
import { api } from "../api/client.ts";

export const peopleQuery = queryOptions({
  queryKey: ["people"],
  queryFn: ({ signal }) => api.people(signal),
});

export const personQuery = (accountId: number) =>
  queryOptions({
    queryKey: ["people", accountId],
    queryFn: ({ signal }) => api.person(accountId, signal),
  });

export const grantsQuery = queryOptions({
  queryKey: ["people", "grants"],
  queryFn: ({ signal }) => api.grants(signal),
});

/** Pages, roles, branches and suppliers: what can be given, and where. */
export const rolesQuery = queryOptions({
  queryKey: ["people", "roles"],
  queryFn: ({ signal }) => api.roles(signal),
});
