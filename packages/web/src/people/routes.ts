import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { needs } from "../session.ts";
import { insideRoute, numberParam } from "../shell/base-routes.tsx";

const peopleRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/adm/users",
  beforeLoad: needs("users.see"),
  component: lazyRouteComponent(() => import("./people-page.tsx"), "PeoplePage"),
});

const newPersonRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/adm/users/new",
  beforeLoad: needs("users.change"),
  component: lazyRouteComponent(() => import("./new-person-page.tsx"), "NewPersonPage"),
});

const personRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/adm/users/$accountId",
  beforeLoad: needs("users.see"),
  params: numberParam("accountId"),
  component: lazyRouteComponent(() => import("./person-page.tsx"), "PersonPage"),
});

const rolesRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/adm/roles",
  beforeLoad: needs("users.see"),
  component: lazyRouteComponent(() => import("./roles-page.tsx"), "RolesPage"),
});

const accessRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/adm/access",
  beforeLoad: needs("users.see"),
  component: lazyRouteComponent(() => import("./access-page.tsx"), "AccessPage"),
});

export const peopleRoutes = [peopleRoute, newPersonRoute, personRoute, rolesRoute, accessRoute] as const;
