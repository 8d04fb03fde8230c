import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { needs } from "../session.ts";
import { insideRoute, numberParam } from "../shell/base-routes.tsx";
import { groupSearch, groupsSearch } from "./search.ts";

const groupsRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/cfg/groups",
  beforeLoad: needs("groups.see"),
  validateSearch: groupsSearch,
  component: lazyRouteComponent(() => import("./groups-page.tsx"), "GroupsPage"),
});

const groupFilesRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/cfg/groups/files",
  beforeLoad: needs("groups.see"),
  component: lazyRouteComponent(() => import("./file-page.tsx"), "GroupFilesPage"),
});

const groupRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/cfg/groups/$groupId",
  beforeLoad: needs("groups.see"),
  params: numberParam("groupId"),
  validateSearch: groupSearch,
  component: lazyRouteComponent(() => import("./group-page.tsx"), "GroupPage"),
});

export const groupsRoutes = [groupsRoute, groupFilesRoute, groupRoute] as const;
