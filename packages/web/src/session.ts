import { QueryClient, queryOptions } from "@tanstack/react-query";
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

/** What is known before anybody signs in: the market zone, the version, whether a first account is needed. */
export const firstRunQuery = queryOptions({
  queryKey: ["first-run"],
  staleTime: 60_000,
  queryFn: ({ signal }) => api.firstRun(signal),
});
