import type { Suspect } from "./rank.ts";

/** The suspects that the first `count` visits reach, in their order: two whose meters were interchanged are one visit. */
export function suspectsOfVisits<Id>(suspects: readonly Suspect<Id>[], count: number): Suspect<Id>[] {
  const reached: Suspect<Id>[] = [];
  const along = new Set<Id>();
  let visits = 0;
  for (const suspect of suspects) {
    if (!along.has(suspect.id)) {
      if (visits === count) continue;
      visits++;
    }
    reached.push(suspect);
    if (suspect.other !== undefined) along.add(suspect.other);
  }
  return reached;
}
