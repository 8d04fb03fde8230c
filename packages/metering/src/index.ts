export * from "./quality.ts";
export * from "./reading.ts";
