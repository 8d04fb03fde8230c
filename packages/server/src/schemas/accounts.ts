import Type from "typebox";
import { BranchPath, closed, Id, named, OneOf, Text, Whole, Yes } from "./basics.ts";

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
