import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { packDay } from "@energsys/metering";
import { randomFrom } from "./store-field.ts";

const shared = process.env.ENERGSYS_SHARED ?? fileURLToPath(new URL("../../shared", import.meta.url));

/** Days of quarter-hours in Wh. */
export interface RealCurves {
  readonly source: string;
  readonly days: readonly Float64Array[];
}

/** Recorded household days where the shared data is there, and our own of the BDEW's shape, which are always. */
export function realCurves(): RealCurves[] {
  const curves: RealCurves[] = [];
  const ieee = join(shared, "loads", "ieee_eulv_100_households_1min_kw.csv");
  if (existsSync(ieee)) {
    const columns = readColumns(ieee, 1);
    curves.push({
      source: "100 household days (IEEE European LV feeder)",
      days: columns.map((kw) => quarterHours(kw, 15)),
    });
  }
  const uci = join(shared, "loads", "uci_household_1min_2007-02-01_02.csv");
  if (existsSync(uci)) {
    const [kw = []] = readColumns(uci, 1);
    const days = [kw.slice(0, 1440), kw.slice(1440, 2880)].map((day) => quarterHours(day, 15));
    curves.push({ source: "2 days of one recorded household (UCI)", days });
  }
  curves.push({ source: "1,000 household days of the BDEW's shape", days: ownHouseholds(1000) });
  return curves;
}

function readColumns(path: string, from: number): number[][] {
  const rows = readFileSync(path, "utf8").trim().split("\n").slice(1);
  const fields = rows.map((row) => row.split(",").slice(from).map(Number));
  return (fields[0] ?? []).map((_, column) => fields.map((row) => row[column] ?? Number.NaN));
}

/** Mean powers in kW, `perSlot` of them in a quarter-hour, as Wh of the quarter-hour. */
function quarterHours(kw: readonly number[], perSlot: number): Float64Array {
  return Float64Array.from({ length: Math.floor(kw.length / perSlot) }, (_, slot) => {
    const part = kw.slice(slot * perSlot, (slot + 1) * perSlot);
    return Math.round((part.reduce((sum, value) => sum + value, 0) / perSlot) * 250);
  });
}

/** Morning and evening humps of a standard household, with the jumps of single appliances on top. */
function ownHouseholds(count: number): Float64Array[] {
  const random = randomFrom(2);
  return Array.from({ length: count }, () => {
    const yearKwh = 1200 + random() * 4000;
    return Float64Array.from({ length: 96 }, (_, slot) => {
      const hour = slot / 4;
      const hump = (at: number, width: number) => Math.exp(-((hour - at) ** 2) / width);
      const shape = 0.45 + 0.55 * hump(8, 6) + 0.6 * hump(12.5, 6) + 1.1 * hump(19.5, 8);
      const mean = (yearKwh * 1000) / 35_040;
      const appliance = random() < 0.06 ? mean * 10 * random() : 0;
      return Math.round(mean * shape * (0.6 + random() * 0.8) + appliance);
    });
  });
}

/** Bytes per interval of the packed values alone. */
export function payload(days: readonly Float64Array[]): number {
  let bytes = 0;
  let intervals = 0;
  for (const values of days) {
    bytes += packDay(values, new Uint16Array(values.length)).v.length;
    intervals += values.length;
  }
  return bytes / intervals;
}
