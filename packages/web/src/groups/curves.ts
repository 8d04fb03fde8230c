import type { GroupCurve } from "../api/client.ts";
import { type Curve, partly } from "../parts/curve.ts";
import { slotsOfDay } from "./slots.ts";

/** Both sides of a group as charts show them; an interval that is known in part alone is marked. */
export function curvesOf(answer: GroupCurve): { readonly balance: Curve; readonly members: Curve } {
  const length = answer.members.length;
  const flags = new Uint16Array(length).fill(partly);
  for (const [from = 0, count = 0] of answer.whole) flags.fill(0, from, from + count);
  const scale = 10 ** answer.scale;
  let first = 0;
  const days = answer.days.map(({ day }) => {
    const slots = Math.min(slotsOfDay(day, answer.zone), length - first);
    const entry = { day, firstIndex: first, slots };
    first += slots;
    return entry;
  });
  const side = (values: readonly (number | null)[]): Curve => ({
    startMs: Date.parse(answer.start),
    stepMs: answer.stepSeconds * 1000,
    values: Float64Array.from(values, (value) => (value === null ? Number.NaN : value * scale)),
    flags,
    days,
    due: length,
    unit: answer.unit,
    zone: answer.zone,
  });
  return { balance: side(answer.balance), members: side(answer.members) };
}
