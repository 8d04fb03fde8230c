import type { DeviceEvent, ProfileReading, RawBlock, RegisterReading } from "@energsys/metering";
import type { MeterModel } from "@energsys/metering/models";
import type { ByteStream, Clock, EpochMs, LinkRecorder, ObisCode } from "@energsys/protocols";
import type { WrapperPorts } from "@energsys/protocols/wrapper";
import type { DeviceKeys } from "./device-keys.ts";
import type { MayDial } from "./guarded-lookup.ts";
import type { ReadLimits } from "./limits.ts";

/** A piece of a load profile to read: intervals that start in [fromMs, toMs). */
export interface ProfileRange {
  /** Absent: the first profile of the meter's model. */
  readonly obis?: ObisCode;
  readonly fromMs: EpochMs;
  readonly toMs: EpochMs;
  /** DLMS: rows by their place instead, from the oldest (1) on; `to` 0 is the newest. Only those in the range are kept. */
  readonly entries?: { readonly from: number; readonly to: number };
}

/** What to read, in the order: identity, clock, registers, profiles as listed, events. */
export interface ReadRequest {
  /** What the device must claim to be; anything else is refused whole (`identity.mismatch`). Absent: not checked. */
  readonly identity?: string;
  /** Absent: recognised from the device's own description, else the generic model of the protocol. */
  readonly model?: MeterModel;
  /** Secrets of the device; what the URL holds goes before. */
  readonly keys?: DeviceKeys;
  /** Zone of a device that stamps without one. */
  readonly zone: string;
  /** True: those of the model; or these codes. */
  readonly registers?: boolean | readonly ObisCode[];
  /** List the objects of the association (DLMS), or the addresses of the readout (IEC 62056-21). */
  readonly objects?: boolean;
  readonly clock?: boolean;
  readonly profiles?: readonly ProfileRange[];
  /** Log entries from this instant on. */
  readonly events?: { readonly fromMs: EpochMs };
}

/** A part of a reading, whole in itself: it may be stored while the rest is still being read. */
export interface Portion {
  readonly blocks: RawBlock[];
  readonly profiles: ProfileReading[];
  readonly registers: RegisterReading[];
  readonly events: DeviceEvent[];
  readonly clockOffsetMs?: number;
  /** The range that the device has answered completely, also when it had nothing there. */
  readonly answered?: Required<Omit<ProfileRange, "entries">>;
}

export interface ObjectEntry {
  readonly obis: ObisCode;
  readonly classId?: number;
  readonly version?: number;
  /** COSEM class in words, or the address as the readout has it. */
  readonly description: string;
  /** Its value in words, where it is one: an exact decimal in `unit`, a text, an instant. */
  readonly value?: string;
  readonly unit?: string;
  /** What the device lets be read of it (DLMS), in order. */
  readonly attributes?: readonly AttributeEntry[];
}

/** One attribute of a COSEM object: its value as plain JSON, or the data access result that it was refused with. */
export interface AttributeEntry {
  readonly attribute: number;
  readonly name: string;
  readonly value?: PlainValue;
  readonly error?: string;
}

/** 64-bit integers are decimal strings, octets are text where they are text and else hexadecimal digits. */
export type PlainValue = null | boolean | number | string | readonly PlainValue[];

/** A profile as the device itself describes it. */
export interface ProfileDescription {
  readonly obis: ObisCode;
  readonly periodSeconds: number;
  readonly columns: readonly { readonly obis: ObisCode; readonly unit: string; readonly kind: string }[];
}

export interface DeviceReading extends Portion {
  /** As the device claims it. */
  readonly identity: string;
  readonly model: MeterModel;
  readonly manufacturer: string;
  /** IEC 62056-21 identification, or the device's own name. */
  readonly identification: string;
  readonly clock?: { readonly deviceMs: EpochMs; readonly offsetMs: number };
  readonly profileDescription?: ProfileDescription;
  readonly objects?: readonly ObjectEntry[];
  /** What was odd but did not stop the reading, in words. */
  readonly warnings: readonly string[];
  /** Registers that were asked for by their codes and are not there. */
  readonly missing: readonly ObisCode[];
  readonly bytesSent: number;
  readonly bytesReceived: number;
}

/** Stages of a reading, in order; they are shown while it runs. */
export type ReadStage =
  | "connected"
  | "associated"
  | "identified"
  | "clock"
  | "registers"
  | "profile"
  | "events"
  | "keys-sent"
  | "keys-proven";

export interface ReadOptions {
  readonly clock: Clock;
  readonly signal?: AbortSignal;
  readonly onStage?: (stage: ReadStage) => void;
  /** Awaited before the device is asked on: this is the back-pressure. What it was given is not kept in the result. */
  readonly onPortion?: (portion: Portion) => Promise<void>;
  readonly recorder?: LinkRecorder;
  /** Says of an address whether it may be dialled; absent: every one, as for a technician at the own machine. */
  readonly mayDial?: MayDial;
  /** Lower limits than the usual ones. */
  readonly limits?: ReadLimits;
  /** An open line, such as that of a device that called in; absent: the URL is dialled. It is left open. */
  readonly stream?: ByteStream;
  /** Takes what a DLMS device sends of itself while it is read. */
  readonly onUnsolicited?: (apdu: Uint8Array, ports?: WrapperPorts) => void;
}
