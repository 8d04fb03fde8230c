import type { Happening, HappeningKind } from "../load/happenings.ts";
import type { Visit } from "./visit.ts";

/** Event codes of the IDIS family for what our meters log. */
export const eventCodes: Readonly<Record<HappeningKind, number>> = {
  "power-down": 1,
  "power-up": 2,
  "summer-time-change": 3,
  "clock-old": 4,
  "clock-new": 5,
  "calendar-activated": 9,
  "firmware-ready": 17,
  "firmware-activated": 18,
  "calendar-programmed": 19,
  "terminal-cover-removed": 40,
  "terminal-cover-closed": 41,
  "magnet-on": 42,
  "magnet-off": 43,
  "meter-cover-removed": 44,
  "meter-cover-closed": 45,
  "authentication-failure": 46,
  "parameter-changed": 47,
  "key-changed": 48,
  "decipher-failure": 49,
  replay: 50,
  "ready-for-reconnection": 59,
  "manual-disconnect": 60,
  "manual-connect": 61,
  "remote-disconnect": 62,
  "remote-connect": 63,
  "local-disconnect": 64,
  "limit-exceeded": 65,
  "limit-kept": 66,
  "limiter-changed": 67,
  "local-connect": 69,
  "voltage-low": 76,
  "voltage-high": 79,
  "voltage-missing-l1": 82,
  "voltage-missing-l2": 83,
  "voltage-missing-l3": 84,
  "voltage-normal": 85,
  "voltage-normal-l2": 86,
  "voltage-normal-l3": 87,
  "neutral-lost": 88,
  "current-reversed": 89,
  "log-cleared": 255,
};

export type LogName = "standard" | "fraud" | "disconnector" | "quality";

export interface EventLog {
  readonly name: LogName;
  readonly obis: string;
  readonly codeObis: string;
  /** The only log of its meter: everything but the power quality stands in it. */
  readonly alone: boolean;
}

const log = (name: LogName, number: number, alone = false): EventLog => ({
  name,
  obis: `0-0:99.98.${number}*255`,
  codeObis: `0-0:96.11.${number}*255`,
  alone,
});

export const oneLog: readonly EventLog[] = [log("standard", 0, true)];
export const severalLogs: readonly EventLog[] = [
  log("standard", 0),
  log("fraud", 1),
  log("disconnector", 2),
  log("quality", 4),
];

function logOf(kind: HappeningKind): LogName {
  const code = eventCodes[kind];
  // Asymmetry and reversal of the current are found in the wiring, not in the network.
  if (code === 88 || code === 89) return "fraud";
  if (code >= 76 && code <= 95) return "quality";
  if (code >= 59 && code <= 69) return "disconnector";
  // Covers, wrong secrets, messages that do not open.
  const fraud = (code >= 40 && code <= 46) || code === 49 || code === 50;
  return fraud ? "fraud" : "standard";
}

/** The log of a meter with several that an entry stands in. */
export const logOfEntry = ({ kind }: Happening): EventLog =>
  severalLogs.find(({ name }) => name === logOf(kind)) as EventLog;

/** Entries of one log, oldest first. */
export function entriesOf({ name, obis, alone }: EventLog, { device }: Visit): Happening[] {
  const { meter } = device;
  const since = device.clearedMs(obis);
  if (name === "quality") return meter.quality(since, Infinity);
  const all = meter.events(since, Infinity);
  return alone ? all : all.filter(({ kind }) => logOf(kind) === name);
}
