import type { ObisCode } from "@energsys/protocols";
import type { ChannelKind, Unit } from "../reading.ts";
import type { EventTableName } from "./event-tables.ts";
import type { StatusTableName } from "./status-tables.ts";

export type Protocol = "dlms" | "iec62056-21" | "p1";

/** What a device says of itself, in the ways of its protocols. */
export interface DeviceWords {
  /** FLAG code of the maker; its third letter may be lower case (short reaction time). */
  readonly manufacturer?: string;
  readonly identification?: string;
  readonly logicalDeviceName?: string;
  /** Name of the list that a push holds, such as `AIDON_V0001`. */
  readonly listName?: string;
  /** The product that a push names. */
  readonly product?: string;
  /** Letters of the maker in the system title of a ciphered push. */
  readonly titleMaker?: string;
}

/** How a device of this model names itself; prefixes, because the rest is firmware or a serial number. */
export interface Recognition {
  /** FLAG code of the maker, three letters, upper case. */
  readonly manufacturer: string;
  /** Start of the IEC 62056-21 identification (after the baud character and the `\W` pairs). */
  readonly identification?: string;
  /** Start of the COSEM logical device name (0.0.42.0.0.255). */
  readonly logicalDeviceName?: string;
  readonly listName?: string;
  readonly product?: string;
  /** True: the maker's letters in the system title are enough. */
  readonly byTitle?: boolean;
}

export interface RegisterModel {
  readonly obis: ObisCode;
  /** Of a push that gives neither unit nor scaler. */
  readonly unit?: Unit;
  /** COSEM class, default 3 (register); attribute 2 is read. */
  readonly classId?: 1 | 3 | 4 | 5;
}

export interface ProfileColumnModel {
  readonly obis: ObisCode;
  readonly kind: ChannelKind;
  readonly unit: Unit;
}

export interface ProfileModel {
  readonly obis: ObisCode;
  /** What the device is delivered with; the device's own description is believed when it gives one. */
  readonly periodSeconds: number;
  /** What the stamp of a row means. */
  readonly stamp: "end" | "start";
  /** Empty: taken from the device (capture objects, or the header of the answer). */
  readonly columns: readonly ProfileColumnModel[];
  /** What the bits of a row's status mean. */
  readonly status: StatusTableName;
  /** Address of the profile in IEC 62056-21 programming mode. */
  readonly iecAddress?: "P.01" | "P.02";
}

export interface EventLogModel {
  readonly obis: ObisCode;
  readonly iecAddress?: "P.98" | "P.99";
  readonly table: EventTableName;
  /** Column of an IEC 62056-21 log that holds the code; without one each bit of the status is an event. */
  readonly codeAddress?: string;
}

/** A departure from the standard or the common case, with the reason that it was seen or stated. */
export interface Quirk<Value> {
  readonly value: Value;
  readonly reason: string;
}

export interface Quirks {
  /** `local`: the deviation field is written as local = UTC + deviation. */
  readonly deviationSign?: Quirk<"standard" | "local">;
  /** Pause before each request. */
  readonly gapMs?: Quirk<number>;
  /** Silence before a new sign-on. */
  readonly pauseBeforeSignOnMs?: Quirk<number>;
  /** Programming mode wants P1 with a password even to read. */
  readonly passwordNeeded?: Quirk<boolean>;
  /** Registers that are billed and therefore read a second time, by R1. */
  readonly confirmRegisters?: Quirk<readonly ObisCode[]>;
  readonly selectiveAccess?: Quirk<"range" | "entry" | "none">;
  /** `shared`: a dedicated key goes on with the counters of the encryption key instead of its own from 0. */
  readonly dedicatedCounters?: Quirk<"own" | "shared">;
  /** `constant`: answers only requests with invoke id 1. */
  readonly invokeIds?: Quirk<"counting" | "constant">;
  /** Takes the release of a ciphered association with the protected initiate request in it. */
  readonly releaseProtected?: Quirk<boolean>;
  /** Selector of the method call by which a short-name device hears the answer to its challenge. */
  readonly shortNameReplySelector?: Quirk<0 | 1>;
  /** Ends each session by B0 before the next sign-on. */
  readonly breakBeforeSignOn?: Quirk<boolean>;
  /** Codes of a push that name something else than the standard does: start of the code as sent, and what it stands for. */
  readonly pushedCodes?: Quirk<Readonly<Record<string, string>>>;
}

/** A meter model is data: what it is called, what it has, and where it differs. Drivers are the code. */
export interface MeterModel {
  /** Key of the table and of `meter.model`. */
  readonly name: string;
  readonly title: string;
  readonly manufacturer: string;
  readonly protocols: readonly Protocol[];
  readonly recognition: readonly Recognition[];
  /** Where the identity stands: COSEM objects (attribute 2 of class 1) and readout addresses, first found wins. */
  readonly identity: { readonly cosem: readonly ObisCode[]; readonly readout: readonly string[] };
  /** `all`: every register that the device lists. */
  readonly registers: readonly RegisterModel[] | "all";
  readonly profiles: readonly ProfileModel[];
  readonly eventLogs: readonly EventLogModel[];
  readonly quirks: Quirks;
  /** Where the offset of a stamp comes from: the stamp itself, or the configured zone of the device. */
  readonly clockZone: "stamp" | "configured";
  /** Clock in readout and programming mode. */
  readonly readoutClock?: { readonly time: string; readonly date: string };
  /** What the programming mode of IEC 62056-21 lets a reader write: state of the output (W1 of 0 or 1, R1 reads it), and the clock of `readoutClock`. */
  readonly programmed?: { readonly output?: string; readonly clock?: boolean };
  /** What this description was tried on; nothing here means: from documents only. */
  readonly proof: readonly string[];
}
