import { auditHashKey } from "../audit/actor.ts";
import { StoreError } from "../errors.ts";
import { commandKeyProvider } from "./command-provider.ts";
import { openFirstFormat } from "./first-format.ts";
import { gcmOpen, gcmSeal } from "./gcm.ts";
import { masterVersion, parseMasterKeys, readMasterKeys } from "./master-key.ts";

/** A data key under a master key, and which one. */
export interface WrappedKey {
  readonly version: string;
  readonly wrapped: Uint8Array;
}

/** Who holds the master key: a file, the environment, or a program in front of a key management service or HSM. */
export interface KeyProvider {
  /** The master key that wraps now. */
  current(): Promise<string>;
  /** `context` is authenticated: what was wrapped for one place does not unwrap for another. */
  wrap(key: Uint8Array, context: string): Promise<WrappedKey>;
  /** @throws StoreError `secret.master-missing` when this version is not at hand, `secret.unreadable` */
  unwrap(wrapped: WrappedKey, context: string): Promise<Uint8Array>;
  /** Key of the hashes of personal data in the activity log; a program gives none, and the log shows `***`. */
  readonly auditHashKey?: Uint8Array;
  /** Opens what release 0.1 sealed with the master key itself, to seal it anew. @throws StoreError `secret.unreadable` */
  openWithMaster?(context: string, sealed: Uint8Array): string;
}

/** Where the master key is, by environment variable; exactly one is given. */
export const keyVariables = [
  "ENERGSYS_MASTER_KEY_FILE",
  "ENERGSYS_MASTER_KEY",
  "ENERGSYS_KEY_COMMAND",
] as const;
type KeyEnvironment = Readonly<Partial<Record<(typeof keyVariables)[number], string>>>;

/**
 * The provider that the environment names. A key that cannot serve is refused here, before anything else starts.
 * @throws StoreError `secret.key-missing`, `secret.key-choice`, `secret.key-file`, `secret.key-mode`, `secret.key-sample`
 */
export function keyProviderOf(environment: KeyEnvironment): KeyProvider {
  const given = keyVariables.filter((name) => environment[name]);
  if (given.length === 0) {
    throw new StoreError("secret.key-missing", `no master key: set one of ${keyVariables.join(", ")}`);
  }
  if (given.length > 1) {
    throw new StoreError("secret.key-choice", `${given.join(" and ")} are given: only one may be`);
  }
  const { ENERGSYS_MASTER_KEY_FILE: file, ENERGSYS_MASTER_KEY: text } = environment;
  if (file) return fileKeyProvider(file);
  if (text) return masterKeyProvider(parseMasterKeys(text, "ENERGSYS_MASTER_KEY"));
  return commandKeyProvider(environment.ENERGSYS_KEY_COMMAND as string);
}

/** Reads the file again whenever it is asked, so that a key added by a rotation is known without a restart. */
export function fileKeyProvider(file: string): KeyProvider {
  const first = readMasterKeys(file);
  return {
    // The oldest key of the file: hashes stay comparable when a newer one is put above it.
    auditHashKey: auditHashKey(first.at(-1)!),
    openWithMaster: (context, sealed) => openBy(readMasterKeys(file), context, sealed),
    current: async () => masterVersion(readMasterKeys(file)[0]!),
    wrap: async (key, context) => wrapBy(readMasterKeys(file), key, context),
    unwrap: async (wrapped, context) => unwrapBy(readMasterKeys(file), wrapped, context),
  };
}

/** Master keys in memory, the newest first. */
export function masterKeyProvider(keys: readonly Uint8Array[]): KeyProvider {
  return {
    auditHashKey: auditHashKey(keys.at(-1)!),
    openWithMaster: (context, sealed) => openBy(keys, context, sealed),
    current: async () => masterVersion(keys[0]!),
    wrap: async (key, context) => wrapBy(keys, key, context),
    unwrap: async (wrapped, context) => unwrapBy(keys, wrapped, context),
  };
}

function wrapBy([newest]: readonly Uint8Array[], key: Uint8Array, context: string): WrappedKey {
  const version = masterVersion(newest!);
  return { version, wrapped: gcmSeal(newest!, `${context}|${version}`, key) };
}

function unwrapBy(
  keys: readonly Uint8Array[],
  { version, wrapped }: WrappedKey,
  context: string,
): Uint8Array {
  const master = keys.find((key) => masterVersion(key) === version);
  if (!master) {
    throw new StoreError("secret.master-missing", `the master key ${version} is not among those given here`);
  }
  const key = gcmOpen(master, `${context}|${version}`, wrapped);
  if (!key) throw new StoreError("secret.unreadable", `the master key ${version} does not open a data key`);
  return key;
}

function openBy(keys: readonly Uint8Array[], context: string, sealed: Uint8Array): string {
  for (const key of keys) {
    try {
      return openFirstFormat(key, context, sealed);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
    }
  }
  throw new StoreError("secret.unreadable", "no master key opens this secret");
}
