import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import {
  type Account,
  closeSession,
  type Database,
  findApiToken,
  findSession,
  type HeldGrant,
  livingSessions,
  openSession,
  readGrants,
  readGrantsOfMany,
  renewSession,
  type SessionStage,
  type SignInWay,
} from "@energsys/store";
import type {} from "@fastify/cookie";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Limits } from "../limits.ts";
import { Problem } from "../problem.ts";
import { idleMs, type SignInPolicies } from "./policy.ts";
import { commonRights, noRights, type Rights, rightsOf } from "./rights.ts";

/** Over HTTPS a browser keeps a cookie of this name from everybody but this very host: no neighbour can plant one. */
export const cookieName = (request: FastifyRequest): "sid" | "__Host-sid" =>
  request.protocol === "https" ? "__Host-sid" : "sid";

/** Who calls: found once per request. */
export interface Caller {
  readonly account: Account;
  readonly csrfToken: string;
  /** Hash of the session's id, or of the token. */
  readonly sessionSha256: Buffer;
  /** The browser session; a program with a token has none. */
  readonly session:
    | {
        readonly sessionId: number;
        readonly stage: SessionStage;
        readonly ways: readonly SignInWay[];
        readonly steppedUpAt: number | null;
        /** Whom the session looks as: then it changes nothing. */
        readonly seenAs: number | null;
      }
    | undefined;
  /** The token of a program: what it may do at most. */
  readonly token: { readonly tokenId: number; readonly actions: readonly string[] } | undefined;
  /** Grants in force when the call came. */
  readonly grants: readonly HeldGrant[];
  /** What they add up to; of a token only what it was made for. */
  readonly rights: Rights;
}

const sha256 = (text: string) => createHash("sha256").update(text).digest();
const idPattern = /^[A-Za-z0-9_-]{43}$/;
const newId = () => randomBytes(32).toString("base64url");

export const tokenPrefix = "energsys_";
/** A token for programs and its hash, which alone is kept. */
export function newToken(): { token: string; sha256: Buffer } {
  const token = `${tokenPrefix}${newId()}`;
  return { token, sha256: sha256(token) };
}

/** A provider may have signed the person in hours ago: nobody was asked now, so that what is dangerous asks first. */
const vouched: ReadonlySet<SignInWay> = new Set(["provider", "provider-factor"]);

/** Sessions in the database, their ids in cookies. Only the SHA-256 of an id is ever stored. */
export class Sessions {
  readonly #db: Database;
  readonly #limits: Limits;
  readonly #policies: SignInPolicies;
  readonly #now: () => number;

  constructor(db: Database, limits: Limits, policies: SignInPolicies, now: () => number) {
    this.#db = db;
    this.#limits = limits;
    this.#policies = policies;
    this.#now = now;
  }

  /** Opens a session under a new id, whatever cookie came with the call, and hands the cookie out. */
  async open(
    account: Account,
    { request, reply }: { request: FastifyRequest; reply: FastifyReply },
    { stage, ways }: { stage: SessionStage; ways: readonly SignInWay[] },
  ): Promise<Caller> {
    const id = newId();
    const csrfToken = newId();
    const nowMs = this.#now();
    const sessionSha256 = sha256(id);
    const steppedUpAt = ways.every((way) => vouched.has(way)) ? null : nowMs;
    const agent = request.headers["user-agent"];
    const sessionId = await openSession(this.#db, {
      sha256: sessionSha256,
      accountId: account.accountId,
      csrfToken,
      nowMs,
      endsAtMs: nowMs + (await this.#lengthMs(stage)),
      stage,
      ways,
      address: request.ip,
      ...(agent === undefined ? {} : { agent }),
      ...(steppedUpAt === null ? { steppedUpAt } : {}),
    });
    giveCookie(request, reply, id);
    const session = { sessionId, stage, ways, steppedUpAt, seenAs: null };
    const rights = await this.#rightsOf(account);
    return { account, csrfToken, sessionSha256, session, token: undefined, ...rights };
  }

  /**
   * The next step of a sign-in, or a step-up: the session goes on under a new id and a new CSRF token.
   * @throws Problem `session.missing` when it ended meanwhile
   */
  async renew(
    caller: Caller,
    { request, reply }: { request: FastifyRequest; reply: FastifyReply },
    { stage, ways }: { stage: SessionStage; ways: readonly SignInWay[] },
  ): Promise<Caller> {
    const { session } = caller;
    if (!session) throw new Problem("session.missing");
    const id = newId();
    const csrfToken = newId();
    const nowMs = this.#now();
    const sessionSha256 = sha256(id);
    const renewed = await renewSession(this.#db, {
      from: caller.sessionSha256,
      to: sessionSha256,
      csrfToken,
      stage,
      ways,
      nowMs,
      endsAtMs: session.stage === stage ? undefined : nowMs + (await this.#lengthMs(stage)),
    });
    if (!renewed) throw new Problem("session.missing");
    giveCookie(request, reply, id);
    return {
      ...caller,
      csrfToken,
      sessionSha256,
      session: { ...session, stage, ways, steppedUpAt: nowMs },
    };
  }

  async #lengthMs(stage: SessionStage): Promise<number> {
    return stage === "full"
      ? (await this.#policies.read()).sessionHours * 3_600_000
      : this.#limits.signInStepMs;
  }

  /**
   * Who calls, by token or by cookie. A token that comes with the call decides alone.
   * @throws Problem `token.refused`, `token.address`
   */
  async find(request: FastifyRequest, stages?: readonly SessionStage[]): Promise<Caller | undefined> {
    const bearer = bearerOf(request);
    return bearer === undefined ? this.#findSession(request, stages) : this.#findToken(request, bearer);
  }

  async #findSession(
    request: FastifyRequest,
    stages: readonly SessionStage[] | undefined,
  ): Promise<Caller | undefined> {
    const sessionSha256 = hashedId(request);
    if (!sessionSha256) return undefined;
    const session = await findSession(this.#db, {
      sha256: sessionSha256,
      nowMs: this.#now(),
      idleMs: idleMs(await this.#policies.read()),
      ...(stages ? { stages } : {}),
    });
    if (!session) return undefined;
    const { account, csrfToken, sessionId, stage, ways, steppedUpAt, seenAs } = session;
    return {
      account,
      csrfToken,
      sessionSha256,
      session: { sessionId, stage, ways, steppedUpAt, seenAs },
      token: undefined,
      ...(await this.#rightsOf(account, seenAs)),
    };
  }

  async #findToken(request: FastifyRequest, bearer: string): Promise<Caller> {
    const sessionSha256 = sha256(bearer);
    const found = await findApiToken(this.#db, {
      sha256: sessionSha256,
      address: request.ip,
      nowMs: this.#now(),
    });
    if (!found) throw new Problem("token.refused");
    if (!found.addressAllowed) throw new Problem("token.address");
    const { account, tokenId, actions } = found;
    const { grants, rights } = await this.#rightsOf(account);
    return {
      account,
      csrfToken: "",
      sessionSha256,
      session: undefined,
      token: { tokenId, actions },
      grants,
      rights: new Map([...rights].filter(([right]) => actions.includes(right))),
    };
  }

  /** Read for each call: what was taken away is gone with the next one. */
  async #rightsOf(
    { accountId }: Account,
    seenAs: number | null = null,
  ): Promise<Pick<Caller, "grants" | "rights">> {
    const nowMs = this.#now();
    const grants = await readGrants(this.#db, { accountId, nowMs });
    const rights = rightsOf(grants);
    if (seenAs === null) return { grants, rights };
    const others = await readGrants(this.#db, { accountId: seenAs, nowMs });
    return { grants: others, rights: commonRights(rights, rightsOf(others)) };
  }

  /** What sessions that still last may do now, by the hex of their ids' hashes: for streams that outlive the call that opened them. */
  async rightsOf(sha256s: readonly Uint8Array[]): Promise<ReadonlyMap<string, Rights>> {
    const nowMs = this.#now();
    const living = await livingSessions(this.#db, {
      sha256s,
      nowMs,
      idleMs: idleMs(await this.#policies.read()),
    });
    const accountIds = new Set(
      [...living.values()].flatMap(({ accountId, seenAs }) => [accountId, seenAs ?? []].flat()),
    );
    const grants = await readGrantsOfMany(this.#db, { accountIds: [...accountIds], nowMs });
    const rights = new Map([...grants].map(([accountId, held]) => [accountId, rightsOf(held)]));
    return new Map(
      [...living].map(([hex, { accountId, seenAs }]) => {
        const own = rights.get(accountId) ?? noRights;
        return [hex, seenAs === null ? own : commonRights(own, rights.get(seenAs) ?? noRights)];
      }),
    );
  }

  async close(caller: Caller, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    await closeSession(this.#db, caller.sessionSha256);
    reply.clearCookie(cookieName(request), cookieOptions(request));
  }
}

export const cookieOptions = (request: FastifyRequest) =>
  ({ path: "/", httpOnly: true, sameSite: "lax", secure: request.protocol === "https" }) as const;

function giveCookie(request: FastifyRequest, reply: FastifyReply, id: string): void {
  reply.setCookie(cookieName(request), id, cookieOptions(request));
}

/** Hash of what the call names itself by, session id or token, when it could be ours. */
export function hashedId(request: FastifyRequest): Buffer | undefined {
  const bearer = bearerOf(request);
  if (bearer !== undefined) return sha256(bearer);
  const id = request.cookies?.[cookieName(request)];
  return id !== undefined && idPattern.test(id) ? sha256(id) : undefined;
}

/** The token in the header Authorization. A page of another site cannot set that header. */
export function bearerOf(request: FastifyRequest): string | undefined {
  const match = /^Bearer (\S{1,200})$/i.exec(request.headers.authorization ?? "");
  return match?.[1];
}

/** Compares in constant time, whatever the lengths. */
export const sameText = (left: string, right: string): boolean =>
  timingSafeEqual(sha256(left), sha256(right));
