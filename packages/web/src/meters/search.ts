export const meterStates = [
  "manufacturing",
  "assembly",
  "testing",
  "stock",
  "verification",
  "verified",
  "installed",
  "removed",
  "repair",
  "scrapped",
  "unknown",
] as const;
const sorts = ["serial", "type", "state", "since", "dueOn"] as const;
const dayShape = /^\d{4}-\d{2}-\d{2}$/;

/** What of the list of meters stands in the address. */
export interface MetersSearch {
  readonly q?: string;
  readonly state?: (typeof meterStates)[number];
  readonly type?: number;
  /** Only what no verification covers on this day. */
  readonly dueBefore?: string;
  readonly sort?: (typeof sorts)[number];
  readonly descending?: true;
}

/** Reads the address; what makes no sense is left out. A serial number in an address is a text all the same. */
export function metersSearch(raw: Readonly<Record<string, unknown>>): MetersSearch {
  const q = typeof raw.q === "string" || typeof raw.q === "number" ? String(raw.q).slice(0, 200) : "";
  const state = meterStates.find((one) => one === raw.state);
  const sort = sorts.find((one) => one === raw.sort && one !== "serial");
  const type = Number(raw.type);
  return {
    ...(q === "" ? {} : { q }),
    ...(state ? { state } : {}),
    ...(Number.isInteger(type) && type > 0 ? { type } : {}),
    ...(typeof raw.dueBefore === "string" && dayShape.test(raw.dueBefore)
      ? { dueBefore: raw.dueBefore }
      : {}),
    ...(sort ? { sort } : {}),
    ...(raw.descending === true || raw.descending === "true" ? { descending: true as const } : {}),
  };
}

/** The day on which the catalogue is looked at; today without it. */
export interface MeterTypesSearch {
  readonly at?: string;
}
export const meterTypesSearch = (raw: Readonly<Record<string, unknown>>): MeterTypesSearch =>
  typeof raw.at === "string" && dayShape.test(raw.at) ? { at: raw.at } : {};
