import {
  type Account,
  type AccountStanding,
  displayNameOf,
  findLocalAccount,
  listIdentitySources,
  readBranches,
  replacePasswordHash,
  type SignInPolicy,
  type SignInWay,
  changeLanguage as storeLanguage,
} from "@energsys/store";
import type { Answer } from "../contract.ts";
import type { Handlers } from "../handlers.ts";
import { Problem } from "../problem.ts";
import { type Entering, type Entrant, enter } from "../security/enter.ts";
import { tryOnce } from "../security/guessing.ts";
import { noteSecurity } from "../security/notes.ts";
import { idleMs } from "../security/policy.ts";
import type { Caller } from "../security/sessions.ts";
import { admitPerson } from "../security/source-people.ts";
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

export const signInHandlers: Handlers<
  "getSignInWays" | "createSession" | "getSession" | "deleteSession" | "changeAccount"
> = {
  async getSignInWays({ services: { db, directories } }) {
    const sources = (await listIdentitySources(db)).filter(({ enabled }) => enabled);
    return {
      directory: sources.some(({ kind }) => kind === "ldap"),
      directoryAway: await directories.isAway(),
      providers: sources
        .filter(({ kind }) => kind === "oidc")
        .map(({ sourceId, label }) => ({ sourceId, label })),
    };
  },

  async createSession({ body, services, request, reply }) {
    const entering = { services, request, reply };
    // While a directory is away nobody is told that a password is wrong, whatever the name: that would tell names apart.
    let away = false;
    const { account, way } = await tryOnce(
      entering,
      `account ${body.name.toLowerCase()}`,
      async () => {
        const opened = await checkPassword(entering, body);
        away = await services.directories.isAway();
        return opened;
      },
      () => new Problem(away ? "sign-in.directory-away" : "sign-in.refused"),
    );
    return sessionAnswer(await enter(entering, account, [way]), services);
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

interface Opened {
  readonly account: Entrant & AccountStanding;
  readonly way: SignInWay;
}

/**
 * The account that opens with this password, when it may sign in: one of this system, or else of a directory. As long and as silent
 * for every reason why not; the directories are asked only for names that are not known here, and the hash is made for every name.
 */
async function checkPassword(
  { services }: Entering,
  { name, password }: { name: string; password: string },
): Promise<Opened | undefined> {
  const { db, passwords, policies, now } = services;
  const local = await findLocalAccount(db, name);
  const [{ matches, outdated }, person] = await Promise.all([
    passwords.verify(password, local?.passwordHash),
    local ? undefined : admitFromDirectory(services, name, password),
  ]);
  const account = local ?? person;
  if (!account || account.disabled || (local && !matches)) return undefined;
  if (isUnused(account, await policies.read(), now())) {
    await noteSecurity(services, "sign-in-unused-account", account.accountId);
    return undefined;
  }
  if (outdated) await replacePasswordHash(db, account.accountId, await passwords.rehash(password));
  return { account, way: local ? "password" : "directory" };
}

async function admitFromDirectory(
  { db, directories, now }: Services,
  name: string,
  password: string,
): Promise<(Account & AccountStanding) | undefined> {
  const found = await directories.signIn(name, password);
  if (!found) return undefined;
  const { sourceId, settings } = found.directory;
  const { membersOnly } = settings;
  return admitPerson(db, { sourceId, ...found.person }, { membersOnly, nowMs: now() });
}

const dayMs = 86_400_000;

/** Nobody has used the account for so long that nobody would miss it. Not the sealed ones: they are meant to lie unused. */
export function isUnused(
  account: Pick<AccountStanding, "breakGlass" | "lastSignedInAt" | "createdAt" | "renewedAt">,
  { unusedDaysMax }: SignInPolicy,
  nowMs: number,
): boolean {
  if (unusedDaysMax === null || account.breakGlass) return false;
  const usedAtMs = Math.max(account.lastSignedInAt ?? account.createdAt, account.renewedAt ?? 0);
  return nowMs - usedAtMs > unusedDaysMax * dayMs;
}
