import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import {
  type Account,
  closeSession,
  type Database,
  findSession,
  type HeldGrant,
  livingSessions,
  openSession,
  readGrants,
  readGrantsOfMany,
} from "@energsys/store";
import type {} from "@fastify/cookie";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Limits } from "../limits.ts";
import { noRights, type Rights, rightsOf } from "./rights.ts";

export const cookieName = "sid";

/** Who calls: found once per request. */
export interface Caller {
  readonly account: Account;
  readonly csrfToken: string;
  readonly sessionSha256: Buffer;
  /** Grants in force when the call came. */
  readonly grants: readonly HeldGrant[];
  /** What they add up to. */
  readonly rights: Rights;
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
    return { account, csrfToken, sessionSha256, ...(await this.#rightsOf(account)) };
  }

  async find(request: FastifyRequest): Promise<Caller | undefined> {
    const sessionSha256 = hashedId(request);
    if (!sessionSha256) return undefined;
    const session = await findSession(this.#db, {
      sha256: sessionSha256,
      nowMs: this.#now(),
      idleMs: this.#limits.sessionIdleMs,
    });
    return session && { ...session, sessionSha256, ...(await this.#rightsOf(session.account)) };
  }

  /** Read for each call: what was taken away is gone with the next one. */
  async #rightsOf({ accountId }: Account): Promise<Pick<Caller, "grants" | "rights">> {
    const grants = await readGrants(this.#db, { accountId, nowMs: this.#now() });
    return { grants, rights: rightsOf(grants) };
  }

  /** What sessions that still last may do now, by the hex of their ids' hashes: for streams that outlive the call that opened them. */
  async rightsOf(sha256s: readonly Uint8Array[]): Promise<ReadonlyMap<string, Rights>> {
    const nowMs = this.#now();
    const living = await livingSessions(this.#db, { sha256s, nowMs, idleMs: this.#limits.sessionIdleMs });
    const grants = await readGrantsOfMany(this.#db, { accountIds: [...new Set(living.values())], nowMs });
    const rights = new Map([...grants].map(([accountId, held]) => [accountId, rightsOf(held)]));
    return new Map([...living].map(([hex, accountId]) => [hex, rights.get(accountId) ?? noRights]));
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
