import { QueryClient, queryOptions, useQuery } from "@tanstack/react-query";
import { api, keepCsrfToken } from "./api/client.ts";
import { Problem } from "./api/problem.ts";

/** Answers are kept fresh by the live stream; a window that comes back to the front asks again. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (count, error) =>
        !(error instanceof Problem && error.status >= 400 && error.status < 500) && count < 2,
    },
  },
});

/** Who is signed in, `null` when nobody is. */
export const sessionQuery = queryOptions({
  queryKey: ["session"],
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: async ({ signal }) => {
    try {
      const session = await api.session(signal);
      keepCsrfToken(session.csrfToken);
      return session;
    } catch (error) {
      if (error instanceof Problem && error.code === "session.missing") return null;
      throw error;
    }
  },
});

/** Whether the person who is signed in may do something somewhere; the server decides where. */
export function useMay(): (right: string) => boolean {
  const { data } = useQuery(sessionQuery);
  return (right) => data?.actions.includes(right) ?? false;
}

/** Name of the account that is signed in. */
export function useSessionName(): string | undefined {
  return useQuery(sessionQuery).data?.account.name;
}

/** A page was asked for without the right to see it. */
export class MissingRight extends Error {
  override readonly name = "MissingRight";
  readonly right: string;

  constructor(right: string) {
    super(`the right ${right} is missing`);
    this.right = right;
  }
}

/** Before a page is loaded: the right that it needs. @throws MissingRight */
export const needs = (right: string) => async () => {
  const session = await queryClient.ensureQueryData(sessionQuery);
  if (!session?.actions.includes(right)) throw new MissingRight(right);
};

/** What is known before anybody signs in: the market zone, the version, whether a first account is needed. */
export const firstRunQuery = queryOptions({
  queryKey: ["first-run"],
  staleTime: 60_000,
  queryFn: ({ signal }) => api.firstRun(signal),
});
