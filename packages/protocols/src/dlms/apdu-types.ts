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

export type SetApdu =
  | ({
      readonly kind: "set-request-normal";
      readonly invoke: Invoke;
      readonly data: DataValue;
    } & AttributeAccess)
  | ({
      readonly kind: "set-request-first-block";
      readonly invoke: Invoke;
    } & AttributeAccess &
      DataBlock)
  | ({ readonly kind: "set-request-block"; readonly invoke: Invoke } & DataBlock)
  | {
      readonly kind: "set-request-with-list";
      readonly invoke: Invoke;
      readonly items: readonly AttributeAccess[];
      readonly values: readonly DataValue[];
    }
  | ({
      readonly kind: "set-request-list-first-block";
      readonly invoke: Invoke;
      readonly items: readonly AttributeAccess[];
    } & DataBlock)
  | { readonly kind: "set-response-normal"; readonly invoke: Invoke; readonly dataAccessResult: string }
  | { readonly kind: "set-response-block"; readonly invoke: Invoke; readonly block: number }
  | {
      readonly kind: "set-response-last-block";
      readonly invoke: Invoke;
      readonly dataAccessResult: string;
      readonly block: number;
    }
  | {
      readonly kind: "set-response-list-last-block";
      readonly invoke: Invoke;
      readonly dataAccessResults: readonly string[];
      readonly block: number;
    }
  | {
      readonly kind: "set-response-with-list";
      readonly invoke: Invoke;
      readonly dataAccessResults: readonly string[];
    };

/** What one method gave: its result, and a value or an error in its place where it returns one. */
export interface ActionOutcome {
  readonly actionResult: string;
  readonly result?: GetResult;
}

export type ActionApdu =
  | {
      readonly kind: "action-request-normal";
      readonly invoke: Invoke;
      readonly method: MethodReference;
      readonly parameters?: DataValue;
    }
  | { readonly kind: "action-request-next"; readonly invoke: Invoke; readonly block: number }
  | {
      readonly kind: "action-request-with-list";
      readonly invoke: Invoke;
      readonly methods: readonly MethodReference[];
      readonly parameters: readonly DataValue[];
    }
  | ({
      readonly kind: "action-request-first-block";
      readonly invoke: Invoke;
      readonly method: MethodReference;
    } & DataBlock)
  | ({
      readonly kind: "action-request-list-first-block";
      readonly invoke: Invoke;
      readonly methods: readonly MethodReference[];
    } & DataBlock)
  | ({ readonly kind: "action-request-block"; readonly invoke: Invoke } & DataBlock)
  | ({ readonly kind: "action-response-normal"; readonly invoke: Invoke } & ActionOutcome)
  | ({ readonly kind: "action-response-block"; readonly invoke: Invoke } & DataBlock)
  | {
      readonly kind: "action-response-with-list";
      readonly invoke: Invoke;
      readonly outcomes: readonly ActionOutcome[];
    }
  | { readonly kind: "action-response-next"; readonly invoke: Invoke; readonly block: number };

/** One part of an ACCESS request (IEC 62056-5-3): what is to be done, and its value in the same place of `values`. */
export type AccessSpecification =
  | ({ readonly service: "get" | "set" } & AttributeAccess)
  | { readonly service: "action"; readonly method: MethodReference };

export interface AccessOutcome {
  readonly service: "get" | "set" | "action";
  /** Data access result or action result. */
  readonly result: string;
}

export type AccessApdu =
  | {
      readonly kind: "access-request";
      readonly longInvokeId: number;
      readonly dateTime?: Uint8Array;
      readonly specifications: readonly AccessSpecification[];
      /** One for each specification; null for a get. */
      readonly values: readonly DataValue[];
    }
  | {
      readonly kind: "access-response";
      readonly longInvokeId: number;
      readonly dateTime?: Uint8Array;
      /** The request's, when it asked for an echo. */
      readonly specifications?: readonly AccessSpecification[];
      readonly values: readonly DataValue[];
      readonly outcomes: readonly AccessOutcome[];
    };

/** Short names: what a READ or WRITE addresses (IEC 62056-5-3). Names are 16-bit patterns. */
export type VariableAccess =
  | { readonly kind: "name"; readonly name: number; readonly selection?: Selection }
  | { readonly kind: "next-block"; readonly block: number }
  /** A part of a long request; the joined parts are the request without its tag. */
  | { readonly kind: "read-block"; readonly last: boolean; readonly block: number; readonly raw: Uint8Array }
  | { readonly kind: "write-block"; readonly last: boolean; readonly block: number };

export type ReadApdu =
  | { readonly kind: "read-request"; readonly items: readonly VariableAccess[] }
  | { readonly kind: "read-response"; readonly results: readonly ReadResult[] };

export type WriteResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly dataAccessResult: string }
  | { readonly ok: "block"; readonly block: number };

export type WriteApdu =
  | {
      readonly kind: "write-request" | "unconfirmed-write-request";
      readonly items: readonly VariableAccess[];
      readonly values: readonly DataValue[];
    }
  | { readonly kind: "write-response"; readonly results: readonly WriteResult[] }
  | {
      readonly kind: "information-report";
      /** GeneralizedTime as text, such as `20250115134530.00Z`. */
      readonly time?: string;
      readonly items: readonly VariableAccess[];
      readonly values: readonly DataValue[];
    };

export type ReadResult =
  | GetResult
  | { readonly ok: "block"; readonly last: boolean; readonly block: number; readonly raw: Uint8Array }
  /** The device took a block of a long request. */
  | { readonly ok: "taken"; readonly block: number };

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

/** The fields that go before a message of general protection; empty where they say nothing. */
export interface GeneralHeader {
  readonly transactionId: Uint8Array;
  readonly originatorTitle: Uint8Array;
  readonly recipientTitle: Uint8Array;
  readonly dateTime: Uint8Array;
  readonly otherInformation: Uint8Array;
}

export type KeyInfo =
  /** 0 the unicast, 1 the broadcast key. */
  | { readonly kind: "identified"; readonly id: number }
  /** Wrapped with the master key (id 0). */
  | { readonly kind: "wrapped"; readonly id: number; readonly data: Uint8Array }
  /** Parameters 01: one-pass, 02: static unified model. */
  | { readonly kind: "agreed"; readonly parameters: Uint8Array; readonly data: Uint8Array };

export interface GeneralCiphering {
  readonly kind: "general-ciphering";
  readonly header: GeneralHeader;
  readonly keyInfo?: KeyInfo;
  readonly securityControl: SecurityControl;
  /** Absent without protection. */
  readonly invocationCounter?: number;
  readonly content: Uint8Array;
}

export interface GeneralSigning {
  readonly kind: "general-signing";
  readonly header: GeneralHeader;
  /** The APDU that is signed, ciphered or not. */
  readonly content: Uint8Array;
  /** r || s. */
  readonly signature: Uint8Array;
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

/** A meter behind a gateway: the prefix stands before the APDU, ciphered or not. */
export interface Gateway {
  readonly kind: "gateway-request" | "gateway-response";
  readonly networkId: number;
  readonly address: Uint8Array;
  /** The APDU inside, not taken apart. */
  readonly apdu: Uint8Array;
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
  | AccessApdu
  | ReadApdu
  | WriteApdu
  | Gateway
  | DataNotification
  | DataNotificationConfirm
  | EventNotification
  | GeneralBlock
  | GeneralCiphering
  | GeneralSigning
  | Ciphered;
