import type { PointQuery } from "../api/client.ts";

export const pointStates = ["talking", "silent", "never", "none"] as const;
export const pointSorts = [
  "pod",
  "name",
  "address",
  "branch",
  "serial",
  "model",
  "state",
  "lastContactAt",
] as const;
type Sort = (typeof pointSorts)[number];

/** What of the list stands in the address: filters and order. */
export interface PointsSearch {
  readonly q?: string;
  readonly branch?: number;
  readonly state?: (typeof pointStates)[number];
  readonly model?: string;
  readonly sort?: Sort;
  readonly descending?: true;
}

/** Reads the address; what makes no sense is left out. */
export function pointsSearch(raw: Readonly<Record<string, unknown>>): PointsSearch {
  const state = pointStates.find((one) => one === raw.state);
  const sort = pointSorts.find((one) => one === raw.sort);
  const branch = Number(raw.branch);
  return {
    ...textOf("q", raw.q),
    ...(Number.isInteger(branch) && branch > 0 ? { branch } : {}),
    ...(state ? { state } : {}),
    ...textOf("model", raw.model),
    ...(sort ? { sort } : {}),
    ...(raw.descending === true || raw.descending === "true" ? { descending: true as const } : {}),
  };
}

/** A number in an address is read as a number: a POD made of digits is a text all the same. */
function textOf<Key extends string>(key: Key, value: unknown): { [K in Key]?: string } {
  if (typeof value !== "string" && typeof value !== "number") return {};
  const text = String(value).slice(0, 200);
  return text === "" ? {} : ({ [key]: text } as { [K in Key]: string });
}

export function pointsQuery(search: PointsSearch): PointQuery {
  return { ...search };
}

/** Whether anything narrows the list. */
export function isFiltered(search: PointsSearch): boolean {
  return Boolean(search.q || search.branch || search.state || search.model);
}
