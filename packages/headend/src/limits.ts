import { readLimits } from "@energsys/drivers";

/** What the head-end bears at most. Each may be set lower by configuration, never higher. */
export const limits = {
  ...readLimits,
  /** A device that called in must be known by then. */
  identifyMs: 60_000,
  /** An idle line of a device that called in is asked for its clock after this; operator NAT forgets lines in 2 to 30 min. */
  keepAliveMs: 90_000,
  /** One attempt, however much there is to read: the rest is the next one's. */
  attemptMs: 15 * 60_000,

  connections: 12_000,
  connectionsUnidentifiedPerAddress: 8,
  /** Of an address behind which many devices stand (NAT, a tunnel). */
  connectionsUnidentifiedPerSharedAddress: 512,
  bytesUnidentified: 1024,

  /** Rows that wait for the database, of all devices; at 80 % devices are not asked on, at 20 % they are again. */
  queueRows: 10_000,
  batchDeliveries: 500,
  batchWaitMs: 200,

  /** Intervals asked for in one request: a day of quarter-hours fits many times over GPRS before the line drops. */
  requestRows: 300,

  retryFirstMs: 15_000,
  retryMaxMs: 15 * 60_000,
  restartSpreadSeconds: 120,
} as const;

export type Limits = { readonly [Name in keyof typeof limits]: number };

/** The limits with some of them lowered. @throws Error naming each that would be raised or is no number */
export function lowerLimits(lower: Partial<Limits>): Limits {
  const wrong = Object.entries(lower).filter(
    ([name, value]) => !(name in limits) || !(value > 0 && value <= limits[name as keyof Limits]),
  );
  if (wrong.length > 0) {
    throw new Error(
      `limits can only be lowered: ${wrong.map(([name, value]) => `${name}=${value}`).join(", ")}`,
    );
  }
  return { ...limits, ...lower };
}
