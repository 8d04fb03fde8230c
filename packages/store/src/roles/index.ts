export * from "./access.ts";
export * from "./address-change.ts";
export { applyRoles, prepareOwner, roleStatements } from "./apply.ts";
export { comparePrivileges, type PrivilegeFinding, type TablePrivileges } from "./compare.ts";
export {
  type DatabaseRole,
  databaseRoles,
  functionPrivileges,
  privileges,
  replicatingRoles,
  rowPolicies,
  wordsOf,
} from "./privileges.ts";
export { scramVerifier } from "./scram.ts";
export * from "./trial.ts";
