/** A position in the WAL: bytes since the cluster was made. */
export type Lsn = bigint;

/** `16/B374D848` as PostgreSQL writes positions. */
export function parseLsn(text: string): Lsn {
  const [, high, low] = /^([0-9A-F]{1,8})\/([0-9A-F]{1,8})$/i.exec(text) ?? [];
  if (!high || !low) throw new Error(`${text} is no position of the WAL`);
  return (BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`);
}

export const formatLsn = (lsn: Lsn): string =>
  `${(lsn >> 32n).toString(16)}/${(lsn & 0xffff_ffffn).toString(16)}`.toUpperCase();

const hex8 = (value: bigint | number): string => value.toString(16).toUpperCase().padStart(8, "0");

export const segmentStart = (lsn: Lsn, segmentBytes: number): Lsn => lsn - (lsn % BigInt(segmentBytes));

/** Name of the segment that holds `lsn`, as in pg_wal: timeline, then the segment's number in two parts. */
export function segmentName(timeline: number, lsn: Lsn, segmentBytes: number): string {
  const number = lsn / BigInt(segmentBytes);
  const perPart = 0x1_0000_0000n / BigInt(segmentBytes);
  return hex8(timeline) + hex8(number / perPart) + hex8(number % perPart);
}
