export { applyRoles, roleStatements } from "./apply.ts";
export { type DatabaseRole, databaseRoles, functionPrivileges, privileges, wordsOf } from "./privileges.ts";
export { scramVerifier } from "./scram.ts";
