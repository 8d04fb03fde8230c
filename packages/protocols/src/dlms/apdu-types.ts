import type { ObisCode } from "../obis.ts";
import type { DataValue } from "./data.ts";

/** Invoke-id-and-priority of one byte. `C1` = id 1, confirmed, high priority. */
export interface Invoke {
  readonly id: number;
  readonly confirmed: boolean;
  readonly highPriority: boolean;
}

export interface AttributeReference {
  readonly classId: number;
  readonly obis: ObisCode;
  readonly attribute: number;
}

export interface MethodReference {
  readonly classId: number;
  readonly obis: ObisCode;
  readonly method: number;
}

/** Selective access: the selector's number and its parameters (`rangeSelection`, `entrySelection` make them). */
export interface Selection {
  readonly selector: number;
  readonly parameters: DataValue;
}

export interface AttributeAccess {
  readonly attribute: AttributeReference;
  readonly selection?: Selection;
}

export type GetResult =
  | { readonly ok: true; readonly data: DataValue }
  | { readonly ok: false; readonly dataAccessResult: string };

/** Part of a long value. Blocks count from 1; the joined raw parts are one Data (or a list of results). */
export interface DataBlock {
  readonly last: boolean;
  readonly block: number;
  readonly raw: Uint8Array;
}

export type GetApdu =
  | ({ readonly kind: "get-request-normal"; readonly invoke: Invoke } & AttributeAccess)
  | { readonly kind: "get-request-next"; readonly invoke: Invoke; readonly block: number }
  | {
      readonly kind: "get-request-with-list";
      readonly invoke: Invoke;
      readonly items: readonly AttributeAccess[];
    }
  | { readonly kind: "get-response-normal"; readonly invoke: Invoke; readonly result: GetResult }
  | ({ readonly kind: "get-response-with-block"; readonly invoke: Invoke } & DataBlock)
  | {
      readonly kind: "get-response-block-error";
      readonly invoke: Invoke;
      readonly last: boolean;
      readonly block: number;
      readonly dataAccessResult: string;
    }
  | {
      readonly kind: "get-response-with-list";
      readonly invoke: Invoke;
      readonly results: readonly GetResult[];
    };

/** SET in its single form; with blocks and lists it comes as `unread` until a driver needs it. */
export type SetApdu =
  | ({
      readonly kind: "set-request-normal";
      readonly invoke: Invoke;
      readonly data: DataValue;
    } & AttributeAccess)
  | { readonly kind: "set-response-normal"; readonly invoke: Invoke; readonly dataAccessResult: string };

export type ActionApdu =
  | {
      readonly kind: "action-request-normal";
      readonly invoke: Invoke;
      readonly method: MethodReference;
      readonly parameters?: DataValue;
    }
  | {
      readonly kind: "action-response-normal";
      readonly invoke: Invoke;
      readonly actionResult: string;
      readonly result?: GetResult;
    };

/** Short names: what a READ asks for and gets (IEC 62056-5-3, read service). */
export type VariableAccess =
  | { readonly kind: "name"; readonly name: number; readonly selection?: Selection }
  | { readonly kind: "next-block"; readonly block: number };

export type ReadApdu =
  | { readonly kind: "read-request"; readonly items: readonly VariableAccess[] }
  | { readonly kind: "read-response"; readonly results: readonly ReadResult[] };

export type ReadResult =
  | GetResult
  | { readonly ok: "block"; readonly last: boolean; readonly block: number; readonly raw: Uint8Array };

export interface DataNotification {
  readonly kind: "data-notification";
  readonly longInvokeId: number;
  /** 12 bytes, or none. */
  readonly dateTime?: Uint8Array;
  readonly body: DataValue;
}

export interface DataNotificationConfirm {
  readonly kind: "data-notification-confirm";
  readonly longInvokeId: number;
  readonly dateTime?: Uint8Array;
}

export interface EventNotification {
  readonly kind: "event-notification";
  readonly dateTime?: Uint8Array;
  readonly attribute: AttributeReference;
  readonly data: DataValue;
}

export interface ExceptionResponse {
  readonly kind: "exception-response";
  readonly stateError: string;
  readonly serviceError: string;
  /** The counter that the meter expects, with `invocation-counter-error`. */
  readonly invocationCounter?: number;
}

export interface ConfirmedServiceError {
  readonly kind: "confirmed-service-error";
  readonly service: string;
  readonly errorClass: string;
  readonly error: string;
}

export interface InitiateRequest {
  readonly kind: "initiate-request";
  readonly dedicatedKey?: Uint8Array;
  readonly responseAllowed: boolean;
  readonly qualityOfService?: number;
  readonly dlmsVersion: number;
  /** 24 bits as in the block, bit 0 of the standard = the highest. */
  readonly conformance: number;
  /** 0 = no limit. */
  readonly maxReceivePduLength: number;
}

export interface InitiateResponse {
  readonly kind: "initiate-response";
  readonly qualityOfService?: number;
  readonly dlmsVersion: number;
  readonly conformance: number;
  readonly maxReceivePduLength: number;
  /** 0007 for logical names, FA00 for short names; a 16-bit pattern. */
  readonly vaaName: number;
}

/** The user information of AARQ and AARE: an initiate APDU, an error, or its ciphered form. */
export type UserInformation = InitiateRequest | InitiateResponse | ConfirmedServiceError | Ciphered;

export interface Aarq {
  readonly kind: "aarq";
  readonly context: ApplicationContext;
  readonly callingApTitle?: Uint8Array;
  readonly callingAeQualifier?: Uint8Array;
  readonly clientUserId?: number;
  readonly mechanism?: Mechanism;
  /** Password (low) or challenge (high). */
  readonly authenticationValue?: Uint8Array;
  readonly userInformation?: UserInformation;
}

export interface Aare {
  readonly kind: "aare";
  readonly context: ApplicationContext;
  readonly result: "accepted" | "rejected-permanent" | "rejected-transient";
  readonly diagnostic: Diagnostic;
  readonly respondingApTitle?: Uint8Array;
  readonly mechanism?: Mechanism;
  readonly authenticationValue?: Uint8Array;
  readonly userInformation?: UserInformation;
}

export interface Diagnostic {
  readonly source: "service-user" | "service-provider";
  readonly code: number;
  readonly name: string;
}

export interface Release {
  readonly kind: "rlrq" | "rlre";
  /** 0 normal, 1 urgent, 30 user defined. */
  readonly reason?: number;
  readonly userInformation?: UserInformation;
}

export type ApplicationContext =
  | "logical-names"
  | "short-names"
  | "logical-names-ciphered"
  | "short-names-ciphered";

export type Mechanism =
  | "none"
  | "low"
  | "high"
  | "high-md5"
  | "high-sha1"
  | "high-gmac"
  | "high-sha256"
  | "high-ecdsa";

/**
 * An APDU under a global, dedicated or general key. Nothing of its content is known here: `content` is the ciphertext
 * with its tag (or the readable APDU and its tag, when it is authenticated only).
 */
export interface Ciphered {
  readonly kind: "ciphered";
  readonly tag: number;
  /** Such as `glo-get-request` or `general-glo-ciphering`. */
  readonly service: string;
  readonly systemTitle?: Uint8Array;
  readonly securityControl: SecurityControl;
  readonly invocationCounter: number;
  readonly content: Uint8Array;
}

export interface SecurityControl {
  readonly byte: number;
  readonly suite: number;
  readonly authenticated: boolean;
  readonly encrypted: boolean;
  readonly broadcastKey: boolean;
  readonly compressed: boolean;
}

export interface GeneralBlock {
  readonly kind: "general-block-transfer";
  readonly last: boolean;
  readonly streaming: boolean;
  readonly window: number;
  readonly block: number;
  readonly acknowledged: number;
  readonly raw: Uint8Array;
}

export type Apdu =
  | Aarq
  | Aare
  | Release
  | InitiateRequest
  | InitiateResponse
  | ConfirmedServiceError
  | ExceptionResponse
  | GetApdu
  | SetApdu
  | ActionApdu
  | ReadApdu
  | DataNotification
  | DataNotificationConfirm
  | EventNotification
  | GeneralBlock
  | Ciphered;
