import { createHash, hash } from "node:crypto";
import { StoreError } from "../errors.ts";
import { isSigned, keyFingerprint, type SigningKey } from "./signing.ts";

const mark = "#energsys-signature ";

/**
 * Lines of a file with one more at its end: the SHA-256 of all bytes before it, signed. Whatever the lines are, CSV or JSON, the
 * file carries its own proof.
 */
export async function* signedLines(
  lines: AsyncIterable<string> | Iterable<string>,
  key: SigningKey,
): AsyncGenerator<string> {
  const digest = createHash("sha256");
  for await (const line of lines) {
    digest.update(line, "utf8");
    yield line;
  }
  const sha256 = digest.digest();
  const signature = { sha256: sha256.toString("hex"), key: key.publicKey, signature: key.sign(sha256) };
  yield `${mark}${JSON.stringify(signature)}\n`;
}

export interface SignedFile {
  /** Of the public key; compare it with the one of the installation. */
  readonly fingerprint: string;
  readonly sha256: string;
  /** Entries of the activity log in a file of JSON lines, each agreeing with its own hash; 0 in a CSV. */
  readonly entries: number;
}

/**
 * Checks a file of `signedLines`: its signature and, in JSON lines, the hash of each entry of the log.
 * @throws StoreError `audit.file-unsigned`, `audit.file-changed`
 */
export function checkSignedFile(bytes: Uint8Array): SignedFile {
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = whole.lastIndexOf(`\n${mark}`) + 1;
  const line = start > 0 ? whole.subarray(start + mark.length).toString("utf8") : "";
  const given = parseSignature(line);
  if (!given) throw new StoreError("audit.file-unsigned", "the last line is no signature of ENERGSys");
  const sha256 = hash("sha256", whole.subarray(0, start), "buffer");
  if (sha256.toString("hex") !== given.sha256 || !isSigned(sha256, given.key, given.signature)) {
    throw new StoreError("audit.file-changed", "the content is not what was signed");
  }
  let entries = 0;
  for (const text of whole.subarray(0, start).toString("utf8").split("\n")) {
    const entry = /^\{"entry":(\{.*\}),"prev":"([0-9a-f]{64})","hash":"([0-9a-f]{64})"\}$/s.exec(text);
    if (!entry) continue;
    const [, canonical = "", prev = "", expected] = entry;
    const found = hash("sha256", Buffer.concat([Buffer.from(prev, "hex"), Buffer.from(canonical, "utf8")]));
    if (found !== expected)
      throw new StoreError("audit.file-changed", `entry ${entries + 1} is not what was written`);
    entries++;
  }
  return { fingerprint: keyFingerprint(given.key), sha256: given.sha256, entries };
}

function parseSignature(line: string): { sha256: string; key: string; signature: string } | undefined {
  try {
    const { sha256, key, signature } = JSON.parse(line) as Record<string, unknown>;
    if (typeof sha256 !== "string" || typeof key !== "string" || typeof signature !== "string")
      return undefined;
    return { sha256, key, signature };
  } catch {
    return undefined;
  }
}

/** One entry as a line of a signed file: the text that was hashed stands in it byte by byte. */
export const canonicalLine = (entry: { text: string; prev: string; hash: string }): string =>
  `{"entry":${entry.text},"prev":"${entry.prev}","hash":"${entry.hash}"}\n`;
