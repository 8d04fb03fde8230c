import type { RecordOptions } from "@energsys/drivers";
import { type KeyProvider, keyProviderOf } from "@energsys/store";
import { Type } from "typebox";
import { Value } from "typebox/value";
import { HeadendError } from "./errors.ts";
import { type Limits, limits, lowerLimits } from "./limits.ts";
import { type PlainCallers, parsePlainCallers, plainCallersByDefault } from "./plain-callers.ts";

const logLevels = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;

const Environment = Type.Object({
  ENERGSYS_DATABASE_URL: Type.String({ pattern: "^postgres(ql)?://" }),
  ENERGSYS_MASTER_KEY_FILE: Type.Optional(Type.String({ minLength: 1 })),
  ENERGSYS_MASTER_KEY: Type.Optional(Type.String({ minLength: 1 })),
  ENERGSYS_KEY_COMMAND: Type.Optional(Type.String({ minLength: 1 })),
  ENERGSYS_ZONE: Type.Optional(Type.String({ minLength: 1 })),
  ENERGSYS_LOG_LEVEL: Type.Optional(Type.Enum(logLevels)),
  ENERGSYS_LISTEN: Type.Optional(
    Type.String({ pattern: "^(\\[[0-9a-fA-F:.]+\\]|[A-Za-z0-9.-]+):\\d{1,5}$|^off$" }),
  ),
  ENERGSYS_LISTEN_TLS: Type.Optional(
    Type.String({ pattern: "^(\\[[0-9a-fA-F:.]+\\]|[A-Za-z0-9.-]+):\\d{1,5}$|^off$" }),
  ),
  ENERGSYS_PLAIN_CONCENTRATORS: Type.Optional(Type.String({ minLength: 1 })),
  ENERGSYS_HEADEND_HEALTH: Type.Optional(
    Type.String({ pattern: "^(\\[[0-9a-fA-F:.]+\\]|[A-Za-z0-9.-]+):\\d{1,5}$|^off$" }),
  ),
  // The server's, when it is of this machine: no device is dialled there.
  ENERGSYS_HTTP: Type.Optional(Type.String()),
  ENERGSYS_HEALTH: Type.Optional(Type.String()),
  ENERGSYS_PARALLEL: Type.Optional(Type.String({ pattern: "^\\d{1,4}$" })),
  ENERGSYS_LEASE_SECONDS: Type.Optional(Type.String({ pattern: "^\\d{1,4}$" })),
  ENERGSYS_RESTART_SPREAD_SECONDS: Type.Optional(Type.String({ pattern: "^\\d{1,3}$" })),
  ENERGSYS_SHARED_ADDRESSES: Type.Optional(Type.String()),
  ENERGSYS_RECORD_FOLDER: Type.Optional(Type.String({ minLength: 1 })),
  ENERGSYS_RECORD_DEVICES: Type.Optional(Type.String({ minLength: 1 })),
});

export interface HeadendConfig {
  readonly databaseUrl: string;
  readonly keyProvider: KeyProvider;
  readonly zone: string;
  readonly logLevel: (typeof logLevels)[number];
  /** `host:port` for devices that call in; `undefined` when it is switched off. */
  readonly listen: string | undefined;
  /** `host:port` for devices that show certificates; `undefined` when it is switched off. */
  readonly listenTls: string | undefined;
  readonly plainCallers: PlainCallers;
  /** `host:port` of health and metrics, of this machine alone; `undefined` when it is switched off. */
  readonly health: string | undefined;
  /** It was not asked for: a port that is taken is no reason to stop. */
  readonly healthIsDefault: boolean;
  readonly parallel: number;
  readonly leaseSeconds: number;
  readonly sharedAddresses: readonly string[] | undefined;
  readonly record: RecordOptions | undefined;
  /** Ports of this machine's processes, where no device is dialled. */
  readonly ownPorts: readonly number[];
  readonly limits: Limits;
}

/** Reads the environment once. @throws HeadendError `headend.configuration` with everything that is wrong, line by line */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): HeadendConfig {
  const given: Record<string, string> = {};
  for (const name of Object.keys(Environment.properties)) {
    if (environment[name]) given[name] = environment[name];
  }
  const wrong: string[] = [];
  if (!Value.Check(Environment, given)) {
    for (const error of Value.Errors(Environment, given)) {
      const missing = (error.params as { requiredProperties?: string[] }).requiredProperties;
      wrong.push(
        `${missing?.join(", ") ?? error.instancePath.slice(1)}: ${missing ? "must be given" : error.message}`,
      );
    }
  }
  const zone = given.ENERGSYS_ZONE ?? "Europe/Bucharest";
  if (!isZone(zone)) wrong.push("ENERGSYS_ZONE: is no time zone");
  const listen = given.ENERGSYS_LISTEN ?? "127.0.0.1:4059";
  if (Number(listen.slice(listen.lastIndexOf(":") + 1)) > 65_535)
    wrong.push("ENERGSYS_LISTEN: the port is above 65535");
  const listenTls = given.ENERGSYS_LISTEN_TLS ?? "off";
  if (listenTls !== "off" && Number(listenTls.slice(listenTls.lastIndexOf(":") + 1)) > 65_535)
    wrong.push("ENERGSYS_LISTEN_TLS: the port is above 65535");
  let plainCallers: PlainCallers = () => false;
  try {
    plainCallers = parsePlainCallers(given.ENERGSYS_PLAIN_CONCENTRATORS ?? plainCallersByDefault);
  } catch (error) {
    wrong.push(`ENERGSYS_PLAIN_CONCENTRATORS: ${(error as Error).message}`);
  }
  const parallel = Number(given.ENERGSYS_PARALLEL ?? "64");
  if (parallel < 1) wrong.push("ENERGSYS_PARALLEL: at least 1");
  const leaseSeconds = Number(given.ENERGSYS_LEASE_SECONDS ?? "30");
  if (leaseSeconds < 1) wrong.push("ENERGSYS_LEASE_SECONDS: at least 1");
  const spread = Number(given.ENERGSYS_RESTART_SPREAD_SECONDS ?? limits.restartSpreadSeconds);
  if (spread > limits.restartSpreadSeconds) {
    wrong.push(`ENERGSYS_RESTART_SPREAD_SECONDS: ${limits.restartSpreadSeconds} at most`);
  }
  let keyProvider: KeyProvider | undefined;
  try {
    keyProvider = keyProviderOf(given);
  } catch (error) {
    wrong.push(`ENERGSYS_MASTER_KEY…: ${(error as Error).message}`);
  }
  const health = given.ENERGSYS_HEADEND_HEALTH ?? "127.0.0.1:8422";
  const ownPorts = [
    ...[listen, listenTls, health],
    ...[given.ENERGSYS_HTTP ?? "127.0.0.1:8420", given.ENERGSYS_HEALTH ?? "127.0.0.1:8421"],
  ].flatMap((address) => Number(address.slice(address.lastIndexOf(":") + 1)) || []);
  const { ENERGSYS_RECORD_FOLDER: folder, ENERGSYS_RECORD_DEVICES: identities } = given;
  if ((folder === undefined) !== (identities === undefined))
    wrong.push("ENERGSYS_RECORD_FOLDER, ENERGSYS_RECORD_DEVICES: both or none");
  if (wrong.length > 0 || !keyProvider) throw new HeadendError("headend.configuration", wrong.join("\n"));
  return {
    databaseUrl: given.ENERGSYS_DATABASE_URL!,
    keyProvider,
    zone,
    logLevel: (given.ENERGSYS_LOG_LEVEL ?? "info") as HeadendConfig["logLevel"],
    listen: listen === "off" ? undefined : listen,
    listenTls: listenTls === "off" ? undefined : listenTls,
    plainCallers,
    health: health === "off" ? undefined : health,
    healthIsDefault: given.ENERGSYS_HEADEND_HEALTH === undefined,
    ownPorts,
    parallel,
    leaseSeconds,
    record: folder && identities ? { folder, identities: identities.split(",") } : undefined,
    sharedAddresses: given.ENERGSYS_SHARED_ADDRESSES?.split(",").map((address) => address.trim()),
    limits:
      spread > 0
        ? lowerLimits({ restartSpreadSeconds: spread })
        : lowerLimits({ restartSpreadSeconds: 0.001 }),
  };
}

function isZone(zone: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
    return true;
  } catch {
    return false;
  }
}
