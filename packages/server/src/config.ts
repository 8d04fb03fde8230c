import { isIP } from "node:net";
import { findSigningKey, type KeyProvider, keyProviderOf, type SigningKey } from "@energsys/store";
import Type, { type Static } from "typebox";
import { Value } from "typebox/value";
import { type UpsPlace, upsPlaceOf } from "./health/ups.ts";
import { isNetwork } from "./security/networks.ts";
import { ServerError } from "./server-error.ts";
import type { TlsSource } from "./tls/identity.ts";

export { ServerError } from "./server-error.ts";

const Environment = Type.Object({
  ENERGSYS_DATABASE_URL: Type.String({
    pattern: "^postgres(ql)?://",
    description: "postgres://… of the database",
  }),
  ENERGSYS_MASTER_KEY_FILE: Type.Optional(
    Type.String({
      minLength: 1,
      description: "file with the master key, 64 hex digits a line, newest first",
    }),
  ),
  ENERGSYS_MASTER_KEY: Type.Optional(
    Type.String({ minLength: 1, description: "the same, in the environment itself" }),
  ),
  ENERGSYS_KEY_COMMAND: Type.Optional(
    Type.String({ minLength: 1, description: "program that wraps and unwraps keys" }),
  ),
  ENERGSYS_HTTP: Type.Optional(
    Type.String({
      pattern: "^(\\[[0-9a-fA-F:.]+\\]|[A-Za-z0-9.-]+):\\d{1,5}$",
      description: "host:port to listen on; without TLS on loopback only",
    }),
  ),
  ENERGSYS_WEB_ROOT: Type.Optional(
    Type.String({ minLength: 1, description: "folder of the built web application" }),
  ),
  ENERGSYS_HEALTH: Type.Optional(
    Type.String({
      pattern: "^((\\[[0-9a-fA-F:.]+\\]|[A-Za-z0-9.-]+):\\d{1,5}|off)$",
      description: "host:port of health and metrics, of this machine alone, or off",
    }),
  ),
  ENERGSYS_DATA_FOLDER: Type.Optional(
    Type.String({ minLength: 1, description: "folder whose disk is watched" }),
  ),
  ENERGSYS_UPS: Type.Optional(
    Type.String({ minLength: 1, description: "nut://host/name of the supply unit of this machine" }),
  ),
  ENERGSYS_TLS_FOLDER: Type.Optional(
    Type.String({ minLength: 1, description: "folder in which an own authority and certificate are made" }),
  ),
  ENERGSYS_TLS_CERTIFICATE: Type.Optional(
    Type.String({
      minLength: 1,
      description: "PEM file with the certificate and those between it and its root",
    }),
  ),
  ENERGSYS_TLS_KEY: Type.Optional(Type.String({ minLength: 1, description: "PEM file with its key" })),
  ENERGSYS_NAMES: Type.Optional(
    Type.String({ description: "names and addresses by which browsers call the server, with commas" }),
  ),
  ENERGSYS_TRUSTED_PROXIES: Type.Optional(
    Type.String({ description: "addresses or networks of proxies, with commas: 10.0.0.5,fd00::/8" }),
  ),
  ENERGSYS_LOG_KEY_FILE: Type.Optional(
    Type.String({
      minLength: 1,
      description: "file with the key that signs the activity log; made when missing",
    }),
  ),
  ENERGSYS_LOG_HEADS: Type.Optional(
    Type.String({
      minLength: 1,
      description: "folder, best of another machine, for the signed heads of the activity log",
    }),
  ),
  ENERGSYS_ZONE: Type.Optional(Type.String({ description: "market zone, such as Europe/Bucharest" })),
  ENERGSYS_LOG_LEVEL: Type.Optional(
    Type.Unsafe<"fatal" | "error" | "warn" | "info" | "debug" | "trace" | "silent">({
      type: "string",
      enum: ["fatal", "error", "warn", "info", "debug", "trace", "silent"],
    }),
  ),
});
type Environment = Static<typeof Environment>;

export interface ServerConfig {
  readonly databaseUrl: string;
  readonly host: string;
  readonly port: number;
  readonly webRoot: string | undefined;
  readonly zone: string;
  readonly logLevel: NonNullable<Environment["ENERGSYS_LOG_LEVEL"]>;
  readonly trustedProxies: readonly string[];
  readonly keyProvider: KeyProvider | undefined;
  readonly health: { readonly host: string; readonly port: number; readonly isDefault: boolean } | undefined;
  readonly dataFolder: string | undefined;
  /** The supply unit of this machine; not watched without it. */
  readonly ups: UpsPlace | undefined;
  /** Without it the server speaks plain HTTP, on loopback only. */
  readonly tls: TlsSource | undefined;
  /** Names by which it is called, besides those of its certificate. */
  readonly names: readonly string[];
  readonly signingKey: SigningKey | undefined;
  readonly logHeadsFolder: string | undefined;
}

/** Reads the environment once. @throws ServerError `server.configuration` with everything that is wrong, line by line */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): ServerConfig {
  const given = Object.fromEntries(
    Object.keys(Environment.properties).flatMap((name) => {
      const value = environment[name];
      return value === undefined || value === "" ? [] : [[name, value]];
    }),
  );
  const wrong: string[] = [];
  if (!Value.Check(Environment, given)) {
    for (const error of Value.Errors(Environment, given)) {
      const missing = (error.params as { requiredProperties?: string[] }).requiredProperties;
      const name = missing?.join(", ") ?? error.instancePath.slice(1);
      wrong.push(`${name}: ${missing ? "must be given" : error.message}`);
    }
  }
  const read = given as Partial<Environment>;
  const zone = read.ENERGSYS_ZONE ?? "Europe/Bucharest";
  if (!isZone(zone)) wrong.push("ENERGSYS_ZONE: is not a time zone");
  const { host, port } = splitAddress(read.ENERGSYS_HTTP ?? "127.0.0.1:8420");
  if (port > 65_535) wrong.push("ENERGSYS_HTTP: the port is above 65535");
  const trustedProxies = listOf(read.ENERGSYS_TRUSTED_PROXIES);
  for (const proxy of trustedProxies) {
    if (!isNetwork(proxy)) wrong.push(`ENERGSYS_TRUSTED_PROXIES: ${proxy} is not an address or a network`);
  }
  const ups = read.ENERGSYS_UPS === undefined ? undefined : upsPlaceOf(read.ENERGSYS_UPS);
  if (read.ENERGSYS_UPS !== undefined && !ups) wrong.push("ENERGSYS_UPS: is not nut://host[:port]/name");
  const names = listOf(read.ENERGSYS_NAMES);
  for (const name of names) {
    if (!/^[A-Za-z0-9.-]{1,253}$/.test(name) && isIP(name) === 0)
      wrong.push(`ENERGSYS_NAMES: ${name} is no name and no address`);
  }
  const tls = tlsSource(read, names, wrong);
  const keyProvider = findProvider(given, wrong);
  const signingKey = findLogKey(read.ENERGSYS_LOG_KEY_FILE, wrong);
  if (wrong.length > 0) throw new ServerError("server.configuration", wrong.join("\n"));
  return {
    databaseUrl: read.ENERGSYS_DATABASE_URL!,
    host,
    port,
    webRoot: read.ENERGSYS_WEB_ROOT,
    zone,
    logLevel: read.ENERGSYS_LOG_LEVEL ?? "info",
    trustedProxies,
    keyProvider,
    health:
      read.ENERGSYS_HEALTH === "off"
        ? undefined
        : {
            ...splitAddress(read.ENERGSYS_HEALTH ?? "127.0.0.1:8421"),
            isDefault: read.ENERGSYS_HEALTH === undefined,
          },
    dataFolder: read.ENERGSYS_DATA_FOLDER,
    ups,
    tls,
    names,
    signingKey,
    logHeadsFolder: read.ENERGSYS_LOG_HEADS,
  };
}

const listOf = (text = ""): string[] =>
  text
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");

function tlsSource(read: Partial<Environment>, names: string[], wrong: string[]): TlsSource | undefined {
  const { ENERGSYS_TLS_CERTIFICATE: certificateFile, ENERGSYS_TLS_KEY: keyFile } = read;
  if (certificateFile && keyFile) return { kind: "files", certificateFile, keyFile };
  if (certificateFile || keyFile) {
    wrong.push(`${certificateFile ? "ENERGSYS_TLS_KEY" : "ENERGSYS_TLS_CERTIFICATE"}: must be given too`);
    return undefined;
  }
  return read.ENERGSYS_TLS_FOLDER ? { kind: "own", folder: read.ENERGSYS_TLS_FOLDER, names } : undefined;
}

function findLogKey(file: string | undefined, wrong: string[]): SigningKey | undefined {
  try {
    return file === undefined ? undefined : findSigningKey(file);
  } catch (error) {
    wrong.push(`ENERGSYS_LOG_KEY_FILE: ${(error as Error).message}`);
    return undefined;
  }
}

function splitAddress(address: string): { host: string; port: number } {
  const colon = address.lastIndexOf(":");
  return { host: address.slice(0, colon).replace(/^\[|\]$/g, ""), port: Number(address.slice(colon + 1)) };
}

function isZone(zone: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
    return true;
  } catch {
    return false;
  }
}

function findProvider(given: Readonly<Record<string, string>>, wrong: string[]): KeyProvider | undefined {
  try {
    return keyProviderOf(given);
  } catch (error) {
    wrong.push(`ENERGSYS_MASTER_KEY…: ${(error as Error).message}`);
    return undefined;
  }
}
