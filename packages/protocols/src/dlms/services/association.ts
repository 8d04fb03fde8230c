import type {
  Aare,
  Aarq,
  ApplicationContext,
  Diagnostic,
  Mechanism,
  Release,
  UserInformation,
} from "../apdu-types.ts";
import type { Cursor } from "../cursor.ts";
import { apduTags, cipheredTags } from "../tags.ts";
import { Writer } from "../writer.ts";
import { putCiphered, takeCiphered } from "./ciphered.ts";
import { putConfirmedServiceError, takeConfirmedServiceError } from "./errors.ts";
import {
  putInitiateRequest,
  putInitiateResponse,
  takeInitiateRequest,
  takeInitiateResponse,
} from "./initiate.ts";

// ACSE in BER (IEC 62056-5-3, association control): fields are tag, length, content; unknown ones are skipped.

/** joint-iso-ccitt(2) country(16) 756 5 8, then 1 for contexts and 2 for mechanisms. */
const oidPrefix = [0x60, 0x85, 0x74, 0x05, 0x08];
const contextArc = 1;
const mechanismArc = 2;

const contexts: readonly (ApplicationContext | undefined)[] = [
  undefined,
  "logical-names",
  "short-names",
  "logical-names-ciphered",
  "short-names-ciphered",
];
const mechanisms: readonly Mechanism[] = [
  "none",
  "low",
  "high",
  "high-md5",
  "high-sha1",
  "high-gmac",
  "high-sha256",
  "high-ecdsa",
];
const results: readonly Aare["result"][] = ["accepted", "rejected-permanent", "rejected-transient"];

const userDiagnostics: readonly string[] = [
  "null",
  "no-reason-given",
  "application-context-name-not-supported",
  "calling-ap-title-not-recognized",
  "calling-ap-invocation-identifier-not-recognized",
  "calling-ae-qualifier-not-recognized",
  "calling-ae-invocation-identifier-not-recognized",
  "called-ap-title-not-recognized",
  "called-ap-invocation-identifier-not-recognized",
  "called-ae-qualifier-not-recognized",
  "called-ae-invocation-identifier-not-recognized",
  "authentication-mechanism-name-not-recognized",
  "authentication-mechanism-name-required",
  "authentication-failure",
  "authentication-required",
];
const providerDiagnostics: readonly string[] = ["null", "no-reason-given", "no-common-acse-version"];

/** The diagnostic of a code, named as the standard does. */
export function diagnosticOf(source: Diagnostic["source"], code: number): Diagnostic {
  const names = source === "service-user" ? userDiagnostics : providerDiagnostics;
  return { source, code, name: names[code] ?? `diagnostic-${code}` };
}

/** The last arc of an object identifier of ours. @throws DecodeError `apdu.oid` */
function takeOid(cursor: Cursor, arc: number): number {
  const start = cursor.offset;
  const bytes = cursor.take(cursor.left);
  const known = oidPrefix.every((byte, index) => byte === bytes[index]);
  if (!known || bytes.length !== 7 || bytes[5] !== arc) throw cursor.fail("oid", start);
  return bytes[6] as number;
}

/** The content of an element with the given tag inside a field. @throws DecodeError `apdu.ber` */
function inner(cursor: Cursor, tag: number): Cursor {
  const start = cursor.offset;
  if (cursor.uint8() !== tag) throw cursor.fail("ber", start);
  return cursor.part(cursor.length());
}

const takeAll = (cursor: Cursor): Uint8Array => cursor.take(cursor.left);

function takeInteger(cursor: Cursor): number {
  const start = cursor.offset;
  const bytes = takeAll(inner(cursor, 0x02));
  if (bytes.length === 0 || bytes.length > 4) throw cursor.fail("ber", start);
  return bytes.reduce((value, byte) => value * 256 + byte, 0);
}

function takeContext(field: Cursor): ApplicationContext {
  const start = field.offset;
  const context = contexts[takeOid(inner(field, 0x06), contextArc)];
  if (!context) throw field.fail("context", start);
  return context;
}

function takeMechanism(field: Cursor): Mechanism {
  const start = field.offset;
  const mechanism = mechanisms[takeOid(field, mechanismArc)];
  if (!mechanism) throw field.fail("mechanism", start);
  return mechanism;
}

function takeUserInformation(field: Cursor): UserInformation {
  const content = inner(field, 0x04);
  const start = content.offset;
  const tag = content.uint8();
  if (tag === apduTags["initiate-request"]) return takeInitiateRequest(content);
  if (tag === apduTags["initiate-response"]) return takeInitiateResponse(content);
  if (tag === apduTags["confirmed-service-error"]) return takeConfirmedServiceError(content);
  if (tag in cipheredTags) return takeCiphered(content, tag as keyof typeof cipheredTags);
  throw content.fail("tag", start);
}

type Fields<Of> = { -readonly [Name in keyof Of]?: Of[Name] };

/** Hands each field of the APDU's body to `take` by its tag. */
function eachField(cursor: Cursor, take: (tag: number, field: Cursor) => void): void {
  const body = cursor.part(cursor.length());
  while (body.left > 0) {
    const tag = body.uint8();
    take(tag, body.part(body.length()));
  }
}

export function takeAarq(cursor: Cursor): Aarq {
  const start = cursor.offset;
  const fields: Fields<Aarq> = {};
  eachField(cursor, (tag, field) => {
    if (tag === 0xa1) fields.context = takeContext(field);
    else if (tag === 0xa6) fields.callingApTitle = takeAll(inner(field, 0x04));
    else if (tag === 0xa7) fields.callingAeQualifier = takeAll(inner(field, 0x04));
    else if (tag === 0xa9) fields.clientUserId = takeInteger(field);
    else if (tag === 0x8b) fields.mechanism = takeMechanism(field);
    else if (tag === 0xac) fields.authenticationValue = takeAll(inner(field, 0x80));
    else if (tag === 0xbe) fields.userInformation = takeUserInformation(field);
  });
  if (!fields.context) throw cursor.fail("context", start);
  return { kind: "aarq", ...fields, context: fields.context };
}

export function takeAare(cursor: Cursor): Aare {
  const start = cursor.offset;
  const fields: Fields<Aare> = {};
  eachField(cursor, (tag, field) => {
    if (tag === 0xa1) fields.context = takeContext(field);
    else if (tag === 0xa2) {
      const at = field.offset;
      const result = results[takeInteger(field)];
      if (!result) throw field.fail("result", at);
      fields.result = result;
    } else if (tag === 0xa3) {
      const at = field.offset;
      const source = field.uint8();
      if (source !== 0xa1 && source !== 0xa2) throw field.fail("ber", at);
      const code = takeInteger(field.part(field.length()));
      fields.diagnostic = diagnosticOf(source === 0xa1 ? "service-user" : "service-provider", code);
    } else if (tag === 0xa4) fields.respondingApTitle = takeAll(inner(field, 0x04));
    else if (tag === 0x89) fields.mechanism = takeMechanism(field);
    else if (tag === 0xaa) fields.authenticationValue = takeAll(inner(field, 0x80));
    else if (tag === 0xbe) fields.userInformation = takeUserInformation(field);
  });
  const { context, result } = fields;
  if (!context) throw cursor.fail("context", start);
  if (!result) throw cursor.fail("result", start);
  const diagnostic = fields.diagnostic ?? diagnosticOf("service-user", 0);
  return { kind: "aare", ...fields, context, result, diagnostic };
}

export function takeRelease(cursor: Cursor, kind: Release["kind"]): Release {
  const fields: Fields<Release> = {};
  eachField(cursor, (tag, field) => {
    if (tag === 0x80) fields.reason = field.uint8();
    else if (tag === 0xbe) fields.userInformation = takeUserInformation(field);
  });
  return { kind, ...fields };
}

const field = (writer: Writer, tag: number, content: Uint8Array) => writer.uint8(tag).sized(content);
const element = (tag: number, content: ArrayLike<number>) => new Writer().uint8(tag).sized(content).finish();
const oid = (arc: number, last: number) => [...oidPrefix, arc, last];

function putUserInformation(writer: Writer, information: UserInformation | undefined): void {
  if (!information) return;
  const content = new Writer();
  if (information.kind === "initiate-request") putInitiateRequest(content, information);
  else if (information.kind === "initiate-response") putInitiateResponse(content, information);
  else if (information.kind === "confirmed-service-error") putConfirmedServiceError(content, information);
  else putCiphered(content, information);
  field(writer, 0xbe, element(0x04, content.finish()));
}

export function putAarq(writer: Writer, apdu: Aarq): void {
  const body = new Writer();
  field(body, 0xa1, element(0x06, oid(contextArc, contexts.indexOf(apdu.context))));
  if (apdu.callingApTitle) field(body, 0xa6, element(0x04, apdu.callingApTitle));
  if (apdu.callingAeQualifier) field(body, 0xa7, element(0x04, apdu.callingAeQualifier));
  if (apdu.clientUserId !== undefined) field(body, 0xa9, element(0x02, [apdu.clientUserId]));
  putAuthentication(body, apdu, { requirements: 0x8a, mechanism: 0x8b, value: 0xac });
  putUserInformation(body, apdu.userInformation);
  writer.uint8(apduTags.aarq).sized(body.finish());
}

export function putAare(writer: Writer, apdu: Aare): void {
  const body = new Writer();
  field(body, 0xa1, element(0x06, oid(contextArc, contexts.indexOf(apdu.context))));
  field(body, 0xa2, element(0x02, [results.indexOf(apdu.result)]));
  const source = apdu.diagnostic.source === "service-user" ? 0xa1 : 0xa2;
  field(body, 0xa3, element(source, element(0x02, [apdu.diagnostic.code])));
  if (apdu.respondingApTitle) field(body, 0xa4, element(0x04, apdu.respondingApTitle));
  putAuthentication(body, apdu, { requirements: 0x88, mechanism: 0x89, value: 0xaa });
  putUserInformation(body, apdu.userInformation);
  writer.uint8(apduTags.aare).sized(body.finish());
}

function putAuthentication(
  writer: Writer,
  apdu: Aarq | Aare,
  tags: { requirements: number; mechanism: number; value: number },
): void {
  if (apdu.mechanism !== undefined) {
    field(writer, tags.requirements, Uint8Array.of(0x07, 0x80));
    field(writer, tags.mechanism, Uint8Array.from(oid(mechanismArc, mechanisms.indexOf(apdu.mechanism))));
  }
  if (apdu.authenticationValue) field(writer, tags.value, element(0x80, apdu.authenticationValue));
}

export function putRelease(writer: Writer, apdu: Release): void {
  const body = new Writer();
  if (apdu.reason !== undefined) field(body, 0x80, Uint8Array.of(apdu.reason));
  putUserInformation(body, apdu.userInformation);
  writer.uint8(apduTags[apdu.kind]).sized(body.finish());
}
