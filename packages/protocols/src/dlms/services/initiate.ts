import type { InitiateRequest, InitiateResponse } from "../apdu-types.ts";
import type { Cursor } from "../cursor.ts";
import { apduTags } from "../tags.ts";
import type { Writer } from "../writer.ts";
import { takeFlag } from "./shared.ts";

/** `5F 1F 04 00 c1 c2 c3`; old devices leave the `1F` out. */
function takeConformance(cursor: Cursor): number {
  const start = cursor.offset;
  if (cursor.uint8() !== 0x5f) throw cursor.fail("conformance", start);
  if (cursor.peek() === 0x1f) cursor.uint8();
  if (cursor.uint8() !== 4) throw cursor.fail("conformance", start);
  const unusedBitsAndBlock = cursor.uint32();
  if (unusedBitsAndBlock > 0xff_ffff) throw cursor.fail("conformance", start);
  return unusedBitsAndBlock;
}

const putConformance = (writer: Writer, conformance: number) =>
  writer.raw([0x5f, 0x1f, 0x04]).uint32(conformance & 0xff_ffff);

export function takeInitiateRequest(cursor: Cursor): InitiateRequest {
  const dedicatedKey = takeFlag(cursor) ? cursor.lengthAndBytes() : undefined;
  const responseAllowed = takeFlag(cursor) ? cursor.uint8() !== 0 : true;
  const qualityOfService = takeFlag(cursor) ? cursor.int8() : undefined;
  return {
    kind: "initiate-request",
    ...(dedicatedKey && { dedicatedKey }),
    responseAllowed,
    ...(qualityOfService !== undefined && { qualityOfService }),
    dlmsVersion: cursor.uint8(),
    conformance: takeConformance(cursor),
    maxReceivePduLength: cursor.uint16(),
  };
}

export function takeInitiateResponse(cursor: Cursor): InitiateResponse {
  const qualityOfService = takeFlag(cursor) ? cursor.int8() : undefined;
  return {
    kind: "initiate-response",
    ...(qualityOfService !== undefined && { qualityOfService }),
    dlmsVersion: cursor.uint8(),
    conformance: takeConformance(cursor),
    maxReceivePduLength: cursor.uint16(),
    vaaName: cursor.uint16(),
  };
}

export function putInitiateRequest(writer: Writer, apdu: InitiateRequest): void {
  writer.uint8(apduTags["initiate-request"]);
  if (apdu.dedicatedKey) writer.uint8(1).sized(apdu.dedicatedKey);
  else writer.uint8(0);
  // TRUE is the default and is left out.
  if (apdu.responseAllowed) writer.uint8(0);
  else writer.uint8(1).uint8(0);
  if (apdu.qualityOfService === undefined) writer.uint8(0);
  else writer.uint8(1).uint8(apdu.qualityOfService);
  putConformance(writer.uint8(apdu.dlmsVersion), apdu.conformance).uint16(apdu.maxReceivePduLength);
}

export function putInitiateResponse(writer: Writer, apdu: InitiateResponse): void {
  writer.uint8(apduTags["initiate-response"]);
  if (apdu.qualityOfService === undefined) writer.uint8(0);
  else writer.uint8(1).uint8(apdu.qualityOfService);
  putConformance(writer.uint8(apdu.dlmsVersion), apdu.conformance);
  writer.uint16(apdu.maxReceivePduLength).uint16(apdu.vaaName);
}
