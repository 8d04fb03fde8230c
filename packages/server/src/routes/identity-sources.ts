import {
  addIdentitySource,
  changeIdentitySource,
  findIdentitySource,
  type IdentitySource,
  listIdentitySources,
  readSourceGrants,
  removeIdentitySource,
  replaceSourceGrants,
} from "@energsys/store";
import type { Answer, Body } from "../contract.ts";
import { DirectoryError } from "../directory/connection.ts";
import { secretPlace } from "../directory/directories.ts";
import { type DirectorySettings, wrongSettings } from "../directory/settings.ts";
import { trialSecret, tryDirectory } from "../directory/trial.ts";
import type { Handlers } from "../handlers.ts";
import { iso } from "../instants.ts";
import { Problem } from "../problem.ts";
import type { ProviderSettings } from "../provider/settings.ts";
import type { Services } from "../services.ts";
import { demandAllowed } from "./networks.ts";

/** Directories and OpenID providers, and what their groups may do here. */
export const identitySourceHandlers: Handlers<
  "listSources" | "createSource" | "changeSource" | "deleteSource" | "trySource"
> = {
  async listSources({ services }) {
    const sources = await listIdentitySources(services.db);
    return { rows: await Promise.all(sources.map((source) => sourceAnswer(services, source))) };
  },

  async createSource({ body, services }) {
    const { kind, settings } = settingsOf(body);
    await demandReachable(body, services);
    demandKey(body, services);
    const { label, enabled } = body;
    const nowMs = services.now();
    const sourceId = await addIdentitySource(services.db, { kind, label, enabled, settings, nowMs });
    if (sourceId === undefined) throw new Problem("source.label-taken");
    return storeSource(services, sourceId, body);
  },

  async changeSource({ params, body, services }) {
    const { sourceId } = params;
    const source = await findIdentitySource(services.db, sourceId);
    if (!source) throw new Problem("source.not-found");
    if (settingsOf(body).kind !== source.kind)
      throw new Problem("input.invalid", { fields: { "/": "Another kind" } });
    await demandReachable(body, services);
    demandKey(body, services);
    return storeSource(services, sourceId, body);
  },

  async deleteSource({ params, services: { db } }) {
    if (!(await findIdentitySource(db, params.sourceId))) throw new Problem("source.not-found");
    if (!(await removeIdentitySource(db, params.sourceId))) throw new Problem("source.in-use");
    return undefined;
  },

  async trySource({ body, services }) {
    const { db, directories } = services;
    const { sourceId, secret, directory, person } = body;
    demandRight(wrongSettings(directory));
    await demandReachable({ directory }, services);
    const stored = sourceId === undefined ? undefined : await findIdentitySource(db, sourceId);
    // The stored password goes only to servers that it was stored for: others could be set up to hear it.
    const known = (stored?.settings as DirectorySettings | undefined)?.servers ?? [];
    const strange = directory.servers.filter((server) => !known.includes(server));
    if (secret === undefined && strange.length > 0) throw new Problem("source.secret-needed");
    try {
      const password = await trialSecret(directories, secret, stored);
      return { steps: await tryDirectory(directories, directory, password, person) };
    } catch (error) {
      if (error instanceof DirectoryError && error.code === "directory.secret")
        throw new Problem("source.secret-needed", {}, error);
      throw error;
    }
  },
};

type Given = Body<"createSource">;

/** A source is a directory or a provider; what the schema lets through is looked at here. */
function settingsOf({ directory, provider }: Given) {
  if ((directory === undefined) === (provider === undefined)) {
    throw new Problem("input.invalid", { fields: { "/": "Either a directory or a provider" } });
  }
  if (directory) {
    demandRight(wrongSettings(directory));
    return { kind: "ldap" as const, settings: directory };
  }
  return { kind: "oidc" as const, settings: provider };
}

/** @throws Problem `address.not-allowed` for an address outside of what is allowed; names are looked at when they are called */
async function demandReachable(
  { directory, provider }: Pick<Given, "directory" | "provider">,
  services: Services,
): Promise<void> {
  for (const server of directory?.servers ?? []) {
    const { hostname, port, protocol } = new URL(server);
    const usual = protocol === "ldaps:" ? 636 : 389;
    await demandAllowed(services, "directories", { host: hostname, port: Number(port || usual) });
  }
  for (const address of provider ? [provider.issuer, ...provider.otherOrigins] : []) {
    const { hostname, port, protocol } = new URL(address);
    const usual = protocol === "https:" ? 443 : 80;
    await demandAllowed(services, "providers", { host: hostname, port: Number(port || usual) });
  }
}

function demandRight(wrong: Record<string, string>): void {
  if (Object.keys(wrong).length > 0) throw new Problem("input.invalid", { fields: wrong });
}

function demandKey({ secret }: Given, { keyRing }: Services): void {
  if (secret !== undefined && !keyRing) throw new Problem("source.no-key");
}

async function storeSource(
  services: Services,
  sourceId: number,
  given: Given,
): Promise<Answer<"changeSource">> {
  const { db, directories, keyRing, now } = services;
  const { label, enabled, secret, grants } = given;
  const { settings } = settingsOf(given);
  const source = await findIdentitySource(db, sourceId);
  // A secret that was stored for one server must not be sent to another that was put in its place.
  if (secret === undefined && source?.sealedSecret && movesAway(source, given)) {
    throw new Problem("source.secret-needed");
  }
  const others = await listIdentitySources(db);
  if (others.some((other) => other.label === label && other.sourceId !== sourceId)) {
    throw new Problem("source.label-taken");
  }
  const sealedSecret =
    secret === undefined ? undefined : await keyRing?.sealField(secretPlace(sourceId), secret);
  await changeIdentitySource(db, { sourceId, label, enabled, settings, sealedSecret, nowMs: now() });
  await replaceSourceGrants(db, { sourceId, grants });
  directories.wake(given.directory?.servers ?? []);
  return sourceAnswer(services, (await findIdentitySource(db, sourceId))!);
}

function movesAway({ settings }: IdentitySource, { directory, provider }: Given): boolean {
  if (directory) {
    const { servers } = settings as DirectorySettings;
    return directory.servers.some((server) => !servers.includes(server));
  }
  return (settings as ProviderSettings).issuer !== provider?.issuer;
}

async function sourceAnswer(services: Services, source: IdentitySource): Promise<Answer<"changeSource">> {
  const { db, directories } = services;
  const { sourceId, kind, label, enabled, sealedSecret, changedAt } = source;
  const directory = kind === "ldap" ? (source.settings as DirectorySettings) : undefined;
  return {
    sourceId,
    kind,
    label,
    enabled,
    grants: await readSourceGrants(db, sourceId),
    ...(directory ? { directory } : { provider: source.settings as ProviderSettings }),
    secretThere: sealedSecret !== null,
    servers: (directory?.servers ?? []).map((server) => ({
      server,
      quietSeconds: Math.ceil(directories.quietMs(server) / 1_000),
    })),
    changedAt: iso(changedAt),
  };
}
