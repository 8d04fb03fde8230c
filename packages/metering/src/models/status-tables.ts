import { quality } from "../quality.ts";

/** One bit of a profile's status: what it says, and what that makes of the row's value (0: nothing). */
export interface StatusBit {
  readonly bit: number;
  readonly means: string;
  readonly quality: number;
}

/** The low byte of VDEW profiles and logs. `10` and `04` differ between makers. */
const vdew: readonly StatusBit[] = [
  { bit: 0x80, means: "power-down", quality: quality.powerDown },
  { bit: 0x40, means: "power-up", quality: quality.powerUp },
  { bit: 0x20, means: "clock-set", quality: quality.clockAdjusted },
  { bit: 0x10, means: "billing-reset", quality: 0 },
  { bit: 0x08, means: "season-change", quality: quality.daylightSaving },
  { bit: 0x04, means: "value-disturbed", quality: quality.notValid },
  { bit: 0x02, means: "running-reserve-exhausted", quality: quality.clockInvalid },
  { bit: 0x01, means: "fatal-device-error", quality: quality.criticalError },
];

/** Profile status of the IDIS family (0-0:96.10.x); bits 4 and 6 are not used. */
const idis: readonly StatusBit[] = [
  { bit: 0x80, means: "power-down", quality: quality.powerDown },
  { bit: 0x20, means: "clock-adjusted", quality: quality.clockAdjusted },
  { bit: 0x08, means: "daylight-saving", quality: quality.daylightSaving },
  { bit: 0x04, means: "not-valid", quality: quality.notValid },
  { bit: 0x02, means: "clock-invalid", quality: quality.clockInvalid },
  { bit: 0x01, means: "critical-error", quality: quality.criticalError },
];

/** What the bits of a profile's status mean, by the family of the meter. */
export const statusTables = {
  vdew,
  /** 32 bits: VDEW's byte, and above it what the operating log has too. */
  "emh-lzqj": [
    { bit: 0x8000, means: "before-clock-synchronisation", quality: quality.clockAdjusted },
    { bit: 0x4000, means: "profile-cleared", quality: 0 },
    { bit: 0x2000, means: "log-cleared", quality: 0 },
    { bit: 0x0100, means: "setup-changed", quality: 0 },
    ...vdew,
  ],
  /** VDEW's byte, but 08 stands in every row of the summer: it is the season, not its change. */
  metcom: vdew.map((entry) => (entry.bit === 0x08 ? { ...entry, means: "daylight-saving" } : entry)),
  idis,
  /** Dutch meters of SMR 5 mark a value that was recovered after a fault; it counts. */
  "dutch-smr": [...idis, { bit: 0x40, means: "recovered-value", quality: 0 }],
} as const satisfies Readonly<Record<string, readonly StatusBit[]>>;

export type StatusTableName = keyof typeof statusTables;

/** Bits of `quality` for a row's status. Bits that the table does not know say nothing. */
export function qualityOfStatus(table: StatusTableName, status: number): number {
  let bits = 0;
  for (const { bit, quality } of statusTables[table] as readonly StatusBit[]) {
    if (Math.floor(status / bit) % 2 === 1) bits |= quality;
  }
  return bits;
}
