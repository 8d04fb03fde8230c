import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { needs } from "../session.ts";
import { insideRoute, numberParam } from "../shell/base-routes.tsx";
import { fieldSearch } from "./search.ts";

const fieldRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/op/field",
  beforeLoad: needs("field-tasks.see"),
  validateSearch: fieldSearch,
  component: lazyRouteComponent(() => import("./field-page.tsx"), "FieldPage"),
});

const taskRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/op/field/$taskId",
  beforeLoad: needs("field-tasks.see"),
  params: numberParam("taskId"),
  component: lazyRouteComponent(() => import("./task-page.tsx"), "TaskPage"),
});

export const fieldWorkRoutes = [fieldRoute, taskRoute] as const;
