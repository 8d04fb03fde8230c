import { readFileSync } from "node:fs";
import type { Vector } from "../vectors.ts";

const vectors = JSON.parse(
  readFileSync(new URL("../fixtures/losses-vectors.json", import.meta.url), "utf8"),
) as Vector[];

/** One worked example of balance, losses, power quality or continuity. */
export function lossVector(id: string): Vector {
  const found = vectors.find((candidate) => candidate.id === id);
  if (!found) throw new Error(`no vector ${id}`);
  return found;
}
