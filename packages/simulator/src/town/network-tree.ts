import { between, hash, uniform, whole } from "../random.ts";
import { branchName, substations } from "./names.ts";
import { transformerName } from "./town.ts";

/** A medium-voltage feeder: some transformers behind one balance meter. */
export interface Feeder {
  readonly number: number;
  readonly key: number;
  readonly name: string;
  readonly substation: string;
  /** Transformers [first, first + count). */
  readonly firstTransformer: number;
  transformers: number;
  /** Resistance of one conductor, ohm, and the voltage between two, V. */
  readonly ohm: number;
  readonly volts: number;
}

/** A transformer 20/0.4 kV with what it loses (docs/simulator.md, technical losses). */
export interface Transformer {
  readonly number: number;
  readonly key: number;
  readonly name: string;
  readonly feeder: number;
  readonly branch: readonly string[];
  /** Points [first, first + count). */
  readonly firstPoint: number;
  readonly points: number;
  readonly kva: number;
  /** Losses of the iron, always, and of the copper at rated load, W. */
  readonly ironW: number;
  readonly copperW: number;
  /** Resistance of the low-voltage lines as one conductor that carries all of the load, ohm. */
  readonly lineOhm: number;
}

export const transformersPerFeeder = 8;

/** Usual sizes with the losses of their data sheets (Ck, reduced), W. */
const sizes = [
  { kva: 100, ironW: 210, copperW: 1750 },
  { kva: 160, ironW: 300, copperW: 2350 },
  { kva: 250, ironW: 430, copperW: 3250 },
  { kva: 400, ironW: 610, copperW: 4600 },
  { kva: 630, ironW: 860, copperW: 6500 },
  { kva: 1000, ironW: 1100, copperW: 10_500 },
] as const;

/** The network above a number of points: transformers of 25 to 150, in the mean 62; eight of them on a feeder. */
export function growNetwork(
  seed: number,
  points: number,
): { readonly transformers: readonly Transformer[]; readonly feeders: readonly Feeder[] } {
  const transformers: Transformer[] = [];
  const feeders: Feeder[] = [];
  for (let first = 0; first < points; ) {
    const number = transformers.length;
    const key = hash(seed, 0x74af, number);
    const feeder = feederOf(seed, feeders, Math.floor(number / transformersPerFeeder));
    const count = Math.min(points - first, 25 + Math.floor(125 * uniform(key, 0x512e) ** 2.4));
    // 1.6 kVA a point at the busiest hour, and room for what is built next.
    const wanted = count * between(2.2, 3.6, key, 0x512f);
    const size = sizes.find(({ kva }) => kva >= wanted) ?? sizes[sizes.length - 1]!;
    transformers.push({
      number,
      key,
      name: transformerName(number, key),
      feeder: feeder.number,
      branch: [branchName, feeder.substation, feeder.name, transformerName(number, key)],
      firstPoint: first,
      points: count,
      ...size,
      lineOhm: between(0.006, 0.03, key, 0x0b3),
    });
    feeder.transformers++;
    first += count;
  }
  return { transformers, feeders };
}

function feederOf(seed: number, feeders: Feeder[], number: number): Feeder {
  const known = feeders[number];
  if (known) return known;
  const key = hash(seed, 0xfeed, number);
  const feeder = {
    number,
    key,
    name: `LEA 20 kV ${11 + number}`,
    substation: substations[Math.floor(number / 4) % substations.length] as string,
    firstTransformer: number * transformersPerFeeder,
    transformers: 0,
    ohm: between(0.8, 3.5, key, 1),
    volts: 20_000,
  };
  feeders.push(feeder);
  return feeder;
}

/** Technical loss of a transformer and its lines while `netWh` flow in a quarter-hour, Wh: iron, copper and I²R. */
export function transformerLossWh(transformer: Transformer, netWh: number, supplied: number): number {
  const { kva, ironW, copperW, lineOhm } = transformer;
  const powerW = Math.abs(netWh) * 4;
  // cos phi 0.95 at the transformer; three conductors.
  const apparent = powerW / 0.95;
  const copper = copperW * (apparent / (kva * 1000)) ** 2;
  const amps = apparent / (Math.sqrt(3) * 400);
  return ((ironW + copper) * supplied + 3 * amps * amps * lineOhm) / 4;
}

/** Loss of a feeder's line while `netWh` flow in a quarter-hour, Wh. */
export function feederLossWh({ ohm, volts }: Feeder, netWh: number): number {
  const amps = (Math.abs(netWh) * 4) / 0.95 / (Math.sqrt(3) * volts);
  return (3 * amps * amps * ohm) / 4;
}

/** Points that hang on one concentrator: about 31. */
export const pointsPerConcentrator = 31;

export const lampsOf = (transformer: Transformer): number => whole(8, 45, transformer.key, 0x1a) * 70;
