import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Action } from "../contract.ts";
import { Problem } from "../problem.ts";
import type { Services } from "../services.ts";
import { isRight } from "./catalogue.ts";
import { demand } from "./demand.ts";
import { isHostOurs, isOriginOurs } from "./origin.ts";
import { sameText } from "./sessions.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** What the route does; the rights are decided by it. Every route has one. */
    action?: Action | "web";
  }
}

const safeMethods = new Set(["GET", "HEAD", "OPTIONS"]);
const isChange = ({ method }: FastifyRequest): boolean => !safeMethods.has(method);

/** Stops the start when a route says not what it does: it would be open to everybody. */
export function demandActions(app: FastifyInstance): void {
  app.addHook("onRoute", (route) => {
    if (route.config?.action === undefined) {
      throw new Error(`route ${String(route.method)} ${route.url} declares no action`);
    }
  });
}

/*
 * What a call passes before its body is read, in the order of `buildApp`; after the rate limit, since the refusals of an earlier
 * hook would not be counted.
 */

/** Lets in calls under a name of ours, and changes from our own pages only. */
export function refuseStrangers(app: FastifyInstance): void {
  app.addHook("preParsing", async (request) => {
    const { action } = request.routeOptions.config;
    if (!isHostOurs(request)) throw new Problem("host.refused");
    if (action === undefined || action === "web") return;
    if (isChange(request) && !isOriginOurs(request)) throw new Problem("origin.refused");
  });
}

/** Finds who calls, with the rights of this very moment. */
export function findCallers(
  app: FastifyInstance,
  services: Services,
  remember: (request: FastifyRequest) => void,
): void {
  app.decorateRequest("caller", undefined);
  app.addHook("preParsing", async (request) => {
    const { action } = request.routeOptions.config;
    if (action === undefined || action === "web") return;
    request.caller = await services.availability
      .whileUp(() => services.sessions.find(request))
      .catch((error) => {
        // Health and first run answer anyone, with or without a session; they decide themselves what they can say.
        if (action === "anyone") return undefined;
        throw error;
      });
    if (request.caller) remember(request);
  });
}

/** Everything but the open actions needs a session, and a change its CSRF token. */
export function demandSessions(app: FastifyInstance): void {
  app.addHook("preParsing", async (request) => {
    const { action } = request.routeOptions.config;
    if (action === undefined || action === "web" || action === "anyone" || action === "first-account") return;
    if (!request.caller) throw new Problem("session.missing");
    if (
      isChange(request) &&
      !sameText(String(request.headers["x-csrf-token"] ?? ""), request.caller.csrfToken)
    ) {
      throw new Problem("csrf.refused");
    }
  });
}

/** Who holds the action's right nowhere is told so; where it holds is for the handler, which is given the scope. */
export function demandRights(app: FastifyInstance, services: Services): void {
  app.addHook("preParsing", async ({ caller, routeOptions }) => {
    const { action } = routeOptions.config;
    if (!caller || action === undefined || !isRight(action)) return;
    await services.availability.whileUp(async () => {
      const grantId = await demand(services, caller, action, "any");
      await services.grantUse.note(grantId);
    });
  });
}

/** PostgreSQL's texts hold every character but NUL: refused here, or it would look like a fault of ours. */
export function refuseNul(app: FastifyInstance): void {
  app.addHook("preValidation", async ({ params, query, body }) => {
    const path = pathOfNul({ ...(params as object), ...(query as object) }) ?? pathOfNul(body);
    if (path !== undefined) throw new Problem("input.invalid", { fields: { [path || "/"]: "Holds a NUL" } });
  });
}

/** Bodies are no deeper than `jsonDepthMax`, so this may call itself. */
function pathOfNul(value: unknown): string | undefined {
  if (typeof value === "string") return value.includes("\0") ? "" : undefined;
  if (typeof value !== "object" || value === null) return undefined;
  for (const [name, inner] of Object.entries(value)) {
    const path = pathOfNul(inner);
    if (path !== undefined) return `/${name}${path}`.slice(0, 100);
  }
  return undefined;
}
