export const caseStates = ["open", "in-field", "closed"] as const;
/** What somebody sets: in the field is a case that has an open field task. */
export const settableCaseStates = ["open", "closed"] as const;
export type CaseFilter = (typeof caseStates)[number] | "not-closed";

/** Which cases are shown; all of them where nothing is said. */
export interface CasesSearch {
  readonly state?: CaseFilter;
}

export const casesSearch = (raw: Readonly<Record<string, unknown>>): CasesSearch => {
  const state = ([...caseStates, "not-closed"] as const).find((one) => one === raw.state);
  return state ? { state } : {};
};
