import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  dayKindOf,
  marketDay,
  type SeriesDay,
  type StandardProfileName,
  seriesDay,
} from "@energsys/metering";
import { GridTown } from "@energsys/simulator";

const shared = process.env.ENERGSYS_SHARED ?? fileURLToPath(new URL("../../shared", import.meta.url));

/** Whole curves of one kind of customers: consecutive days, nothing missing. */
export interface BacktestClass {
  readonly name: string;
  readonly zone: string;
  readonly periodSeconds: number;
  readonly profile: StandardProfileName;
  readonly curves: readonly (readonly SeriesDay[])[];
}

const days = 120;
const customersMax = 40;

/** Curves of the simulated town by class, and recorded ones where the shared data is there; `absent` names what is not. */
export function backtestClasses(): { classes: BacktestClass[]; absent: string[] } {
  const absent: string[] = [];
  const classes = townClasses();
  const real = (file: string, make: (rows: string[][]) => BacktestClass) => {
    const path = join(shared, "loads", file);
    if (existsSync(path)) classes.push(make(readRows(path)));
    else absent.push(file);
  };
  real("ausgrid_customer12_30min_2011-2012.csv", (rows) => ({
    name: "real household",
    zone: "UTC",
    periodSeconds: 1800,
    profile: "H0",
    // kW of half an hour as Wh
    curves: [
      datedDays(
        rows.map((row) => Math.round(Number(row[1]) * 500)),
        48,
        "2011-07-01",
      ),
    ],
  }));
  real("simbench_g0_pq_15min.csv", (rows) => ({
    name: "recorded business",
    zone: "UTC",
    periodSeconds: 900,
    profile: "G0",
    // Relative to its peak: here one of 50 kW.
    curves: [
      undatedDays(
        rows.map((row) => Math.round(Number(row[1]) * 12_500)),
        96,
      ),
    ],
  }));
  real("doe_crb_chicago_hourly_norm.csv", (rows) => ({
    name: "modelled buildings",
    zone: "UTC",
    periodSeconds: 3600,
    profile: "G0",
    // Shares of a year: here one of 500 MWh.
    curves: [1, 2, 3, 4, 5, 6, 7, 8].map((column) =>
      undatedDays(
        rows.map((row) => Math.round(Number(row[column]) * 500_000_000)),
        24,
      ),
    ),
  }));
  return { classes, absent };
}

function readRows(path: string): string[][] {
  const lines = readFileSync(path, "utf8").trim().split("\n").slice(1);
  return lines.map((line) => line.split(","));
}

function townClasses(): BacktestClass[] {
  const town = new GridTown({ points: 2000, seed: 1, begin: "2026-06-01" });
  const households: SeriesDay[][] = [];
  const prosumers: SeriesDay[][] = [];
  const businesses: SeriesDay[][] = [];
  town.points.forEach(({ meter: { customer } }, index) => {
    const into = customer.profile !== "H0" ? businesses : customer.panels ? prosumers : households;
    if (into.length >= customersMax || customer.diversion || customer.lampsW) return;
    const curve = town.curveOf(index);
    into.push(
      Array.from({ length: days }, (_, nth) => {
        const { day, importWh } = curve.day(town.beginDay + nth);
        return seriesDay(marketDay(day.date, town.calendar.zone), {
          values: Float64Array.from(importWh),
          flags: new Uint16Array(importWh.length),
        });
      }),
    );
  });
  const shape = { zone: town.calendar.zone, periodSeconds: 900 };
  return [
    { name: "household", ...shape, profile: "H0", curves: households },
    { name: "prosumer, import", ...shape, profile: "H0", curves: prosumers },
    { name: "business", ...shape, profile: "G0", curves: businesses },
  ];
}

const noHolidays = () => new Set<string>();

function datedDays(values: readonly number[], perDay: number, first: string): SeriesDay[] {
  const start = Temporal.PlainDate.from(first);
  return Array.from({ length: Math.floor(values.length / perDay) }, (_, nth) => {
    const date = start.add({ days: nth }).toString();
    const slots = Float64Array.from(values.slice(nth * perDay, (nth + 1) * perDay));
    // Holidays of these places are not known here: they are taken for what their weekday is.
    return seriesDay(
      marketDay(date, "UTC"),
      { values: slots, flags: new Uint16Array(perDay) },
      dayKindOf(date, noHolidays),
    );
  });
}

/** A year whose dates are not known: it starts on the weekday that makes the quietest day of its week a Sunday. */
function undatedDays(values: readonly number[], perDay: number): SeriesDay[] {
  const sums = [0, 0, 0, 0, 0, 0, 0];
  for (let at = 0; at < Math.floor(values.length / perDay / 7) * 7 * perDay; at++)
    sums[Math.floor(at / perDay) % 7]! += values[at]!;
  const quietest = sums.indexOf(Math.min(...sums));
  // 2017-01-01 is a Sunday.
  const first = Temporal.PlainDate.from("2017-01-01").subtract({ days: quietest });
  return datedDays(values, perDay, first.toString());
}
