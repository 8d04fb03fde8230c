import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { onSearch } from "../point/search.ts";
import { needs } from "../session.ts";
import { insideRoute, numberParam } from "../shell/base-routes.tsx";
import { modemsSearch } from "./search.ts";

const modemsRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/cfg/modems",
  beforeLoad: needs("modems.see"),
  validateSearch: modemsSearch,
  component: lazyRouteComponent(() => import("./modems-page.tsx"), "ModemsPage"),
});

const modemRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/cfg/modems/$modemId",
  beforeLoad: needs("modems.see"),
  params: numberParam("modemId"),
  validateSearch: onSearch,
  component: lazyRouteComponent(() => import("./modem-page.tsx"), "ModemPage"),
});

const simRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/cfg/sims/$simId",
  beforeLoad: needs("modems.see"),
  params: numberParam("simId"),
  validateSearch: onSearch,
  component: lazyRouteComponent(() => import("./sim-page.tsx"), "SimPage"),
});

export const modemsRoutes = [modemsRoute, modemRoute, simRoute] as const;
