/** Height that a line of words takes, in the units of the picture. */
const lineHeight = 16;

/**
 * Where words beside bands stand: in the middle of their band, moved down where they would cover the one above, and as a whole up again
 * where they would leave the picture. Bands come from the top down.
 */
export function labelPlaces(middles: readonly number[], bottom: number): number[] {
  const places: number[] = [];
  for (const middle of middles) places.push(Math.max(middle, (places.at(-1) ?? -Infinity) + lineHeight));
  let limit = bottom - lineHeight / 2;
  for (let nth = places.length - 1; nth >= 0; nth -= 1) {
    places[nth] = Math.min(places[nth]!, limit);
    limit = places[nth]! - lineHeight;
  }
  return places;
}
