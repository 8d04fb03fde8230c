import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync, realpathSync } from "node:fs";
import { join } from "node:path";

/** What a running server wrote about itself (postmaster.pid: pid, data folder, start, port, socket folder, address, shared memory, state). */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly socketFolder: string;
  readonly state: string;
}

export function findPostmaster(dataFolder: string): Postmaster | undefined {
  let lines: string[];
  try {
    lines = readFileSync(join(dataFolder, "postmaster.pid"), "utf8").split("\n");
  } catch {
    return undefined;
  }
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 1) return undefined;
  return { pid, port: Number(lines[3]), socketFolder: lines[4] ?? "", state: (lines[7] ?? "").trim() };
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as { code?: string }).code !== "EPERM") return false;
  }
  try {
    // A zombie has ended; it only waits for its parent.
    return !/^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return process.platform !== "linux";
  }
}

/** When a process started, as text that differs between two processes with the same id; `undefined` when there is none. */
export function findStart(pid: number): string | undefined {
  if (!isAlive(pid)) return undefined;
  try {
    if (process.platform === "linux") {
      const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ");
      return fields?.[19];
    }
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim();
  } catch {
    return undefined;
  }
}

/**
 * Processes that work in this data folder. Every process of the server changes into it, so after kill -9 of the first one
 * this still finds the others: as long as one is left, a new server would not start.
 */
export function findServerProcesses(dataFolder: string): number[] {
  if (process.platform !== "linux") {
    const postmaster = findPostmaster(dataFolder);
    return postmaster && isAlive(postmaster.pid) ? [postmaster.pid] : [];
  }
  let folder: string;
  try {
    folder = realpathSync(dataFolder);
  } catch {
    return [];
  }
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return (
          readlinkSync(`/proc/${pid}/cwd`) === folder &&
          readFileSync(`/proc/${pid}/comm`, "utf8") === "postgres\n" &&
          isAlive(pid)
        );
      } catch {
        return false; // ended meanwhile, or not ours to look at
      }
    });
}
