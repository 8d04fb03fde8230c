import { Problem } from "./problem.ts";

/** Epoch ms as ISO 8601 in UTC. Infinite instants, which only open ranges have, are null as absent ones are. */
export function iso(ms: number): string;
export function iso(ms: number | null): string | null;
export function iso(ms: number | null): string | null {
  return ms === null || !Number.isFinite(ms) ? null : new Date(ms).toISOString();
}

const instantShape = /^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/i;

/** An instant of ISO 8601 that the database takes, too: it knows no year 0, and nobody counts by leap seconds. */
export function isInstant(text: string): boolean {
  if (!instantShape.test(text)) return false;
  try {
    return Temporal.Instant.from(text).epochMilliseconds >= firstMs;
  } catch {
    return false;
  }
}
const firstMs = Date.parse("0001-01-01T00:00:00Z");

/** A day that the calendar has, from year 1 on. */
export function isDay(text: string): boolean {
  try {
    return Temporal.PlainDate.from(text, { overflow: "reject" }).year >= 1;
  } catch {
    return false;
  }
}

/** What a client may leave open is known by now at the latest. @throws Problem `input.invalid` for an instant that is still to come */
export function pastInstant(at: string | undefined, nowMs: number, field: string): number {
  const atMs = at === undefined ? nowMs : Date.parse(at);
  if (atMs > nowMs + 60_000)
    throw new Problem("input.invalid", { fields: { [field]: "Not an instant of the past" } });
  return atMs;
}
