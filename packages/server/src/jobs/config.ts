import { type KeyProvider, keyProviderOf, StoreError } from "@energsys/store";
import Type from "typebox";
import { Value } from "typebox/value";
import { ServerError } from "../server-error.ts";

const logLevels = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;

const Environment = Type.Object({
  ENERGSYS_DATABASE_URL: Type.String({ pattern: "^postgres(ql)?://" }),
  ENERGSYS_MASTER_KEY_FILE: Type.Optional(Type.String({ minLength: 1 })),
  ENERGSYS_MASTER_KEY: Type.Optional(Type.String({ minLength: 1 })),
  ENERGSYS_KEY_COMMAND: Type.Optional(Type.String({ minLength: 1 })),
  ENERGSYS_DELIVERY_FOLDER: Type.Optional(Type.String({ minLength: 1 })),
  ENERGSYS_ZONE: Type.Optional(Type.String({ minLength: 1 })),
  ENERGSYS_LOG_LEVEL: Type.Optional(
    Type.Unsafe<(typeof logLevels)[number]>({ type: "string", enum: [...logLevels] }),
  ),
});

export interface JobsConfig {
  readonly databaseUrl: string;
  readonly keyProvider: KeyProvider | undefined;
  readonly zone: string;
  /** Below it files of reports are put. */
  readonly deliveryFolder?: string | undefined;
  readonly logLevel: (typeof logLevels)[number];
}

/** Reads the environment once. @throws ServerError `jobs.configuration` with everything that is wrong, line by line */
export function readJobsConfig(environment: Readonly<Record<string, string | undefined>>): JobsConfig {
  const given: Record<string, string> = {};
  for (const name of Object.keys(Environment.properties)) {
    const value = environment[name];
    if (value) given[name] = value;
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
  try {
    keyProvider = keyProviderOf(given);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    wrong.push(`ENERGSYS_MASTER_KEY…: ${error.message}`);
  }
  if (wrong.length > 0) throw new ServerError("jobs.configuration", wrong.join("\n"));
  return {
    databaseUrl: given.ENERGSYS_DATABASE_URL as string,
    keyProvider,
    zone: given.ENERGSYS_ZONE ?? "Europe/Bucharest",
    deliveryFolder: given.ENERGSYS_DELIVERY_FOLDER,
    logLevel: (given.ENERGSYS_LOG_LEVEL ?? "info") as JobsConfig["logLevel"],
  };
}
