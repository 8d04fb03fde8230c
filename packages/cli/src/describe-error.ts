import { isConnectionLost, sqlState } from "@energsys/store";

/** The code and sentence of anything thrown; an error of ours has a dotted code, a broken assumption has none. */
export function describeError(error: unknown): { code: string; message: string } {
  if (!(error instanceof Error)) return { code: "cli.failed", message: String(error) };
  const { message } = error;
  const code = "code" in error && typeof error.code === "string" ? error.code : "cli.failed";
  if (code.includes(".")) return { code, message };
  return { code: databaseCode(error) ?? "cli.failed", message };
}

/** What PostgreSQL or the way to it says; an own server (`DATABASE_URL`) may be away, closed to us or empty. */
function databaseCode(error: Error): string | undefined {
  const state = sqlState(error);
  if (state?.startsWith("28")) return "database.refused";
  if (state === "3D000") return "database.absent";
  if (state === "53100") return "data.full";
  const noAddress = "code" in error && (error.code === "ENOTFOUND" || error.code === "EAI_AGAIN");
  return noAddress || isConnectionLost(error) ? "database.unreachable" : undefined;
}
