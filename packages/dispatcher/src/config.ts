import { type KeyProvider, keyProviderOf, StoreError } from "@energsys/store";
import { Type } from "typebox";
import { Value } from "typebox/value";
import { DispatcherError } from "./errors.ts";

const logLevels = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;

const Environment = Type.Object({
  ENERGSYS_DATABASE_URL: Type.String({ pattern: "^postgres(ql)?://" }),
  ENERGSYS_DISPATCHER_KEY_FILE: Type.String({ minLength: 1 }),
  ENERGSYS_DISPATCHER_HEALTH: Type.Optional(
    Type.String({ pattern: "^(127(\\.\\d{1,3}){3}|\\[::1\\]|localhost):\\d{1,5}$" }),
  ),
  ENERGSYS_LOG_LEVEL: Type.Optional(Type.Enum(logLevels)),
});

export interface DispatcherConfig {
  readonly databaseUrl: string;
  /** The dispatcher's own master key: no other process has it. */
  readonly keyProvider: KeyProvider;
  readonly healthHost: string;
  readonly healthPort: number;
  readonly logLevel: (typeof logLevels)[number];
}

/** Reads the environment once. @throws DispatcherError `dispatcher.configuration` with everything that is wrong, line by line */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): DispatcherConfig {
  const given: Record<string, string> = {};
  for (const name of Object.keys(Environment.properties)) {
    if (environment[name]) given[name] = environment[name];
  }
  const wrong: string[] = [];
  if (!Value.Check(Environment, given)) {
    for (const error of Value.Errors(Environment, given)) {
      const missing = (error.params as { requiredProperties?: string[] }).requiredProperties;
      const name = missing?.join(", ") ?? error.instancePath.slice(1);
      wrong.push(`${name}: ${missing ? "must be given" : error.message}`);
    }
  }
  let keyProvider: KeyProvider | undefined;
  const file = given.ENERGSYS_DISPATCHER_KEY_FILE;
  try {
    if (file) keyProvider = keyProviderOf({ ENERGSYS_MASTER_KEY_FILE: file });
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    wrong.push(`ENERGSYS_DISPATCHER_KEY_FILE: ${error.code}: ${error.message}`);
  }
  if (wrong.length > 0 || !keyProvider)
    throw new DispatcherError("dispatcher.configuration", wrong.join("\n"));
  const health = given.ENERGSYS_DISPATCHER_HEALTH ?? "127.0.0.1:8422";
  const colon = health.lastIndexOf(":");
  return {
    databaseUrl: given.ENERGSYS_DATABASE_URL as string,
    keyProvider,
    healthHost: health.slice(0, colon).replace(/^\[|\]$/g, ""),
    healthPort: Number(health.slice(colon + 1)),
    logLevel: (given.ENERGSYS_LOG_LEVEL ?? "info") as DispatcherConfig["logLevel"],
  };
}
