import { attributeName, findCosemClass, methodName } from "../cosem/classes.ts";
import type { Apdu, AttributeReference, GetResult, ReadResult, UserInformation } from "../dlms/apdu-types.ts";
import { decodeConformance } from "../dlms/conformance.ts";
import type { DataValue } from "../dlms/data.ts";
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
    case "action-request-normal": {
      const { classId, obis, method } = apdu.method;
      const name = findCosemClass(classId)?.name ?? `class ${classId}`;
      return `ACTION request: ${name} ${obis} ${methodName(classId, method)}`;
    }
    case "action-response-normal":
      return `ACTION response: ${apdu.actionResult}${apdu.result ? `, ${sayResult(apdu.result)}` : ""}`;
    case "read-request":
      return `READ request: ${apdu.items.map((item) => (item.kind === "name" ? `name ${shortName(item.name)}` : `after block ${item.block}`)).join(", ")}`;
    case "read-response":
      return `READ response: ${apdu.results.map(sayRead).join("; ")}`;
    case "data-notification":
      return `data notification: ${sayData(apdu.body)}`;
    case "data-notification-confirm":
      return "data notification confirmed";
    case "event-notification":
      return `event notification: ${nameAttribute(apdu.attribute)} = ${sayData(apdu.data)}`;
    case "general-block-transfer":
      return `general block transfer: block ${apdu.block}${apdu.last ? ", the last" : ""}, ${apdu.raw.length} bytes`;
    case "ciphered": {
      const { suite, authenticated, encrypted } = apdu.securityControl;
      const how = [encrypted && "encrypted", authenticated && "authenticated"].filter(Boolean).join(" and ");
      return `${apdu.service}: suite ${suite}, ${how || "unprotected"}, counter ${apdu.invocationCounter}`;
    }
  }
}

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
