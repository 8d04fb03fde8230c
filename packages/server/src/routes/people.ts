import { createHash, randomBytes } from "node:crypto";
import {
  addAccount,
  addGrants,
  changePerson,
  endGrants,
  findInvited,
  findPerson,
  type GrantRow,
  keepingAdministrator,
  listGrants,
  listPeople,
  type PersonRow,
  readBranches,
  readGrants,
  renewAccount,
  type Scope,
  type SignInPolicy,
  seeAs,
  storeInvitation,
  takeInvitation,
} from "@energsys/store";
import type { FastifyRequest } from "fastify";
import type { Handlers } from "../handlers.ts";
import { iso } from "../instants.ts";
import { Problem } from "../problem.ts";
import { readyRolesWith } from "../security/catalogue.ts";
import { checkGrants, effectOf } from "../security/granting.ts";
import { tryOnce } from "../security/guessing.ts";
import { conflictsOf, rightsOf } from "../security/rights.ts";
import type { Services } from "../services.ts";
import { isUnused, sessionAnswer } from "./sign-in.ts";

const invitationMs = 7 * 86_400_000;
const sha256 = (token: string) => createHash("sha256").update(token).digest();
const administrators = { action: "users.change", ready: readyRolesWith("users.change") };

type Branches = Awaited<ReturnType<typeof readBranches>>;

export const grantAnswer = ({ supplierId: _, ...grant }: GrantRow, branches: Branches) => ({
  ...grant,
  branch: grant.branchId === null ? null : [...(branches.get(grant.branchId)?.path ?? [])],
  validFrom: iso(grant.validFrom),
  validUntil: iso(grant.validUntil),
  grantedAt: iso(grant.grantedAt),
  lastUsedAt: iso(grant.lastUsedAt),
  reviewedAt: iso(grant.reviewedAt),
});

interface Around {
  readonly branches: Branches;
  readonly policy: SignInPolicy;
  readonly nowMs: number;
}

const personAnswer = (
  { renewedAt, ...person }: PersonRow,
  grants: readonly GrantRow[],
  { branches, policy, nowMs }: Around,
) => ({
  ...person,
  unused: isUnused({ ...person, renewedAt }, policy, nowMs),
  createdAt: iso(person.createdAt),
  lastSignedInAt: iso(person.lastSignedInAt),
  invitedUntil: iso(person.invitedUntil),
  grants: grants.map((grant) => grantAnswer(grant, branches)),
});

/** A person within reach. @throws Problem `account.not-found` for one who is not there or somebody else's to look after */
export async function needPerson(
  { db, now }: Services,
  scope: Scope,
  accountId: number,
  options: { whole?: boolean } = {},
): Promise<PersonRow> {
  const person = await findPerson(db, scope, { accountId, nowMs: now(), ...options });
  if (!person) throw new Problem("account.not-found");
  return person;
}

/** A one-time link, of which only the hash is kept. */
async function invite(services: Services, accountId: number, madeBy: number | null) {
  const token = randomBytes(24).toString("base64url");
  const nowMs = services.now();
  const endsAtMs = nowMs + invitationMs;
  await storeInvitation(services.db, { accountId, sha256: sha256(token), madeBy, nowMs, endsAtMs });
  return { accountId, invitation: token, expiresAt: iso(endsAtMs) };
}

/** Whom an invitation is for. @throws Problem `invitation.refused`, `sign-in.slow-down` for who guesses */
function needInvited(asking: { services: Services; request: FastifyRequest }, token: string) {
  const { db, now } = asking.services;
  const tokenSha256 = sha256(token);
  return tryOnce(
    asking,
    `invitation ${tokenSha256.toString("hex").slice(0, 16)}`,
    () => findInvited(db, { sha256: tokenSha256, nowMs: now() }),
    () => new Problem("invitation.refused"),
  );
}

/** Changes rights or accounts, but never so that nobody is left to give rights. @throws Problem `account.last-administrator` */
async function keeping<Result>(
  { db }: Services,
  work: Parameters<typeof keepingAdministrator<Result>>[2],
): Promise<Result> {
  const kept = await keepingAdministrator(db, administrators, work);
  if (!kept) throw new Problem("account.last-administrator");
  return kept.result;
}

export const peopleHandlers: Handlers<
  | "listPeople"
  | "getPerson"
  | "createPerson"
  | "changePerson"
  | "renewPerson"
  | "invitePerson"
  | "showInvitation"
  | "takeInvitation"
  | "previewGrants"
  | "changeGrants"
  | "beginSeeAs"
  | "endSeeAs"
> = {
  async listPeople({ scope, services: { db, now, policies } }) {
    const nowMs = now();
    const [people, grants, branches, policy] = await Promise.all([
      listPeople(db, scope, nowMs),
      listGrants(db, scope, { nowMs }),
      readBranches(db),
      policies.read(),
    ]);
    const held = Map.groupBy(grants, ({ accountId }) => accountId);
    const around = { branches, policy, nowMs };
    return { rows: people.map((person) => personAnswer(person, held.get(person.accountId) ?? [], around)) };
  },

  async getPerson({ params: { accountId }, scope, services }) {
    const { db, now, policies } = services;
    const nowMs = now();
    const person = await needPerson(services, scope, accountId);
    const [grants, branches, held, whole, policy] = await Promise.all([
      listGrants(db, scope, { accountId, nowMs }),
      readBranches(db),
      readGrants(db, { accountId, nowMs }),
      findPerson(db, scope, { accountId, nowMs, whole: true }),
      policies.read(),
    ]);
    const rights = rightsOf(held);
    return {
      person: personAnswer(person, grants, { branches, policy, nowMs }),
      actions: [...rights.keys()].sort(),
      conflicts: conflictsOf(rights),
      mayChange: whole !== undefined,
    };
  },

  async createPerson({ body, caller, scope, services }) {
    const { db, passwords, now } = services;
    // Only who may be seen can be copied.
    if (body.copy) await needPerson(services, scope, body.copy.accountId);
    const grants = await checkGrants(services, caller, { add: body.grants, copy: body.copy });
    const { name, displayName, language } = body;
    const passwordHash = await passwords.rehash(randomBytes(32).toString("base64url"));
    const made = await db.transaction(async (transaction) => {
      const account = await addAccount(transaction, { name, displayName, language, passwordHash });
      if (!account) throw new Problem("account.name-taken");
      const { accountId } = account;
      await addGrants(transaction, { accountId, grants, grantedBy: caller.account.accountId, nowMs: now() });
      return account;
    });
    return invite(services, made.accountId, caller.account.accountId);
  },

  async changePerson({ params: { accountId }, body, scope, services }) {
    await needPerson(services, scope, accountId, { whole: true });
    await keeping(services, (transaction) => changePerson(transaction, { accountId, ...body }));
    return undefined;
  },

  async renewPerson({ params: { accountId }, scope, services }) {
    await needPerson(services, scope, accountId, { whole: true });
    await renewAccount(services.db, { accountId, nowMs: services.now() });
    return undefined;
  },

  async invitePerson({ params: { accountId }, caller, scope, services }) {
    const person = await needPerson(services, scope, accountId, { whole: true });
    if (person.source !== null || person.breakGlass) throw new Problem("account.no-password");
    return invite(services, accountId, caller.account.accountId);
  },

  async showInvitation({ body: { token }, services, request }) {
    const { name, displayName } = await needInvited({ services, request }, token);
    return { name, displayName };
  },

  async takeInvitation({ body: { token, password }, services, request }) {
    const { db, now, passwords, policies } = services;
    const invited = await needInvited({ services, request }, token);
    const passwordHash = await passwords.hash(
      password,
      [invited.name, invited.displayName],
      await policies.read(),
    );
    if (!(await takeInvitation(db, { sha256: sha256(token), passwordHash, nowMs: now() })))
      throw new Problem("invitation.refused");
    return undefined;
  },

  async previewGrants({ params: { accountId }, body, caller, scope, services }) {
    await needPerson(services, scope, accountId);
    if (body.copy) await needPerson(services, scope, body.copy.accountId);
    const add = await checkGrants(services, caller, body);
    const held = await readGrants(services.db, { accountId, nowMs: services.now() });
    return effectOf(services, held, { add, end: body.end ?? [] });
  },

  async changeGrants({ params: { accountId }, body, caller, scope, services }) {
    await needPerson(services, scope, accountId);
    if (body.copy) await needPerson(services, scope, body.copy.accountId);
    const grants = await checkGrants(services, caller, body);
    const nowMs = services.now();
    const by = caller.account.accountId;
    const grantIds = await keeping(services, async (transaction) => {
      const added = await addGrants(transaction, { accountId, grants, grantedBy: by, nowMs });
      const own = await listGrants(transaction, scope, { accountId, nowMs });
      const end = (body.end ?? []).filter((id) => own.some(({ grantId }) => grantId === id));
      if (end.length !== (body.end ?? []).length) throw new Problem("grant.not-found");
      await endGrants(transaction, scope, { grantIds: end, endedBy: by, nowMs });
      return added;
    });
    return { grantIds };
  },

  async beginSeeAs({ body: { accountId }, caller, scope, services }) {
    await needPerson(services, scope, accountId, { whole: true });
    await seeAs(services.db, { sha256: caller.sessionSha256, accountId });
    return undefined;
  },

  async endSeeAs({ caller, services, request }) {
    await seeAs(services.db, { sha256: caller.sessionSha256, accountId: null });
    const again = await services.sessions.find(request);
    if (!again) throw new Problem("session.missing");
    return sessionAnswer(again, services);
  },
};
