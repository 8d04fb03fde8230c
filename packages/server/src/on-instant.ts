import { Problem } from "./problem.ts";

const dayShape = /^\d{4}-\d{2}-\d{2}$/;

/**
 * The instant of "as it was on": a market-local day is meant from its beginning, which is no midnight of UTC; an instant is itself.
 * @throws Problem `input.invalid` for a day that the calendar does not have
 */
export function onInstant(on: string, zone: string): number {
  if (!dayShape.test(on)) return Date.parse(on);
  try {
    return Temporal.PlainDate.from(on, { overflow: "reject" }).toZonedDateTime(zone).epochMilliseconds;
  } catch {
    throw new Problem("input.invalid", { fields: { "/on": "There is no such day" } });
  }
}
