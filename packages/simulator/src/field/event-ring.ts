/** Events of modules and supply units, by the codes of the agreement (docs/protocols/concentrator-centre.md, section 4). */
export const fieldEvents = {
  clockSet: 0x0003,
  mainsFailed: 0x0101,
  mainsBack: 0x0102,
  onBackup: 0x0103,
  backupLow: 0x0104,
  shuttingDown: 0x0105,
  started: 0x1001,
  onBattery: 0x1002,
  onSupply: 0x1003,
  batteryLow: 0x1004,
  doorOpened: 0x1010,
  doorClosed: 0x1011,
  tamperOpened: 0x1020,
  tamperClosed: 0x1021,
  pulseLineBroken: 0x1022,
  wrongWiring: 0x1023,
  relayOpened: 0x1030,
  relayClosed: 0x1031,
  relayStuck: 0x1032,
} as const;
export type FieldEvent = keyof typeof fieldEvents;

export interface RingEntry {
  /** From 1, never used twice. */
  readonly number: number;
  /** By the device's own clock. */
  readonly atMs: number;
  readonly code: number;
  /** Input from 1, or 0. */
  readonly input: number;
}

/** What a ring keeps, in memory that survives everything. */
export interface RingState {
  next: number;
  /** Entries up to this number were taken over. */
  acknowledged: number;
  entries: RingEntry[];
}

export const emptyRing = (): RingState => ({ next: 1, acknowledged: 0, entries: [] });

/** Entries that a ring holds; the oldest makes room, acknowledged or not. */
const ringMax = 500;
/** Entries in one block. */
const blockMax = 20;

/** Writes an entry. */
export function note(ring: RingState, event: FieldEvent, atMs: number, input = 0): void {
  ring.entries.push({ number: ring.next, atMs, code: fieldEvents[event], input });
  ring.next += 1;
  if (ring.entries.length > ringMax) ring.entries.shift();
}

/** The oldest entries that nobody acknowledged, as many as fit into a block. */
export const waiting = (ring: RingState): RingEntry[] =>
  ring.entries.filter(({ number }) => number > ring.acknowledged).slice(0, blockMax);

/** Takes an acknowledgement; `false` for a number that was never written. Going back does nothing. */
export function acknowledge(ring: RingState, number: number): boolean {
  if (!Number.isInteger(number) || number < 0 || number >= ring.next) return false;
  ring.acknowledged = Math.max(ring.acknowledged, number);
  return true;
}
