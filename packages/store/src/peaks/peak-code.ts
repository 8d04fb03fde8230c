/** Code under which a peak is told and listed; `findEventName` has its name. */
export const peakCode = "peak:1";
