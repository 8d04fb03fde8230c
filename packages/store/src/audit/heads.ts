import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Queryable } from "../database.ts";
import { StoreError } from "../errors.ts";
import { sql } from "../sql.ts";
import { isSigned, type SigningKey } from "./signing.ts";

/** The newest entry at some instant, signed: what is put where whoever owns the database cannot reach. */
export interface SignedHead {
  readonly seq: number;
  /** Hex. */
  readonly hash: string;
  /** When it was signed, ISO 8601. */
  readonly at: string;
  readonly key: string;
  readonly signature: string;
}

export const headsFileName = "activity-log-heads.jsonl";

const signedBytes = (head: Pick<SignedHead, "seq" | "hash" | "at">): Uint8Array =>
  Buffer.from(`energsys activity log head 1\n${head.seq}\n${head.hash}\n${head.at}\n`, "utf8");

/** Signs the newest entry of the log. */
export async function signHead(db: Queryable, key: SigningKey, nowMs: number): Promise<SignedHead> {
  const { rows } = await db.query<{ seq: number; hash: string }>(
    sql`select seq, encode(hash, 'hex') as hash from audit.head`,
  );
  const head = { seq: rows[0]?.seq ?? 0, hash: rows[0]?.hash ?? "", at: new Date(nowMs).toISOString() };
  return { ...head, key: key.publicKey, signature: key.sign(signedBytes(head)) };
}

/** Adds a head to the file in `folder`; it is on the disk when this returns. @throws StoreError `audit.heads-unwritable` */
export function keepHead(folder: string, head: SignedHead): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const file = openSync(join(folder, headsFileName), "a", 0o600);
    try {
      writeSync(file, `${JSON.stringify(head)}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    throw new StoreError("audit.heads-unwritable", `${folder}: ${(cause as Error).message}`, cause);
  }
}

/**
 * Heads that were put outside: lines of JSON, as the file has them or as the log of the server shows them.
 * @throws StoreError `audit.heads-unreadable`, `audit.head-forged` for a line whose signature does not agree
 */
export function readHeads(file: string): readonly SignedHead[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw new StoreError("audit.heads-unreadable", `${file}: ${(cause as Error).message}`, cause);
  }
  return text
    .split("\n")
    .map((line, index) => ({ line: line.trim(), number: index + 1 }))
    .filter(({ line }) => line !== "")
    .map(({ line, number }) => {
      const head = parseHead(line);
      if (!head) throw new StoreError("audit.heads-unreadable", `${file}: line ${number} is no signed head`);
      if (!isSigned(signedBytes(head), head.key, head.signature)) {
        throw new StoreError("audit.head-forged", `${file}: the signature of line ${number} does not agree`);
      }
      return head;
    });
}

function parseHead(line: string): SignedHead | undefined {
  try {
    const { seq, hash, at, key, signature } = JSON.parse(line) as SignedHead;
    const texts = [hash, at, key, signature].every((text) => typeof text === "string");
    return Number.isSafeInteger(seq) && texts ? { seq, hash, at, key, signature } : undefined;
  } catch {
    return undefined;
  }
}
