import type { ArrivalRule, ArrivingDay } from "./rule.ts";
import { deliveryStatus } from "./v04-delivery-status.ts";
import { future } from "./v06-future.ts";
import { limit } from "./v12-limit.ts";

export type { ArrivalRule, ArrivingDay } from "./rule.ts";

/** Rules that run when a day arrives, in this order; a new rule is a file and a line here. */
export const arrivalRules: readonly ArrivalRule[] = [future, deliveryStatus, limit];

/** Runs the rules of one layer and returns what each marked, by code; an empty object when all is well. */
export function validateArrival(
  layer: ArrivalRule["layer"],
  day: ArrivingDay,
): Partial<Record<ArrivalRule["code"], number>> {
  const marks: Partial<Record<ArrivalRule["code"], number>> = {};
  for (const rule of arrivalRules) {
    if (rule.layer !== layer) continue;
    const marked = rule.mark(day);
    if (marked > 0) marks[rule.code] = marked;
  }
  return marks;
}
