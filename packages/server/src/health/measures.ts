import type { BackupRun, BackupState, HealthFacts, ReplicaState } from "@energsys/store";

import type { UpsState } from "./ups.ts";

export type HealthLevel = "good" | "warning" | "bad" | "none";
export const healthGroups = [
  "people",
  "devices",
  "data",
  "queue",
  "machine",
  "supply",
  "database",
  "certificate",
  "backup",
  "replica",
] as const;
export type HealthGroup = (typeof healthGroups)[number];
export const healthUnits = [
  "count",
  "bytes",
  "bytes-per-minute",
  "per-minute",
  "percent",
  "seconds",
  "days",
  "ms",
] as const;
export type HealthUnit = (typeof healthUnits)[number];

export interface Measure {
  readonly name: string;
  readonly group: HealthGroup;
  readonly unit: HealthUnit;
  /** Null when it cannot be told, or is not configured. */
  readonly value: number | null;
  readonly level: HealthLevel;
  /** From here on it is a warning, or bad; null where no number is. */
  readonly warning: number | null;
  readonly bad: number | null;
  readonly bound: "above" | "below";
  /** Why it is not good, when a code says it better than the number. */
  readonly code: string | null;
}

/** What no statement tells. */
export interface ProcessFacts {
  readonly streams: number;
  readonly httpCallsPerMinute: number;
  readonly httpBytesInPerMinute: number;
  readonly httpBytesOutPerMinute: number;
  readonly loopDelayP99Ms: number;
  readonly memoryBytes: number;
  /** Of the disk of the data folder; null when this process does not know the folder. */
  readonly diskFreeBytes: number | null;
  readonly diskFreePercent: number | null;
  readonly certificateEndsAtMs: number | null;
  readonly certificateError: string | null;
  /** Null where none is watched. */
  readonly ups: UpsState | null;
}

export interface Observed {
  readonly nowMs: number;
  readonly facts: HealthFacts;
  readonly process: ProcessFacts;
  readonly backup: BackupState | undefined;
  readonly base: { readonly last: BackupRun | undefined; readonly lastGood: BackupRun | undefined };
  readonly check: { readonly last: BackupRun | undefined; readonly lastGood: BackupRun | undefined };
  readonly replicas: readonly ReplicaState[];
}

interface Bounds {
  readonly warning?: number;
  readonly bad?: number;
  readonly bound?: "above" | "below";
  readonly code?: string | null;
}

const dayMs = 86_400_000;
const hoursOf = (ms: number) => ms / 3_600_000;

function measure(
  group: HealthGroup,
  name: string,
  unit: HealthUnit,
  value: number | null,
  { warning, bad, bound = "above", code = null }: Bounds = {},
): Measure {
  const beyond = (limit: number | undefined) =>
    value !== null && limit !== undefined && (bound === "above" ? value >= limit : value <= limit);
  const level: HealthLevel =
    code !== null || beyond(bad) ? "bad" : beyond(warning) ? "warning" : value === null ? "none" : "good";
  return { name, group, unit, value, level, warning: warning ?? null, bad: bad ?? null, bound, code };
}

/** Every measure with its bounds, in the order of the page. The bounds of an operator, not of a manufacturer: docs/operations.md. */
export function measuresOf({ nowMs, facts, process, backup, base, check, replicas }: Observed): Measure[] {
  const secondsSince = (atMs: number | null | undefined) =>
    atMs === null || atMs === undefined ? null : Math.max(0, Math.round((nowMs - atMs) / 1_000));
  const backupIsAlive = backup !== undefined && nowMs - backup.at < 3 * 60_000;
  return [
    measure("people", "people-online", "count", facts.peopleOnline),
    measure("people", "sessions-open", "count", facts.sessionsOpen),
    measure("people", "streams-open", "count", process.streams),
    measure("devices", "links-open", "count", facts.linksOpen),
    measure("devices", "headends", "count", facts.headends, { bad: 0, bound: "below" }),
    measure("data", "field-values", "per-minute", facts.fieldValues),
    measure("data", "field-bytes-in", "bytes-per-minute", facts.fieldBytesIn),
    measure("data", "field-bytes-out", "bytes-per-minute", facts.fieldBytesOut),
    measure("data", "http-calls", "per-minute", process.httpCallsPerMinute),
    measure("data", "http-bytes-in", "bytes-per-minute", process.httpBytesInPerMinute),
    measure("data", "http-bytes-out", "bytes-per-minute", process.httpBytesOutPerMinute),
    measure("queue", "attempts-queued", "count", facts.attemptsQueued, { warning: 1_000, bad: 10_000 }),
    measure("queue", "oldest-queued", "seconds", facts.oldestQueuedSeconds, { warning: 300, bad: 1_800 }),
    measure("machine", "disk-free", "percent", process.diskFreePercent, {
      warning: 15,
      bad: 5,
      bound: "below",
    }),
    measure("machine", "disk-free-bytes", "bytes", process.diskFreeBytes),
    measure("machine", "loop-delay", "ms", process.loopDelayP99Ms, { warning: 100, bad: 1_000 }),
    measure("machine", "memory", "bytes", process.memoryBytes),
    measure("supply", "ups-charge", "percent", process.ups?.chargePercent ?? null, {
      warning: 80,
      bad: 30,
      bound: "below",
      code: process.ups?.code ?? null,
    }),
    measure("supply", "ups-runtime", "seconds", process.ups?.runtimeSeconds ?? null, {
      warning: 600,
      bad: 180,
      bound: "below",
    }),
    measure("database", "database-size", "bytes", facts.databaseBytes),
    measure(
      "database",
      "database-connections",
      "percent",
      Math.round((facts.connectionsUsed / facts.connectionsMax) * 1_000) / 10,
      { warning: 80, bad: 95 },
    ),
    measure(
      "certificate",
      "certificate-days",
      "days",
      process.certificateEndsAtMs === null ? null : Math.floor((process.certificateEndsAtMs - nowMs) / dayMs),
      { warning: 30, bad: 7, bound: "below", code: process.certificateError },
    ),
    measure("backup", "backup-covered", "seconds", secondsSince(backup?.coveredAt), {
      warning: 120,
      bad: 300,
      code: backup === undefined ? null : (backup.errorCode ?? (backupIsAlive ? null : "backup.interrupted")),
    }),
    measure("backup", "backup-base", "seconds", secondsSince(base.lastGood?.endedAt), {
      warning: 26 * 3_600,
      bad: 50 * 3_600,
      code: base.last?.state === "failed" ? base.last.errorCode : null,
    }),
    measure("backup", "backup-check", "seconds", secondsSince(check.lastGood?.endedAt), {
      warning: 26 * 3_600,
      bad: 8 * 86_400,
      code: check.last?.state === "failed" ? check.last.errorCode : null,
    }),
    measure("backup", "backup-disk-free", "bytes", backup?.diskFreeBytes ?? null, {
      warning: 10e9,
      bad: 1e9,
      bound: "below",
    }),
    // The archive on the disk of the data does not outlive it.
    measure("backup", "backup-apart", "count", backup === undefined ? null : backup.sameDisk ? 0 : 1, {
      warning: 0,
      bound: "below",
    }),
    measure(
      "replica",
      "replica-lag",
      "seconds",
      replicas.length === 0 ? null : Math.max(...replicas.map(({ lagSeconds }) => lagSeconds ?? 0)),
      { warning: 60, bad: 600 },
    ),
  ];
}

const order: readonly HealthLevel[] = ["none", "good", "warning", "bad"];

/** The worst of some levels. */
export const worstOf = (levels: readonly HealthLevel[]): HealthLevel =>
  levels.reduce(
    (worst, level) => (order.indexOf(level) > order.indexOf(worst) ? level : worst),
    "good" as HealthLevel,
  );

/** Days before the end of a certificate at which an alarm is raised. */
export const certificateAlarmDays = [30, 7, 1] as const;

/** The alarm that is due so long before the end, or undefined. */
export const certificateAlarm = (endsAtMs: number, nowMs: number): number | undefined =>
  certificateAlarmDays.findLast((days) => hoursOf(endsAtMs - nowMs) <= days * 24);
