import {
  type Account,
  findAccountSource,
  findLocalAccountById,
  listFactors,
  type SignInWay,
} from "@energsys/store";
import type { Answer, Body } from "../contract.ts";
import type { Handlers } from "../handlers.ts";
import { Problem } from "../problem.ts";
import { type Entering, goOn } from "../security/enter.ts";
import { tryOnce } from "../security/guessing.ts";
import { challengeKeys, checkKey } from "../security/keys.ts";
import { noteSecurity } from "../security/notes.ts";
import { spendRecoveryCode } from "../security/recovery-codes.ts";
import type { Caller } from "../security/sessions.ts";
import { checkTotp } from "../security/totp.ts";
import type { Services } from "../services.ts";
import { isBreakGlass } from "./break-glass.ts";
import { sessionAnswer } from "./sign-in.ts";

type ProofWay = Answer<"getProof">["ways"][number];

/** Showing who one is: the second step of a sign-in, or again before something dangerous. */
export const proofHandlers: Handlers<"getProof" | "createKeyChallenge" | "prove"> = {
  async getProof({ caller, services }) {
    const stage = caller.session?.stage ?? "full";
    return {
      stage,
      displayName: caller.account.displayName,
      csrfToken: caller.csrfToken,
      ways: stage === "enrol" ? [] : await proofWays(services, caller),
    };
  },

  async createKeyChallenge({ caller, services, request }) {
    return { options: { ...(await challengeKeys(services, request, caller)) } };
  },

  async prove({ body, caller, services, request, reply }) {
    const entering = { services, request, reply };
    const { accountId } = caller.account;
    const way = await tryOnce(
      entering,
      `factor ${accountId}`,
      () => checkProof(entering, caller, body),
      () => new Problem("factor.refused"),
    );
    if (caller.session?.stage === "factor") {
      const entrant = { ...caller.account, breakGlass: await isBreakGlass(services, accountId) };
      return sessionAnswer(await goOn(entering, entrant, caller, way), services);
    }
    const ways = [...new Set([...(caller.session?.ways ?? []), way])];
    const renewed = await services.sessions.renew(caller, entering, { stage: "full", ways });
    return sessionAnswer(renewed, services);
  },
};

/** Ways that are open to this person now: a second factor where there is one, else the password. */
async function proofWays(services: Services, caller: Caller): Promise<ProofWay[]> {
  const factors = await listFactors(services.db, caller.account.accountId);
  const kinds = [...new Set(factors.map(({ kind }) => kind))];
  if (kinds.length > 0) return [...kinds, "recovery"];
  return [(await isOfProvider(services, caller.account)) ? "provider" : "password"];
}

/** Accounts of an OpenID provider have no password that could be asked for here. */
const isOfProvider = async ({ db }: Services, { accountId }: Account): Promise<boolean> =>
  (await findAccountSource(db, accountId))?.kind === "oidc";

async function opensWith({ db, directories, passwords }: Services, accountId: number, password: string) {
  const source = await findAccountSource(db, accountId);
  if (source) return directories.takesPasswordOf(source.sourceId, source.subject, password);
  const account = await findLocalAccountById(db, accountId);
  return (await passwords.verify(password, account?.passwordHash)).matches;
}

/** How the person has shown who they are, or nothing. */
async function checkProof(
  { services, request }: Entering,
  caller: Caller,
  { password, code, credential }: Body<"prove">,
): Promise<SignInWay | undefined> {
  const { accountId } = caller.account;
  const ways = await proofWays(services, caller);
  if (credential !== undefined) {
    const signed = ways.includes("webauthn") && (await checkKey(services, request, caller, credential));
    if (signed) return "webauthn";
  } else if (code !== undefined && /^\s*\d{3}\s?\d{3}\s*$/.test(code)) {
    const digits = code.replaceAll(/\s/g, "");
    if (await checkTotp(services, accountId, digits, { confirmed: true })) return "totp";
  } else if (code !== undefined) {
    if (await spendRecoveryCode(services, accountId, code)) {
      await noteSecurity(services, "recovery-code-used", accountId);
      return "recovery";
    }
  } else if (password !== undefined && ways.includes("password")) {
    if (await opensWith(services, accountId, password)) return "password";
  }
  return undefined;
}
