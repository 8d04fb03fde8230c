import { isAbsolute } from "node:path";
import { realClock } from "@energsys/drivers";
import {
  adoptFirstSecrets,
  type Database,
  followPool,
  type KeyProvider,
  KeyRing,
  NetworkRules,
  openDatabase,
  placeOf,
  poolsOfPrograms,
  probeWriting,
} from "@energsys/store";
import pino, { type Logger } from "pino";
import { HeadendError } from "./errors.ts";
import { Headend, type HeadendOptions } from "./headend.ts";

export interface StartHeadendOptions extends Partial<Omit<HeadendOptions, "db" | "keyRing">> {
  /** The database, or its URL: one that was opened here is closed by `stop`. */
  readonly database: Database | string;
  /** Holds the master key; without it devices with keys are not read. */
  readonly keyProvider?: KeyProvider;
  /** Holds devices to the networks that are set; these are ports of ours on this machine, where none is dialled. */
  readonly ownPorts?: readonly number[];
}

export interface RunningHeadend {
  /** Address that devices may call, `host:port`; `undefined` when nobody can. */
  readonly listen: string | undefined;
  /** The same for those that show certificates. */
  readonly listenTls: string | undefined;
  readonly headend: Headend;
  /** What keeps it from its work, in words; nothing when it is ready. */
  notReady(): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/**
 * Starts a head-end in this process.
 * @throws HeadendError `headend.port-used`, `headend.port-denied`, `headend.tls-without-keys`; StoreError `secret.*` when the master key is not the right one
 */
export async function startHeadend(options: StartHeadendOptions): Promise<RunningHeadend> {
  const { database, keyProvider, ownPorts, ...rest } = options;
  const log: Logger = rest.log ?? pino({ level: "silent" });
  const own =
    typeof database === "string"
      ? openDatabase({
          url: database,
          applicationName: "energsys-headend",
          ...poolsOfPrograms["energsys-headend"].usual,
          hashKey: keyProvider?.auditHashKey,
          onConnectionError: (error) => log.warn({ err: error }, "connection to the database lost"),
        })
      : undefined;
  const db = own ?? (database as Database);
  const following =
    own &&
    followPool(own, "energsys-headend", {
      onChange: (settings) => log.info(settings, "the pool of connections has new settings"),
    });
  await following?.first;
  const closeOwn = async () => {
    following?.stop();
    await own?.close();
  };
  let keyRing: KeyRing | undefined;
  try {
    keyRing = keyProvider && (await openKeys(db, keyProvider, log));
  } catch (error) {
    await closeOwn();
    throw error;
  }
  const place = typeof database === "string" ? placeOf(database) : undefined;
  const networks =
    ownPorts &&
    new NetworkRules(db, {
      ownPorts: [...ownPorts, place?.port ?? 0],
      database: place && !isAbsolute(place.host) ? place : undefined,
      now: () => realClock.now(),
    });
  const headend = new Headend({
    zone: "Europe/Bucharest",
    clock: realClock,
    ...rest,
    ...(keyRing ? { keyRing } : {}),
    ...(networks ? { networks } : {}),
    log,
    db,
  });
  try {
    const { listen, listenTls } = await headend.start();
    return {
      listen,
      listenTls,
      headend,
      notReady: async () =>
        probeWriting(db).then(
          () => [],
          () => ["database does not take a write"],
        ),
      stop: async () => {
        await headend.stop();
        await closeOwn();
      },
    };
  } catch (error) {
    await headend.stop();
    await closeOwn();
    const { code } = error as NodeJS.ErrnoException;
    const addresses = [rest.listen, rest.listenTls].filter(Boolean).join(" or ");
    if (code === "EADDRINUSE") {
      throw new HeadendError("headend.port-used", `${addresses}: another process listens there`, error);
    }
    if (code === "EACCES" || code === "EADDRNOTAVAIL") {
      throw new HeadendError("headend.port-denied", `${addresses}: ${code}`, error);
    }
    throw error;
  }
}

async function openKeys(db: Database, provider: KeyProvider, log: Logger): Promise<KeyRing> {
  const ring = await KeyRing.open(db, provider);
  const { adopted, unreadable } = await adoptFirstSecrets(db, ring, provider);
  if (adopted > 0) log.info({ adopted }, "secrets of an earlier release are sealed anew");
  if (unreadable > 0) log.error({ code: "secret.unreadable", unreadable }, "secrets do not open");
  return ring;
}
