export { actingAs, because, originOf } from "./acting.ts";
export { type Actor, auditHashKey, processActor } from "./actor.ts";
export { appendActs, type LogAct, type LogKind, type LogSeverity } from "./append.ts";
