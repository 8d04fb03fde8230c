import type { GridPoint } from "./grid-town.ts";

type Shown = Pick<GridPoint, "attachment" | "meter">;

/** Smallest step of a register, Wh: pulses of 5 Wh, else whole Wh. */
export const stepOf = ({ attachment }: Pick<Shown, "attachment">): number =>
  attachment.kind === "pulses" ? 5 : 1;

/** Digits of kWh that a meter of the town shows: five drums where it gives pulses, six or seven on a display. */
export const digitsOf = ({ attachment, meter }: Shown): number => {
  if (attachment.kind === "pulses") return 5;
  // A DLMS register of 32 bits in Wh holds no seven digits of kWh.
  return meter.kind === "iec-landis" || attachment.kind === "hdlc" ? 6 : 7;
};

/** A register rolls over at so many Wh. */
export const capacityOf = (point: Shown): number => 10 ** digitsOf(point) * 1000;

/** What the first meter of a point showed when the town began, Wh. */
export const startOf = ({ meter: { startWh } }: Pick<Shown, "meter">): number =>
  startWh.rate1 + startWh.rate2;

/** What a register shows of what it has counted, Wh. */
export const quantised = (point: Shown, wh: number): number => {
  const step = stepOf(point);
  return (Math.floor(wh / step) * step) % capacityOf(point);
};
