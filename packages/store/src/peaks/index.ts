export { type FoundPeak, isEstimatedPeak } from "./demand.ts";
export { powerText } from "./power.ts";
export * from "./rules.ts";
export * from "./trial.ts";
export { type PeakWatchOutcome, watchPeaks } from "./watch.ts";
