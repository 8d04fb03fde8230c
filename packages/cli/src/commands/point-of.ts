import { type Database, everywhere, findPointsByPod } from "@energsys/store";
import { CliError } from "../cli-error.ts";

/** Number of the point with a code. @throws CliError `points.unknown` */
export async function pointOf(db: Database, pod: string): Promise<number> {
  const pointId = (await findPointsByPod(db, everywhere, [pod])).get(pod);
  if (pointId === undefined) throw new CliError("points.unknown", `there is no point ${pod}`);
  return pointId;
}
