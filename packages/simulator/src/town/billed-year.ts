import { normal, uniform } from "../random.ts";
import type { GridPoint } from "./grid-town.ts";

/** How one year of a customer differs from the next: deviation of the natural logarithm. */
const yearSpread = 0.18;
/** Customers who have not been there for a year. */
const newShare = 0.07;
/** Part of their own need that customers with panels still take from the network. */
const takenWithPanels = 0.7;
/** Hours in which a street light burns in a year. */
const darkHours = 4200;

/** What a place of supply was billed in the year before the town began, in whole hundreds of kWh, by its former meter; absent for new customers. */
export function billedYearWh({ ratio, meter: { key, customer } }: GridPoint): number | undefined {
  if (uniform(key, 0xb111) < newShare) return undefined;
  const { annualWh, panels, lampsW } = customer;
  const needWh =
    lampsW === undefined ? annualWh * ratio * (panels ? takenWithPanels : 1) : lampsW * darkHours;
  return Math.max(1, Math.round((needWh * Math.exp(yearSpread * normal(key, 0xb112))) / 100_000)) * 100_000;
}
