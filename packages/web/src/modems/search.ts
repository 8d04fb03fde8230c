/** What of the lists of modems and cards stands in the address. */
export interface ModemsSearch {
  readonly q?: string;
  readonly show?: "sims";
}

/** Reads the address; what makes no sense is left out. A serial number in an address is a text all the same. */
export function modemsSearch(raw: Readonly<Record<string, unknown>>): ModemsSearch {
  const q = typeof raw.q === "string" || typeof raw.q === "number" ? String(raw.q).slice(0, 200) : "";
  return { ...(q === "" ? {} : { q }), ...(raw.show === "sims" ? { show: "sims" as const } : {}) };
}
