import type { DataSet, StationAnswer } from "@energsys/protocols/iec62056-21";
import { type RingState, waiting } from "./event-ring.ts";
import type { FieldClock } from "./field-clock.ts";

/** A data set with one value. */
export const dataSet = (address: string, value: string, unit?: string): DataSet => ({
  address,
  values: [{ value, ...(unit !== undefined && { unit }) }],
});

/** Hexadecimal digits, capital, with leading zeros. */
export const hexOf = (value: number, digits: number): string =>
  value.toString(16).toUpperCase().padStart(digits, "0");

/** The entries of a ring that wait to be acknowledged, a line each. */
export const ringSets = (ring: RingState, clock: FieldClock): DataSet[] =>
  waiting(ring).map(({ number, atMs, code, input }) => ({
    address: "0-0:99.98.0",
    values: [
      { value: String(number).padStart(10, "0") },
      { value: clock.text(atMs) },
      { value: hexOf(code, 4) },
      { value: String(input) },
    ],
  }));

export const ok: StationAnswer = { kind: "ack" };
export const failed = (text: string): StationAnswer => ({ kind: "error", text });
export const one = (address: string, value: string): StationAnswer => ({
  kind: "data",
  dataSets: [dataSet(address, value)],
});
