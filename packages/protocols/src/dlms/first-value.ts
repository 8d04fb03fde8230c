import { DecodeError, LinkError } from "../errors.ts";
import { Cursor } from "./cursor.ts";
import { skipData } from "./data-decode.ts";

/**
 * The value that the bytes start with. What follows it is left alone: a public example server sends some values twice in
 * one answer.
 * @throws LinkError `dlms.value`
 */
export function firstValue(bytes: Uint8Array): Uint8Array {
  const cursor = new Cursor(bytes, "data");
  try {
    skipData(cursor);
  } catch (cause) {
    if (cause instanceof DecodeError) throw new LinkError("dlms.value", cause.message, cause);
    throw cause;
  }
  return bytes.subarray(0, cursor.offset);
}
