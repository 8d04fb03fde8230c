import { Problem } from "./problem.ts";

/** Epoch ms as ISO 8601 in UTC. Infinite instants, which only open ranges have, are null as absent ones are. */
export function iso(ms: number): string;
export function iso(ms: number | null): string | null;
export function iso(ms: number | null): string | null {
  return ms === null || !Number.isFinite(ms) ? null : new Date(ms).toISOString();
}

/** What a client may leave open is known by now at the latest. @throws Problem `input.invalid` for an instant that is still to come */
export function pastInstant(at: string | undefined, nowMs: number, field: string): number {
  const atMs = at === undefined ? nowMs : Date.parse(at);
  if (atMs > nowMs + 60_000)
    throw new Problem("input.invalid", { fields: { [field]: "Not an instant of the past" } });
  return atMs;
}
