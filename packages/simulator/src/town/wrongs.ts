import type { LocalCalendar } from "../calendar.ts";
import { type Diversion, type DiversionMode, diversionModes } from "../load/diversion.ts";
import { between, hash, pick, uniform, whole } from "../random.ts";

/** Errors in the books: nobody steals, yet the balance does not close. */
export const bookErrorKinds = ["wrong-ct-factor", "swapped", "not-in-group"] as const;
export type BookErrorKind = (typeof bookErrorKinds)[number];

export interface BookError {
  readonly kind: BookErrorKind;
  /** The factor that was entered, of a wrong CT factor. */
  readonly enteredRatio?: number;
  /** The other of two that were swapped. */
  readonly other?: number;
}

/** One customer in 150 steals. */
const thiefShare = 1 / 150;
/** One point in 400 is booked wrongly. */
const bookErrorShare = 1 / 400;

/** The first transformer of a town has them for sure, so that the smallest town shows something. */
const showcase = new Map<number, DiversionMode>([
  [3, "part-bypass"],
  [9, "full-bypass"],
  [14, "magnet"],
  [19, "tap"],
]);

/** How a customer passes the meter, if one does: mode, size and times are drawn by the seed, from 90 days before the town begins. */
export function diversionOf(
  point: { readonly index: number; readonly key: number; readonly phases: 1 | 3 },
  calendar: LocalCalendar,
  beginDay: number,
): Diversion | undefined {
  const { index, key, phases } = point;
  const shown = showcase.get(index);
  if (shown === undefined && uniform(key, 0x7e1) >= thiefShare) return undefined;
  const drawn = shown ?? pick(diversionModes, key, 0x7e2);
  const mode = drawn === "phase-bypass" && phases === 1 ? "part-bypass" : drawn;
  const from = calendar.day(Math.max(0, beginDay + whole(-90, shown ? -20 : 45, key, 0x7e3)));
  const fromMs = from.startMs + whole(6, 22, key, 0x7e4) * 3_600_000;
  const ends = shown === undefined && uniform(key, 0x7e5) < 0.25;
  return {
    mode,
    share: shareOf(mode, key),
    fromMs,
    toMs: ends ? fromMs + whole(20, 120, key, 0x7e6) * 86_400_000 : Number.POSITIVE_INFINITY,
  };
}

function shareOf(mode: DiversionMode, key: number): number {
  const draw = (low: number, high: number) => Math.round(between(low, high, key, 0x7e7) * 1000) / 1000;
  switch (mode) {
    case "part-bypass":
      return draw(0.2, 0.8);
    case "full-bypass":
      return 1;
    case "phase-bypass":
      return draw(0.25, 0.42);
    case "magnet":
      return draw(0.1, 0.5);
    default:
      return draw(0.3, 1.5);
  }
}

const usualRatios = [20, 30, 40, 50, 60, 80, 120];

/** What is wrong in the books of a point. `last` is its transformer's last point: the swapped ones are neighbours. */
export function bookErrorOf(
  point: { readonly index: number; readonly key: number; readonly ratio: number },
  last: number,
  seed: number,
): BookError | undefined {
  const { index, key, ratio } = point;
  if (ratio > 1 && uniform(key, 0xb0e1) < 0.03) {
    const others = usualRatios.filter((other) => other !== ratio);
    const enteredRatio = uniform(key, 0xb0e2) < 0.4 ? 1 : pick(others, key, 0xb0e3);
    return { kind: "wrong-ct-factor", enteredRatio };
  }
  const swaps = (n: number) => n % 2 === 0 && (n === 22 || uniform(hash(seed, 0x5a9, n)) < bookErrorShare);
  if (swaps(index) && index + 1 <= last) return { kind: "swapped", other: index + 1 };
  if (index % 2 === 1 && swaps(index - 1)) return { kind: "swapped", other: index - 1 };
  if (index === 27 || uniform(key, 0xb0e4) < bookErrorShare) return { kind: "not-in-group" };
  return undefined;
}
