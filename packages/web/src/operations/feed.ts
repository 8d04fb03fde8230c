import type { LiveItem } from "../api/client.ts";

export const feedRows = 50;

/** What makes two tellings the same happening: an attempt has one row, which its newest state replaces. */
export function itemKey(item: LiveItem): string {
  return item.type === "attempt" ? `a${item.attemptId}` : `e${item.deviceId} ${item.at} ${item.code}`;
}

/** The feed with new happenings on top: each attempt once, in its newest state; an older telling changes nothing. */
export function withItems(feed: readonly LiveItem[], fresh: readonly LiveItem[]): LiveItem[] {
  const byKey = new Map<string, LiveItem>();
  for (const item of [...feed, ...fresh]) {
    const key = itemKey(item);
    const known = byKey.get(key);
    if (known && known.at > item.at) continue;
    byKey.set(key, item);
  }
  return [...byKey.values()].sort((a, b) => b.at.localeCompare(a.at)).slice(0, feedRows);
}
