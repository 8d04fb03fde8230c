import type { Customer } from "../load/curve.ts";
import type { RelayMode } from "./relay.ts";
import type { MeterSecurity } from "./security.ts";

export const meterKinds = [
  "dlms-wrapper",
  "dlms-hdlc",
  "iec-own",
  "iec-iskra",
  "iec-landis",
  "dlms-gmac",
  "dlms-high",
  "dlms-ecdsa",
  "dlms-sn",
  "dlms-udp",
  "iec-mode-a",
  "iec-mode-b",
  "iec-mode-d",
  "iec-mode-e",
  "iec-lcd",
  "iec-iskra-mt",
  "iec-elster",
] as const;
/**
 * What a meter speaks: DLMS over the TCP wrapper or HDLC, IEC 62056-21 mode C in one of three dialects, or DLMS with high
 * security: ciphered with GMAC, by hash functions in the clear, ciphered with signatures; DLMS by short names, or over UDP;
 * or our own IEC dialect in the other modes of IEC 62056-21; a one-phase meter with display, and three-phase ones of two more makers.
 */
export type MeterKind = (typeof meterKinds)[number];
export type DlmsKind = Extract<MeterKind, `dlms-${string}`>;
/** Kinds that are built for so many phases only. */
export const phasesOfKind: Readonly<Partial<Record<MeterKind, 1 | 3>>> = {
  "iec-lcd": 1,
  "iec-iskra-mt": 3,
  "iec-elster": 3,
};
export const isDlms = (kind: MeterKind): kind is DlmsKind => kind.startsWith("dlms-");

/** One virtual meter: everything that is fixed when it leaves the works and is installed. */
export interface MeterDescription {
  readonly index: number;
  readonly key: number;
  readonly kind: MeterKind;
  /** Of a DLMS meter: the TCP wrapper, or HDLC behind a serial server. */
  readonly framing: "wrapper" | "hdlc";
  readonly serial: string;
  /** What it claims to be: logical device name, or the serial number on an IEC line. */
  readonly identity: string;
  readonly phases: 1 | 3;
  readonly customer: Customer;
  /** Ratio of the current transformers in front of it; absent when it is connected directly. */
  readonly currentRatio?: { readonly primaryA: number; readonly secondaryA: number };
  /** It shows primary values: what flows through its terminals times this, and voltages times that. */
  readonly primary?: { readonly ratio: number; readonly volts: number };
  /** A meter that stays in standard time all the year labels the same instants otherwise. */
  readonly followsSummerTime: boolean;
  /** How far its clock is ahead of the true time. */
  readonly clockOffsetMs: number;
  /** A clock that runs away since an instant: fast by so many parts per million, slow when negative. */
  readonly drift?: { readonly ppm: number; readonly fromMs: number };
  /** Registers at the start of the calendar. */
  readonly startWh: { readonly rate1: number; readonly rate2: number; readonly export: number };
  /** Where the energy registers of a DLMS meter roll over; those of 32 bits do at the latest. */
  readonly registerModuloWh?: number;
  /** Reactive per active energy, taken and given. */
  readonly tangent: { readonly import: number; readonly export: number };
  readonly profile: ProfileHabits;
  /** Low level security: the password of client 17, or of programming mode. */
  readonly password: string;
  /** High level security; absent where a password, or nothing, is all. */
  readonly security?: MeterSecurity;
  /** When it was put in: profile and log begin there, the profile with the first whole interval. Absent: before everything. */
  readonly installedMs?: number;
  /** The load curve is an option that this one was bought without. */
  readonly withoutLoadCurve?: true;
  /** Control mode of the disconnector as delivered; absent where the meter has none. */
  readonly relayMode?: RelayMode;
}

/** How this meter keeps and sends its load profile. */
export interface ProfileHabits {
  /** Registers at the end of each interval, or the energy in it. */
  readonly columns: "index" | "delta";
  /** Sends null-data for a stamp that follows from the row above, and for a status that did not change. */
  readonly nullData: boolean;
  /** Sends the rows as a compact array: their types once, then the values without tags. */
  readonly compact: boolean;
  /** Writes no row for an interval that was wholly without supply (else a row with the power-down bit). */
  readonly skipsOutages: boolean;
  readonly capacityRows: number;
}
