import {
  displayNameOf,
  findLocalAccount,
  type LocalAccount,
  readBranches,
  replacePasswordHash,
  type SignInPolicy,
  changeLanguage as storeLanguage,
} from "@energsys/store";
import type { Answer } from "../contract.ts";
import type { Handlers } from "../handlers.ts";
import { Problem } from "../problem.ts";
import { type Entering, enter } from "../security/enter.ts";
import { tryOnce } from "../security/guessing.ts";
import { noteSecurity } from "../security/notes.ts";
import { idleMs } from "../security/policy.ts";
import type { Caller } from "../security/sessions.ts";
import type { Services } from "../services.ts";

/** What a browser is told about its session, with what the person may do and where. */
export async function sessionAnswer(
  { account, csrfToken, grants, rights, session }: Caller,
  { db, policies }: Services,
): Promise<Answer<"getSession">> {
  const branchIds = new Set(grants.flatMap(({ branchId }) => branchId ?? []));
  const isWhole = grants.some(({ branchId }) => branchId === null);
  const branches = isWhole || branchIds.size === 0 ? undefined : await readBranches(db);
  return {
    account,
    csrfToken,
    idleSeconds: idleMs(await policies.read()) / 1_000,
    actions: [...rights.keys()].sort(),
    seenAs: session?.seenAs == null ? null : await displayNameOf(db, session.seenAs),
    branches: isWhole ? null : [...branchIds].map((branchId) => [...(branches?.get(branchId)?.path ?? [])]),
  };
}

export const signInHandlers: Handlers<"createSession" | "getSession" | "deleteSession" | "changeAccount"> = {
  async createSession({ body, services, request, reply }) {
    const entering = { services, request, reply };
    const account = await tryOnce(
      entering,
      `account ${body.name.toLowerCase()}`,
      () => checkPassword(entering, body),
      () => new Problem("sign-in.refused"),
    );
    return sessionAnswer(await enter(entering, account, ["password"]), services);
  },

  async getSession({ caller, services }) {
    return sessionAnswer(caller, services);
  },

  async deleteSession({ caller, services, request, reply }) {
    await services.sessions.close(caller, request, reply);
    return undefined;
  },

  async changeAccount({ body, caller, services }) {
    await storeLanguage(services.db, caller.account.accountId, body.language);
    return sessionAnswer({ ...caller, account: { ...caller.account, language: body.language } }, services);
  },
};

/** The account that opens with this password, when it may sign in. As long and as silent for every reason why not. */
async function checkPassword(
  { services }: Entering,
  { name, password }: { name: string; password: string },
): Promise<LocalAccount | undefined> {
  const { db, passwords } = services;
  const account = await findLocalAccount(db, name);
  const { matches, outdated } = await passwords.verify(password, account?.passwordHash);
  if (!account || !matches || account.disabled) {
    return undefined;
  }
  if (isUnused(account, await services.policies.read(), services.now())) {
    await noteSecurity(services, "sign-in-unused-account", account.accountId);
    return undefined;
  }
  if (outdated) await replacePasswordHash(db, account.accountId, await passwords.rehash(password));
  return account;
}

const dayMs = 86_400_000;

/** Nobody has used the account for so long that nobody would miss it. Not the sealed ones: they are meant to lie unused. */
export function isUnused(
  account: Pick<LocalAccount, "breakGlass" | "lastSignedInAt" | "createdAt">,
  { unusedDaysMax }: SignInPolicy,
  nowMs: number,
): boolean {
  if (unusedDaysMax === null || account.breakGlass) return false;
  return nowMs - (account.lastSignedInAt ?? account.createdAt) > unusedDaysMax * dayMs;
}
