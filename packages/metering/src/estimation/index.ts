export * from "./demand.ts";
export * from "./estimate.ts";
export { type Fractions, shareOut } from "./fractions.ts";
export type { EstimationMethod } from "./method.ts";
export * from "./methods.ts";
export * from "./overlay.ts";
export * from "./profile-year.ts";
export * from "./register.ts";
export { type EstimationInput, isReference, referenceDaysMax, type SeriesDay, seriesDay } from "./series.ts";
