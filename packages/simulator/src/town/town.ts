import type { Customer } from "../load/curve.ts";
import type { ProfileName } from "../load/profiles.ts";
import type { Place } from "../load/sun.ts";
import {
  isDlms,
  type MeterDescription,
  type MeterKind,
  meterKinds,
  phasesOfKind,
} from "../meter/description.ts";
import type { RelayMode } from "../meter/relay.ts";
import { drawSecurity, type MeterSecurity } from "../meter/security.ts";
import { between, hash, normal, pick, uniform, whole } from "../random.ts";
import {
  branchName,
  businesses,
  businessNames,
  families,
  givenNames,
  streets,
  substations,
  townName,
} from "./names.ts";

/** Parts of the town by what its meters speak; the numbers are weights. */
export type KindShares = Readonly<Record<MeterKind, number>>;

export const usualShares: KindShares = {
  "dlms-wrapper": 44,
  "dlms-hdlc": 24,
  "iec-own": 22,
  "iec-iskra": 5,
  "iec-landis": 5,
  "dlms-gmac": 0,
  "dlms-high": 0,
  "dlms-ecdsa": 0,
  "dlms-sn": 0,
  "dlms-udp": 0,
  "iec-mode-a": 0,
  "iec-mode-b": 0,
  "iec-mode-d": 0,
  "iec-mode-e": 0,
  "iec-lcd": 0,
  "iec-iskra-mt": 0,
  "iec-elster": 0,
};

/** One place of supply with its meter. */
export interface TownPoint {
  readonly meter: MeterDescription;
  readonly pod: string;
  readonly name: string;
  readonly address: string;
  readonly branch: readonly string[];
  readonly latitude: number;
  readonly longitude: number;
  readonly approvedPowerW: number;
  readonly maxCurrentA: number;
  readonly exports: boolean;
}

export interface TownOptions {
  readonly points: number;
  readonly seed: number;
  /** Days of load profile that each meter keeps. */
  readonly days: number;
  readonly shares: KindShares;
}

export interface Town {
  readonly place: Place;
  readonly points: readonly TownPoint[];
}

const pointsPerTransformer = 60;
export const place = { latitude: 45.1132, longitude: 25.9418 };

/**
 * Builds a town. Each point depends on the seed and its own number only, so the first hundred points of a town of a
 * thousand are the town of a hundred.
 */
export function buildTown(options: TownOptions): Town {
  const { seed } = options;
  const townKey = hash(seed, 0x70);
  const points = Array.from({ length: options.points }, (_, index) => buildPoint(options, townKey, index));
  return { place: { key: townKey, ...place }, points };
}

/** Where a point hangs and what its meter speaks, when the network is planned first (network-plan.ts). */
export interface PointPlacement {
  readonly transformerKey: number;
  readonly branch: readonly string[];
  kindOf(meter: { readonly large: boolean; readonly phases: 1 | 3 }): MeterKind;
}

export function buildPoint(
  options: TownOptions,
  townKey: number,
  index: number,
  placement?: PointPlacement,
): TownPoint {
  const key = hash(options.seed, 0x3e7e4, index);
  const transformer = Math.floor(index / pointsPerTransformer);
  const transformerKey = placement?.transformerKey ?? hash(options.seed, 0x74af, transformer);
  const business = uniform(key, 1) < 0.16;
  const profile: ProfileName = business
    ? pick(["G0", "G0", "G1", "G2", "G3", "G4", "G4", "G5", "L0", "L1"] as const, key, 2)
    : "H0";
  const annualKwh = business
    ? Math.min(400_000, Math.exp(9.6 + 1.1 * normal(key, 3)))
    : Math.min(12_000, Math.max(600, Math.exp(7.75 + 0.45 * normal(key, 3))));
  const nightShift = !business && uniform(key, 7) < 0.2 ? between(0.1, 0.35, key, 8) : 0;
  const expectedW = expectedPeakW(profile, annualKwh, nightShift);
  const current = annualKwh > 60_000 ? transformerSteps.find((step) => step * 690 >= expectedW) : undefined;
  const wanted = annualKwh > 6000 || uniform(key, 5) < 0.25 ? 3 : 1;
  const kind =
    placement?.kindOf({ large: current !== undefined, phases: wanted }) ??
    fitting(kindOf(options.shares, uniform(options.seed, 0x41d, index)), wanted, options.shares);
  const phases = phasesOfKind[kind] ?? wanted;
  const ratio = current === undefined ? 1 : current / 5;
  const panels = !business && uniform(key, 6) < 0.12;
  const annualWh = (annualKwh * 1000) / ratio;
  const customer: Customer = {
    key,
    townKey,
    transformerKey,
    profile,
    annualWh,
    nightShift,
    nightHours: { from: 22, to: 6 },
    fixedTime: uniform(key, 9) < 0.08,
    ...(panels && {
      panels: { peakW: Math.round(between(2.5, 8, key, 10) * 10) * 100, fromDay: whole(60, 700, key, 11) },
    }),
  };
  const serviceYears = between(0, 9, key, 12);
  const startImportWh = Math.floor(annualWh * serviceYears);
  const startNight = Math.floor(startImportWh * between(0.2, 0.35, key, 13));
  const serial = serialOf(options.seed, index);
  const security = securityOf(kind, key, serial);
  const meter: MeterDescription = {
    index,
    key,
    kind,
    framing: framingOf(kind, key),
    serial,
    identity: isDlms(kind) || kind === "iec-mode-e" ? `ENS${serial.padStart(13, "0")}` : serial,
    phases,
    customer,
    ...(current !== undefined && { currentRatio: { primaryA: current, secondaryA: 5 } }),
    followsSummerTime: !customer.fixedTime,
    clockOffsetMs: clockOffsetOf(key),
    startWh: { rate1: startImportWh - startNight, rate2: startNight, export: 0 },
    tangent: { import: between(0.05, business ? 0.45 : 0.3, key, 14), export: between(0, 0.05, key, 15) },
    profile: {
      columns: uniform(key, 16) < 0.1 ? "delta" : "index",
      nullData: uniform(key, 17) < 0.2,
      compact: security !== undefined && uniform(key, 38) < 0.15,
      skipsOutages: uniform(key, 18) < 0.1,
      capacityRows: options.days * 96,
    },
    password: passwordOf(kind, key),
    ...(security && { security }),
    // A meter behind current transformers cannot break what flows past it.
    ...(hasRelay(kind) && current === undefined && { relayMode: relayModeOf(key) }),
  };
  const street = pick(streets, transformerKey, index % 4);
  const number = whole(1, 120, key, 20);
  return {
    meter,
    pod: `RO005E${String(510_000_000 + (options.seed % 1000) * 100_000 + index).padStart(9, "0")}`,
    name: nameOf(profile, key),
    address: `${street} nr. ${number}, ${townName}`,
    branch: placement?.branch ?? [
      branchName,
      substationOf(transformer),
      transformerName(transformer, transformerKey),
    ],
    latitude: round6(
      place.latitude + between(-0.02, 0.02, transformerKey, 21) + between(-0.002, 0.002, key, 22),
    ),
    longitude: round6(
      place.longitude + between(-0.03, 0.03, transformerKey, 23) + between(-0.003, 0.003, key, 24),
    ),
    approvedPowerW: approvedPower(Math.max(expectedW, customer.panels?.peakW ?? 0), phases),
    maxCurrentA: current === undefined ? (phases === 3 ? 100 : 60) : 6,
    exports: panels,
  };
}

// Seeds make towns of different serial numbers, so two of them can be read by one head-end.
export const serialOf = (seed: number, index: number) => String(70_000_000 + (seed % 100) * 100_000 + index);

function kindOf(shares: KindShares, draw: number): MeterKind {
  const sum = meterKinds.reduce((total, kind) => total + shares[kind], 0);
  let left = draw * sum;
  for (const kind of meterKinds) {
    left -= shares[kind];
    if (left < 0) return kind;
  }
  return meterKinds.findLast((kind) => shares[kind] > 0) ?? "dlms-wrapper";
}

// The ISKRA dialect is a meter of one phase, the Landis+Gyr one of three; the town must not ask for others.
function fitting(kind: MeterKind, phases: 1 | 3, shares: KindShares): MeterKind {
  if (kind === "iec-iskra" && phases === 3 && shares["iec-landis"] > 0) return "iec-landis";
  if (kind === "iec-landis" && phases === 1 && shares["iec-iskra"] > 0) return "iec-iskra";
  return kind;
}

// Most clocks are right to a second, some drift, a few were never set after the battery went.
function clockOffsetOf(key: number): number {
  const draw = uniform(key, 30);
  if (draw < 0.7) return 0;
  if (draw < 0.985) return Math.round(between(-8, 8, key, 31)) * 1000;
  return Math.round(between(-50, 45, key, 32)) * 1000;
}

// One plain meter in five asks for a password, those by short names all do; it is as long as the ones makers set.
function passwordOf(kind: MeterKind, key: number): string {
  if (!isDlms(kind)) return "00000000";
  const plain = kind === "dlms-wrapper" || kind === "dlms-hdlc" || kind === "dlms-udp";
  const asks = kind === "dlms-sn" || (plain && uniform(key, 33) < 0.2);
  return asks ? String(whole(10_000_000, 99_999_999, key, 34)) : "";
}

// Two meters of ten in the secured kinds sit behind a serial server.
function framingOf(kind: MeterKind, key: number): "wrapper" | "hdlc" {
  if (kind === "dlms-hdlc" || kind === "dlms-sn") return "hdlc";
  return isDlms(kind) && kind !== "dlms-wrapper" && kind !== "dlms-udp" && uniform(key, 36) < 0.2
    ? "hdlc"
    : "wrapper";
}

function securityOf(kind: MeterKind, key: number, serial: string): MeterSecurity | undefined {
  const meter = { key, serial };
  if (kind === "dlms-gmac") return drawSecurity(meter, { mechanism: 5, suite: 0, ciphered: true });
  if (kind === "dlms-high") {
    return drawSecurity(meter, { mechanism: pick([3, 4, 6] as const, key, 37), suite: 0, ciphered: false });
  }
  if (kind !== "dlms-ecdsa") return undefined;
  return drawSecurity(meter, { mechanism: 7, suite: pick([1, 2] as const, key, 37), ciphered: true });
}

// Of the IEC dialects our own switches; the others are copied from meters that do not, or hang on a module that does.
const withoutRelay: readonly MeterKind[] = [
  "iec-iskra",
  "iec-landis",
  "iec-lcd",
  "iec-iskra-mt",
  "iec-elster",
];
const hasRelay = (kind: MeterKind) => !withoutRelay.includes(kind);

const relayModeOf = (key: number): RelayMode => pick([2, 4, 2, 4, 1, 3, 5, 6] as const, key, 35);

function nameOf(profile: ProfileName, key: number): string {
  if (profile === "H0") return `${pick(families, key, 40)} ${pick(givenNames, key, 41)}`;
  const kinds = businesses[profile as keyof typeof businesses];
  return `${pick(kinds, key, 40)} ${pick(businessNames, key, 41)}`;
}

export const substationOf = (transformer: number) =>
  substations[Math.floor(transformer / 8) % substations.length] as string;

export const transformerName = (transformer: number, key: number) =>
  `PT ${101 + transformer} ${(pick(streets, key, 0).split(" ").slice(1) as string[]).join(" ")}`;

const transformerSteps = [100, 150, 200, 250, 300, 400, 600];

/** Highest power to be expected in a year; heating moved into the night stands on few hours. */
function expectedPeakW(profile: ProfileName, annualKwh: number, nightShift: number): number {
  if (profile !== "H0") return annualKwh * 0.55;
  return annualKwh * (nightShift > 0 ? 2.1 : 1.5);
}

function approvedPower(wantedW: number, phases: 1 | 3): number {
  const steps =
    phases === 1
      ? [3000, 6000, 9000, 11_000, 13_000]
      : [11_000, 15_000, 22_000, 30_000, 50_000, 80_000, 120_000, 160_000, 240_000];
  return steps.find((step) => step >= wantedW) ?? (steps.at(-1) as number);
}

export const round6 = (value: number) => Math.round(value * 1e6) / 1e6;
