export { actingAs, because, originOf } from "./acting.ts";
export { type Actor, auditHashKey, processActor } from "./actor.ts";
export { appendActs, type LogAct, type LogKind, type LogSeverity } from "./append.ts";
export { headsFileName, keepHead, readHeads, type SignedHead, signHead } from "./heads.ts";
export { findSigningKey, isSigned, keyFingerprint, type SigningKey } from "./signing.ts";
export { type LogFault, type LogVerdict, verifyLog } from "./verify.ts";
