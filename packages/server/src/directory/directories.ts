import {
  type Database,
  type IdentitySource,
  type KeyRing,
  listIdentitySources,
  type MayConnect,
  type NetworkRules,
  type SecretPlace,
} from "@energsys/store";
import type { Client } from "ldapts";
import type { Logger } from "pino";
import { DirectoryError, withDirectory } from "./connection.ts";
import { type DirectoryPerson, findByName, findBySubject, takesPassword } from "./people.ts";
import type { DirectorySettings } from "./settings.ts";

/** A server that did not answer is not asked again for so long, so that not every sign-in waits for it. */
const quietMs = 60_000;

export type Directory = IdentitySource & { readonly settings: DirectorySettings };

export const secretPlace = (sourceId: number): SecretPlace => ({
  table: "identity_source",
  row: sourceId,
  kind: "integration-password",
});

/** The directories of an installation, and which of their servers do not answer. */
export class Directories {
  readonly #db: Database;
  readonly #keyRing: KeyRing | undefined;
  readonly #now: () => number;
  readonly #logger: Logger;
  readonly #withinMs: number;
  readonly #networks: NetworkRules;
  /** When a server is asked again, by its address. */
  readonly #quietUntil = new Map<string, number>();

  constructor(
    db: Database,
    options: {
      readonly keyRing: KeyRing | undefined;
      readonly now: () => number;
      readonly logger: Logger;
      /** A sign-in waits no longer than this for all servers together. */
      readonly withinMs: number;
      readonly networks: NetworkRules;
    },
  ) {
    this.#db = db;
    this.#keyRing = options.keyRing;
    this.#now = options.now;
    this.#logger = options.logger;
    this.#withinMs = options.withinMs;
    this.#networks = options.networks;
  }

  async list(): Promise<Directory[]> {
    const sources = await listIdentitySources(this.#db);
    return sources.filter((source): source is Directory => source.kind === "ldap" && source.enabled);
  }

  /** Which addresses may be called. */
  mayConnect(): Promise<MayConnect> {
    return this.#networks.for("directories");
  }

  /** For how long a server is not asked, because it did not answer; 0 when it is. */
  quietMs(server: string): number {
    return Math.max(0, (this.#quietUntil.get(server) ?? 0) - this.#now());
  }

  /** Asked again at once: somebody has changed the settings, or a test went well. */
  wake(servers: readonly string[]): void {
    for (const server of servers) this.#quietUntil.delete(server);
  }

  /** True when a directory has no server that answers: then nobody can be told that their password is wrong. */
  async isAway(): Promise<boolean> {
    const directories = await this.list();
    return directories.some(({ settings }) => settings.servers.every((server) => this.quietMs(server) > 0));
  }

  /** The person who opens with that name and password, in the first directory that knows the name. Away is as unknown. */
  async signIn(
    name: string,
    password: string,
  ): Promise<{ readonly directory: Directory; readonly person: DirectoryPerson } | undefined> {
    if (password === "") return undefined;
    const endsAtMs = performance.now() + this.#withinMs;
    for (const directory of await this.list()) {
      const outcome = await this.ask(directory, endsAtMs - performance.now(), async (client) => {
        const person = await findByName(client, directory.settings, name);
        return person && { person, taken: await takesPassword(client, person.dn, password) };
      }).catch((error) => {
        if (error instanceof DirectoryError) return undefined;
        throw error;
      });
      if (outcome) return outcome.taken ? { directory, person: outcome.person } : undefined;
    }
    return undefined;
  }

  /** Whether the person of that subject opens with the password, for those who are in already. */
  async takesPasswordOf(sourceId: number, subject: string, password: string): Promise<boolean> {
    const directory = (await this.list()).find((each) => each.sourceId === sourceId);
    if (!directory || password === "") return false;
    return this.ask(directory, this.#withinMs, async (client) => {
      const person = await findBySubject(client, directory.settings, subject);
      return person !== undefined && takesPassword(client, person.dn, password);
    }).catch((error) => {
      if (error instanceof DirectoryError) return false;
      throw error;
    });
  }

  /**
   * Does `work` with the first server of a directory that answers. Each gets its share of the time, so that a hung one leaves
   * some to the next. @throws DirectoryError when none does
   */
  async ask<Result>(
    directory: Directory,
    withinMs: number,
    work: (client: Client) => Promise<Result>,
  ): Promise<Result> {
    const { settings, sourceId } = directory;
    const endsAtMs = performance.now() + withinMs;
    const servers = settings.servers.filter((server) => this.quietMs(server) === 0);
    let last = new DirectoryError("directory.unreachable", "no server of this directory answers");
    for (const [index, server] of servers.entries()) {
      const shareMs = (endsAtMs - performance.now()) / (servers.length - index);
      if (shareMs < 10) break;
      try {
        const secret = await this.secretOf(directory);
        const mayConnect = await this.mayConnect();
        return await withDirectory({ server, settings, secret, withinMs: shareMs, mayConnect }, work);
      } catch (error) {
        if (!(error instanceof DirectoryError)) throw error;
        last = error;
        this.#logger.warn({ sourceId, server, code: error.code, detail: error.message }, "a directory fails");
        // A search that fails says nothing of the server: the next one may go well.
        if (error.code !== "directory.failed") this.#quietUntil.set(server, this.#now() + quietMs);
      }
    }
    throw last;
  }

  /** @throws DirectoryError `directory.secret` when none is stored, or the master key does not open it */
  async secretOf({
    sourceId,
    sealedSecret,
  }: Pick<IdentitySource, "sourceId" | "sealedSecret">): Promise<string> {
    if (!this.#keyRing || !sealedSecret) {
      throw new DirectoryError("directory.secret", "the password of the service account is missing");
    }
    try {
      return (await this.#keyRing.openField(secretPlace(sourceId), sealedSecret)).reveal();
    } catch (cause) {
      throw new DirectoryError("directory.secret", "the master key does not open the password", cause);
    }
  }
}
