export { actingAs, because, originOf } from "./acting.ts";
export { type Actor, auditHashKey, processActor } from "./actor.ts";
export { appendActs, type LogAct, type LogKind, type LogSeverity } from "./append.ts";
export { type Communication, type CommunicationFilter, listCommunication } from "./communication.ts";
export { headsFileName, keepHead, readHeads, type SignedHead, signHead } from "./heads.ts";
export { type LogEntry, type LogFilter, listLog, listLogNames, streamCanonical } from "./read.ts";
export { canonicalLine, checkSignedFile, type SignedFile, signedLines } from "./signed-file.ts";
export { findSigningKey, isSigned, keyFingerprint, type SigningKey } from "./signing.ts";
export { type LogFault, type LogVerdict, verifyLog } from "./verify.ts";
