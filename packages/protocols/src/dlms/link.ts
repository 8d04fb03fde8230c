import { LinkError } from "../errors.ts";
import type { Apdu } from "./apdu-types.ts";

/** A link that carries whole APDUs, one request at a time: HDLC or the TCP wrapper. */
export interface ApduLink {
  /** @throws LinkError `link.timeout`, `link.closed`, `link.refused` */
  connect(): Promise<void>;
  /** @throws LinkError `link.timeout`, `link.closed`, `link.garbled`, `link.unexpected`; the link is ended then */
  exchange(apdu: Uint8Array): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Diagnostics that have something to do of their own. */
const refusals: Readonly<Record<string, string>> = {
  "authentication-failure": "association.unproven",
  "pdu-size-too-short": "association.pdu-too-short",
};

/** The meter said no to an association. */
export class AssociationRefused extends LinkError {
  /** Name of the diagnostic, such as `authentication-failure`, or of the service error. */
  readonly diagnostic: string;
  readonly permanent: boolean;

  constructor(diagnostic: string, permanent: boolean) {
    super(refusals[diagnostic] ?? "association.refused", `association refused: ${diagnostic}`);
    this.diagnostic = diagnostic;
    this.permanent = permanent;
  }
}

/** Service errors of an exception that say more than "not this service". */
const exceptionCodes: Readonly<Record<string, string>> = {
  "deciphering-error": "dlms.deciphering-refused",
  "invocation-counter-error": "dlms.counter-refused",
  "pdu-too-long": "dlms.pdu-refused",
};

/** The meter does not carry out a service at all (exception response, confirmed service error). */
export class ServiceRefused extends LinkError {
  readonly service: string;
  /** The invocation counter that the meter expects, where it tells. It stands in the clear: never go back to it. */
  readonly expectedCounter: number | undefined;

  constructor(code: string, detail: string, service: string, expectedCounter?: number) {
    super(code, detail);
    this.service = service;
    this.expectedCounter = expectedCounter;
  }
}

/** The error that an unexpected or refusing answer stands for. */
export function refusalOf(answer: Apdu): LinkError {
  if (answer.kind === "exception-response") {
    const { stateError, serviceError, invocationCounter } = answer;
    const code = exceptionCodes[serviceError] ?? "dlms.exception";
    return new ServiceRefused(code, `${stateError}: ${serviceError}`, serviceError, invocationCounter);
  }
  if (answer.kind === "confirmed-service-error") {
    const { service, errorClass, error } = answer;
    const known = exceptionCodes[error];
    const code = known ?? (error === "pdu-size" ? "dlms.pdu-refused" : "dlms.exception");
    return new ServiceRefused(code, `${service}: ${errorClass}: ${error}`, error);
  }
  return new LinkError("dlms.unexpected", `${answer.kind} where another answer was due`);
}

const wholeCodes: ReadonlySet<string> = new Set([
  "dlms.value",
  "dlms.value-truncated",
  // Nothing was sent.
  "dlms.not-negotiated",
  "dlms.pdu-too-small",
]);

/** Whether an exchange is whole, though it gave a refusal or no value: the association can go on after it. */
export const isWholeExchange = (error: unknown): boolean =>
  error instanceof ServiceRefused || (error instanceof LinkError && wholeCodes.has(error.code));
