import { appendActs } from "@energsys/store";
import type { Services } from "../services.ts";

/** What the activity log is told beside the calls themselves. */
type Happening =
  | "sign-in-break-glass"
  | "sign-in-unused-account"
  | "recovery-code-used"
  | "key-counter-fell"
  | "person-refused-by-source";

/** These call an administrator. */
const alarms: ReadonlySet<Happening> = new Set(["sign-in-break-glass", "key-counter-fell"]);

/** Writes into the activity log what happened to an account; an alarm also into the log that machines watch. */
export async function noteSecurity(
  { db, logger }: Pick<Services, "db" | "logger">,
  happening: Happening,
  accountId: number,
): Promise<void> {
  const severity = alarms.has(happening) ? "alarm" : "security";
  await appendActs(db, [{ action: happening, severity, objectType: "account", objectId: accountId }]);
  if (severity === "alarm") logger.warn({ happening, accountId }, "security alarm");
}
