export const sealStates = ["intact", "broken", "none"] as const;
export type SealState = (typeof sealStates)[number];

/** What of the list of locations stands in the address. */
export interface LocationsSearch {
  readonly q?: string;
  readonly branch?: number;
  readonly seal?: SealState;
  readonly sort?: "code";
  readonly descending?: true;
  /** The plot of their positions beside the list. */
  readonly plot?: true;
}

/** Reads the address; what makes no sense is left out. */
export function locationsSearch(raw: Readonly<Record<string, unknown>>): LocationsSearch {
  const q = typeof raw.q === "string" || typeof raw.q === "number" ? String(raw.q).slice(0, 200) : "";
  const branch = Number(raw.branch);
  const seal = sealStates.find((one) => one === raw.seal);
  const is = (value: unknown) => value === true || value === "true";
  return {
    ...(q === "" ? {} : { q }),
    ...(Number.isInteger(branch) && branch > 0 ? { branch } : {}),
    ...(seal ? { seal } : {}),
    ...(raw.sort === "code" ? { sort: "code" as const } : {}),
    ...(is(raw.descending) ? { descending: true as const } : {}),
    ...(is(raw.plot) ? { plot: true as const } : {}),
  };
}
