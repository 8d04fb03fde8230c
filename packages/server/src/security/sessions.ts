import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { type Account, closeSession, type Database, findSession, openSession } from "@energsys/store";
import type {} from "@fastify/cookie";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Limits } from "../limits.ts";

export const cookieName = "sid";

/** Who calls: found once per request. */
export interface Caller {
  readonly account: Account;
  readonly csrfToken: string;
  readonly sessionSha256: Buffer;
}

const sha256 = (text: string) => createHash("sha256").update(text).digest();
const idPattern = /^[A-Za-z0-9_-]{43}$/;

/** Sessions in the database, their ids in cookies. Only the SHA-256 of an id is ever stored. */
export class Sessions {
  readonly #db: Database;
  readonly #limits: Limits;
  readonly #now: () => number;

  constructor(db: Database, limits: Limits, now: () => number) {
    this.#db = db;
    this.#limits = limits;
    this.#now = now;
  }

  /** Opens a session under a new id, whatever cookie came with the call, and hands the cookie out. */
  async open(account: Account, reply: FastifyReply): Promise<Caller> {
    const id = randomBytes(32).toString("base64url");
    const csrfToken = randomBytes(32).toString("base64url");
    const nowMs = this.#now();
    const sessionSha256 = sha256(id);
    const endsAtMs = nowMs + this.#limits.sessionMs;
    await openSession(this.#db, {
      sha256: sessionSha256,
      accountId: account.accountId,
      csrfToken,
      nowMs,
      endsAtMs,
    });
    reply.setCookie(cookieName, id, { path: "/", httpOnly: true, sameSite: "lax" });
    return { account, csrfToken, sessionSha256 };
  }

  async find(request: FastifyRequest): Promise<Caller | undefined> {
    const sessionSha256 = hashedId(request);
    if (!sessionSha256) return undefined;
    const session = await findSession(this.#db, {
      sha256: sessionSha256,
      nowMs: this.#now(),
      idleMs: this.#limits.sessionIdleMs,
    });
    return session && { ...session, sessionSha256 };
  }

  async close(caller: Caller, reply: FastifyReply): Promise<void> {
    await closeSession(this.#db, caller.sessionSha256);
    reply.clearCookie(cookieName, { path: "/", httpOnly: true, sameSite: "lax" });
  }
}

/** Hash of the session id in the cookie, when there is one that could be ours. */
export function hashedId(request: FastifyRequest): Buffer | undefined {
  const id = request.cookies?.[cookieName];
  return id !== undefined && idPattern.test(id) ? sha256(id) : undefined;
}

/** Compares in constant time, whatever the lengths. */
export const sameText = (left: string, right: string): boolean =>
  timingSafeEqual(sha256(left), sha256(right));
