import type { MessageKey } from "../text/catalogue.ts";

/** A field of the settings of a directory or provider. `list`: words with commas or line ends between them. */
export interface Field {
  readonly name: string;
  readonly kind: "text" | "long" | "list" | "yes" | "groups";
  readonly label: MessageKey;
}

export const directoryFields: readonly Field[] = [
  { name: "servers", kind: "list", label: "source.servers" },
  { name: "ca", kind: "long", label: "source.ca" },
  { name: "bindDn", kind: "text", label: "source.bind-dn" },
  { name: "base", kind: "text", label: "source.base" },
  { name: "peopleFilter", kind: "text", label: "source.filter" },
  { name: "nameAttributes", kind: "list", label: "source.name-attributes" },
  { name: "idAttribute", kind: "text", label: "source.id-attribute" },
  { name: "displayNameAttribute", kind: "text", label: "source.display-attribute" },
  { name: "groups", kind: "groups", label: "source.groups" },
  { name: "groupBase", kind: "text", label: "source.group-base" },
  { name: "memberAttribute", kind: "text", label: "source.member-attribute" },
  { name: "membersOnly", kind: "yes", label: "source.members-only" },
];

export const providerFields: readonly Field[] = [
  { name: "issuer", kind: "text", label: "source.issuer" },
  { name: "otherOrigins", kind: "list", label: "source.origins" },
  { name: "clientId", kind: "text", label: "source.client" },
  { name: "redirectUri", kind: "text", label: "source.redirect" },
  { name: "scopes", kind: "list", label: "source.scopes" },
  { name: "nameClaim", kind: "text", label: "source.name-claim" },
  { name: "displayNameClaim", kind: "text", label: "source.display-claim" },
  { name: "groupsClaim", kind: "text", label: "source.groups-claim" },
  { name: "acrValues", kind: "list", label: "source.acr" },
  { name: "factorMethods", kind: "list", label: "source.amr" },
  { name: "membersOnly", kind: "yes", label: "source.members-only" },
];

export type Settings = Readonly<Record<string, string | boolean | readonly string[]>>;

const common = { ca: "", bindDn: "", base: "", groupBase: "", memberAttribute: "member", membersOnly: true };

/** What a new source begins with; each is for one kind of server. */
export const templates = {
  "active-directory": {
    ...common,
    servers: [],
    peopleFilter: "(&(objectClass=user)(!(userAccountControl:1.2.840.113556.1.4.803:=2)))",
    nameAttributes: ["sAMAccountName", "userPrincipalName"],
    idAttribute: "objectGUID",
    displayNameAttribute: "displayName",
    groups: "matching-rule",
  },
  openldap: {
    ...common,
    servers: [],
    peopleFilter: "(objectClass=inetOrgPerson)",
    nameAttributes: ["uid"],
    idAttribute: "entryUUID",
    displayNameAttribute: "cn",
    groups: "walk",
  },
  oidc: {
    issuer: "",
    otherOrigins: [],
    clientId: "",
    redirectUri: "",
    scopes: ["profile"],
    nameClaim: "preferred_username",
    displayNameClaim: "name",
    groupsClaim: "groups",
    membersOnly: true,
    acrValues: [],
    factorMethods: ["otp", "hwk", "mfa"],
  },
} as const satisfies Record<string, Settings>;

export const wordsOf = (text: string): string[] => text.split(/[\s,]+/).filter((word) => word !== "");

/** `group = role`, one a line: the group's DN holds equal signs itself, so the last one counts. */
export function grantsOf(text: string): { group: string; role: string; branchId: null }[] {
  return text.split("\n").flatMap((line) => {
    const at = line.lastIndexOf("=");
    const group = line.slice(0, at).trim();
    const role = line.slice(at + 1).trim();
    return at > 0 && group !== "" && role !== "" ? [{ group, role, branchId: null }] : [];
  });
}
