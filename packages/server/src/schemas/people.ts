import Type from "typebox";
import { Language } from "./accounts.ts";
import {
  BranchPath,
  closed,
  Id,
  Instant,
  InstantOrNull,
  named,
  Text,
  TextOrNull,
  Whole,
  WholeOrNull,
  Yes,
} from "./basics.ts";

const idOrNull = (description: string) =>
  Type.Unsafe<number | null>({ type: ["integer", "null"], minimum: 1, maximum: 2_147_483_647, description });
const Actions = Type.Array(Type.String({ maxLength: 60 }), {
  description: "Rights, each as page.level",
  maxItems: 200,
});
const BranchOrNull = Type.Union([BranchPath, Type.Null()], {
  description: "Branch; null: the whole network",
});

export const grantSchema = named(
  "Grant",
  Type.Object(
    {
      grantId: Id("Grant"),
      accountId: Id("Whose"),
      name: Text("Sign-in name"),
      displayName: Text("Name for people"),
      disabled: Yes("The account may not sign in"),
      roleId: WholeOrNull("Role; null for an exception"),
      role: TextOrNull("Name of the role"),
      ready: TextOrNull("Which ready-made role it is; null for another"),
      action: TextOrNull("The one right of an exception, as page.level"),
      branchId: WholeOrNull("Branch; null: the whole network"),
      branch: BranchOrNull,
      supplier: TextOrNull("Supplier whose points it is for; null: whatever the supplier"),
      validFrom: Instant("In force from"),
      validUntil: InstantOrNull("In force until; null: until somebody takes it away"),
      reason: Text("Why"),
      grantedBy: TextOrNull("Who gave it; null: the system"),
      grantedAt: Instant("When it was given"),
      lastUsedAt: InstantOrNull("When it last let a call in, to the hour"),
      reviewedBy: TextOrNull("Who last confirmed it"),
      reviewedAt: InstantOrNull("When it was last confirmed"),
    },
    closed,
  ),
);

export const personSchema = named(
  "Person",
  Type.Object(
    {
      accountId: Id("Account"),
      name: Text("Sign-in name"),
      displayName: Text("Name for people"),
      language: Language,
      disabled: Yes("May not sign in"),
      breakGlass: Yes("Sealed for the day on which nothing else works"),
      source: TextOrNull("Directory or provider that vouches; null for an account of this system"),
      createdAt: Instant("Made"),
      lastSignedInAt: InstantOrNull("Last signed in"),
      unused: Yes("Refused: unused for longer than the policy allows, until it is renewed"),
      invitedUntil: InstantOrNull("Until when the invitation opens; null without one"),
      grants: Type.Array(grantSchema.reference),
    },
    closed,
  ),
);

export const PersonList = Type.Object({ rows: Type.Array(personSchema.reference) }, closed);

/** `copy`: what that colleague holds, for that branch only. */
const CopyOf = Type.Object(
  { accountId: Id("Colleague"), branchId: Id("Branch for which the rights are copied") },
  closed,
);

const NewGrant = Type.Object(
  {
    roleId: Type.Optional(Id("Role")),
    action: Type.Optional(
      Text("Instead of a role: one right as page.level, as an exception; needs validUntil and reason", {
        maxLength: 60,
      }),
    ),
    branchId: idOrNull("Branch, with all below it; null: the whole network"),
    supplierId: Type.Optional(Id("Supplier whose points it is for")),
    validFrom: Type.Optional(Instant("In force from; now when absent")),
    validUntil: Type.Optional(Instant("In force until")),
    reason: Type.Optional(Text("Why", { maxLength: 500 })),
  },
  closed,
);

export const NewPerson = Type.Object(
  {
    name: Text("Sign-in name: letters, digits, dot, hyphen, underscore, @", {
      minLength: 1,
      maxLength: 100,
      pattern: "^[\\p{L}\\p{N}._@-]+$",
    }),
    displayName: Text("Name for people", { minLength: 1, maxLength: 200 }),
    language: Language,
    grants: Type.Optional(Type.Array(NewGrant, { maxItems: 100 })),
    copy: Type.Optional(CopyOf),
  },
  closed,
);

export const Invited = Type.Object(
  {
    accountId: Id("Account"),
    invitation: Text("One-time token, shown only now: /invitation#token lets its holder choose a password"),
    expiresAt: Instant("It opens until"),
  },
  closed,
);

export const PersonChange = Type.Object(
  {
    displayName: Type.Optional(Text("Name for people", { minLength: 1, maxLength: 200 })),
    disabled: Type.Optional(Yes("May not sign in; true ends all sessions")),
  },
  closed,
);

export const GrantChange = Type.Object(
  {
    add: Type.Optional(Type.Array(NewGrant, { maxItems: 100 })),
    end: Type.Optional(Type.Array(Id("Grant to take away"), { maxItems: 500 })),
    copy: Type.Optional(CopyOf),
  },
  closed,
);

const conflicts = Type.Array(
  Type.Object({ kind: Text("asks-and-approves or grants-and-approves"), page: Text("Page") }, closed),
  { description: "Rights that one person should not hold together" },
);

export const Effect = Type.Object(
  {
    gains: Type.Array(Type.String(), { description: "Rights that come" }),
    loses: Type.Array(Type.String(), { description: "Rights that go" }),
    points: Type.Object(
      {
        before: Whole("Points seen now"),
        after: Whole("Points seen then"),
        gained: Whole("Points that come"),
        lost: Whole("Points that go"),
      },
      closed,
    ),
    conflicts,
  },
  closed,
);

export const PersonAnswer = Type.Object(
  {
    person: personSchema.reference,
    actions: Actions,
    conflicts,
    mayChange: Yes("Nothing of it reaches beyond the caller's part of the network"),
  },
  closed,
);

export const GrantList = Type.Object({ rows: Type.Array(grantSchema.reference) }, closed);
export const GrantIds = Type.Object(
  { grantIds: Type.Array(Id("Grant"), { minItems: 1, maxItems: 5_000 }) },
  closed,
);
export const GrantsDone = Type.Object(
  { grantIds: Type.Array(Type.Integer(), { description: "Those that were meant and within reach" }) },
  closed,
);
export const RoleParams = Type.Object({ roleId: Id("Role") }, closed);

export const RoleList = Type.Object(
  {
    pages: Type.Array(
      Type.Object(
        { page: Text("Page"), levels: Type.Array(Type.String()), reach: Text("branch or network") },
        closed,
      ),
      { description: "The catalogue: what can be granted" },
    ),
    roles: Type.Array(
      Type.Object(
        {
          roleId: Id("Role"),
          name: Text("Name"),
          ready: TextOrNull("Which ready-made role it is; null for another"),
          forSupplier: Yes("Grants of it name a supplier"),
          actions: Actions,
          holders: Whole("Accounts that hold it"),
        },
        closed,
      ),
    ),
    branches: Type.Array(Type.Object({ branchId: Id("Branch"), path: BranchPath }, closed), {
      description: "Branches for which the caller may give rights",
    }),
    wholeNetwork: Yes("The caller may give rights for the whole network"),
    suppliers: Type.Array(
      Type.Object({ supplierId: Id("Supplier"), code: Text("Market code"), name: Text("Name") }, closed),
    ),
  },
  closed,
);

const roleName = Text("Name", { minLength: 1, maxLength: 100 });
export const NewRole = Type.Object(
  { name: roleName, actions: Actions, forSupplier: Type.Optional(Yes("Grants of it name a supplier")) },
  closed,
);
export const RoleAdded = Type.Object({ roleId: Id("Role") }, closed);
export const RoleChange = Type.Object({ name: roleName, actions: Actions }, closed);
export const RoleEffect = Type.Object(
  {
    gains: Type.Array(Type.String(), { description: "Rights that come" }),
    loses: Type.Array(Type.String(), { description: "Rights that go" }),
    people: Whole("Accounts that hold the role now"),
  },
  closed,
);

export const AskQuery = Type.Object({ action: Text("Right as page.level", { maxLength: 60 }) }, closed);
export const Asked = Type.Object(
  { ask: Type.Array(Type.String(), { description: "People who can give rights" }) },
  closed,
);

const invitation = Text("The one-time token", { minLength: 1, maxLength: 200 });
export const InvitationTaken = Type.Object(
  {
    token: invitation,
    password: Text("At least as long as the policy asks", { minLength: 1, maxLength: 256 }),
  },
  closed,
);
export const InvitedPerson = Type.Object(
  { name: Text("Sign-in name"), displayName: Text("Name for people") },
  closed,
);
export const InvitationShown = Type.Object({ token: invitation }, closed);
export const SeeAs = Type.Object({ accountId: Id("Whom to look as") }, closed);
