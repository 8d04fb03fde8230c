import {
  findErasedSince,
  findPointsImport,
  type InventoryPoint,
  importInventory,
  type JobFailure,
  type LineBefore,
  listLinesBefore,
  markPointsImport,
  notify,
  readInventoryPoints,
  removeUnusedMeters,
  removeUnusedPoints,
} from "@energsys/store";
import { checkImport, fixesOf, isSamePoint } from "../points-imports/effect.ts";
import { needKeyRing } from "./key-ring.ts";
import { JobError, type JobKind } from "./kind.ts";

/** Lines at a time: what is cancelled stops after at most so many. */
const batchMax = 1000;
const used = { code: "points-import.point-used", detail: "something has happened at the point since" };

/**
 * Takes an import back, the last line first: new points go as long as nothing has happened at them, changed ones are written as they
 * were, unless somebody has changed them since. What stays is told, line by line; `lines` of the input are those that are tried again.
 */
export const undoImport: JobKind = {
  async run({ job, db, keyRing: ring, zone, now, tell, fail, signal }) {
    const keyRing = needKeyRing(ring);
    const pointsImportId = Number(job.input.pointsImportId);
    const found = await findPointsImport(db, keyRing, pointsImportId);
    if (found?.state !== "undoing")
      throw new JobError("points-import.not-found", "the import is not there to be undone");
    const only = job.input.lines as readonly number[] | undefined;
    const lines = (await listLinesBefore(db, keyRing, pointsImportId)).filter(
      ({ line }) => only?.includes(line) ?? true,
    );
    const { lines: today } = await checkImport(
      db,
      keyRing,
      { ...found, fixes: fixesOf(found.fixes) },
      { zone, nowMs: now() },
    );
    const since = new Map(today.map((line) => [line.row, line]));
    const outcome = { removed: 0, restored: 0 };
    tell({ total: lines.length });
    for (let start = 0; start < lines.length && !signal.aborted; start += batchMax) {
      const part = lines.slice(start, start + batchMax);
      const refused = [
        ...(await remove(part.filter(({ isNew }) => isNew))),
        ...(await restore(part.filter(({ isNew }) => !isNew))),
      ];
      for (const failure of refused) await fail(failure);
      tell({ done: start + part.length });
    }
    if (signal.reason === "stopping" || signal.reason === "lost") return undefined;
    // Cancelled, it can be gone on with: what was taken back already is found so.
    await markPointsImport(db, pointsImportId, { from: ["undoing"], to: signal.aborted ? "done" : "undone" });
    await notify(db, "energsys_work", { type: "devices-changed" });
    return outcome;

    async function remove(part: readonly LineBefore[]): Promise<JobFailure[]> {
      const pods = part.map(({ point: { pod } }) => pod);
      const known = await readInventoryPoints(db, keyRing, pods);
      const gone = await removeUnusedPoints(
        db,
        [...known.values()].map(({ pointId }) => pointId),
      );
      outcome.removed += gone.size;
      return part.flatMap(({ line, point: { pod } }) => {
        const left = known.get(pod);
        return left && !gone.has(left.pointId) ? [{ item: String(line), ...used }] : [];
      });
    }

    async function restore(part: readonly LineBefore[]): Promise<JobFailure[]> {
      if (part.length === 0) return [];
      const failures: JobFailure[] = [];
      // Begun again after a stop in the middle it finds some as they were.
      const there = await readInventoryPoints(
        db,
        keyRing,
        part.map(({ point }) => point.pod),
      );
      const open = part.filter(({ point }) => {
        const found = there.get(point.pod);
        return !found || !isSamePoint(found, point as InventoryPoint);
      });
      // Where the file and the point are the same today, nobody has changed it since.
      const changed = open.flatMap(({ line, point }) => {
        const same = since.get(line);
        if (same?.does === "same" && same.before)
          return [{ line, before: point as InventoryPoint, now: same.before, given: same.given }];
        failures.push({
          item: String(line),
          code: "points-import.changed-since",
          detail: "the point was changed since",
        });
        return [];
      });
      const pods = changed.map(({ before }) => before.pod);
      const erased = await findErasedSince(db, { pods, keyRing, sinceMs: found!.madeAt });
      const bare = changed.filter(({ before }) => before.meter.serial === "");
      const bared = await removeUnusedMeters(
        db,
        bare.map(({ now }) => now.pointId),
      );
      const kept = new Set(bare.filter(({ now }) => !bared.has(now.pointId)));
      for (const { line } of kept) failures.push({ item: String(line), ...used });
      const restored = changed.filter((line) => !kept.has(line));
      await importInventory(
        db,
        {
          branches: [],
          // A name that the line does not give was never changed by it; one of before may be that of somebody who was erased since.
          points: restored.map(({ before, now: { name }, given }) =>
            given.has("name") && !erased.has(before.pod) ? before : { ...before, name },
          ),
        },
        { keyRing, exact: true },
      );
      outcome.restored += restored.length;
      return failures;
    }
  },
};
