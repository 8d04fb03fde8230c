import { attributeName, findCosemClass, methodName } from "../cosem/classes.ts";
import { decodeLeadingApdu } from "../dlms/apdu.ts";
import type {
  AccessSpecification,
  ActionOutcome,
  Apdu,
  AttributeReference,
  DataBlock,
  GetResult,
  MethodReference,
  ReadResult,
  UserInformation,
  VariableAccess,
} from "../dlms/apdu-types.ts";
import { toHex } from "../dlms/bytes.ts";
import { decodeConformance } from "../dlms/conformance.ts";
import type { DataValue } from "../dlms/data.ts";
import { DecodeError } from "../errors.ts";
import { formatAddress, type HdlcFrame } from "../hdlc/index.ts";
import { decodeParameters } from "../hdlc/parameters.ts";
import { formatValue } from "./dlms-text.ts";

/** `clock 0-0:1.0.0*255 time`. */
export function nameAttribute({ classId, obis, attribute }: AttributeReference): string {
  return `${findCosemClass(classId)?.name ?? `class ${classId}`} ${obis} ${attributeName(classId, attribute)}`;
}

function sayData(value: DataValue): string {
  if (value.type === "array" || value.type === "structure" || value.type === "compact-array") {
    return `${value.type} of ${value.items.length}`;
  }
  return `${value.type} ${formatValue(value) ?? ""}`.trim();
}

const sayResult = (result: GetResult): string => (result.ok ? sayData(result.data) : result.dataAccessResult);

function sayRead(result: ReadResult): string {
  if (result.ok === "taken") return `block ${result.block} taken`;
  if (result.ok !== "block") return sayResult(result);
  return `block ${result.block}${result.last ? ", the last" : ""}, ${result.raw.length} bytes`;
}

function sayInformation(information: UserInformation | undefined): string {
  switch (information?.kind) {
    case "initiate-request":
    case "initiate-response": {
      const services = decodeConformance(information.conformance).join(", ");
      return `; services ${services || "none"}; PDU up to ${information.maxReceivePduLength}`;
    }
    case "confirmed-service-error":
      return `; ${information.errorClass}: ${information.error}`;
    case "ciphered":
      return "; ciphered";
    default:
      return "";
  }
}

/** One APDU in words. */
export function explainApdu(apdu: Apdu): string {
  switch (apdu.kind) {
    case "aarq":
      return `AARQ: ${apdu.context}, ${securityOf(apdu.mechanism)}${sayInformation(apdu.userInformation)}`;
    case "aare": {
      const why = apdu.diagnostic.code === 0 ? "" : ` (${apdu.diagnostic.name})`;
      return `AARE: ${apdu.result}${why}${sayInformation(apdu.userInformation)}`;
    }
    case "rlrq":
      return "RLRQ: release of the association";
    case "rlre":
      return "RLRE: association released";
    case "initiate-request":
    case "initiate-response":
      return `${apdu.kind.replace("-", " ")}${sayInformation(apdu)}`;
    case "confirmed-service-error":
      return `confirmed service error: ${apdu.service}, ${apdu.errorClass}: ${apdu.error}`;
    case "exception-response":
      return `exception: ${apdu.stateError}, ${apdu.serviceError}`;
    case "get-request-normal": {
      const how = apdu.selection ? `, ${saySelector(apdu.selection.selector)}` : "";
      return `GET request: ${nameAttribute(apdu.attribute)}${how}`;
    }
    case "get-request-next":
      return `GET request: block ${apdu.block} taken, the next one`;
    case "get-request-with-list":
      return `GET request: ${apdu.items.map((item) => nameAttribute(item.attribute)).join("; ")}`;
    case "get-response-normal":
      return `GET response: ${sayResult(apdu.result)}`;
    case "get-response-with-block":
      return `GET response: block ${apdu.block}${apdu.last ? ", the last" : ""}, ${apdu.raw.length} bytes`;
    case "get-response-block-error":
      return `GET response: block ${apdu.block}: ${apdu.dataAccessResult}`;
    case "get-response-with-list":
      return `GET response: ${apdu.results.map(sayResult).join("; ")}`;
    case "set-request-normal":
      return `SET request: ${nameAttribute(apdu.attribute)} = ${sayData(apdu.data)}`;
    case "set-response-normal":
      return `SET response: ${apdu.dataAccessResult}`;
    case "set-request-first-block":
      return `SET request: ${nameAttribute(apdu.attribute)}, ${sayBlock(apdu)}`;
    case "set-request-list-first-block":
      return `SET request: ${apdu.items.map((item) => nameAttribute(item.attribute)).join("; ")}, ${sayBlock(apdu)}`;
    case "set-request-with-list":
      return `SET request: ${apdu.items.map((item, index) => `${nameAttribute(item.attribute)} = ${sayValue(apdu.values[index])}`).join("; ")}`;
    case "set-request-block":
      return `SET request: ${sayBlock(apdu)}`;
    case "set-response-block":
      return `SET response: block ${apdu.block} taken`;
    case "set-response-last-block":
      return `SET response: ${apdu.dataAccessResult}, block ${apdu.block} was the last`;
    case "set-response-with-list":
    case "set-response-list-last-block":
      return `SET response: ${apdu.dataAccessResults.join("; ")}`;
    case "action-request-normal":
      return `ACTION request: ${nameMethod(apdu.method)}`;
    case "action-request-with-list":
      return `ACTION request: ${apdu.methods.map(nameMethod).join("; ")}`;
    case "action-request-first-block":
      return `ACTION request: ${nameMethod(apdu.method)}, ${sayBlock(apdu)}`;
    case "action-request-list-first-block":
      return `ACTION request: ${apdu.methods.map(nameMethod).join("; ")}, ${sayBlock(apdu)}`;
    case "action-request-block":
      return `ACTION request: ${sayBlock(apdu)}`;
    case "action-request-next":
      return `ACTION request: block ${apdu.block} taken, the next one`;
    case "action-response-normal":
      return `ACTION response: ${sayOutcome(apdu)}`;
    case "action-response-with-list":
      return `ACTION response: ${apdu.outcomes.map(sayOutcome).join("; ")}`;
    case "action-response-block":
      return `ACTION response: ${sayBlock(apdu)}`;
    case "action-response-next":
      return `ACTION response: block ${apdu.block} taken`;
    case "access-request":
      return `ACCESS request: ${apdu.specifications.map(saySpecification).join("; ")}`;
    case "access-response":
      return `ACCESS response: ${apdu.outcomes.map(({ service, result }, index) => `${service} ${result}, ${sayValue(apdu.values[index])}`).join("; ")}`;
    case "write-request":
    case "unconfirmed-write-request":
      return `${apdu.kind === "write-request" ? "WRITE request" : "unconfirmed WRITE"}: ${sayWrites(apdu)}`;
    case "write-response":
      return `WRITE response: ${apdu.results.map((result) => (result.ok === true ? "success" : result.ok === false ? result.dataAccessResult : `block ${result.block} taken`)).join("; ")}`;
    case "information-report":
      return `information report: ${sayWrites(apdu)}`;
    case "gateway-request":
    case "gateway-response":
      return `${apdu.kind.replace("-", " ")}: network ${apdu.networkId}, meter ${toHex(apdu.address)}: ${sayInner(apdu.apdu)}`;
    case "read-request":
      return `READ request: ${apdu.items.map(sayVariable).join(", ")}`;
    case "read-response":
      return `READ response: ${apdu.results.map(sayRead).join("; ")}`;
    case "data-notification":
      return `data notification: ${sayData(apdu.body)}`;
    case "data-notification-confirm":
      return "data notification confirmed";
    case "event-notification":
      return `event notification: ${nameAttribute(apdu.attribute)} = ${sayData(apdu.data)}`;
    case "general-ciphering": {
      const key = apdu.keyInfo ? `${apdu.keyInfo.kind} key` : "the agreed key";
      return `general ciphering: suite ${apdu.securityControl.suite}, ${key}, ${apdu.content.length} bytes`;
    }
    case "general-signing":
      return `general signing: ${apdu.content.length} bytes, signature of ${apdu.signature.length}`;
    case "general-block-transfer":
      return `general block transfer: block ${apdu.block}${apdu.last ? ", the last" : ""}, ${apdu.raw.length} bytes`;
    case "ciphered": {
      const { suite, authenticated, encrypted } = apdu.securityControl;
      const how = [encrypted && "encrypted", authenticated && "authenticated"].filter(Boolean).join(" and ");
      return `${apdu.service}: suite ${suite}, ${how || "unprotected"}, counter ${apdu.invocationCounter}`;
    }
  }
}

function sayInner(apdu: Uint8Array): string {
  try {
    const { apdu: inner } = decodeLeadingApdu(apdu);
    // A gateway behind a gateway is not taken apart further.
    return inner.kind.startsWith("gateway") ? inner.kind : explainApdu(inner);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return `${apdu.length} bytes, not readable`;
  }
}

const sayBlock = ({ block, last, raw }: DataBlock): string =>
  `block ${block}${last ? ", the last" : ""}, ${raw.length} bytes`;

const sayValue = (value: DataValue | undefined): string => (value ? sayData(value) : "nothing");

const sayOutcome = ({ actionResult, result }: ActionOutcome): string =>
  `${actionResult}${result ? `, ${sayResult(result)}` : ""}`;

function nameMethod({ classId, obis, method }: MethodReference): string {
  return `${findCosemClass(classId)?.name ?? `class ${classId}`} ${obis} ${methodName(classId, method)}`;
}

const saySpecification = (part: AccessSpecification): string =>
  part.service === "action"
    ? `action ${nameMethod(part.method)}`
    : `${part.service} ${nameAttribute(part.attribute)}`;

function sayVariable(item: VariableAccess): string {
  if (item.kind === "name") return `name ${shortName(item.name)}`;
  return item.kind === "next-block" ? `after block ${item.block}` : `block ${item.block}`;
}

const sayWrites = (apdu: {
  readonly items: readonly VariableAccess[];
  readonly values: readonly DataValue[];
}): string =>
  apdu.items.map((item, index) => `${sayVariable(item)} = ${sayValue(apdu.values[index])}`).join("; ");

const securityOf = (mechanism: string | undefined): string =>
  mechanism === undefined || mechanism === "none" ? "no security" : `${mechanism} security`;

const shortName = (name: number): string => name.toString(16).toUpperCase().padStart(4, "0");

const saySelector = (selector: number): string =>
  selector === 1 ? "by range" : selector === 2 ? "by entry" : `by selector ${selector}`;

/** What the frame itself says, without what it carries. */
export function explainFrame(frame: HdlcFrame): string {
  const { control } = frame;
  const way = `${formatAddress(frame.source)} to ${formatAddress(frame.destination)}`;
  switch (control.kind) {
    case "SNRM":
      return `SNRM, ${way}: set up the link${sayParameters(frame.information)}`;
    case "UA":
      return `UA, ${way}: agreed${sayParameters(frame.information)}`;
    case "DISC":
      return `DISC, ${way}: close the link`;
    case "DM":
      return `DM, ${way}: not connected`;
    case "FRMR":
      return `FRMR, ${way}: frame rejected`;
    case "RR":
      return `RR, ${way}: expects ${control.receiving}`;
    case "RNR":
      return `RNR, ${way}: expects ${control.receiving}, not ready`;
    case "I":
      return `I ${control.sending}, ${way}${frame.segmented ? ": segment, more follow" : ""}`;
    case "UI":
      return `UI, ${way}${frame.segmented ? ": segment, more follow" : ""}`;
    case "unknown":
      return `control ${control.byte.toString(16)}, ${way}`;
  }
}

function sayParameters(information: Uint8Array): string {
  if (information.length === 0) return "";
  const { informationTransmitMax, informationReceiveMax } = decodeParameters(information);
  return `, information up to ${informationTransmitMax} sent and ${informationReceiveMax} taken`;
}
