export { adoptFirstSecrets } from "./first-release.ts";
export * from "./key-file.ts";
export { type KeyProvider, keyProviderOf, keyVariables, masterKeyProvider } from "./key-provider.ts";
export {
  countDataKeys,
  dataKeyOf,
  KeyRing,
  type KeyRingOptions,
  type LookupPurpose,
  rewrapDataKeys,
} from "./key-ring.ts";
export * from "./key-work.ts";
export { addMasterKey, forgetMasterKeys } from "./master-file.ts";
export { masterVersion } from "./master-key.ts";
export * from "./meter-keys.ts";
export type { DataKeyKind, SealedColumn, SecretPlace } from "./places.ts";
export * from "./ring-of.ts";
export * from "./rotate-data.ts";
export { Secret, sameSecret } from "./secret-value.ts";
export * from "./switching.ts";
