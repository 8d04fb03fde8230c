import type { DataSet, DataValue } from "../iec62056-21/index.ts";
import {
  bracketText,
  findStamp,
  formatWallTime,
  type LocalStamp,
  type ZoneOffset,
} from "../iec62056-21/index.ts";
import { findObis } from "../obis.ts";
import { findDecimal } from "./decimal.ts";
import type { Reading } from "./explanation.ts";

/** ISO 8601 of a stamp, with its offset where the stamp names the season. */
export function formatStamp(stamp: LocalStamp, offset: ZoneOffset): string {
  return formatWallTime(stamp.wallMs, stamp.season && offset(stamp.wallMs, stamp.season));
}

/**
 * A quantity has a unit or a decimal point and loses its leading zeros; anything else (a serial number, a tariff, an
 * error code) is text and stays as it was sent.
 */
function valueText({ value, unit }: DataValue): string {
  return (unit !== undefined || value.includes(".") ? findDecimal(value.trim()) : undefined) ?? value;
}

/** Parts of a compound bracket of heat meters, `088*C&082*C`; anything else is one part. */
function partsOf(value: DataValue): DataValue[] {
  if (!value.unit?.includes("&")) return [value];
  return bracketText(value)
    .split("&")
    .map((part) => {
      const [number = "", unit] = part.split("*");
      return unit === undefined ? { value: number } : { value: number, unit };
    });
}

/** P1 stamps are known by their letter, others by being a whole date and time beside another bracket. */
function stampIn(value: DataValue, alone: boolean): { stamp: LocalStamp | undefined } | undefined {
  if (value.unit !== undefined) return undefined;
  const last = value.value.at(-1);
  if (value.value.length === 13 && (last === "S" || last === "W")) return { stamp: findStamp(value.value) };
  if (alone || value.value.length < 10 || value.value.includes("-")) return undefined;
  const stamp = findStamp(value.value);
  return stamp && { stamp };
}

const obisIn = (value: DataValue): string | undefined =>
  value.unit === undefined && value.value.includes(":") ? findObis(value.value) : undefined;

function readingOf(
  value: DataValue,
  of: { address: string; obis: string | undefined; time: string | undefined },
): Reading[] {
  return partsOf(value).map((part) => ({
    ...(of.obis !== undefined && { obis: of.obis }),
    ...(of.address !== "" && { address: of.address }),
    value: valueText(part),
    ...(part.unit !== undefined && { unit: part.unit }),
    ...(of.time !== undefined && { time: of.time }),
    raw: bracketText(part),
  }));
}

/** Hourly value of DSMR 2 and 3, `0-1:24.3.0(stamp)(..)(..)(..)(0-1:24.2.1)(m3)`, whose value may be on the next line. */
function hourlyValueOf(dataSet: DataSet, next: DataSet | undefined, offset: ZoneOffset) {
  if (!dataSet.address.endsWith(":24.3.0")) return undefined;
  const stamp = findStamp(dataSet.values[0]?.value ?? "");
  const at = dataSet.values.findIndex((value) => obisIn(value) !== undefined);
  if (!stamp || at < 0) return undefined;
  const here = dataSet.values[at + 2];
  const value = here ?? (next?.address === "" ? next.values[0] : undefined);
  if (!value) return undefined;
  const unit = dataSet.values[at + 1]?.value ?? "";
  const reading: Reading = {
    obis: obisIn(dataSet.values[at]!)!,
    address: dataSet.address,
    value: findDecimal(value.value) ?? value.value,
    unit,
    time: formatStamp(stamp, offset),
    raw: bracketText(value),
  };
  return { reading, usesNext: here === undefined };
}

function readingsOfSet(dataSet: DataSet, offset: ZoneOffset): Reading[] {
  const readings: Reading[] = [];
  const { address, values } = dataSet;
  let obis: string | undefined = findObis(address);
  let time: string | undefined;
  values.forEach((value, index) => {
    const found = stampIn(value, values.length === 1);
    const named = values.length > 1 && index > 0 ? obisIn(value) : undefined;
    if (found && values.length === 1) {
      const stamp = found.stamp && formatStamp(found.stamp, offset);
      readings.push(...readingOf(value, { address, obis, time: stamp }));
    } else if (found) {
      time = found.stamp && formatStamp(found.stamp, offset);
      // The moment of a maximum stands behind its value: 1.6.1(0.482*kW)(2211120730).
      const first = readings[0];
      if (index === 1 && first && time !== undefined) readings[0] = { ...first, time };
    } else if (named !== undefined) obis = named;
    else readings.push(...readingOf(value, { address, obis, time }));
  });
  return readings;
}

/**
 * The readings of data sets, one for each value; stamps and OBIS codes in brackets belong to the values that follow.
 * Values without an address of their own take `askedAddress`, that of the read command.
 */
export function readingsOf(dataSets: readonly DataSet[], offset: ZoneOffset, askedAddress = ""): Reading[] {
  const readings: Reading[] = [];
  for (let index = 0; index < dataSets.length; index++) {
    const dataSet = dataSets[index]!;
    const hourly = hourlyValueOf(dataSet, dataSets[index + 1], offset);
    if (hourly) {
      readings.push(hourly.reading);
      if (hourly.usesNext) index++;
    } else {
      const addressed = dataSet.address === "" ? { ...dataSet, address: askedAddress } : dataSet;
      readings.push(...readingsOfSet(addressed, offset));
    }
  }
  return readings;
}
