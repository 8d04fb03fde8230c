import { readFileSync } from "node:fs";
import { join } from "node:path";

const ticksPerSecond = 100;

/** User and system time of a process and of its ended children, s, from /proc; 0 where there is no /proc. */
export function cpuOfProcess(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ");
    return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / ticksPerSecond;
  } catch {
    return 0;
  }
}

/** A PostgreSQL server and every process that it has now; those that have ended are counted by the first. */
export function cpuOfServer(folder: string): number {
  try {
    const pid = Number(readFileSync(join(folder, "postmaster.pid"), "utf8").split("\n")[0]);
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8")
      .trim()
      .split(/\s+/)
      .filter(Boolean);
    return [pid, ...children.map(Number)].reduce((sum, each) => sum + cpuOfProcess(each), 0);
  } catch {
    return 0;
  }
}
