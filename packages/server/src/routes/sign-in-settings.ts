import { randomInt } from "node:crypto";
import {
  addAccount,
  changePassword,
  grantReadyRole,
  listBreakGlassAccounts,
  listRoles,
  revokeSessions,
  type SignInPolicy,
} from "@energsys/store";
import type { Handlers } from "../handlers.ts";
import { iso } from "../instants.ts";
import { Problem } from "../problem.ts";

/** What an installation demands of passwords, accounts and sessions, and its two sealed accounts. */
export const signInSettingsHandlers: Handlers<
  "getSignInPolicy" | "changeSignInPolicy" | "listBreakGlass" | "createBreakGlass"
> = {
  async getSignInPolicy({ services: { policies } }) {
    return policyAnswer(await policies.read());
  },

  async changeSignInPolicy({ body, services }) {
    const known = new Set((await listRoles(services.db, services.now())).map(({ name }) => name));
    const wrong = (["factorRoles", "keyRoles"] as const).flatMap((list) =>
      body[list].flatMap((name, index) =>
        known.has(name) ? [] : [[`/${list}/${index}`, "Is no role"] as const],
      ),
    );
    // A word that no role has would ask nobody for anything, and look as if it did.
    if (wrong.length > 0) throw new Problem("input.invalid", { fields: Object.fromEntries(wrong) });
    await services.policies.store(services.db, body);
    return body;
  },

  async listBreakGlass({ services: { db } }) {
    const accounts = await listBreakGlassAccounts(db);
    return {
      rows: accounts.map(({ accountId, name, disabled, lastSignedInAt, passwordChangedAt }) => ({
        accountId,
        name,
        disabled,
        lastSignedInAt: iso(lastSignedInAt),
        passwordChangedAt: iso(passwordChangedAt),
      })),
    };
  },

  async createBreakGlass({ params, caller, services }) {
    const { db, passwords, now } = services;
    const name = `break-glass-${params.number}`;
    const password = sealedPassword();
    const passwordHash = await passwords.rehash(password);
    const known = (await listBreakGlassAccounts(db)).find((account) => account.name === name);
    let accountId = known?.accountId;
    if (accountId === undefined) {
      const displayName = `Break glass ${params.number}`;
      const language = caller.account.language;
      const made = await addAccount(db, { name, displayName, passwordHash, language, breakGlass: true });
      if (!made) throw new Problem("account.name-taken");
      accountId = made.accountId;
      await grantReadyRole(db, { accountId, ready: "administrator", reason: name, nowMs: now() });
    } else {
      await changePassword(db, { accountId, passwordHash, nowMs: now() });
      await revokeSessions(db, { accountId });
    }
    return { name, password };
  },
};

const alphabet = "abcdefghjkmnpqrstuvwxyz23456789";

/** 148 bits in groups that can be typed from paper. */
function sealedPassword(): string {
  const group = () => Array.from({ length: 5 }, () => alphabet[randomInt(alphabet.length)]).join("");
  return Array.from({ length: 6 }, group).join("-");
}

/** Lists of the policy as arrays of the answer's own. */
const policyAnswer = (policy: SignInPolicy) => ({
  ...policy,
  blockedWords: [...policy.blockedWords],
  factorRoles: [...policy.factorRoles],
  keyRoles: [...policy.keyRoles],
});
