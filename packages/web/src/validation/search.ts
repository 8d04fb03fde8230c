export const findingStates = ["due", "open", "estimated", "accepted", "edited", "cleared"] as const;
export const severities = ["F", "W", "I"] as const;
export const owners = ["me", "nobody"] as const;
export const ages = [2, 7, 14, 30] as const;

/** What of the work list stands in the address; `finding` is the one that is open. */
export interface ValidationSearch {
  readonly state?: (typeof findingStates)[number];
  readonly severity?: (typeof severities)[number];
  readonly owner?: (typeof owners)[number];
  readonly rule?: string;
  readonly olderThanDays?: number;
  readonly branchId?: number;
  /** Those that wait for a field task; otherwise these stand aside. */
  readonly field?: "waiting";
  readonly finding?: number;
}

const whole = (raw: unknown): number | undefined =>
  typeof raw === "number" && Number.isSafeInteger(raw) && raw > 0 ? raw : undefined;

/** Reads the address; what makes no sense is left out. */
export function validationSearch(raw: Readonly<Record<string, unknown>>): ValidationSearch {
  const state = findingStates.find((one) => one === raw.state);
  const severity = severities.find((one) => one === raw.severity);
  const owner = owners.find((one) => one === raw.owner);
  const rule = typeof raw.rule === "string" && /^V\d\d$/.test(raw.rule) ? raw.rule : undefined;
  const olderThanDays = ages.find((one) => one === raw.olderThanDays);
  const branchId = whole(raw.branchId);
  const finding = whole(raw.finding);
  return {
    ...(state && state !== "due" ? { state } : {}),
    ...(severity ? { severity } : {}),
    ...(owner ? { owner } : {}),
    ...(rule ? { rule } : {}),
    ...(olderThanDays ? { olderThanDays } : {}),
    ...(branchId ? { branchId } : {}),
    ...(raw.field === "waiting" ? { field: raw.field } : {}),
    ...(finding ? { finding } : {}),
  };
}
