import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { StoreError } from "../errors.ts";
import type { DoneErasure } from "./replay.ts";

/** Beside the heads of the activity log: no backup of the database knows of an erasure that came after it. */
export const erasuresFileName = "erasures.jsonl";

const keyOf = ({ subscriberId, subscriberSince }: DoneErasure): string =>
  `${subscriberId} ${subscriberSince}`;

/**
 * Adds to the file in `folder` what it does not have yet; it is on the disk when this returns. Gives the erasures of the file that the
 * database does not have: it was restored to an earlier moment, and they are to be replayed.
 * @throws StoreError `erasures.file-unwritable`, and as `readErasures`
 */
export function keepErasures(folder: string, done: readonly DoneErasure[]): readonly DoneErasure[] {
  const file = join(folder, erasuresFileName);
  const kept = existsSync(file) ? readErasures(file) : [];
  const known = new Set(kept.map(keyOf));
  const fresh = done.filter((each) => !known.has(keyOf(each)));
  if (fresh.length > 0) {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const handle = openSync(file, "a", 0o600);
      try {
        writeSync(handle, fresh.map((each) => `${JSON.stringify(each)}\n`).join(""));
        fsyncSync(handle);
      } finally {
        closeSync(handle);
      }
    } catch (cause) {
      throw new StoreError("erasures.file-unwritable", `${folder}: ${(cause as Error).message}`, cause);
    }
  }
  const present = new Set(done.map(keyOf));
  return kept.filter((each) => !present.has(keyOf(each)));
}

/** Erasures as they were put outside. @throws StoreError `erasures.file-unreadable` */
export function readErasures(file: string): readonly DoneErasure[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw new StoreError("erasures.file-unreadable", `${file}: ${(cause as Error).message}`, cause);
  }
  return text
    .split("\n")
    .map((line, index) => ({ line: line.trim(), number: index + 1 }))
    .filter(({ line }) => line !== "")
    .map(({ line, number }) => {
      const done = parseErasure(line);
      if (!done)
        throw new StoreError(
          "erasures.file-unreadable",
          `${file}: line ${number} is no erasure that was done`,
        );
      return done;
    });
}

function parseErasure(line: string): DoneErasure | undefined {
  try {
    const { subscriberId, subscriberSince, reason, requestedBy, requestedAt, decidedBy, decidedAt } =
      JSON.parse(line) as DoneErasure;
    const texts = [reason, requestedBy, decidedBy].every((text) => typeof text === "string");
    const instants = [subscriberSince, requestedAt, decidedAt].every(
      (text) => typeof text === "string" && !Number.isNaN(Date.parse(text)),
    );
    return Number.isSafeInteger(subscriberId) && subscriberId > 0 && texts && instants
      ? { subscriberId, subscriberSince, reason, requestedBy, requestedAt, decidedBy, decidedAt }
      : undefined;
  } catch {
    return undefined;
  }
}
