/** What both processes of `town-day` call the same. */
export const metersPerConcentrator = 32;
export const obisCodes = ["1-0:1.29.0*255", "1-0:2.29.0*255", "1-0:3.29.0*255", "1-0:4.29.0*255"] as const;
export const nameOf = (index: number): string => `BEN${String(index).padStart(8, "0")}`;
export const concentratorOf = (number: number): string => `ENC${String(number).padStart(13, "0")}`;
