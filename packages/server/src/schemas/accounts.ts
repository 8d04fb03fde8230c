import Type from "typebox";
import {
  BigId,
  BranchPath,
  closed,
  Id,
  Instant,
  InstantOrNull,
  named,
  OneOf,
  Text,
  TextOrNull,
  Whole,
  Yes,
} from "./basics.ts";

export const Language = OneOf(["ro", "en"], "Language of the interface");

const Name = Text("Sign-in name: letters, digits, dot, hyphen, underscore, @", {
  minLength: 1,
  maxLength: 100,
  pattern: "^[\\p{L}\\p{N}._@-]+$",
});

export const sessionSchema = named(
  "Session",
  Type.Object(
    {
      account: Type.Object(
        {
          accountId: Id("Account"),
          name: Text("Sign-in name"),
          displayName: Text("Name for people"),
          language: Language,
        },
        closed,
      ),
      csrfToken: Text("Goes into the header x-csrf-token of every call that changes something"),
      idleSeconds: Whole("The session ends after so many seconds without a call"),
      actions: Type.Array(Type.String(), {
        description: "What the person may do somewhere, each as page.level",
      }),
      branches: Type.Union([Type.Array(BranchPath), Type.Null()], {
        description: "Branches to which the grants reach, with all below them; null: the whole network",
      }),
      seenAs: TextOrNull("Name of the person as whom the session looks; then it changes nothing"),
    },
    closed,
  ),
);

export const SignIn = Type.Object(
  {
    name: Text("Sign-in name", { minLength: 1, maxLength: 100 }),
    password: Text("Password", { minLength: 1, maxLength: 256 }),
  },
  closed,
);

export const FirstAccount = Type.Object(
  {
    token: Text("One-time token printed at the first start, valid 30 minutes", {
      minLength: 1,
      maxLength: 200,
    }),
    name: Name,
    displayName: Text("Name for people", { minLength: 1, maxLength: 200 }),
    password: Text("12 to 256 characters, not on the list of common ones", { minLength: 1, maxLength: 256 }),
    language: Language,
  },
  closed,
);

export const AccountChange = Type.Object({ language: Language }, closed);

export const FirstRun = Type.Object(
  {
    accountNeeded: Yes("No account exists: a first one can be made with the one-time token"),
    zone: Text("Market zone, an IANA name such as Europe/Bucharest"),
    version: Text("Version of this server"),
    points: Type.Optional(Whole("Points of measure; only with a session")),
    devices: Type.Optional(Whole("Devices; only with a session")),
    readings: Type.Optional(Yes("At least one reading is stored; only with a session")),
    sampleNetwork: Type.Optional(
      OneOf(
        ["available", "starting", "running"],
        "The simulated network to try things with; only with a session",
      ),
    ),
  },
  closed,
);

const Ways = (description: string) =>
  Type.Array(
    OneOf(
      ["password", "directory", "provider", "provider-factor", "totp", "webauthn", "recovery"],
      "How a person has shown who they are",
    ),
    { description },
  );

/** What a browser makes or is given for WebAuthn; its fields are the standard's. */
const Credential = Type.Record(Type.String(), Type.Unknown(), {
  description: "As the browser gave it (WebAuthn, toJSON)",
});
export const KeyOptions = Type.Object(
  {
    options: Type.Record(Type.String(), Type.Unknown(), {
      description: "For the browser's WebAuthn call, as JSON (WebAuthn, parse…FromJSON)",
    }),
  },
  closed,
);

export const Proof = Type.Object(
  {
    stage: OneOf(
      ["factor", "enrol", "full"],
      "factor: a second factor is asked for; enrol: one must be set up first; full: signed in",
    ),
    displayName: Text("Name for people"),
    csrfToken: Text("For the calls of this step"),
    ways: Type.Array(
      OneOf(["password", "totp", "webauthn", "recovery", "provider"], "What shows now who the person is"),
      { description: "Any one of them is enough" },
    ),
  },
  closed,
);

export const ProofGiven = Type.Object(
  {
    password: Type.Optional(
      Text("Only where the account has no second factor", { minLength: 1, maxLength: 256 }),
    ),
    code: Type.Optional(
      Text("Six digits of the authenticator, or a recovery code", { minLength: 6, maxLength: 40 }),
    ),
    credential: Type.Optional(Credential),
  },
  { ...closed, minProperties: 1, maxProperties: 1 },
);

export const PasswordChange = Type.Object(
  {
    current: Text("Password of now", { minLength: 1, maxLength: 256 }),
    password: Text("The new one: as long as the policy asks, at most 256 characters", {
      minLength: 1,
      maxLength: 256,
    }),
  },
  closed,
);

const Label = (description: string) => Text(description, { minLength: 1, maxLength: 80 });

export const FactorList = Type.Object(
  {
    factors: Type.Array(
      Type.Object(
        {
          factorId: Id("Factor"),
          kind: OneOf(["totp", "webauthn"], "Authenticator with codes, or security key"),
          label: Text("How its owner calls it"),
          createdAt: Instant("Since when it is there"),
          lastUsedAt: InstantOrNull("When it was last used"),
        },
        closed,
      ),
    ),
    recoveryCodesLeft: Whole("Recovery codes that were not used yet"),
    password: Yes("The account's password is kept here, so it can be changed here"),
  },
  closed,
);
export const FactorParams = Type.Object({ factorId: Id("Factor") }, closed);
export const FactorLabel = Type.Object({ label: Label("How you call it: Ana's telephone") }, closed);
export const TotpBegun = Type.Object(
  {
    secret: Text("For typing it in, base32"),
    address: Text("otpauth://… for the picture that the authenticator scans"),
  },
  closed,
);
export const TotpCode = Type.Object(
  { code: Text("Six digits", { pattern: "^\\d{6}$", maxLength: 6 }) },
  closed,
);
export const NewKey = Type.Object(
  { label: Label("How you call it: blue key"), credential: Credential },
  closed,
);
const recoveryCodes = Type.Array(Type.String(), {
  description: "Recovery codes, shown this once; empty when there are some already",
});
export const FactorAdded = Type.Object(
  { recoveryCodes, signedIn: Yes("False when the sign-in still asks for something: see the next step") },
  closed,
);
export const RecoveryCodes = Type.Object({ recoveryCodes }, closed);

export const SessionParams = Type.Object({ sessionId: BigId("Session") }, closed);
export const AccountParams = Type.Object({ accountId: Id("Account") }, closed);
export const SessionList = Type.Object(
  {
    rows: Type.Array(
      Type.Object(
        {
          sessionId: BigId("Session"),
          createdAt: Instant("Signed in"),
          lastSeenAt: Instant("Last call"),
          expiresAt: Instant("Ends at the latest"),
          address: TextOrNull("Address that it was opened from"),
          agent: TextOrNull("How the browser calls itself"),
          ways: Ways("How the person has shown who they are"),
          current: Yes("The session that asks"),
        },
        closed,
      ),
    ),
  },
  closed,
);
export const Revoked = Type.Object({ revoked: Whole("Sessions that were ended") }, closed);

const tokenRow = Type.Object(
  {
    tokenId: Id("Token"),
    label: Text("What it is for"),
    actions: Type.Array(Type.String(), { description: "What it may do at most" }),
    addresses: Type.Array(Type.String(), { description: "Networks that it may be used from; none: any" }),
    createdAt: Instant("Made"),
    expiresAt: Instant("Ends"),
    lastUsedAt: InstantOrNull("Last used, to the minute"),
    lastAddress: TextOrNull("Address that it was last used from"),
  },
  closed,
);
export const TokenList = Type.Object(
  {
    rows: Type.Array(tokenRow),
    actions: Type.Array(Type.String(), { description: "What a new token can be made for" }),
  },
  closed,
);
export const NewToken = Type.Object(
  {
    label: Label("What it is for"),
    actions: Type.Array(Type.String({ maxLength: 60 }), {
      minItems: 1,
      maxItems: 100,
      uniqueItems: true,
      description: "What it may do, a part of what its owner may",
    }),
    addresses: Type.Array(Type.String({ maxLength: 50 }), {
      maxItems: 20,
      description: "Addresses or networks that it may be used from; none: any",
    }),
    days: Whole("How long it lasts", { minimum: 1, maximum: 365 }),
  },
  closed,
);
export const TokenMade = Type.Object(
  { token: Text("The token, shown this once: goes into the header Authorization: Bearer …"), row: tokenRow },
  closed,
);
export const TokenParams = Type.Object({ tokenId: Id("Token") }, closed);

const roleList = (description: string) =>
  Type.Array(Type.String({ maxLength: 60 }), { maxItems: 50, description });
export const Policy = Type.Object(
  {
    passwordLengthMin: Whole("Characters of a password at least", { minimum: 12, maximum: 64 }),
    blockedWords: Type.Array(Type.String({ minLength: 4, maxLength: 60 }), {
      maxItems: 1_000,
      description: "Words that no password may hold, beside the built-in list",
    }),
    unusedDaysMax: Type.Union([Type.Integer({ minimum: 7, maximum: 3_650 }), Type.Null()], {
      description: "An account that nobody used for so many days is refused; null: never",
    }),
    sessionIdleMinutes: Whole("A session ends after so long without a call", { minimum: 5, maximum: 480 }),
    sessionHours: Whole("A session ends after so long whatever happens", { minimum: 1, maximum: 24 }),
    backOffSecondsMax: Whole("How long the wait between two guesses may grow", {
      minimum: 30,
      maximum: 3_600,
    }),
    factorFor: OneOf(["nobody", "roles", "everybody"], "Who needs a second factor"),
    factorRoles: roleList("Roles that need one, when it is by role"),
    keyRoles: roleList("Roles that need a security key"),
  },
  closed,
);

export const BreakGlassParams = Type.Object({ number: Whole("1 or 2", { minimum: 1, maximum: 2 }) }, closed);
export const BreakGlassList = Type.Object(
  {
    rows: Type.Array(
      Type.Object(
        {
          accountId: Id("Account"),
          name: Text("Sign-in name"),
          disabled: Yes("Cannot sign in"),
          lastSignedInAt: InstantOrNull("Last used"),
          passwordChangedAt: Instant("When its password was made"),
        },
        closed,
      ),
    ),
  },
  closed,
);
export const BreakGlassMade = Type.Object(
  { name: Text("Sign-in name"), password: Text("Shown this once: print it, seal it, lock it away") },
  closed,
);
