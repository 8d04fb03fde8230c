import type { SessionStage } from "@energsys/store";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Action } from "../contract.ts";
import { Problem } from "../problem.ts";
import type { Services } from "../services.ts";
import { isRight } from "./catalogue.ts";
import { demand } from "./demand.ts";
import { isOriginOurs } from "./origin.ts";
import { bearerOf, type Caller, sameText } from "./sessions.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** What the route does; the rights are decided by it. Every route has one. */
    action?: Action | "web";
    /** Steps of a sign-in in which it may be called; only when signed in unless told. */
    stages?: readonly SessionStage[] | undefined;
    /** Asks anew who somebody is when that was shown more than five minutes ago. */
    stepUp?: boolean | undefined;
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
export function refuseStrangers(app: FastifyInstance, services: Services): void {
  app.addHook("preParsing", async (request) => {
    const { action } = request.routeOptions.config;
    if (!services.ourNames.include(request.host)) throw new Problem("host.refused");
    if (action === undefined || action === "web") return;
    // No page of another site can send a token; a program has no origin.
    const byToken = bearerOf(request) !== undefined;
    if (isChange(request) && !byToken && !isOriginOurs(request)) throw new Problem("origin.refused");
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
    const { action, stages } = request.routeOptions.config;
    if (action === undefined || action === "web") return;
    const byToken = bearerOf(request) !== undefined;
    request.caller = await services.availability
      .whileUp(() => services.sessions.find(request, stages))
      .catch((error) => {
        // Health and first run answer anyone, with or without a session; they decide themselves what they can say.
        if (action === "anyone" && !byToken) return undefined;
        throw error;
      });
    if (request.caller) remember(request);
  });
}

/** Everything but the open actions needs a session, and a change its CSRF token. */
export function demandSessions(app: FastifyInstance): void {
  app.addHook("preParsing", async (request) => {
    const { action, stepUp } = request.routeOptions.config;
    if (action === undefined || action === "web" || action === "anyone" || action === "first-account") return;
    if (!request.caller) throw new Problem("session.missing");
    if (request.caller.token) return demandScope(request.caller, action, stepUp);
    if (
      isChange(request) &&
      !sameText(String(request.headers["x-csrf-token"] ?? ""), request.caller.csrfToken)
    ) {
      throw new Problem("csrf.refused");
    }
  });
}

/** Who looks as somebody else changes nothing, but may stop looking. */
export function keepLooksReadOnly(app: FastifyInstance): void {
  app.addHook("preParsing", async (request) => {
    const { action } = request.routeOptions.config;
    if (request.caller?.session?.seenAs == null || !isChange(request)) return;
    if (action !== "own.view" && action !== "anyone") throw new Problem("see-as.read-only");
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

/** What is dangerous asks who it is once more. */
export function demandFreshProofs(app: FastifyInstance, services: Services): void {
  app.addHook("preParsing", async ({ caller, routeOptions }) => {
    if (caller && routeOptions.config.stepUp) demandStepUp(caller, services);
  });
}

/** A token does what it was made for; never what is its owner's own, nor what asks for a person. @throws Problem `token.scope` */
function demandScope(caller: Caller, action: Action, stepUp: boolean | undefined): void {
  const allowed = caller.token?.actions.includes(action) && !action.startsWith("own.") && !stepUp;
  if (!allowed) throw new Problem("token.scope");
}

/**
 * For what is dangerous: who calls has shown within five minutes who they are. A sign-in that is still in its steps has just done so.
 * @throws Problem `session.step-up-needed`
 */
export function demandStepUp({ session }: Caller, { limits, now }: Services): void {
  if (session && session.stage !== "full") return;
  const fresh = session?.steppedUpAt != null && now() - session.steppedUpAt <= limits.stepUpMs;
  if (!fresh) throw new Problem("session.step-up-needed");
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
