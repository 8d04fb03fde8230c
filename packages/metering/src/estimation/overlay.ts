import type { EpochMs } from "@energsys/protocols";
import { notGood, quality } from "../quality.ts";
import type { Outage } from "../validation/checked-day.ts";
import type { Finding } from "../validation/rule.ts";
import { slotsIn } from "../validation/slot-set.ts";
import { isBilled, methodCodes, methodMark } from "./methods.ts";

/** What is laid over the measured values of a day: estimates, edits, and intervals that validation refuses. */
export interface Overlay {
  /** NaN where nothing is laid over. */
  readonly values: Float64Array;
  /** `methodMark` */
  readonly methods: Uint8Array;
  /** Bits of quality to add to what was measured: `suspect` where validation refuses it, `powerDown` where an outage touches it. */
  readonly marks: Uint16Array;
}

/** What the device said, but for what a value that takes the place of its own no longer has. */
const keptBits = 0x00ff & ~notGood;
const outageNumber = methodCodes.indexOf("E2") + 1;

/** Nothing flowed in an outage: that is as good as measured. */
const estimateBit = (method: number): number =>
  (method & methodMark.number) === outageNumber ? quality.powerDown : quality.estimated;

/**
 * The day as it counts. An edit stands whatever is measured; an estimate only where nothing valid is, so that a value that comes late
 * takes its place at once, unless the estimate was billed; a zero of an outage is as good as measured (quality 1.2.32).
 */
export function overlaid(
  measured: { readonly values: Float64Array; readonly flags: Uint16Array },
  { values, methods, marks }: Overlay,
): { values: Float64Array; flags: Uint16Array } {
  const day = { values: measured.values.slice(), flags: measured.flags.slice() };
  for (let slot = 0; slot < day.values.length; slot++) {
    const method = methods[slot]!;
    const refused = (method & methodMark.refused) === 0 ? 0 : quality.suspect;
    const flags = day.flags[slot]! | marks[slot]! | refused;
    // A value that was verified is no longer the one that is measured: then nothing is laid over.
    const estimated = (method & (methodMark.edited | methodMark.number)) !== 0 && !Number.isNaN(values[slot]);
    if (estimated && (method & methodMark.edited) !== 0) {
      day.values[slot] = values[slot]!;
      day.flags[slot] = (flags & keptBits) | quality.edited;
    } else if (estimated && isBilled(method)) {
      day.values[slot] = values[slot]!;
      day.flags[slot] = (flags & keptBits) | estimateBit(method);
    } else if ((method & methodMark.verified) !== 0 && day.values[slot] === values[slot]) {
      day.flags[slot] = flags & keptBits;
    } else if (!Number.isNaN(day.values[slot]) && (flags & notGood) === 0) {
      day.flags[slot] = flags;
    } else if (estimated) {
      day.values[slot] = values[slot]!;
      day.flags[slot] = (flags & keptBits) | estimateBit(method);
    } else {
      day.flags[slot] = Number.isNaN(day.values[slot]) ? flags & ~quality.suspect : flags;
    }
  }
  return day;
}

/** Marks of a day: what findings refuse, and what an outage touches. */
export function marksOf(
  day: {
    readonly startMs: EpochMs;
    readonly periodSeconds: number;
    readonly values: Float64Array;
    readonly flags: Uint16Array;
  },
  findings: readonly Finding[],
  outages: readonly Outage[],
): Uint16Array {
  const marks = new Uint16Array(day.values.length);
  const periodMs = day.periodSeconds * 1000;
  for (const { severity, slots } of findings) {
    if (severity !== "F" || !slots) continue;
    for (const slot of slotsIn(slots)) if (!Number.isNaN(day.values[slot])) marks[slot] = quality.suspect;
  }
  for (const { fromMs, toMs } of outages) {
    const first = Math.max(0, Math.floor((fromMs - day.startMs) / periodMs));
    const last = Math.min(marks.length - 1, Math.ceil((toMs - day.startMs) / periodMs) - 1);
    for (let slot = first; slot <= last; slot++) marks[slot] = marks[slot]! | quality.powerDown;
  }
  return marks;
}

/** What a person laid over the day, and estimates that were billed, without other estimates and marks. */
export function byPersons({ values, methods }: Overlay): Overlay {
  const given = (method: number) => (method & (methodMark.edited | methodMark.verified)) !== 0;
  return {
    values: values.map((value, slot) => (given(methods[slot]!) ? value : Number.NaN)),
    methods: methods.map((method) => (given(method) ? method : method & methodMark.refused)),
    marks: new Uint16Array(values.length),
  };
}

export const emptyOverlay = (slots: number): Overlay => ({
  values: new Float64Array(slots).fill(Number.NaN),
  methods: new Uint8Array(slots),
  marks: new Uint16Array(slots),
});

/** Nothing is laid over, nothing marked. */
export const isEmptyOverlay = ({ methods, marks }: Overlay): boolean =>
  methods.every((method) => method === methodMark.none) && marks.every((mark) => mark === 0);

export const equalOverlays = (a: Overlay, b: Overlay): boolean =>
  a.methods.every((method, slot) => method === b.methods[slot]) &&
  a.marks.every((mark, slot) => mark === b.marks[slot]) &&
  a.values.every((value, slot) => Object.is(value, b.values[slot]));
