export const subscriberSorts = ["name", "number"] as const;

/** What of the list stands in the address. */
export interface SubscribersSearch {
  readonly q?: string;
  readonly sort?: (typeof subscriberSorts)[number];
  readonly descending?: true;
}

/** Reads the address; what makes no sense is left out. A number in an address is a text all the same. */
export function subscribersSearch(raw: Readonly<Record<string, unknown>>): SubscribersSearch {
  const q = typeof raw.q === "string" || typeof raw.q === "number" ? String(raw.q).slice(0, 200) : "";
  return {
    ...(q === "" ? {} : { q }),
    ...(raw.sort === "number" ? { sort: "number" as const } : {}),
    ...(raw.descending === true || raw.descending === "true" ? { descending: true as const } : {}),
  };
}
