import {
  findPointsImport,
  type InventoryPoint,
  importInventory,
  isErasedSince,
  type JobFailure,
  listLinesBefore,
  markPointsImport,
  notify,
  readInventoryPoints,
  removeUnusedMeter,
  removeUnusedPoint,
} from "@energsys/store";
import { checkImport, fixesOf } from "../points-imports/effect.ts";
import { needKeyRing } from "./key-ring.ts";
import { JobError, type JobKind } from "./kind.ts";

/**
 * Takes an import back, the last line first: new points go as long as nothing has happened at them, changed ones are written as they
 * were, unless somebody has changed them since. What stays is told, line by line.
 */
export const undoImport: JobKind = {
  async run({ job, db, keyRing: ring, zone, now, tell, fail, signal }) {
    const keyRing = needKeyRing(ring);
    const pointsImportId = Number(job.input.pointsImportId);
    const found = await findPointsImport(db, keyRing, pointsImportId);
    if (found?.state !== "undoing")
      throw new JobError("points-import.not-found", "the import is not there to be undone");
    const lines = await listLinesBefore(db, keyRing, pointsImportId);
    const { lines: today } = await checkImport(
      db,
      keyRing,
      { ...found, fixes: fixesOf(found.fixes) },
      { zone, nowMs: now() },
    );
    const since = new Map(today.map((line) => [line.row, line]));
    const outcome = { removed: 0, restored: 0 };
    tell({ total: lines.length });
    for (const [nth, { line, isNew, point }] of lines.entries()) {
      if (signal.aborted) break;
      const refused = isNew ? await remove(point.pod) : await restore(line, point as InventoryPoint);
      if (refused) await fail({ item: String(line), ...refused });
      tell({ done: nth + 1 });
    }
    if (signal.reason === "stopping" || signal.reason === "lost") return undefined;
    // Cancelled, it can be gone on with: what was taken back already is found so.
    await markPointsImport(db, pointsImportId, { from: ["undoing"], to: signal.aborted ? "done" : "undone" });
    await notify(db, "energsys_work", { type: "devices-changed" });
    return outcome;

    async function remove(pod: string): Promise<Omit<JobFailure, "item"> | undefined> {
      const known = (await readInventoryPoints(db, keyRing, [pod])).get(pod);
      if (!known) return undefined;
      if (!(await removeUnusedPoint(db, known.pointId)))
        return { code: "points-import.point-used", detail: "something has happened at the point since" };
      outcome.removed += 1;
      return undefined;
    }

    async function restore(
      line: number,
      before: InventoryPoint,
    ): Promise<Omit<JobFailure, "item"> | undefined> {
      // Where the file and the point are the same today, nobody has changed it since.
      const same = since.get(line);
      if (same?.does !== "same" || !same.before)
        return { code: "points-import.changed-since", detail: "the point was changed since" };
      const { name } = same.before;
      // A name that the line does not give was never changed by it; one of before may be that of somebody who was erased since.
      const keep =
        !same.given.has("name") ||
        (await isErasedSince(db, { pod: before.pod, keyRing, sinceMs: found!.madeAt }));
      if (before.meter.serial === "" && !(await removeUnusedMeter(db, same.before.pointId)))
        return { code: "points-import.point-used", detail: "something has happened at the point since" };
      const restored = keep ? { ...before, name } : before;
      await importInventory(db, { branches: [], points: [restored] }, { keyRing, exact: true });
      outcome.restored += 1;
      return undefined;
    }
  },
};
