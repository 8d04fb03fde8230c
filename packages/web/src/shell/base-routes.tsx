import { createRootRoute, createRoute, Outlet, redirect } from "@tanstack/react-router";
import { NotFoundPage } from "../parts/whole-pages.tsx";
import { firstRunQuery, queryClient, sessionQuery } from "../session.ts";
import { Shell } from "./shell.tsx";

export const rootRoute = createRootRoute({ component: Outlet, notFoundComponent: NotFoundPage });

/** Everything that needs somebody to be signed in. */
export const insideRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: "inside",
  beforeLoad: async ({ location }) => {
    const session = await queryClient.ensureQueryData(sessionQuery);
    if (session) return { session };
    const { accountNeeded } = await queryClient.ensureQueryData(firstRunQuery);
    if (accountNeeded) throw redirect({ to: "/first-run", hash: true });
    throw redirect({ to: "/sign-in", search: location.href === "/" ? {} : { next: location.href } });
  },
  component: function Inside() {
    const { session } = insideRoute.useRouteContext();
    return <Shell session={session} />;
  },
});

/** A part of an address that is the number of a row. */
export const numberParam = <Name extends string>(name: Name) => ({
  parse: (raw: Record<Name, string>) => ({ [name]: Number(raw[name]) }) as Record<Name, number>,
  stringify: (params: Record<Name, number>) => ({ [name]: String(params[name]) }) as Record<Name, string>,
});
