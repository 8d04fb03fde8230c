import {
  AndFilter,
  BusyError,
  type Client,
  type Entry,
  EqualityFilter,
  ExtensibleFilter,
  FilterParser,
  OrFilter,
  ResultCodeError,
  SizeLimitExceededError,
  UnavailableError,
} from "ldapts";
import { DirectoryError } from "./connection.ts";
import type { DirectorySettings } from "./settings.ts";

export interface DirectoryPerson {
  /** Never changes: the entry's id attribute. */
  readonly subject: string;
  readonly dn: string;
  readonly name: string;
  readonly displayName: string;
  /** DNs, also of the groups that groups are in. */
  readonly groups: readonly string[];
}

/** Active Directory follows groups within groups by itself with this rule (LDAP_MATCHING_RULE_IN_CHAIN). */
const inChain = "1.2.840.113556.1.4.1941";
const groupDepthMax = 10;
const groupsMax = 1_000;
const groupsAtOnce = 50;

/** The one person of that sign-in name; not when there is none, or more than one. */
export function findByName(
  client: Client,
  settings: DirectorySettings,
  name: string,
): Promise<DirectoryPerson | undefined> {
  const filters = settings.nameAttributes.map((attribute) => new EqualityFilter({ attribute, value: name }));
  return findPerson(client, settings, new OrFilter({ filters }));
}

/** The person of that subject, when the directory still lets them in. */
export function findBySubject(
  client: Client,
  settings: DirectorySettings,
  subject: string,
): Promise<DirectoryPerson | undefined> {
  const { idAttribute } = settings;
  const value = isGuid(idAttribute) ? guidBytes(subject) : subject;
  return findPerson(client, settings, new EqualityFilter({ attribute: idAttribute, value }));
}

async function findPerson(
  client: Client,
  settings: DirectorySettings,
  who: OrFilter | EqualityFilter,
): Promise<DirectoryPerson | undefined> {
  const { idAttribute, nameAttributes, displayNameAttribute } = settings;
  const entries = await client
    .search(settings.base, {
      scope: "sub",
      filter: new AndFilter({ filters: [FilterParser.parseString(settings.peopleFilter), who] }),
      sizeLimit: 2,
      attributes: [idAttribute, ...nameAttributes, displayNameAttribute, "memberOf"],
      explicitBufferAttributes: [idAttribute],
    })
    .then(({ searchEntries }) => searchEntries)
    .catch((error) => {
      if (error instanceof SizeLimitExceededError) return [];
      throw error;
    });
  const entry = entries[0];
  if (entries.length !== 1 || !entry) return undefined;
  const id = first(entry, idAttribute);
  const name = text(first(entry, nameAttributes[0]!));
  if (id === undefined || name === undefined) {
    throw new DirectoryError("directory.failed", `an entry has no ${idAttribute} or no ${nameAttributes[0]}`);
  }
  return {
    subject: isGuid(idAttribute) ? guidText(Buffer.from(id as Uint8Array)) : text(id)!,
    dn: entry.dn,
    name,
    displayName: text(first(entry, displayNameAttribute)) ?? name,
    groups: await findGroups(client, settings, entry),
  };
}

/** Whether the directory takes the password. An empty one never reaches it: many directories answer success to it. */
export async function takesPassword(client: Client, dn: string, password: string): Promise<boolean> {
  if (password === "" || dn === "") return false;
  try {
    await client.bind(dn, password);
    return true;
  } catch (error) {
    // Locked, expired, without a password: each server says it in its own way. Whatever it is, the person is not let in.
    if (
      error instanceof ResultCodeError &&
      !(error instanceof BusyError || error instanceof UnavailableError)
    )
      return false;
    throw error;
  }
}

async function findGroups(client: Client, settings: DirectorySettings, entry: Entry): Promise<string[]> {
  const { groups, memberAttribute } = settings;
  switch (groups) {
    case "none":
      return [];
    case "member-of":
      return all(entry, "memberOf").slice(0, groupsMax);
    case "matching-rule":
      return groupsOf(
        client,
        settings,
        new ExtensibleFilter({ matchType: memberAttribute, rule: inChain, value: entry.dn }),
      );
    case "walk":
      return walkGroups(client, settings, entry.dn);
  }
}

/** Level by level, each group once, so that a circle ends. */
async function walkGroups(client: Client, settings: DirectorySettings, dn: string): Promise<string[]> {
  const found = new Map<string, string>();
  let level = [dn];
  for (let depth = 0; depth < groupDepthMax && level.length > 0 && found.size < groupsMax; depth++) {
    const next: string[] = [];
    for (let start = 0; start < level.length; start += groupsAtOnce) {
      const filters = level
        .slice(start, start + groupsAtOnce)
        .map((value) => new EqualityFilter({ attribute: settings.memberAttribute, value }));
      for (const group of await groupsOf(client, settings, new OrFilter({ filters }))) {
        if (found.has(group.toLowerCase())) continue;
        found.set(group.toLowerCase(), group);
        next.push(group);
      }
    }
    level = next;
  }
  return [...found.values()];
}

async function groupsOf(
  client: Client,
  settings: DirectorySettings,
  filter: OrFilter | ExtensibleFilter,
): Promise<string[]> {
  const { searchEntries } = await client.search(settings.groupBase || settings.base, {
    scope: "sub",
    filter,
    sizeLimit: groupsMax,
    attributes: ["cn"],
  });
  return searchEntries.map(({ dn }) => dn);
}

const first = (entry: Entry, attribute: string): string | Buffer | undefined => valuesOf(entry, attribute)[0];
const all = (entry: Entry, attribute: string): string[] =>
  valuesOf(entry, attribute).flatMap((value) => text(value) ?? []);
const text = (value: string | Buffer | undefined): string | undefined => value?.toString("utf8");

/** Servers answer with their own spelling of an attribute's name. */
function valuesOf(entry: Entry, attribute: string): readonly (string | Buffer)[] {
  const name = Object.keys(entry).find((key) => key.toLowerCase() === attribute.toLowerCase());
  const value = name === undefined ? undefined : entry[name];
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

const isGuid = (attribute: string) => attribute.toLowerCase() === "objectguid";

/** Active Directory's 16 bytes as it writes them: the first three groups have their bytes in reverse. */
export function guidText(bytes: Buffer): string {
  if (bytes.length !== 16) throw new DirectoryError("directory.failed", "objectGUID is not of 16 bytes");
  const hex = swapped(bytes).toString("hex");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
export const guidBytes = (guid: string): Buffer => swapped(Buffer.from(guid.replaceAll("-", ""), "hex"));

const swapped = (bytes: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from(bytes.subarray(0, 4)).reverse(),
    Buffer.from(bytes.subarray(4, 6)).reverse(),
    Buffer.from(bytes.subarray(6, 8)).reverse(),
    bytes.subarray(8),
  ]);
