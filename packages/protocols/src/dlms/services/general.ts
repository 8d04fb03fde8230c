import type { Apdu, GeneralCiphering, GeneralHeader, GeneralSigning, KeyInfo } from "../apdu-types.ts";
import type { Cursor } from "../cursor.ts";
import { apduTags } from "../tags.ts";
import { Writer } from "../writer.ts";
import { decodeSecurityControl } from "./ciphered.ts";
import { takeFlag } from "./shared.ts";

/** Security control and invocation counter; without protection only the first. */
const controlLength = 1;
const counterLength = 4;

function takeHeader(cursor: Cursor): GeneralHeader {
  return {
    transactionId: cursor.lengthAndBytes(),
    originatorTitle: cursor.lengthAndBytes(),
    recipientTitle: cursor.lengthAndBytes(),
    dateTime: cursor.lengthAndBytes(),
    otherInformation: cursor.lengthAndBytes(),
  };
}

/** The five fields, each with its length: what general-ciphering authenticates and general-signing signs. */
export function encodeGeneralHeader(header: GeneralHeader): Uint8Array<ArrayBuffer> {
  const writer = new Writer();
  putHeader(writer, header);
  return writer.finish();
}

function putHeader(writer: Writer, header: GeneralHeader): void {
  writer.sized(header.transactionId).sized(header.originatorTitle).sized(header.recipientTitle);
  writer.sized(header.dateTime).sized(header.otherInformation);
}

function takeKeyInfo(cursor: Cursor): KeyInfo | undefined {
  if (!takeFlag(cursor)) return undefined;
  const choiceAt = cursor.offset;
  const choice = cursor.uint8();
  if (choice === 0) return { kind: "identified", id: cursor.uint8() };
  if (choice === 1) return { kind: "wrapped", id: cursor.uint8(), data: cursor.lengthAndBytes() };
  if (choice === 2) {
    return { kind: "agreed", parameters: cursor.lengthAndBytes(), data: cursor.lengthAndBytes() };
  }
  throw cursor.fail("choice", choiceAt);
}

export function takeGeneralCiphering(cursor: Cursor): Apdu {
  const header = takeHeader(cursor);
  const keyInfo = takeKeyInfo(cursor);
  const lengthAt = cursor.offset;
  const part = cursor.part(cursor.length());
  if (part.left < controlLength) throw cursor.fail("length", lengthAt);
  const securityControl = decodeSecurityControl(part.uint8());
  const isProtected = securityControl.authenticated || securityControl.encrypted;
  if (isProtected && part.left < counterLength) throw cursor.fail("length", lengthAt);
  return {
    kind: "general-ciphering",
    header,
    ...(keyInfo && { keyInfo }),
    securityControl,
    ...(isProtected && { invocationCounter: part.uint32() }),
    content: part.take(part.left),
  };
}

export function putGeneralCiphering(writer: Writer, apdu: GeneralCiphering): void {
  putHeader(writer.uint8(apduTags["general-ciphering"]), apdu.header);
  const { keyInfo, invocationCounter, content } = apdu;
  writer.uint8(keyInfo ? 1 : 0);
  if (keyInfo?.kind === "identified") writer.uint8(0).uint8(keyInfo.id);
  else if (keyInfo?.kind === "wrapped") writer.uint8(1).uint8(keyInfo.id).sized(keyInfo.data);
  else if (keyInfo) writer.uint8(2).sized(keyInfo.parameters).sized(keyInfo.data);
  const counted = invocationCounter === undefined ? 0 : counterLength;
  writer.size(controlLength + counted + content.length).uint8(apdu.securityControl.byte);
  if (invocationCounter !== undefined) writer.uint32(invocationCounter);
  writer.raw(content);
}

export function takeGeneralSigning(cursor: Cursor): Apdu {
  const header = takeHeader(cursor);
  const content = cursor.lengthAndBytes();
  return { kind: "general-signing", header, content, signature: cursor.lengthAndBytes() };
}

export function putGeneralSigning(writer: Writer, apdu: GeneralSigning): void {
  putHeader(writer.uint8(apduTags["general-signing"]), apdu.header);
  writer.sized(apdu.content).sized(apdu.signature);
}
