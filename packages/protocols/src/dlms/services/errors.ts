import type { Apdu, ConfirmedServiceError, ExceptionResponse } from "../apdu-types.ts";
import type { Cursor } from "../cursor.ts";
import { codeOf, nameOf } from "../names.ts";
import { apduTags } from "../tags.ts";
import type { Writer } from "../writer.ts";

const stateErrors = { 1: "service-not-allowed", 2: "service-unknown" };
const serviceErrors = {
  1: "operation-not-possible",
  2: "service-not-supported",
  3: "other-reason",
  4: "pdu-too-long",
  5: "deciphering-error",
  6: "invocation-counter-error",
};
const counterError = 6;

export function takeExceptionResponse(cursor: Cursor): Apdu {
  const stateError = nameOf(stateErrors, cursor.uint8());
  const service = cursor.uint8();
  const apdu = {
    kind: "exception-response",
    stateError,
    serviceError: nameOf(serviceErrors, service),
  } as const;
  // Some devices leave the expected counter out.
  return service === counterError && cursor.left >= 4
    ? { ...apdu, invocationCounter: cursor.uint32() }
    : apdu;
}

export function putExceptionResponse(writer: Writer, apdu: ExceptionResponse): void {
  writer.uint8(apduTags["exception-response"]);
  writer.uint8(codeOf(stateErrors, apdu.stateError)).uint8(codeOf(serviceErrors, apdu.serviceError));
  if (apdu.invocationCounter !== undefined) writer.uint32(apdu.invocationCounter);
}

const services = { 1: "initiate", 5: "read", 6: "write" };

/** Classes of the confirmed service error and the names of their values. */
const errorClasses: Readonly<Record<number, { name: string; errors: Readonly<Record<number, string>> }>> = {
  0: {
    name: "application-reference",
    errors: {
      0: "other",
      1: "time-elapsed",
      2: "application-unreachable",
      3: "application-reference-invalid",
      4: "application-context-unsupported",
      5: "provider-communication-error",
      6: "deciphering-error",
    },
  },
  1: { name: "hardware-resource", errors: { 0: "other" } },
  2: { name: "vde-state-error", errors: { 0: "other", 1: "no-dlms-context" } },
  3: { name: "service", errors: { 0: "other", 1: "pdu-size", 2: "service-unsupported" } },
  4: {
    name: "definition",
    errors: {
      0: "other",
      1: "object-undefined",
      2: "object-class-inconsistent",
      3: "object-attribute-inconsistent",
    },
  },
  5: {
    name: "access",
    errors: {
      0: "other",
      1: "scope-of-access-violated",
      2: "object-access-invalid",
      3: "hardware-fault",
      4: "object-unavailable",
    },
  },
  6: {
    name: "initiate",
    errors: {
      0: "other",
      1: "dlms-version-too-low",
      2: "incompatible-conformance",
      3: "pdu-size-too-short",
      4: "refused-by-the-vde-handler",
    },
  },
  9: { name: "task", errors: { 0: "other" } },
  10: { name: "other", errors: { 0: "other" } },
};
const classNames = Object.fromEntries(
  Object.entries(errorClasses).map(([code, errorClass]) => [code, errorClass.name]),
);

export function takeConfirmedServiceError(cursor: Cursor): ConfirmedServiceError {
  const service = nameOf(services, cursor.uint8());
  const classCode = cursor.uint8();
  const error = nameOf(errorClasses[classCode]?.errors ?? {}, cursor.uint8());
  return { kind: "confirmed-service-error", service, errorClass: nameOf(classNames, classCode), error };
}

export function putConfirmedServiceError(writer: Writer, apdu: ConfirmedServiceError): void {
  const classCode = codeOf(classNames, apdu.errorClass);
  writer.uint8(apduTags["confirmed-service-error"]);
  writer.uint8(codeOf(services, apdu.service)).uint8(classCode);
  writer.uint8(codeOf(errorClasses[classCode]?.errors ?? {}, apdu.error));
}
