import {
  findAccountToSignIn,
  forgetSignInFailures,
  readBranches,
  releaseSignIn,
  replacePasswordHash,
  reserveSignIn,
  changeLanguage as storeLanguage,
} from "@energsys/store";
import type { Answer } from "../contract.ts";
import type { Handlers } from "../handlers.ts";
import { Problem } from "../problem.ts";
import type { Caller } from "../security/sessions.ts";
import type { Services } from "../services.ts";

/** What a browser is told about its session, with what the person may do and where. */
export async function sessionAnswer(
  { account, csrfToken, grants, rights }: Caller,
  { db, limits }: Services,
): Promise<Answer<"getSession">> {
  const branchIds = new Set(grants.flatMap(({ branchId }) => branchId ?? []));
  const isWhole = grants.some(({ branchId }) => branchId === null);
  const branches = isWhole || branchIds.size === 0 ? undefined : await readBranches(db);
  return {
    account,
    csrfToken,
    idleSeconds: limits.sessionIdleMs / 1_000,
    actions: [...rights.keys()].sort(),
    branches: isWhole ? null : [...branchIds].map((branchId) => [...(branches?.get(branchId)?.path ?? [])]),
  };
}

export const signInHandlers: Handlers<"createSession" | "getSession" | "deleteSession" | "changeAccount"> = {
  async createSession({ body, services, request, reply }) {
    const { db, passwords, sessions } = services;
    const accountSubject = `account ${body.name.toLowerCase()}`;
    const addressSubject = `address ${request.ip}`;
    const reservedAtMs = services.now();
    const subjects = [accountSubject, addressSubject];
    const { waitMs } = await reserveSignIn(db, { subjects, nowMs: reservedAtMs });
    if (waitMs > 0) throw new Problem("sign-in.slow-down", { retryAfterSeconds: Math.ceil(waitMs / 1_000) });

    const account = await findAccountToSignIn(db, body.name);
    const { matches, outdated } = await passwords
      .verify(body.password, account?.passwordHash)
      .catch(async (error) => {
        // Nothing was tried: who came while others were being checked must not wait for that.
        await releaseSignIn(db, { subjects, reservedAtMs });
        throw error;
      });
    if (!account || !matches) throw new Problem("sign-in.refused");

    await forgetSignInFailures(db, { account: accountSubject, address: addressSubject, reservedAtMs });
    if (outdated) await replacePasswordHash(db, account.accountId, await passwords.rehash(body.password));
    const { passwordHash: _, ...known } = account;
    return sessionAnswer(await sessions.open(known, reply), services);
  },

  async getSession({ caller, services }) {
    return sessionAnswer(caller, services);
  },

  async deleteSession({ caller, services, reply }) {
    await services.sessions.close(caller, reply);
    return undefined;
  },

  async changeAccount({ body, caller, services }) {
    await storeLanguage(services.db, caller.account.accountId, body.language);
    return sessionAnswer({ ...caller, account: { ...caller.account, language: body.language } }, services);
  },
};
