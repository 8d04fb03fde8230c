import type { Identification } from "./identification.ts";

/** What became of a check value: agrees, does not agree, or was not sent. */
export type Check = "good" | "bad" | "absent";

/** One bracket: the text as sent, split at the first `*` (or at a blank between a number and letters). */
export interface DataValue {
  readonly value: string;
  readonly unit?: string;
  /** What stood between them, where it was not `*`. */
  readonly separator?: " ";
}

/** An address and the brackets that follow it on its line. The address is empty in answers and in profile rows. */
export interface DataSet {
  readonly address: string;
  readonly values: readonly DataValue[];
}

/** Something in a message that breaks the standard and did not keep the rest from being read. */
export interface IecFault {
  /** `iec.bracket` or `iec.stray` or `iec.message-length`. */
  readonly code: string;
  /** Byte in all that was handed to the reader. */
  readonly offset: number;
}

export type IecTelegramKind =
  | "iec62056-21-readout"
  | "iec62056-21-identification"
  | "p1"
  | "load-profile"
  | "event-log";

/** One data message (IEC 62056-21, 6.3.13 and 6.5), as read: nothing is converted yet. */
export interface IecTelegram {
  readonly kind: IecTelegramKind;
  readonly identification?: Identification;
  readonly dataSets: readonly DataSet[];
  /** `bcc` of a message in STX…ETX, `crc` of a P1 telegram. */
  readonly check: { readonly bcc?: Check; readonly crc?: Check };
  /** What ended the message: ETX, EOT (more blocks were to follow), the mark `!`, nothing, or the length limit. */
  readonly end: "etx" | "eot" | "mark" | "cut" | "overlong";
  /** The meter's error text when the answer is one (`ERROR`, `ER04`): its meaning is the maker's. */
  readonly error?: string;
  readonly faults: readonly IecFault[];
  /** First byte of the message in all that was handed to the reader. */
  readonly offset: number;
}
