import { rm } from "node:fs/promises";
import { join } from "node:path";
import { findLines } from "./archive.ts";
import { parseLsn, segmentName } from "./wal-names.ts";

const dayMs = 86_400_000;
/** However old they are, so many base backups of the newest line stay. */
const basesMin = 2;

/**
 * Removes base backups older than `keepDays`, the WAL that no base backup needs any more, and lines of which nothing is left. Any
 * moment of the last `keepDays` days can be restored afterwards, since the base backup before that time stays too.
 */
export async function removeExpired(backups: string, keepDays: number, nowMs: number): Promise<string[]> {
  const before = nowMs - keepDays * dayMs;
  const lines = findLines(backups);
  const removed: string[] = [];
  for (const line of lines) {
    const isNewest = line === lines.at(-1);
    const bases = line.bases();
    const ages = bases.map(({ finishedAt }) => Date.parse(finishedAt));
    // The newest base backup before the time to keep is where a restore into that time begins.
    const firstKept = ages.findLastIndex((age) => age <= before);
    const kept = Math.min(
      Math.max(0, firstKept),
      isNewest ? Math.max(0, bases.length - basesMin) : bases.length,
    );
    const over = !isNewest && Date.parse(line.covered()?.at ?? new Date(0).toISOString()) < before;
    if (over) {
      await rm(line.folder, { recursive: true, force: true });
      removed.push(line.name);
      continue;
    }
    for (const base of bases.slice(0, kept)) {
      await rm(line.baseFolder(base.id), { recursive: true, force: true });
      removed.push(`${line.name}/${base.id}`);
    }
    const oldest = bases[kept];
    if (!oldest) continue;
    const needed = segmentName(oldest.timeline, parseLsn(oldest.startLsn), oldest.segmentBytes);
    for (const name of line.segments()) {
      if (name.slice(0, 24) < needed) await rm(join(line.walFolder, name), { force: true });
    }
  }
  return removed;
}
