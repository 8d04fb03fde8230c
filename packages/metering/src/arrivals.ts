import { marketDay } from "./market-day.ts";

/**
 * Since when the values of a stored day are known, beside the packed day (docs/storage.md): runs of slots from the first one on, each two
 * varints: its length, and the zigzag of how much later than the run before it came after its last interval, in seconds. Days are taken as
 * if they began at midnight UTC and their intervals filled 86,400 s: that only keeps the numbers small.
 */

/** Seconds since 1970 at which each slot's value was known; NaN where that was never written down. */
export type Arrivals = Float64Array;

const dayStartS = (date: string): number => marketDay(date, "UTC").startMs / 1000;
const zigzag = (value: number): number => (value < 0 ? -value * 2 - 1 : value * 2);

/** What stands for "before anybody wrote it down": 1970. */
const always = 0;

function pushVarint(target: number[], given: number): void {
  let value = given;
  while (value >= 0x80) {
    target.push((value % 128) | 0x80);
    value = Math.floor(value / 128);
  }
  target.push(value);
}

/** A day of which everything came at once. */
export function arrivedAtOnce(date: string, slots: number, atS: number): Uint8Array {
  const bytes: number[] = [];
  pushVarint(bytes, slots);
  pushVarint(bytes, zigzag(atS - dayStartS(date) - slots * Math.floor(86_400 / slots)));
  return Uint8Array.from(bytes);
}

function packArrivals(date: string, arrivals: Arrivals): Uint8Array {
  const slots = arrivals.length;
  const step = Math.floor(86_400 / slots);
  const start = dayStartS(date);
  const bytes: number[] = [];
  let lagBefore = 0;
  for (let from = 0; from < slots; ) {
    let at = Number.NaN;
    let end = from;
    // Slots without a value go with whichever run they are in.
    for (; end < slots; end++) {
      const own = arrivals[end]!;
      if (Number.isNaN(own)) continue;
      if (Number.isNaN(at)) at = own;
      else if (at !== own) break;
    }
    const lag = (Number.isNaN(at) ? always : at) - start - end * step;
    pushVarint(bytes, end - from);
    pushVarint(bytes, zigzag(lag - lagBefore));
    lagBefore = lag;
    from = end;
  }
  return Uint8Array.from(bytes);
}

/** Seconds since 1970 at which each slot was known; null, of days written before this was kept, is "ever since". */
export function unpackArrivals(date: string, slots: number, packed: Uint8Array | null): Arrivals {
  const arrivals = new Float64Array(slots).fill(always);
  if (!packed) return arrivals;
  const step = Math.floor(86_400 / slots);
  const start = dayStartS(date);
  let at = 0;
  const next = () => {
    let value = 0;
    for (let weight = 1; ; weight *= 128) {
      const byte = packed[at++];
      if (byte === undefined || weight > 2 ** 49) throw new RangeError("arrivals run past their end");
      value += (byte & 0x7f) * weight;
      if (byte < 0x80) return value;
    }
  };
  let lag = 0;
  for (let from = 0; at < packed.length; ) {
    const end = from + next();
    if (end > slots) throw new RangeError("arrivals reach past the day");
    const code = next();
    lag += code % 2 === 0 ? code / 2 : -(code + 1) / 2;
    arrivals.fill(start + end * step + lag, from, end);
    from = end;
  }
  return arrivals;
}

/** Arrivals after empty slots were filled: what was there keeps its own, what is new came now. */
export function arrivalsAfterFill(
  date: string,
  before: { readonly values: Float64Array; readonly arrivals: Uint8Array | null },
  after: { readonly values: Float64Array },
  atS: number,
): Uint8Array {
  const known = unpackArrivals(date, after.values.length, before.arrivals);
  return packArrivals(
    date,
    known.map((own, slot) =>
      Number.isNaN(after.values[slot]) ? Number.NaN : Number.isNaN(before.values[slot]) ? atS : own,
    ),
  );
}
