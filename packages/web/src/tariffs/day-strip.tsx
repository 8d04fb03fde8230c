import type { TariffTerms } from "../api/client.ts";
import { clockOf } from "./draft.ts";

type Switches = TariffTerms["calendar"]["dayProfiles"][number]["switches"];
const quarters = 96;
const height = 34;
export const seriesCount = 6;
/** Colour of what stands at this place of a list; none where it stands in no list. */
export const colourOf = (place: number): string =>
  place < 0 ? "none" : `var(--e-series-${place % seriesCount})`;

/** Rate of each quarter-hour of a day profile, as places in `rates`; before the first switch the last one of the day holds. */
export function quartersOf(switches: Switches, rates: readonly string[]): number[] {
  const sorted = [...switches].sort((a, b) => a.minute - b.minute);
  return Array.from({ length: quarters }, (_, quarter) => {
    const last = sorted.findLast(({ minute }) => minute <= quarter * 15) ?? sorted.at(-1);
    return last ? rates.indexOf(last.rate) : -1;
  });
}

/** Hours of a day in words: `07:00 zi, 22:00 noapte`. */
export const hoursInWords = (switches: Switches): string =>
  [...switches]
    .sort((a, b) => a.minute - b.minute)
    .map(({ minute, rate }) => `${clockOf(minute)} ${rate}`)
    .join(", ");

/** One day by quarter-hour, coloured by rate. */
export function DayStrip(props: { readonly places: readonly number[]; readonly label: string }) {
  return (
    <svg
      viewBox={`0 0 ${quarters * 10} ${height}`}
      preserveAspectRatio="none"
      className="e-duration"
      style={{ height: "2.4rem" }}
      role="img"
      aria-label={props.label}
    >
      {props.places.map((place, quarter) => (
        <rect
          // biome-ignore lint/suspicious/noArrayIndexKey: a quarter-hour is its place in the day.
          key={quarter}
          x={quarter * 10}
          width={10.5}
          height={22}
          fill={colourOf(place)}
        />
      ))}
      {[0, 4, 8, 12, 16, 20].map((hour) => (
        <text key={hour} x={hour * 40} y={height}>
          {hour}
        </text>
      ))}
    </svg>
  );
}

/** Which colour is what. */
export function Keys(props: { readonly names: readonly string[] }) {
  return (
    <p className="e-row e-small">
      {props.names.map((name, nth) => (
        <span key={name} className="e-row">
          <span className="e-key" data-series={nth % seriesCount} aria-hidden="true" /> {name}
        </span>
      ))}
    </p>
  );
}
