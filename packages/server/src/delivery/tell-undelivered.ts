import { appendActs, type Database, listUndelivered } from "@energsys/store";

/**
 * Does something that may end a delivery, and says in the activity log when with it a schedule began or ceased to reach somebody: once each,
 * however many runs fail in between.
 */
export async function telling(db: Database, scheduleId: number, work: () => Promise<void>): Promise<void> {
  const [before] = await listUndelivered(db, { scheduleId });
  await work();
  const [after] = await listUndelivered(db, { scheduleId });
  const told = after ?? before;
  if (!told || (before === undefined) === (after === undefined)) return;
  await appendActs(db, [
    {
      severity: after ? "alarm" : "normal",
      action: after ? "report-undelivered" : "report-delivered-again",
      objectType: "report",
      objectId: told.reportId,
      after: { schedule: scheduleId, ...(after && { code: after.code }) },
    },
  ]);
}
