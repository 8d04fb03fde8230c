import {
  changePassword,
  countRecoveryCodes,
  findLocalAccountById,
  listFactors,
  listSessions,
  removeFactor,
  removeFactors,
  revokeSession,
  revokeSessions,
  type SignInWay,
} from "@energsys/store";
import type { Answer } from "../contract.ts";
import type { Handlers } from "../handlers.ts";
import { iso } from "../instants.ts";
import { Problem } from "../problem.ts";
import { type Entering, goOn } from "../security/enter.ts";
import { tryOnce } from "../security/guessing.ts";
import { beginKey, storeKey } from "../security/keys.ts";
import { idleMs } from "../security/policy.ts";
import { makeRecoveryCodes } from "../security/recovery-codes.ts";
import type { Caller } from "../security/sessions.ts";
import { beginTotp, checkTotp } from "../security/totp.ts";
import type { Services } from "../services.ts";
import { isBreakGlass } from "./break-glass.ts";
import { needPerson } from "./people.ts";
import { sessionAnswer } from "./sign-in.ts";

/** What people do with their own account, and administrators with the sessions of others. */
export const accountHandlers: Handlers<
  | "changePassword"
  | "listFactors"
  | "beginTotp"
  | "confirmTotp"
  | "beginKey"
  | "confirmKey"
  | "deleteFactor"
  | "createRecoveryCodes"
  | "listOwnSessions"
  | "revokeOwnSession"
  | "revokeOtherSessions"
  | "listAccountSessions"
  | "revokeAccountSessions"
  | "resetFactors"
> = {
  async changePassword({ body, caller, services, request, reply }) {
    const { db, passwords, policies, now } = services;
    const { accountId, name, displayName } = caller.account;
    const entering = { services, request, reply };
    if (!(await findLocalAccountById(db, accountId))) throw new Problem("password.elsewhere");
    await tryOnce(
      entering,
      `factor ${accountId}`,
      async () => {
        const account = await findLocalAccountById(db, accountId);
        const { matches } = await passwords.verify(body.current, account?.passwordHash);
        return matches || undefined;
      },
      () => new Problem("factor.refused", { fields: { "/current": "Is not your password" } }),
    );
    const passwordHash = await passwords.hash(body.password, [name, displayName], await policies.read());
    await changePassword(db, { accountId, passwordHash, nowMs: now() });
    const { session } = caller;
    if (!session) throw new Problem("session.missing");
    await revokeSessions(db, { accountId, exceptSessionId: session.sessionId });
    const renewed = await services.sessions.renew(caller, entering, { stage: "full", ways: session.ways });
    return sessionAnswer(renewed, services);
  },

  async listFactors({ caller, services: { db } }) {
    const { accountId } = caller.account;
    const [factors, recoveryCodesLeft, local] = await Promise.all([
      listFactors(db, accountId),
      countRecoveryCodes(db, accountId),
      findLocalAccountById(db, accountId),
    ]);
    return {
      factors: factors.map((factor) => ({
        ...factor,
        createdAt: iso(factor.createdAt),
        lastUsedAt: iso(factor.lastUsedAt),
      })),
      recoveryCodesLeft,
      password: local !== undefined,
    };
  },

  async beginTotp({ body, caller, services }) {
    await demandRoom(services, caller);
    return beginTotp(services, caller.account, body.label);
  },

  async confirmTotp({ body, caller, services, request, reply }) {
    const entering = { services, request, reply };
    const { accountId } = caller.account;
    await tryOnce(
      entering,
      `factor ${accountId}`,
      async () => (await checkTotp(services, accountId, body.code, { confirmed: false })) || undefined,
      () => new Problem("factor.refused", { fields: { "/code": "Is not the code of this minute" } }),
    );
    return factorAdded(entering, caller, "totp");
  },

  async beginKey({ caller, services, request }) {
    await demandRoom(services, caller);
    return { options: { ...(await beginKey(services, request, caller)) } };
  },

  async confirmKey({ body, caller, services, request, reply }) {
    await storeKey(services, request, caller, body);
    return factorAdded({ services, request, reply }, caller, "webauthn");
  },

  async deleteFactor({ params, caller, services }) {
    const { accountId } = caller.account;
    const { factorId } = params;
    if (!(await removeFactor(services.db, { accountId, factorId }))) throw new Problem("factor.not-found");
    return undefined;
  },

  async createRecoveryCodes({ caller, services }) {
    const { accountId } = caller.account;
    const recoveryCodes = await makeRecoveryCodes(services, accountId);
    return { recoveryCodes };
  },

  async listOwnSessions({ caller, services }) {
    return sessionRows(services, caller.account.accountId, caller.session?.sessionId);
  },

  async revokeOwnSession({ params, caller, services }) {
    const { accountId } = caller.account;
    const { sessionId } = params;
    if (!(await revokeSession(services.db, { accountId, sessionId }))) throw new Problem("session.not-found");
    return undefined;
  },

  async revokeOtherSessions({ caller, services }) {
    const { accountId } = caller.account;
    const exceptSessionId = caller.session!.sessionId;
    const revoked = await revokeSessions(services.db, { accountId, exceptSessionId });
    return { revoked };
  },

  async listAccountSessions({ params, caller, scope, services }) {
    await needPerson(services, scope, params.accountId);
    return sessionRows(services, params.accountId, caller.session?.sessionId);
  },

  async revokeAccountSessions({ params, scope, services }) {
    await needPerson(services, scope, params.accountId, { whole: true });
    const revoked = await revokeSessions(services.db, { accountId: params.accountId });
    return { revoked };
  },

  async resetFactors({ params, services }) {
    const { accountId } = params;
    await removeFactors(services.db, accountId);
    await revokeSessions(services.db, { accountId });
    return undefined;
  },
};

async function demandRoom({ db, limits }: Services, { account }: Caller): Promise<void> {
  if ((await listFactors(db, account.accountId)).length >= limits.factorsMax)
    throw new Problem("factor.too-many");
}

/** With the first factor come the recovery codes. A sign-in that waited for it goes on. */
async function factorAdded(
  entering: Entering,
  caller: Caller,
  way: SignInWay,
): Promise<Answer<"confirmTotp">> {
  const { services } = entering;
  const { accountId } = caller.account;
  const first = (await countRecoveryCodes(services.db, accountId)) === 0;
  const recoveryCodes = first ? await makeRecoveryCodes(services, accountId) : [];
  if (caller.session?.stage !== "enrol") return { recoveryCodes, signedIn: true };
  const entrant = { ...caller.account, breakGlass: await isBreakGlass(services, accountId) };
  try {
    await goOn(entering, entrant, caller, way);
    return { recoveryCodes, signedIn: true };
  } catch (error) {
    // A code where the policy asks for a key: the codes are shown all the same, and the next step is asked for.
    if (error instanceof Problem && error.code === "sign-in.factor-needed")
      return { recoveryCodes, signedIn: false };
    throw error;
  }
}

async function sessionRows(
  { db, policies, now }: Services,
  accountId: number,
  own: number | undefined,
): Promise<Answer<"listOwnSessions">> {
  const rows = await listSessions(db, { accountId, nowMs: now(), idleMs: idleMs(await policies.read()) });
  return {
    rows: rows.map((row) => ({
      ...row,
      ways: [...row.ways],
      createdAt: iso(row.createdAt),
      lastSeenAt: iso(row.lastSeenAt),
      expiresAt: iso(row.expiresAt),
      current: row.sessionId === own,
    })),
  };
}
