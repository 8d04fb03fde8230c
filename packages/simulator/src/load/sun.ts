import { type LocalDay, slotMs } from "../calendar.ts";
import { between, uniform } from "../random.ts";

/** A roof: what it gives when the sun stands overhead in a clear sky. */
export interface Panels {
  readonly peakW: number;
  /** Day of the calendar from which it feeds. */
  readonly fromDay: number;
}

/** Where a town lies. */
export interface Place {
  readonly key: number;
  readonly latitude: number;
  readonly longitude: number;
}

/** The sky over a town: one for all its roofs, worked out once for each day. */
export class Sky {
  readonly #place: Place;
  readonly #days = new Map<number, Float64Array>();

  constructor(place: Place) {
    this.#place = place;
  }

  /** Output of each quarter-hour as a share of the peak. */
  output(day: LocalDay): Float64Array {
    const known = this.#days.get(day.index);
    if (known) return known;
    const output = new Float64Array(day.slots);
    const clear = clearness(this.#place.key, day);
    for (let i = 0; i < day.slots; i++) {
      const startMs = day.startMs + i * slotMs;
      const height = sunHeight(this.#place, day.dayOfYear, startMs + slotMs / 2);
      if (height <= 0) continue;
      // Broken clouds flicker: the less clear the day, the more.
      const flicker = 1 - (1 - clear) * between(-0.4, 0.4, this.#place.key, 0xf11, startMs / slotMs);
      output[i] = 0.85 * height ** 1.2 * Math.min(1, clear * flicker);
    }
    this.#days.set(day.index, output);
    return output;
  }

  readonly #nights = new Map<number, Float64Array>();

  /** Share of each quarter-hour in which street light burns: until the sun stands 2 degrees above the horizon. */
  dark(day: LocalDay): Float64Array {
    const known = this.#nights.get(day.index);
    if (known) return known;
    const dark = Float64Array.from({ length: day.slots }, (_, i) => {
      const middleMs = day.startMs + (i + 0.5) * slotMs;
      return sunHeight(this.#place, day.dayOfYear, middleMs) < Math.sin(radians(2)) ? 1 : 0;
    });
    this.#nights.set(day.index, dark);
    return dark;
  }
}

/** Share of the day's sunshine that the clouds let through. */
function clearness(townKey: number, day: LocalDay): number {
  const lowest = day.season === "winter" ? 0.08 : 0.25;
  return lowest + (1 - lowest) * uniform(townKey, 0x5c1, day.index) ** 0.7;
}

/** Sine of the sun's height above the horizon (declination after Cooper; mean solar time, within 20 minutes). */
export function sunHeight(place: Omit<Place, "key">, dayOfYear: number, ms: number): number {
  const declination = radians(23.45) * Math.sin((2 * Math.PI * (284 + dayOfYear)) / 365);
  const solarHour = (ms % 86_400_000) / 3_600_000 + place.longitude / 15;
  const hourAngle = radians(15 * (solarHour - 12));
  const latitude = radians(place.latitude);
  const across = Math.cos(latitude) * Math.cos(declination) * Math.cos(hourAngle);
  return Math.sin(latitude) * Math.sin(declination) + across;
}

const radians = (degrees: number) => (degrees * Math.PI) / 180;
