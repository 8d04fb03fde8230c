import type { IdentificationParts } from "@energsys/protocols/iec62056-21";
import type { MeterKind } from "../meter/description.ts";
import { stateByte } from "../meter/interference.ts";
import type { VirtualMeter } from "../meter/virtual-meter.ts";
import { dateText, timeText, zoneDigit } from "./times.ts";

/** One data set of a readout, with its text worked out when asked. */
export interface DataSetSource {
  readonly address: string;
  readonly text: (meter: VirtualMeter) => string;
}

export interface IecProfileColumn {
  readonly address: string;
  readonly unit: string;
  /** What stands in the row: energy of the interval in Wh or varh to text. */
  readonly text: (energyWh: number) => string;
  readonly of: "import" | "export" | "reactiveImport" | "reactiveExport";
}

/** How a kind of mode C meter talks: its identification, what it reads out, and what it keeps. */
export interface IecDialect {
  readonly identification: IdentificationParts;
  readonly readout: (meter: VirtualMeter) => readonly DataSetSource[];
  /** Readable by R1 besides the readout. */
  readonly more: readonly DataSetSource[];
  /** Reads nothing in programming mode before the right P1. */
  readonly passwordNeeded: boolean;
  /** Lets its clock and relay be written. */
  readonly writes: boolean;
  /** Mode D: sends by itself, so often. */
  readonly sendEveryMs?: number;
  readonly statusDigits: 2 | 8;
  /** Columns of P.01; a meter without clock has no profile and no log. */
  readonly profile?: readonly IecProfileColumn[];
}

/** Wh or varh as k…h with three decimals and leading zeros. */
export function kilo(value: number, digits: number): string {
  const whole = Math.floor(value / 1000);
  return `${String(whole % 10 ** digits).padStart(digits, "0")}.${String(value % 1000).padStart(3, "0")}`;
}

/** The same of an interval, which is no register and does not turn over. */
const kiloOfInterval = (value: number, digits: number) =>
  `${String(Math.floor(value / 1000)).padStart(digits, "0")}.${String(value % 1000).padStart(3, "0")}`;

const fixed = (value: number, digits: number, decimals: number) =>
  value.toFixed(decimals).padStart(digits + (decimals > 0 ? decimals + 1 : 0), "0");

type RegisterName = "importWh" | "rate1Wh" | "rate2Wh" | "exportWh" | "importVarh" | "exportVarh";

const register = (address: string, name: RegisterName, digits: number): DataSetSource => ({
  address,
  text: (meter) => {
    const unit = name.endsWith("Varh") ? "kvarh" : "kWh";
    return `${kilo(meter.registersNow()[name], digits)}*${unit}`;
  },
});

const serial = (address: string): DataSetSource => ({ address, text: (meter) => meter.description.serial });
const constant = (address: string, text: string): DataSetSource => ({ address, text: () => text });

const volt = (c: number, suffix: string, phase: number, decimals: number): DataSetSource => ({
  address: `${c}.7${suffix}`,
  text: (meter) => `${fixed(meter.instant().volts[phase] ?? 0, 3, decimals)}*V`,
});
const ampere = (c: number, suffix: string, phase: number): DataSetSource => ({
  address: `${c}.7${suffix}`,
  text: (meter) => `${fixed(meter.instant().amps[phase] ?? 0, 3, 2)}*A`,
});

const phasesOf = (meter: VirtualMeter) =>
  Array.from({ length: meter.description.phases }, (_, phase) => phase);

const own: IecDialect = {
  identification: { manufacturer: "ENS", baudCharacter: "5", identification: "ESV-IEC1.0" },
  passwordNeeded: true,
  writes: true,
  statusDigits: 2,
  readout: (meter) => [
    constant("F.F", "00000000"),
    serial("0.0.0"),
    { address: "0.9.1", text: (m) => withZone(m, timeText) },
    { address: "0.9.2", text: (m) => withZone(m, dateText) },
    register("1.8.0", "importWh", 7),
    register("1.8.1", "rate1Wh", 7),
    register("1.8.2", "rate2Wh", 7),
    register("2.8.0", "exportWh", 7),
    register("3.8.0", "importVarh", 7),
    register("4.8.0", "exportVarh", 7),
    { address: "1.7.0", text: (m) => `${fixed(m.instant().importW / 1000, 3, 3)}*kW` },
    ...phasesOf(meter).map((phase) => volt(32 + phase * 20, ".0", phase, 1)),
    ...phasesOf(meter).map((phase) => ampere(31 + phase * 20, ".0", phase)),
    { address: "14.7", text: (m) => `${m.instant().frequencyHz.toFixed(2)}*Hz` },
    constant("0.2.0", "1.0"),
  ],
  more: [{ address: "2.7.0", text: (m) => `${fixed(m.instant().exportW / 1000, 3, 3)}*kW` }, serial("C.1.0")],
  profile: [
    { address: "1.29.0", unit: "kWh", text: (wh) => kiloOfInterval(wh, 1), of: "import" },
    { address: "2.29.0", unit: "kWh", text: (wh) => kiloOfInterval(wh, 1), of: "export" },
    { address: "3.29.0", unit: "kvarh", text: (wh) => kiloOfInterval(wh, 1), of: "reactiveImport" },
    { address: "4.29.0", unit: "kvarh", text: (wh) => kiloOfInterval(wh, 1), of: "reactiveExport" },
  ],
};

const iskraRegisters: readonly DataSetSource[] = [
  serial("C.1.0"),
  serial("0.0.0"),
  register("1.8.0", "importWh", 7),
  register("1.8.1", "rate1Wh", 7),
  register("1.8.2", "rate2Wh", 7),
  register("2.8.0", "exportWh", 7),
  constant("2.8.1", "0000000.000*kWh"),
  register("2.8.2", "exportWh", 7),
];

/** Like the ISKRA ME162: one phase, two rates, no clock, so neither profile nor log. */
const iskra: IecDialect = {
  identification: { manufacturer: "ISK", baudCharacter: "5", identification: "ME162-0033" },
  passwordNeeded: false,
  writes: false,
  statusDigits: 2,
  readout: () => [...iskraRegisters, constant("F.F", "0000000")],
  more: [],
};

/** Like the Landis+Gyr E350 (ZMF100, firmware M27), with mean demands in its profile. */
const landis: IecDialect = {
  identification: { manufacturer: "LGZ", baudCharacter: "4", identification: "ZMF100AC.M27" },
  passwordNeeded: false,
  writes: false,
  statusDigits: 8,
  readout: (meter) => [
    constant("F.F", "00"),
    { address: "0.0", text: (m) => m.description.serial.padStart(16, " ") },
    serial("C.1.0"),
    constant("C.1.1", "        "),
    register("1.8.1", "rate1Wh", 6),
    register("1.8.2", "rate2Wh", 6),
    constant("2.8.1", "000000.000*kWh"),
    register("2.8.2", "exportWh", 6),
    register("1.8.0", "importWh", 6),
    register("2.8.0", "exportWh", 6),
    {
      address: "15.8.0",
      text: (m) => {
        const { importWh, exportWh } = m.registersNow();
        return `${kilo(importWh + exportWh, 6)}*kWh`;
      },
    },
    { address: "C.7.0", text: (m) => String(powerFailures(m) % 10_000).padStart(4, "0") },
    ...phasesOf(meter).map((phase) => volt(32 + phase * 20, "", phase, 0)),
    ...phasesOf(meter).map((phase) => ampere(31 + phase * 20, "", phase)),
    {
      address: "16.7",
      text: (m) => {
        const { importW, exportW } = m.instant();
        return `${importW < exportW ? "-" : ""}${fixed(Math.abs(importW - exportW) / 1000, 3, 2)}*kW`;
      },
    },
    constant("82.8.1", "0000"),
    constant("82.8.2", "0000"),
    constant("0.2.0", "M27"),
    constant("C.5.0", "0401"),
  ],
  more: [],
  profile: [
    { address: "1.5", unit: "kW", text: (wh) => kiloOfInterval(wh * 4, 1), of: "import" },
    { address: "2.5", unit: "kW", text: (wh) => kiloOfInterval(wh * 4, 1), of: "export" },
  ],
};

/**
 * Our own one-phase meter with a display, 1000 imp/kWh: direct and reverse energy in registers of their own, and a state that says
 * which way the energy flows. It has neither clock nor load curve.
 */
const lcd: IecDialect = {
  identification: { manufacturer: "ENS", baudCharacter: "5", identification: "ESL-LCD1.0" },
  passwordNeeded: false,
  writes: false,
  statusDigits: 2,
  readout: () => [
    serial("C.1.0"),
    serial("0.0.0"),
    constant("0.3.0", "1000*imp/kWh"),
    register("1.8.0", "importWh", 6),
    register("2.8.0", "exportWh", 6),
    { address: "96.5.0", text: (m) => stateByte(m.interference, m.instant().exportW > 0) },
    constant("F.F", "00000000"),
  ],
  more: [
    { address: "1.7.0", text: (m) => `${fixed(m.instant().importW / 1000, 3, 3)}*kW` },
    { address: "2.7.0", text: (m) => `${fixed(m.instant().exportW / 1000, 3, 3)}*kW` },
    volt(32, ".0", 0, 1),
    ampere(31, ".0", 0),
    { address: "13.7.0", text: (m) => m.instant().powerFactor.toFixed(3) },
  ],
};

/** Three phases, active and reactive energy, by the addresses of the ISKRA ME162; without clock and load curve. */
const iskraMt: IecDialect = {
  identification: { manufacturer: "ISK", baudCharacter: "5", identification: "MT174-0001" },
  passwordNeeded: false,
  writes: false,
  statusDigits: 2,
  readout: (meter) => [
    ...iskraRegisters,
    register("3.8.0", "importVarh", 7),
    register("4.8.0", "exportVarh", 7),
    ...phasesOf(meter).map((phase) => volt(32 + phase * 20, ".0", phase, 1)),
    ...phasesOf(meter).map((phase) => ampere(31 + phase * 20, ".0", phase)),
    { address: "13.7.0", text: (m) => m.instant().powerFactor.toFixed(3) },
    constant("F.F", "0000000"),
  ],
  more: [],
};

/** Like the Elster AS3000 as an owner published its readout, with its number at 0.0.0 too: eight digits, time and date with separators. */
const elster: IecDialect = {
  identification: { manufacturer: "ELS", baudCharacter: "5", enhanced: ["@"], identification: "V10.04" },
  passwordNeeded: false,
  writes: false,
  statusDigits: 8,
  readout: () => [
    serial("0.0.0"),
    serial("0.0.1"),
    register("1.8.1", "rate1Wh", 8),
    register("1.8.2", "rate2Wh", 8),
    constant("2.8.1", "00000000.000*kWh"),
    register("2.8.2", "exportWh", 8),
    register("1.8.0", "importWh", 8),
    register("2.8.0", "exportWh", 8),
    register("3.8.0", "importVarh", 8),
    register("4.8.0", "exportVarh", 8),
    {
      address: "16.7.0",
      text: (m) => {
        const { importW, exportW } = m.instant();
        return `${((importW - exportW) / 1000).toFixed(3)}*kW`;
      },
    },
    { address: "0.9.1", text: (m) => timeText(m.local(m.now())).replace(/(..)(..)(..)/, "$1:$2:$3") },
    { address: "0.9.2", text: (m) => dateText(m.local(m.now())).replace(/(..)(..)(..)/, "$1-$2-$3") },
    constant("0.2.0", "06BD"),
    { address: "C.7.0", text: (m) => String(powerFailures(m) % 10_000).padStart(4, "0") },
    constant("F.F", "00000000"),
  ],
  more: [
    ...[0, 1, 2].map((phase) => volt(32 + phase * 20, ".0", phase, 1)),
    ...[0, 1, 2].map((phase) => ampere(31 + phase * 20, ".0", phase)),
  ],
  profile: [
    { address: "1.5.0", unit: "kW", text: (wh) => kiloOfInterval(wh * 4, 3), of: "import" },
    { address: "2.5.0", unit: "kW", text: (wh) => kiloOfInterval(wh * 4, 3), of: "export" },
    { address: "3.5.0", unit: "kvar", text: (wh) => kiloOfInterval(wh * 4, 3), of: "reactiveImport" },
    { address: "4.5.0", unit: "kvar", text: (wh) => kiloOfInterval(wh * 4, 3), of: "reactiveExport" },
  ],
};

function withZone(meter: VirtualMeter, text: typeof timeText): string {
  const time = meter.local(meter.now());
  return zoneDigit(time) + text(time);
}

const powerFailures = (meter: VirtualMeter) =>
  meter.events(-Infinity, Infinity).filter(({ kind }) => kind === "power-down").length;

export type IecKind = Extract<MeterKind, `iec-${string}`>;

const ownIn = (baudCharacter: string, enhanced?: readonly string[]): IecDialect => ({
  ...own,
  identification: {
    manufacturer: "ENS",
    baudCharacter,
    ...(enhanced && { enhanced }),
    identification: "ESV-IEC1.0",
  },
});

export const iecDialects: Readonly<Record<IecKind, IecDialect>> = {
  "iec-own": own,
  // No rate to go to, 9600 Bd by itself, 2400 Bd unasked, and 9600 Bd with the binary mode.
  "iec-mode-a": ownIn("@"),
  "iec-mode-b": ownIn("E"),
  "iec-mode-d": { ...ownIn("3"), sendEveryMs: 10_000 },
  "iec-mode-e": ownIn("5", ["2"]),
  "iec-iskra": iskra,
  "iec-landis": landis,
  "iec-lcd": lcd,
  "iec-iskra-mt": iskraMt,
  "iec-elster": elster,
};
