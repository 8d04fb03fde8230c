import { PackedDayError } from "./load-day.ts";

/**
 * Counts by slot, such as how many members have a value: runs of two varints, length and count, one list after the other, each
 * as long as the day has slots. A day on which all is there is three bytes a list.
 */
export function packCounts(lists: readonly Uint32Array[]): Uint8Array {
  const bytes: number[] = [];
  for (const list of lists) {
    for (let slot = 0; slot < list.length; ) {
      const count = list[slot]!;
      const from = slot;
      do slot++;
      while (slot < list.length && list[slot] === count);
      put(bytes, slot - from);
      put(bytes, count);
    }
  }
  return Uint8Array.from(bytes);
}

/** The lists again. @throws PackedDayError `load-day.garbled` */
export function unpackCounts(bytes: Uint8Array, lists: number, slots: number): Uint32Array[] {
  let at = 0;
  const next = (): number => {
    let value = 0;
    for (let weight = 1; ; weight *= 128) {
      const byte = bytes[at++];
      if (byte === undefined || weight > 2 ** 28) throw new PackedDayError("a count runs past its end");
      value += (byte & 0x7f) * weight;
      if (byte < 0x80) return value;
    }
  };
  const result = Array.from({ length: lists }, () => {
    const list = new Uint32Array(slots);
    for (let slot = 0; slot < slots; ) {
      const length = next();
      const count = next();
      if (length === 0 || slot + length > slots) throw new PackedDayError("a run of counts passes the day");
      list.fill(count, slot, slot + length);
      slot += length;
    }
    return list;
  });
  if (at !== bytes.length) throw new PackedDayError("more counts than slots");
  return result;
}

function put(bytes: number[], value: number): void {
  while (value >= 0x80) {
    bytes.push((value % 128) | 0x80);
    value = Math.floor(value / 128);
  }
  bytes.push(value);
}
