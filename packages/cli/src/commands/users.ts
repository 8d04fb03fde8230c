import { createHash, randomBytes } from "node:crypto";
import { readyRoles } from "@energsys/server";
import {
  addAccount,
  addGrants,
  changePerson,
  type Database,
  endGrants,
  everywhere,
  KeyRing,
  keepingAdministrator,
  keyProviderOf,
  type Language,
  listGrants,
  listPeople,
  listRoles,
  listSuppliers,
  readBranches,
  storeInvitation,
  storePointSupplier,
} from "@energsys/store";
import { type Command, InvalidArgumentError } from "commander";
import { CliError } from "../cli-error.ts";
import { dataFolder, presentKeyEnvironment } from "../supervisor/data-folder.ts";
import type { Common } from "./options.ts";
import { withDatabase } from "./with-database.ts";

const invitationMs = 7 * 86_400_000;
/** Ready-made roles from which somebody may give rights: one of them must stay with somebody. */
const administrators = {
  action: "users.change",
  ready: Object.entries(readyRoles).flatMap(([role, rights]) =>
    (rights as readonly string[]).includes("users.change") ? [role] : [],
  ),
};

const print = ({ json }: Common, result: object, words: string) =>
  process.stdout.write(json ? `${JSON.stringify(result)}\n` : `${words}\n`);

/** People and their rights from the machine itself: for the first hour, for scripts, and when nobody can sign in. */
export function addUsers(program: Command): void {
  const users = program.command("users").description("people and their rights");
  const common = (command: Command) =>
    command
      .option("--data <folder>", "where everything is kept (ENERGSYS_DATA)")
      .option("--json", "the result as JSON");

  common(users.command("list").description("who there is and what they hold")).action(
    async (options: Common) => withDatabase(options.data, async (db) => list(db, options)),
  );

  common(
    users
      .command("add <name>")
      .description("adds an account of this system and prints its one-time invitation")
      .requiredOption("--display-name <text>", "name for people")
      .option("--language <code>", "ro or en", language, "ro" as Language),
  ).action(async (name: string, options: Common & { displayName: string; language: Language }) =>
    withDatabase(options.data, async (db) => {
      const { displayName, language } = options;
      const passwordHash = unusableHash();
      const account = await addAccount(db, { name, displayName, language, passwordHash });
      if (!account) throw new CliError("account.name-taken", `somebody else is called ${name}`);
      const invitation = await invite(db, account.accountId);
      print(
        options,
        { accountId: account.accountId, ...invitation },
        `added; opens until ${invitation.expiresAt}: /invitation#${invitation.invitation}`,
      );
    }),
  );

  common(
    users
      .command("invite <name>")
      .description("prints a new one-time invitation, with which a password is chosen"),
  ).action(async (name: string, options: Common) =>
    withDatabase(options.data, async (db) => {
      const person = await need(db, name);
      if (person.source !== null || person.breakGlass)
        throw new CliError("account.no-password", `${name} has no password to choose here`);
      const invitation = await invite(db, person.accountId);
      print(
        options,
        { accountId: person.accountId, ...invitation },
        `opens until ${invitation.expiresAt}: /invitation#${invitation.invitation}`,
      );
    }),
  );

  for (const [verb, disabled] of [
    ["disable", true],
    ["enable", false],
  ] as const) {
    common(
      users
        .command(`${verb} <name>`)
        .description(
          disabled ? "ends all sessions of an account and lets it in no more" : "lets an account in again",
        ),
    ).action(async (name: string, options: Common) =>
      withDatabase(options.data, async (db) => {
        const { accountId } = await need(db, name);
        await keeping(db, (transaction) => changePerson(transaction, { accountId, disabled }));
        print(options, { accountId, disabled }, `${verb}d`);
      }),
    );
  }

  common(
    users
      .command("grant <name> <role>")
      .description("gives a role, for the whole network unless a branch is named")
      .option("--branch <path>", 'names from the top, such as "Argeș/Pitești"')
      .option("--supplier <code>", "market code, for a role that is for one supplier's points")
      .option("--until <instant>", "ISO 8601", instant)
      .option("--reason <text>", "why", ""),
  ).action(
    async (
      name: string,
      role: string,
      options: Common & { branch?: string; supplier?: string; until?: number; reason: string },
    ) => withDatabase(options.data, (db) => grant(db, name, role, options)),
  );

  common(
    users.command("revoke <grantId...>").description("takes grants away, by the numbers that list shows"),
  ).action(async (ids: string[], options: Common) =>
    withDatabase(options.data, async (db) => {
      const grantIds = ids.map(Number);
      const ended = await keeping(db, (transaction) =>
        endGrants(transaction, everywhere, { grantIds, endedBy: null, nowMs: Date.now() }),
      );
      if (ended.length !== grantIds.length)
        throw new CliError("grant.not-found", "not all of them are in force");
      print(options, { grantIds: ended }, "taken away");
    }),
  );

  common(
    users
      .command("supplier <code> <pod...>")
      .description("says which supplier points belong to from now on, or from an instant")
      .requiredOption("--name <text>", "name of the supplier")
      .option("--from <instant>", "ISO 8601", instant),
  ).action(async (code: string, pods: string[], options: Common & { name: string; from?: number }) =>
    withDatabase(options.data, async (db) => {
      const fromMs = options.from ?? Date.now();
      const keyRing = await KeyRing.open(db, keyProviderOf(presentKeyEnvironment(dataFolder(options.data))));
      const points = await db.transaction((transaction) =>
        storePointSupplier(transaction, { supplier: { code, name: options.name }, pods, fromMs, keyRing }),
      );
      print(options, { points }, `${points} points changed`);
    }),
  );
}

/** A password hash that nothing matches until an invitation is taken: its parts are random. */
const unusableHash = (): string =>
  `$argon2id$v=19$m=19456,t=2,p=1$${randomBytes(16).toString("base64").replace(/=+$/, "")}$${randomBytes(32).toString("base64").replace(/=+$/, "")}`;

function language(text: string): Language {
  if (text === "ro" || text === "en") return text;
  throw new InvalidArgumentError("ro or en is wanted");
}

/** An instant as epoch ms. */
function instant(text: string): number {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw new InvalidArgumentError("an instant such as 2026-12-31T00:00:00Z is wanted");
  return ms;
}

async function need(db: Database, name: string) {
  const people = await listPeople(db, everywhere, Date.now());
  const person = people.find((each) => each.name === name.toLowerCase());
  if (!person) throw new CliError("account.not-found", `nobody is called ${name}`);
  return person;
}

async function keeping<Result>(db: Database, work: Parameters<typeof keepingAdministrator<Result>>[2]) {
  const kept = await keepingAdministrator(db, administrators, work);
  if (!kept) throw new CliError("account.last-administrator", "nobody would be left to give rights");
  return kept.result;
}

async function invite(db: Database, accountId: number) {
  const invitation = randomBytes(24).toString("base64url");
  const nowMs = Date.now();
  const sha256 = createHash("sha256").update(invitation).digest();
  await storeInvitation(db, { accountId, sha256, madeBy: null, nowMs, endsAtMs: nowMs + invitationMs });
  return { invitation, expiresAt: new Date(nowMs + invitationMs).toISOString() };
}

async function list(db: Database, options: Common): Promise<void> {
  const nowMs = Date.now();
  const [people, grants, branches] = await Promise.all([
    listPeople(db, everywhere, nowMs),
    listGrants(db, everywhere, { nowMs }),
    readBranches(db),
  ]);
  const rows = people.map((person) => ({
    accountId: person.accountId,
    name: person.name,
    displayName: person.displayName,
    disabled: person.disabled,
    source: person.source,
    grants: grants
      .filter(({ accountId }) => accountId === person.accountId)
      .map((each) => ({
        grantId: each.grantId,
        role: each.role ?? each.action,
        branch: each.branchId === null ? null : (branches.get(each.branchId)?.path ?? []),
        supplier: each.supplier,
        until: each.validUntil === null ? null : new Date(each.validUntil).toISOString(),
      })),
  }));
  const words = rows.map((row) => {
    const held = row.grants.map(
      ({ grantId, role, branch }) =>
        `${grantId} ${role} (${branch === null ? "whole network" : branch.join("/")})`,
    );
    return `${row.name}${row.disabled ? " (disabled)" : ""}: ${row.displayName}; ${held.join(", ") || "nothing"}`;
  });
  print(options, { rows }, words.join("\n"));
}

async function grant(
  db: Database,
  name: string,
  wanted: string,
  options: Common & { branch?: string; supplier?: string; until?: number; reason: string },
): Promise<void> {
  const nowMs = Date.now();
  const { accountId } = await need(db, name);
  const role = (await listRoles(db, nowMs)).find((each) => each.ready === wanted || each.name === wanted);
  if (!role) throw new CliError("role.not-found", `there is no role ${wanted}`);
  const path = options.branch?.split("/");
  const branch = [...(await readBranches(db)).values()].find(
    (each) => JSON.stringify(each.path) === JSON.stringify(path),
  );
  if (path && !branch) throw new CliError("branch.not-found", `there is no branch ${options.branch}`);
  const supplierId = await supplierOf(db, options.supplier);
  if (role.forSupplier && supplierId === null)
    throw new CliError(
      "supplier.not-found",
      `${wanted} is for one supplier's points: name it with --supplier`,
    );
  const [grantId] = await addGrants(db, {
    accountId,
    grants: [
      {
        roleId: role.roleId,
        action: null,
        branchId: branch?.branchId ?? null,
        supplierId,
        validFromMs: nowMs,
        validUntilMs: options.until ?? null,
        reason: options.reason,
      },
    ],
    grantedBy: null,
    nowMs,
  });
  print(options, { grantId }, `granted, number ${grantId}`);
}

async function supplierOf(db: Database, code: string | undefined): Promise<number | null> {
  if (code === undefined) return null;
  const supplier = (await listSuppliers(db)).find((each) => each.code === code);
  if (!supplier) throw new CliError("supplier.not-found", `there is no supplier ${code}`);
  return supplier.supplierId;
}
