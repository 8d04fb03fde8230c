import { type AnalysisSearch, analysisSearch } from "../analysis/search.ts";

export const severities = ["critical", "medium", "low"] as const;

/** What of a report that watches stands in the address: what all reports have, and what events are narrowed by. */
export interface WatchSearch extends AnalysisSearch {
  readonly event?: string;
  readonly severity?: (typeof severities)[number];
  readonly device?: number;
}

/** Reads the address; what makes no sense is left out. */
export function watchSearch(raw: Readonly<Record<string, unknown>>): WatchSearch {
  const severity = severities.find((one) => one === raw.severity);
  const device = Number(raw.device);
  return {
    ...analysisSearch(raw),
    ...(typeof raw.event === "string" && /^[a-z0-9-]{1,60}$/.test(raw.event) ? { event: raw.event } : {}),
    ...(severity ? { severity } : {}),
    ...(Number.isInteger(device) && device > 0 ? { device } : {}),
  };
}
