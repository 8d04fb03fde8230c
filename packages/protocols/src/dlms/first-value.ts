import { DecodeError, LinkError } from "../errors.ts";
import { Cursor } from "./cursor.ts";
import { skipData } from "./data-decode.ts";

/**
 * The value that the bytes start with. What follows it is left alone: a public example server sends some values twice in
 * one answer.
 * @throws LinkError `dlms.value`, `dlms.value-truncated`
 */
export function firstValue(bytes: Uint8Array): Uint8Array {
  const cursor = new Cursor(bytes, "data");
  try {
    skipData(cursor);
  } catch (cause) {
    throw valueFault(cause);
  }
  return bytes.subarray(0, cursor.offset);
}

/** What is wrong with a value: it stops before its end, as when a block of it is missing, or is none. */
export function valueFault(cause: unknown): unknown {
  if (!(cause instanceof DecodeError)) return cause;
  const code = cause.code.endsWith(".truncated") ? "dlms.value-truncated" : "dlms.value";
  return new LinkError(code, cause.message, cause);
}
