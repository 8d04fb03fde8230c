import { readFileSync } from "node:fs";

export interface Vector {
  readonly id: string;
  // biome-ignore lint/suspicious/noExplicitAny: each vector has a shape of its own
  readonly given: any;
  // biome-ignore lint/suspicious/noExplicitAny: each vector has a shape of its own
  readonly expect: any;
}

const vectors = JSON.parse(
  readFileSync(new URL("./fixtures/metering-vectors.json", import.meta.url), "utf8"),
) as Vector[];

/** One worked example of the fixtures. */
export function vector(id: string): Vector {
  const found = vectors.find((candidate) => candidate.id === id);
  if (!found) throw new Error(`no vector ${id}`);
  return found;
}

/** kWh of a vector as Wh. */
export const wh = (kwh: string): number => Math.round(Number(kwh) * 1000);
