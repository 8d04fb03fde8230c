export const alarmStates = ["unacknowledged", "active", "all"] as const;
export const severities = ["critical", "medium", "low"] as const;

/** What of the list stands in the address. */
export interface AlarmsSearch {
  readonly state?: (typeof alarmStates)[number];
  readonly severity?: (typeof severities)[number];
}

/** Reads the address; what makes no sense is left out. */
export function alarmsSearch(raw: Readonly<Record<string, unknown>>): AlarmsSearch {
  const state = alarmStates.find((one) => one === raw.state);
  const severity = severities.find((one) => one === raw.severity);
  return {
    ...(state && state !== "unacknowledged" ? { state } : {}),
    ...(severity ? { severity } : {}),
  };
}
