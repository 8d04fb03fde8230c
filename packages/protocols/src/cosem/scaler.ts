import { type DataValue, integerOf } from "../dlms/data.ts";
import { DecodeError } from "../errors.ts";
import { unitOf } from "./units.ts";

/** Value = raw * 10^scaler, in the unit. */
export interface ScalerUnit {
  readonly scaler: number;
  readonly unitCode: number;
  readonly unit: string;
}

/** Reads `structure {int8 scaler, enum unit}`. @throws DecodeError `cosem.scaler-unit` */
export function scalerUnit(value: DataValue): ScalerUnit {
  const found = findScalerUnit(value);
  if (!found) throw new DecodeError("cosem.scaler-unit", 0);
  return found;
}

/** The same, or `undefined` where the value is something else. */
export function findScalerUnit(value: DataValue | undefined): ScalerUnit | undefined {
  if (value?.type !== "structure" || value.items.length !== 2) return undefined;
  const [scaler, unit] = value.items;
  if (scaler?.type !== "int8" || unit?.type !== "enum") return undefined;
  return { scaler: scaler.value, unitCode: unit.value, unit: unitOf(unit.value) };
}

/**
 * `raw * 10^scaler` as an exact decimal. A negative scaler keeps its places (`2276` with -1 is `227.6`, `10` with -1 is
 * `1.0`), so that the meter's resolution stays to be seen.
 */
export function applyScaler(raw: bigint | number, scaler: number): string {
  const text = raw.toString();
  if (scaler === 0) return text;
  const negative = text.startsWith("-");
  const digits = negative ? text.slice(1) : text;
  const sign = negative ? "-" : "";
  if (scaler > 0) return digits === "0" ? "0" : `${sign}${digits}${"0".repeat(scaler)}`;
  const places = -scaler;
  const padded = digits.padStart(places + 1, "0");
  return `${sign}${padded.slice(0, -places)}.${padded.slice(-places)}`;
}

/** Shortest decimal that reads back as the same 32-bit float (`0.1`, not `0.10000000149011612`). */
export function formatFloat32(value: number): string {
  if (!Number.isFinite(value)) return `${value}`;
  for (let digits = 1; digits < 9; digits++) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) return plain(text);
  }
  return plain(value.toPrecision(9));
}

export const formatFloat64 = (value: number): string => plain(`${value}`);

/** Writes an exponent out: decimals of readings have none. */
function plain(text: string): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (!match) return text;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match;
  return sign + shift(whole + fraction, Number(exponent) - fraction.length);
}

const shift = (digits: string, exponent: number): string =>
  applyScaler(BigInt(digits), exponent)
    .replace(/(\.\d*?)0+$/, "$1")
    .replace(/\.$/, "");

/** A number of any type after its scaler as an exact decimal; `undefined` for what is no number. */
export function formatQuantity(value: DataValue, scaler: number): string | undefined {
  const integer = integerOf(value);
  if (integer !== undefined) return applyScaler(integer, scaler);
  if (value.type === "float32" || value.type === "float64") {
    const text = value.type === "float32" ? formatFloat32(value.value) : formatFloat64(value.value);
    const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
    if (!match || scaler === 0) return text;
    const [, sign = "", whole = "", fraction = ""] = match;
    return sign + shift(whole + fraction, scaler - fraction.length);
  }
  return undefined;
}
