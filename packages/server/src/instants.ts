/** Epoch ms as ISO 8601 in UTC. Infinite instants, which only open ranges have, are null as absent ones are. */
export function iso(ms: number): string;
export function iso(ms: number | null): string | null;
export function iso(ms: number | null): string | null {
  return ms === null || !Number.isFinite(ms) ? null : new Date(ms).toISOString();
}
