import { addDays, type Day, startOfDay } from "../time/zone.ts";

/** Quarter-hours of a day in a zone: 92, 96 or 100. */
export const slotsOfDay = (day: Day, zone: string): number =>
  (startOfDay(addDays(day, 1), zone) - startOfDay(day, zone)) / 900_000;
