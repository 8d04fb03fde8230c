import { silenceMaxMs } from "./leader.ts";

export type LiveStatus =
  | { readonly kind: "live" }
  | { readonly kind: "stale"; readonly sinceMs: number }
  | { readonly kind: "reconnecting" };

/**
 * What the header says about the stream. Figures are called stale as soon as nothing was heard for `silenceMaxMs`,
 * whether or not somebody tries to reconnect: that is the fact that matters to the reader.
 */
export function liveStatus(heardMs: number, connected: boolean, nowMs: number): LiveStatus {
  if (nowMs - heardMs > silenceMaxMs) return { kind: "stale", sinceMs: heardMs };
  return connected ? { kind: "live" } : { kind: "reconnecting" };
}
