/** What of the page of billing stands in the address: the month (`2026-10`; the last one that is over when absent), branch and closing. */
export interface BillingSearch {
  readonly month?: string;
  readonly branch?: number;
  readonly closing?: number;
}

const idOf = (value: unknown): number | undefined => {
  const id = Number(value);
  return Number.isInteger(id) && id > 0 ? id : undefined;
};

export function billingSearch(search: Record<string, unknown>): BillingSearch {
  const month = typeof search.month === "string" && /^\d{4}-(0[1-9]|1[0-2])$/.test(search.month);
  const branch = idOf(search.branch);
  const closing = idOf(search.closing);
  return {
    ...(month ? { month: search.month as string } : {}),
    ...(branch === undefined ? {} : { branch }),
    ...(closing === undefined ? {} : { closing }),
  };
}
