import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Action } from "../contract.ts";
import { Problem } from "../problem.ts";
import type { Services } from "../services.ts";
import { isHostOurs, isOriginOurs } from "./origin.ts";
import { sameText } from "./sessions.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** What the route does; the rights are decided by it. Every route has one. */
    action?: Action | "web";
  }
}

const safeMethods = new Set(["GET", "HEAD", "OPTIONS"]);

/** Stops the start when a route says not what it does: it would be open to everybody. */
export function demandActions(app: FastifyInstance): void {
  app.addHook("onRoute", (route) => {
    if (route.config?.action === undefined) {
      throw new Error(`route ${String(route.method)} ${route.url} declares no action`);
    }
  });
}

/**
 * Lets a call in: the right host, for changes the right origin, a session where the action needs one, and its CSRF token. It runs
 * after the rate limit (an earlier hook's refusals would not be counted) and before the body is read.
 */
export function guardCalls(
  app: FastifyInstance,
  services: Services,
  remember: (request: FastifyRequest) => void,
): void {
  app.decorateRequest("caller", undefined);
  app.addHook("preParsing", async (request) => {
    const { action } = request.routeOptions.config;
    if (!isHostOurs(request)) throw new Problem("host.refused");
    if (action === undefined || action === "web") return;
    const changes = !safeMethods.has(request.method);
    if (changes && !isOriginOurs(request)) throw new Problem("origin.refused");
    request.caller = await services.availability
      .whileUp(() => services.sessions.find(request))
      .catch((error) => {
        // Health and first run answer anyone, with or without a session; they decide themselves what they can say.
        if (action === "anyone") return undefined;
        throw error;
      });
    if (request.caller) remember(request);
    if (action === "anyone" || action === "first-account") return;
    if (!request.caller) throw new Problem("session.missing");
    if (changes && !sameText(String(request.headers["x-csrf-token"] ?? ""), request.caller.csrfToken)) {
      throw new Problem("csrf.refused");
    }
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
