import Type from "typebox";
import { DirectorySettings, ServerState } from "../directory/settings.ts";
import { ProviderSettings } from "../provider/settings.ts";
import { closed, Id, Instant, named, OneOf, Text, TextOrNull, Yes } from "./basics.ts";

const Grants = Type.Array(
  Type.Object(
    {
      group: Text("DN of the group, or a value of the groups claim", { minLength: 1, maxLength: 500 }),
      role: Text("Name of the role, or the key of a ready-made one", { minLength: 1, maxLength: 100 }),
      branchId: Type.Union([Id("Branch"), Type.Null()], { description: "From here down; null: everywhere" }),
    },
    closed,
  ),
  { maxItems: 500, description: "Roles that members of a group hold as long as they are members" },
);

const Label = Text("How it is called on the sign-in page", { minLength: 1, maxLength: 80 });
const common = {
  label: Label,
  enabled: Yes("People can sign in by it"),
  grants: Grants,
  directory: Type.Optional(DirectorySettings),
  provider: Type.Optional(ProviderSettings),
};

export const sourceSchema = named(
  "IdentitySource",
  Type.Object(
    {
      sourceId: Id("Source"),
      kind: OneOf(["ldap", "oidc"], "Directory or OpenID provider"),
      ...common,
      secretThere: Yes("A password or client secret is stored; it is never shown"),
      servers: Type.Array(ServerState, { description: "Of a directory" }),
      changedAt: Instant("Last change"),
    },
    closed,
  ),
);

export const SourceParams = Type.Object({ sourceId: Id("Source") }, closed);
export const SourceList = Type.Object({ rows: Type.Array(sourceSchema.reference) }, closed);
export const SourceGiven = Type.Object(
  {
    ...common,
    secret: Type.Optional(
      Text("Password of the service account, or the client's secret; left out: as it was", {
        minLength: 1,
        maxLength: 500,
      }),
    ),
  },
  closed,
);

export const TrialGiven = Type.Object(
  {
    sourceId: Type.Optional(Id("Source whose stored secret is used")),
    secret: Type.Optional(Text("Another secret", { minLength: 1, maxLength: 500 })),
    directory: DirectorySettings,
    person: Type.Optional(
      Type.Object(
        {
          name: Text("Somebody to look up", { minLength: 1, maxLength: 100 }),
          password: Text("Tried too when it is not empty", { maxLength: 256 }),
        },
        closed,
      ),
    ),
  },
  closed,
);
export const TrialOutcome = Type.Object(
  {
    steps: Type.Array(
      Type.Object(
        {
          server: Text("Address"),
          step: OneOf(
            ["connect", "tls", "service-account", "search", "groups", "password"],
            "What was tried, in this order",
          ),
          code: TextOrNull("Code of docs/errors.md; null when it went well"),
          detail: TextOrNull("What was found, or what the server or the library says"),
        },
        closed,
      ),
    ),
  },
  closed,
);

export const SignInWays = Type.Object(
  {
    directory: Yes("Names of a directory open too"),
    directoryAway: Yes("A directory does not answer: its people cannot sign in now"),
    providers: Type.Array(Type.Object({ sourceId: Id("Source"), label: Text("How it is called") }, closed)),
  },
  closed,
);

export const ProviderBegun = Type.Object(
  { location: Text("Address at the provider that the browser goes to") },
  closed,
);
const Brought = (description: string) => Text(description, { maxLength: 4_000 });
export const ProviderAnswer = Type.Object(
  {
    code: Type.Optional(Brought("As the provider sent it")),
    state: Type.Optional(Brought("As the provider sent it")),
    iss: Type.Optional(Brought("As the provider sent it")),
    session_state: Type.Optional(Brought("As the provider sent it")),
    error: Type.Optional(Brought("As the provider sent it")),
    error_description: Type.Optional(Brought("As the provider sent it")),
  },
  closed,
);
