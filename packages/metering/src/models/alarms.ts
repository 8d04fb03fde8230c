import { eventTables } from "./event-tables.ts";

/** Three and no more: what needs somebody now, what needs somebody today, what should be known. */
export const severities = ["critical", "medium", "low"] as const;
export type Severity = (typeof severities)[number];

interface Alarm {
  readonly severity: Severity;
  /** The event that says that it is over, where there is one. */
  readonly endedBy?: string;
}

/** Events that somebody should look at, by name. All others are told and kept, and ask for nothing. */
export const alarms: Readonly<Record<string, Alarm>> = {
  "door-opened": { severity: "critical", endedBy: "door-closed" },
  "tamper-opened": { severity: "critical", endedBy: "tamper-closed" },
  "terminal-cover-removed": { severity: "critical", endedBy: "terminal-cover-closed" },
  "meter-cover-removed": { severity: "critical", endedBy: "meter-cover-closed" },
  "module-cover-opened": { severity: "critical", endedBy: "module-cover-closed" },
  "strong-dc-field-on": { severity: "critical", endedBy: "strong-dc-field-off" },
  "seal-broken": { severity: "critical", endedBy: "seal-renewed" },
  "seal-missing": { severity: "critical", endedBy: "seal-renewed" },
  "relay-does-not-obey": { severity: "critical" },
  "disconnect-failed": { severity: "critical" },
  "shutdown-for-lack-of-supply": { severity: "critical", endedBy: "concentrator-started" },
  "store-full": { severity: "critical", endedBy: "store-has-room" },
  "identity-mismatch": { severity: "critical" },
  "identity-duplicate": { severity: "critical" },
  "identity-certificate": { severity: "medium" },
  "identity-clear": { severity: "medium" },
  "authentication-failed-repeatedly": { severity: "critical" },
  "mains-failed": { severity: "medium", endedBy: "mains-back" },
  "battery-low": { severity: "medium" },
  "module-battery-low": { severity: "medium" },
  "replace-battery": { severity: "medium" },
  "module-on-battery": { severity: "medium", endedBy: "module-on-line-supply" },
  "modem-without-network": { severity: "low", endedBy: "modem-back-in-network" },
  "line-broken": { severity: "medium", endedBy: "line-back" },
  "pulse-line-broken": { severity: "medium" },
  "wrong-wiring": { severity: "medium" },
  "two-devices-one-address": { severity: "medium" },
  "meter-missing": { severity: "medium", endedBy: "meter-back" },
  "meter-exchanged": { severity: "medium" },
  "current-reversal": { severity: "medium" },
  "fatal-device-error": { severity: "medium" },
  "store-nearly-full": { severity: "medium", endedBy: "store-has-room" },
  "configuration-rolled-back": { severity: "medium" },
  "meter-new": { severity: "low" },
  "meter-moved": { severity: "low" },
  "clock-invalid": { severity: "low" },
};

/** A code of an event that is an alarm, with the code that ends it: what a query compares with. */
export interface AlarmCode {
  readonly code: string;
  readonly severity: Severity;
  readonly endedBy: string | undefined;
}

/** Codes of alarms over all tables of events. */
export const alarmCodes: readonly AlarmCode[] = Object.entries(eventTables).flatMap(([table, names]) => {
  const codeOf = new Map<string, string>(
    Object.entries(names).map(([number, name]) => [name, `${table}:${number}`]),
  );
  return [...codeOf].flatMap(([name, code]) => {
    const alarm = Object.hasOwn(alarms, name) ? alarms[name] : undefined;
    if (!alarm) return [];
    return [{ code, severity: alarm.severity, endedBy: alarm.endedBy && codeOf.get(alarm.endedBy) }];
  });
});
