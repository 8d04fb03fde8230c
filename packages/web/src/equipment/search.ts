export const concentratorStates = ["online", "silent", "shutdown", "quarantine", "retired"] as const;

/** What of the list stands in the address. */
export interface EquipmentSearch {
  readonly q?: string;
  readonly branch?: number;
  readonly state?: (typeof concentratorStates)[number];
}

/** Reads the address; what makes no sense is left out. */
export function equipmentSearch(raw: Readonly<Record<string, unknown>>): EquipmentSearch {
  const state = concentratorStates.find((one) => one === raw.state);
  const q = typeof raw.q === "string" || typeof raw.q === "number" ? String(raw.q).slice(0, 200) : "";
  const branch = Number(raw.branch);
  return {
    ...(q === "" ? {} : { q }),
    ...(Number.isInteger(branch) && branch > 0 ? { branch } : {}),
    ...(state ? { state } : {}),
  };
}
