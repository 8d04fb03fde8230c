/** Status byte of VDEW logs and profiles; one event for each bit. `10` and `04` differ between makers. */
const vdew = {
  1: "fatal-device-error",
  2: "running-reserve-exhausted",
  4: "value-disturbed",
  8: "season-change",
  16: "billing-reset",
  32: "clock-set",
  64: "power-up",
  128: "power-down",
} as const;

/** Codes that IDIS and Dutch meters share. */
const idisAndDutch = {
  1: "power-down",
  2: "power-up",
  3: "daylight-saving-change",
  4: "clock-adjusted-old-time",
  5: "clock-adjusted-new-time",
  6: "clock-invalid",
  7: "replace-battery",
  8: "battery-low",
  9: "tariff-schedule-activated",
  10: "error-register-cleared",
  11: "alarm-register-cleared",
  12: "program-memory-error",
  13: "ram-error",
  14: "nv-memory-error",
  15: "watchdog-error",
  16: "measurement-system-error",
  17: "firmware-ready",
  18: "firmware-activated",
  19: "passive-calendar-programmed",
  40: "terminal-cover-removed",
  41: "terminal-cover-closed",
  42: "strong-dc-field-on",
  43: "strong-dc-field-off",
  44: "meter-cover-removed",
  45: "meter-cover-closed",
  46: "authentication-failed-repeatedly",
  47: "parameter-changed",
  255: "log-cleared",
} as const;

/** Names of event codes; pages translate them. The code in a reading is `<table>:<number>`. */
export const eventTables = {
  /** IDIS family; 48 and up differ between makers and countries. */
  idis: {
    ...idisAndDutch,
    48: "key-changed",
    49: "decryption-failed",
    50: "replay-attack",
    59: "disconnector-ready-for-manual-reconnection",
    60: "manual-disconnection",
    61: "manual-connection",
    62: "remote-disconnection",
    63: "remote-connection",
    64: "local-disconnection",
    65: "limiter-exceeded",
    66: "limiter-ok",
    67: "limiter-changed",
    68: "disconnect-failed",
    69: "local-reconnection",
    76: "under-voltage-l1",
    77: "under-voltage-l2",
    78: "under-voltage-l3",
    79: "over-voltage-l1",
    80: "over-voltage-l2",
    81: "over-voltage-l3",
    82: "missing-voltage-l1",
    83: "missing-voltage-l2",
    84: "missing-voltage-l3",
    85: "voltage-normal-l1",
    86: "voltage-normal-l2",
    87: "voltage-normal-l3",
    88: "phase-asymmetry",
    89: "current-reversal",
    90: "wrong-phase-sequence",
    93: "bad-voltage-quality-l1",
    94: "bad-voltage-quality-l2",
    95: "bad-voltage-quality-l3",
    100: "mbus-1-communication-error",
    101: "mbus-1-communication-ok",
    102: "mbus-1-replace-battery",
    103: "mbus-1-fraud-attempt",
    104: "mbus-1-clock-adjusted",
    105: "mbus-1-new-device",
    106: "mbus-1-permanent-error",
  },
  /** Dutch smart meters (SMR 4/5). */
  "dutch-smr": {
    ...idisAndDutch,
    20: "self-check-ok",
    21: "module-removed",
    22: "module-inserted",
    23: "error-register-2-cleared",
    24: "alarm-register-2-cleared",
    25: "last-gasp-test",
    48: "module-cover-opened",
    49: "module-cover-closed",
    77: "under-voltage-l1",
    78: "under-voltage-l2",
    79: "under-voltage-l3",
    80: "over-voltage-l1",
    81: "over-voltage-l2",
    82: "over-voltage-l3",
    83: "voltage-normal-l1",
    84: "voltage-normal-l2",
    85: "voltage-normal-l3",
    86: "phase-outage-l1",
    87: "phase-outage-l2",
    88: "phase-outage-l3",
    90: "phase-returned-l1",
    91: "phase-returned-l2",
    92: "phase-returned-l3",
    99: "last-gasp",
  },
  vdew,
  /** EMH LZQJ: VDEW, and the bits above its byte that its log has. */
  "emh-lzqj": {
    ...vdew,
    256: "setup-changed",
    8192: "log-cleared",
    16384: "profile-cleared",
    32768: "before-clock-synchronisation",
  },
  /** MetCom: codes of an own column (C.11.0); only those that are known for certain. */
  metcom: {
    1: "power-down",
    2: "power-up",
    4: "clock-adjusted-old-time",
    5: "clock-adjusted-new-time",
  },
  /** Our own virtual meters: VDEW, and above its byte bits of their own. */
  "energsys-virtual": {
    ...vdew,
    65536: "terminal-cover-removed",
    131072: "terminal-cover-closed",
    262144: "meter-cover-removed",
    524288: "meter-cover-closed",
  },
  /** What the head-end itself found out about a device. */
  system: {
    "identity.mismatch": "identity-mismatch",
    "identity.duplicate": "identity-duplicate",
    "identity.unknown": "identity-unknown",
    "identity.disabled": "identity-disabled",
    "identity.channel": "identity-channel",
    "key.half-used": "key-half-used",
  },
} as const;

export type EventTableName = keyof typeof eventTables;

/** Name of an event code such as `idis:40`, or `undefined` for one that its table does not know. */
export function findEventName(code: string): string | undefined {
  const colon = code.indexOf(":");
  const table = (eventTables as Record<string, Readonly<Record<string, string>>>)[code.slice(0, colon)];
  return table && Object.hasOwn(table, code.slice(colon + 1)) ? table[code.slice(colon + 1)] : undefined;
}
