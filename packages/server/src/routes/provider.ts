import { createHash, randomBytes } from "node:crypto";
import {
  findAccountSource,
  findIdentitySource,
  keepOidcFlow,
  type OidcFlow,
  takeOidcFlow,
} from "@energsys/store";
import type { FastifyRequest } from "fastify";
import type { Handlers } from "../handlers.ts";
import { Problem } from "../problem.ts";
import { type Provider, ProviderError, type ProviderPerson } from "../provider/providers.ts";
import type { ProviderSettings } from "../provider/settings.ts";
import { type Entering, enter } from "../security/enter.ts";
import { type Caller, cookieName, cookieOptions } from "../security/sessions.ts";
import { admitPerson } from "../security/source-people.ts";
import type { Services } from "../services.ts";
import { isUnused, sessionAnswer } from "./sign-in.ts";

/** Ties the way to the provider and back to one browser, so that nobody can be signed in by a link of somebody else. */
const flowCookie = (request: FastifyRequest) => `${cookieName(request)}-flow`;
const sha256 = (text: string) => createHash("sha256").update(text).digest();

/** Signing in by an OpenID provider, and showing anew by it who one is. */
export const providerHandlers: Handlers<"beginProvider" | "beginProviderProof" | "finishProvider"> = {
  async beginProvider({ params, services, request, reply }) {
    return beginFlow({ services, request, reply }, params.sourceId, null);
  },

  async beginProviderProof({ caller, services, request, reply }) {
    const { accountId } = caller.account;
    const source = await findAccountSource(services.db, accountId);
    if (source?.kind !== "oidc") throw new Problem("source.not-found");
    return beginFlow({ services, request, reply }, source.sourceId, accountId);
  },

  async finishProvider({ body, services, request, reply }) {
    const { db, now, policies, providers } = services;
    const id = request.cookies[flowCookie(request)];
    reply.clearCookie(flowCookie(request), cookieOptions(request));
    const flow = id === undefined ? undefined : await takeOidcFlow(db, { sha256: sha256(id), nowMs: now() });
    if (!flow) throw new Problem("sign-in.provider-refused");
    const provider = await findProvider(services, flow.sourceId);
    const person = await told(services, () => providers.finish(provider, flow, body));
    const prover =
      flow.provesAccountId === null ? undefined : await findProver(services, request, flow, person);
    const { sourceId, settings } = provider;
    const { membersOnly } = settings;
    const account = await admitPerson(db, { sourceId, ...person }, { membersOnly, nowMs: now() });
    if (!account || account.disabled || isUnused(account, await policies.read(), now())) {
      throw new Problem("sign-in.provider-refused");
    }
    if (prover) {
      const shown = [...new Set([...(prover.session?.ways ?? []), "provider" as const])];
      const entering = { services, request, reply };
      return sessionAnswer(
        await services.sessions.renew(prover, entering, { stage: "full", ways: shown }),
        services,
      );
    }
    const ways = person.factorShown ? (["provider", "provider-factor"] as const) : (["provider"] as const);
    return sessionAnswer(await enter({ services, request, reply }, account, ways), services);
  },
};

async function beginFlow(
  { services, request, reply }: Entering,
  sourceId: number,
  provesAccountId: number | null,
): Promise<{ location: string }> {
  const { db, limits, now, providers } = services;
  const provider = await findProvider(services, sourceId);
  const { location, flow } = await told(services, () => providers.begin(provider, provesAccountId));
  const id = randomBytes(32).toString("base64url");
  const nowMs = now();
  await keepOidcFlow(db, { ...flow, sha256: sha256(id), nowMs, endsAtMs: nowMs + limits.signInStepMs });
  reply.setCookie(flowCookie(request), id, cookieOptions(request));
  return { location };
}

/** The session that asked for the proof, still of the same person, who is the one that the provider has just asked. */
async function findProver(
  services: Services,
  request: FastifyRequest,
  { provesAccountId, sourceId }: OidcFlow,
  { subject }: ProviderPerson,
): Promise<Caller> {
  const caller = await services.sessions.find(request);
  const source = caller?.session && (await findAccountSource(services.db, caller.account.accountId));
  const isSame =
    source?.sourceId === sourceId &&
    source.subject === subject &&
    caller?.account.accountId === provesAccountId;
  if (!caller || !isSame) throw new Problem("sign-in.provider-refused");
  return caller;
}

async function findProvider({ db }: Services, sourceId: number): Promise<Provider> {
  const source = await findIdentitySource(db, sourceId);
  if (source?.kind !== "oidc" || !source.enabled) throw new Problem("source.not-found");
  return { ...source, settings: source.settings as ProviderSettings };
}

/** The library's words stay in the log: they could hold what the provider sent. */
async function told<Result>({ logger }: Services, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    logger.warn({ code: error.code, err: error }, "a provider fails");
    throw new Problem(
      error.code === "provider.away" ? "sign-in.provider-away" : "sign-in.provider-refused",
      {},
      error,
    );
  }
}
