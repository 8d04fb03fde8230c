import {
  type Account,
  listFactors,
  markSignedIn,
  readGrants,
  type SecondFactor,
  type SessionStage,
  type SignInPolicy,
  type SignInWay,
} from "@energsys/store";
import type { FastifyReply, FastifyRequest } from "fastify";
import { Problem } from "../problem.ts";
import type { Services } from "../services.ts";
import { noteSecurity } from "./notes.ts";
import type { Caller } from "./sessions.ts";

export interface Entering {
  readonly services: Services;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

export type Entrant = Account & { readonly breakGlass: boolean };

const factorWays: ReadonlySet<SignInWay> = new Set(["totp", "webauthn", "recovery", "provider-factor"]);

/**
 * What is still missing for somebody who has shown so much. Whoever has a second factor is asked for it; whoever needs one by the
 * policy sets one up first. After a recovery code a lost key can be replaced, so that one is asked for a new one.
 */
export function nextStage(
  ways: readonly SignInWay[],
  factors: readonly Pick<SecondFactor, "kind">[],
  demand: "none" | "factor" | "key",
): SessionStage {
  const shown = ways.some((way) => factorWays.has(way));
  if (demand === "key" && !ways.includes("webauthn")) {
    if (ways.includes("recovery")) return "enrol";
    if (factors.some(({ kind }) => kind === "webauthn")) return "factor";
    return shown || factors.length === 0 ? "enrol" : "factor";
  }
  if (shown) return "full";
  if (factors.length > 0) return "factor";
  return demand === "none" ? "full" : "enrol";
}

/** What the policy asks of an account. The sealed ones are for the day on which nothing else works: nothing. */
export function factorDemand(
  policy: SignInPolicy,
  account: { readonly breakGlass: boolean; readonly roles: readonly string[] },
): "none" | "factor" | "key" {
  if (account.breakGlass) return "none";
  const holds = (roles: readonly string[]) => account.roles.some((role) => roles.includes(role));
  if (holds(policy.keyRoles)) return "key";
  if (policy.factorFor === "everybody") return "factor";
  return policy.factorFor === "roles" && holds(policy.factorRoles) ? "factor" : "none";
}

/**
 * Lets somebody in who has shown who they are, or asks for what is missing: then the session waits for it.
 * @throws Problem `sign-in.factor-needed`
 */
export async function enter(
  entering: Entering,
  account: Entrant,
  ways: readonly SignInWay[],
): Promise<Caller> {
  const { services } = entering;
  const stage = await stageOf(services, account, ways);
  // Field by field: what came from the table may have a hash in it.
  const { accountId, name, displayName, language } = account;
  const known = { accountId, name, displayName, language };
  const caller = await services.sessions.open(known, entering, { stage, ways });
  return welcome(entering, account, caller);
}

/** The same for a session that waited: with what was shown now it goes on. @throws Problem `sign-in.factor-needed` */
export async function goOn(
  entering: Entering,
  account: Entrant,
  caller: Caller,
  way: SignInWay,
): Promise<Caller> {
  const { services } = entering;
  const ways = [...new Set([...(caller.session?.ways ?? []), way])];
  const stage = await stageOf(services, account, ways);
  return welcome(entering, account, await services.sessions.renew(caller, entering, { stage, ways }));
}

async function stageOf(
  services: Services,
  account: Entrant,
  ways: readonly SignInWay[],
): Promise<SessionStage> {
  const { db, now, policies } = services;
  const { accountId, breakGlass } = account;
  const [policy, factors, grants] = await Promise.all([
    policies.read(),
    listFactors(db, accountId),
    readGrants(db, { accountId, nowMs: now() }),
  ]);
  const roles = grants.flatMap(({ role }) => role ?? []);
  return nextStage(ways, factors, factorDemand(policy, { breakGlass, roles }));
}

async function welcome(
  { services }: Entering,
  { accountId, breakGlass }: Entrant,
  caller: Caller,
): Promise<Caller> {
  if (caller.session?.stage !== "full") throw new Problem("sign-in.factor-needed");
  await markSignedIn(services.db, accountId, services.now());
  if (breakGlass) await noteSecurity(services, "sign-in-break-glass", accountId);
  return caller;
}
