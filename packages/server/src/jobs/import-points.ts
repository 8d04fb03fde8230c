import {
  findPointsImport,
  type Inventory,
  importInventory,
  markPointsImport,
  noteLinesBefore,
  notify,
  type Queryable,
  sql,
} from "@energsys/store";
import { checkImport, fixesOf } from "../points-imports/effect.ts";
import { needKeyRing } from "./key-ring.ts";
import { JobError, type JobKind } from "./kind.ts";

/** Lines in one transaction: what is cancelled stops after at most so many. */
const batchMax = 2000;
const firstPlan = { name: "15 min", everySeconds: 900, backfillDays: 40 };

/**
 * Stores the lines of a file of points that are in order. What was there before is noted first, line by line, so that the whole can be
 * taken back. Begun again after a crash it goes over all lines once more, which changes nothing of those that are stored.
 */
export const importPoints: JobKind = {
  async run({ job, db, keyRing: ring, zone, now, tell, signal }) {
    const keyRing = needKeyRing(ring);
    const pointsImportId = Number(job.input.pointsImportId);
    const found = await findPointsImport(db, keyRing, pointsImportId);
    if (found?.state !== "running")
      throw new JobError("points-import.not-found", "the import is not there to be run");
    const { lines, faults } = await checkImport(
      db,
      keyRing,
      { ...found, fixes: fixesOf(found.fixes) },
      { zone, nowMs: now() },
    );
    const wanted = lines.filter(({ does }) => does !== "same");
    const plan = await firstEnabledPlan(db);
    const outcome = { added: 0, changed: 0, faulty: new Set(faults.map(({ row }) => row)).size };
    tell({ total: wanted.length });
    for (let start = 0; start < wanted.length && !signal.aborted; start += batchMax) {
      const part = wanted.slice(start, start + batchMax);
      await noteLinesBefore(
        db,
        keyRing,
        pointsImportId,
        part.map(({ row, does, before, point }) => ({
          line: row,
          isNew: does === "new",
          point: before ?? { pod: point.pod },
        })),
      );
      await importInventory(db, { branches: [], points: part.map(({ point }) => point), plan }, { keyRing });
      outcome.added += part.filter(({ does }) => does === "new").length;
      outcome.changed += part.filter(({ does }) => does === "change").length;
      tell({ done: start + part.length });
    }
    if (signal.reason === "stopping" || signal.reason === "lost") return undefined;
    await markPointsImport(db, pointsImportId, { from: ["running"], to: "done" });
    await notify(db, "energsys_work", { type: "devices-changed" });
    return outcome;
  },
};

async function firstEnabledPlan(db: Queryable): Promise<NonNullable<Inventory["plan"]>> {
  const { rows } = await db.query<NonNullable<Inventory["plan"]>>(sql`
    select name, every_seconds as "everySeconds", backfill_days as "backfillDays" from reading_plan
    where enabled order by reading_plan_id limit 1`);
  return rows[0] ?? firstPlan;
}
