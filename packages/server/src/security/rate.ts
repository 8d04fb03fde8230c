import rateLimit from "@fastify/rate-limit";
import type { FastifyInstance, FastifyRequest, RouteShorthandOptions } from "fastify";
import type { Limits } from "../limits.ts";
import { Problem } from "../problem.ts";
import { hashedId } from "./sessions.ts";

/** Sessions seen alive a short while ago; a cookie that was made up gives no budget of its own. */
class KnownSessions {
  readonly #seen = new Map<string, true>();

  has(key: string): boolean {
    return this.#seen.has(key);
  }

  add(key: string): void {
    this.#seen.delete(key);
    this.#seen.set(key, true);
    const oldest = this.#seen.size > 10_000 ? this.#seen.keys().next().value : undefined;
    if (oldest !== undefined) this.#seen.delete(oldest);
  }
}

export interface RateLimits {
  /** Tells that this call's session was found: from then on it has the budget of a user. */
  readonly remember: (request: FastifyRequest) => void;
  /** Budget of the kinds of calls that have their own. */
  readonly budget: (kind: "login" | "export" | "file") => RouteShorthandOptions["config"];
}

/** Counts every call first of all, unknown addresses included. Before the routes. */
export async function limitRates(app: FastifyInstance, limits: Limits): Promise<RateLimits> {
  const known = new KnownSessions();
  const sessionKey = (request: FastifyRequest) => {
    const key = hashedId(request)?.toString("base64");
    return key !== undefined && known.has(key) ? `session ${key}` : undefined;
  };
  await app.register(rateLimit, {
    global: true,
    hook: "onRequest",
    timeWindow: 60_000,
    cache: 20_000,
    keyGenerator: (request) => sessionKey(request) ?? `address ${request.ip}`,
    max: (request) => (sessionKey(request) === undefined ? limits.anonymousPerMinute : limits.userPerMinute),
    errorResponseBuilder: (_, { ttl }) =>
      new Problem("rate.exceeded", { retryAfterSeconds: Math.max(1, Math.ceil(ttl / 1_000)) }),
    addHeadersOnExceeding: {
      "x-ratelimit-limit": false,
      "x-ratelimit-remaining": false,
      "x-ratelimit-reset": false,
    },
    addHeaders: {
      "x-ratelimit-limit": false,
      "x-ratelimit-remaining": false,
      "x-ratelimit-reset": false,
      "retry-after": false,
    },
  });
  const ownKey = (kind: string) => (request: FastifyRequest) => `${kind} ${request.ip}`;
  return {
    remember: (request) => {
      const key = hashedId(request)?.toString("base64");
      if (key !== undefined) known.add(key);
    },
    budget: (kind) => ({
      rateLimit: {
        max: { login: limits.loginPerMinute, export: limits.exportPerMinute, file: limits.filePerMinute }[
          kind
        ],
        groupId: kind,
        keyGenerator:
          kind === "export"
            ? (request: FastifyRequest) => `export ${sessionKey(request) ?? request.ip}`
            : ownKey(kind),
      },
    }),
  };
}
