import type { MeterDescription } from "../meter/description.ts";
import { drawSecurity } from "../meter/security.ts";
import { hash } from "../random.ts";
import { CellCurve } from "./cell-curve.ts";
import { type GridTown, gridPointsMax } from "./grid-town.ts";
import { branchName } from "./names.ts";
import { place, round6, type TownPoint } from "./town.ts";

/** A balance meter: what flows into a transformer or a feeder. */
export interface BalancePoint extends TownPoint {
  readonly curve: CellCurve;
  /** Of its current transformers; it shows primary values. */
  readonly ratio: number;
  readonly voltageRatio: number;
}

/** Feeders come behind all transformers that a town may have. */
const firstFeeder = 5000;

/** The balance meters of a town, transformers first; they are read directly. `days` is what their profiles hold. */
export function balanceMeters(town: GridTown, days: number): BalancePoint[] {
  const { calendar, beginDay } = town;
  const { seed } = town.options;
  const common = { seed, days };
  return [
    ...town.transformers.map(({ number, key, name, branch, kva, feeder, firstPoint }) => {
      const { latitude, longitude } = town.points[firstPoint] ?? place;
      return {
        ...balancePoint({
          ...common,
          number,
          key: hash(key, 0xba1a),
          transformerKey: key,
          feederKey: town.feeders[feeder]?.key,
          amps: (kva * 1000) / (Math.sqrt(3) * 400),
          volts: 400,
        }),
        name: `Balanță ${name}`,
        address: name,
        branch,
        latitude: round6(latitude + 0.0003),
        longitude: round6(longitude + 0.0003),
        approvedPowerW: kva * 950,
        curve: new CellCurve(town.cellOf(number), calendar, beginDay),
      };
    }),
    ...town.feeders.map(({ number, key, name, substation, firstTransformer, transformers }) => {
      const below = town.transformers.slice(firstTransformer, firstTransformer + transformers);
      const kva = below.reduce((sum, transformer) => sum + transformer.kva, 0);
      return {
        ...balancePoint({
          ...common,
          number: firstFeeder + number,
          key: hash(key, 0xba1b),
          transformerKey: key,
          feederKey: key,
          amps: (kva * 600) / (Math.sqrt(3) * 20_000),
          volts: 20_000,
        }),
        name: `Balanță ${name}`,
        address: substation,
        branch: [branchName, substation, name],
        latitude: round6(place.latitude + 0.012),
        longitude: round6(place.longitude - 0.018),
        approvedPowerW: Math.round(kva * 950 * 0.6),
        curve: new CellCurve(town.feederCellOf(number), calendar, beginDay),
      };
    }),
  ];
}

const steps = [50, 100, 150, 200, 250, 300, 400, 600, 800, 1000, 1500, 2000] as const;
const stepAbove = (amps: number): number => steps.find((step) => step >= amps) ?? 3000;

/** Every third is ciphered, every third sits behind a serial server. */
const kinds = ["dlms-wrapper", "dlms-gmac", "dlms-hdlc"] as const;

function balancePoint(given: {
  readonly seed: number;
  readonly days: number;
  readonly number: number;
  readonly key: number;
  readonly transformerKey: number;
  readonly feederKey: number | undefined;
  /** Most that flows, and the voltage between two conductors; primary. */
  readonly amps: number;
  readonly volts: number;
}): Pick<BalancePoint, "meter" | "pod" | "maxCurrentA" | "exports" | "ratio" | "voltageRatio"> {
  const { seed, number, key, volts } = given;
  const ratio = stepAbove(given.amps) / 5;
  const serial = String(80_000_000 + (seed % 100) * 10_000 + number);
  const kind = kinds[number % kinds.length] as (typeof kinds)[number];
  const meter: MeterDescription = {
    // Behind those of the points, whose numbers they share a list of ports with.
    index: 2 * gridPointsMax + number,
    key,
    kind,
    framing: kind === "dlms-hdlc" ? "hdlc" : "wrapper",
    serial,
    identity: `ENS${serial.padStart(13, "0")}`,
    phases: 3,
    customer: {
      key,
      townKey: hash(seed, 0x70),
      transformerKey: given.transformerKey,
      ...(given.feederKey !== undefined && { feederKey: given.feederKey }),
      profile: "G0",
      annualWh: 0,
      nightShift: 0,
      nightHours: { from: 22, to: 6 },
      fixedTime: false,
    },
    primary: { ratio, volts: volts / 400 },
    followsSummerTime: true,
    clockOffsetMs: 0,
    startWh: { rate1: 0, rate2: 0, export: 0 },
    tangent: { import: 0.3, export: 0.05 },
    profile: {
      columns: "index",
      nullData: false,
      compact: false,
      skipsOutages: false,
      capacityRows: given.days * 96,
    },
    password: "",
    ...(kind === "dlms-gmac" && {
      security: drawSecurity({ key, serial }, { mechanism: 5, suite: 0, ciphered: true }),
    }),
  };
  return {
    meter,
    pod: `RO005E${String(910_000_000 + (seed % 1000) * 10_000 + number)}`,
    // Behind current transformers of 5 A.
    maxCurrentA: 6,
    exports: true,
    ratio,
    // Secondary windings of voltage transformers have 100 V; 400 V are measured as they are.
    voltageRatio: volts === 400 ? 1 : volts / 100,
  };
}
