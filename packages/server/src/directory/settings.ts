import { FilterParser } from "ldapts";
import Type, { type Static } from "typebox";
import { closed, OneOf, Text, Whole, Yes } from "../schemas/basics.ts";

const Attribute = (description: string) =>
  Text(description, { pattern: "^[A-Za-z][A-Za-z0-9-]*$", minLength: 1, maxLength: 60 });
const Dn = (description: string, options: object = {}) => Text(description, { maxLength: 500, ...options });

/** How a directory (LDAP, Active Directory) is asked. */
export const DirectorySettings = Type.Object(
  {
    servers: Type.Array(
      Text("ldaps://host:636, or ldap://host:389, which is switched to TLS before anything is sent", {
        pattern: "^ldaps?://(\\[[0-9a-fA-F:.]+\\]|[A-Za-z0-9.-]+)(:\\d{1,5})?$",
        maxLength: 300,
      }),
      { minItems: 1, maxItems: 5, description: "Asked in this order: the next when one does not answer" },
    ),
    ca: Text("Certificates (PEM) of the authorities that vouch for the servers; empty: the well-known ones", {
      maxLength: 100_000,
    }),
    bindDn: Dn("Service account that looks people up; its password is the secret", { minLength: 1 }),
    base: Dn("Where people are looked for, with everything below", { minLength: 1 }),
    peopleFilter: Text("LDAP filter of those who may come in", { minLength: 3, maxLength: 1_000 }),
    nameAttributes: Type.Array(Attribute("Attribute"), {
      minItems: 1,
      maxItems: 3,
      description: "Attributes that hold what people type as their name; the first is the account's name",
    }),
    idAttribute: Attribute("Attribute that never changes: objectGUID, entryUUID"),
    displayNameAttribute: Attribute("Attribute with the name for people"),
    groups: OneOf(
      ["none", "member-of", "matching-rule", "walk"],
      "How groups are found: not; the attribute memberOf (direct ones); the nested ones by Active Directory's matching rule; the nested ones level by level",
    ),
    groupBase: Dn("Where groups are looked for; empty: where people are"),
    memberAttribute: Attribute("Attribute of a group that names its members: member"),
    membersOnly: Yes("Lets in only members of a group that has a role here"),
  },
  closed,
);
export type DirectorySettings = Static<typeof DirectorySettings>;

export const ServerState = Type.Object(
  {
    server: Text("Address"),
    quietSeconds: Whole("It is not asked for so long: it did not answer; 0 when it is"),
  },
  closed,
);

/** What is wrong with settings that the schema lets through, by field. */
export function wrongSettings(settings: DirectorySettings): Record<string, string> {
  const wrong: Record<string, string> = {};
  try {
    FilterParser.parseString(settings.peopleFilter);
  } catch {
    wrong["/directory/peopleFilter"] = "Is not an LDAP filter";
  }
  if (
    settings.ca !== "" &&
    !/-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----/.test(settings.ca)
  ) {
    wrong["/directory/ca"] = "Holds no certificate in PEM";
  }
  return wrong;
}
