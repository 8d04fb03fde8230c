import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const memory = "/dev/shm";
const bytesNeeded = 6 * 2 ** 30;
const name = /^energsys-run-(\d+)$/;

/**
 * A folder for what tests write: in memory where there is enough of it, otherwise among the temporary files. Each file of tests has a
 * database of its own, 1,200 small files: a busy disk takes a second to copy and remove them, memory a tenth of that.
 */
export function makeScratch() {
  try {
    removeLeftovers();
    const { bavail, bsize } = statfsSync(memory);
    if (bavail * bsize >= bytesNeeded) {
      const folder = makeFolder(memory);
      if (runsPrograms(folder)) return folder;
      rmSync(folder, { recursive: true });
    }
  } catch {
    // No such folder on this system, or not for us.
  }
  return makeFolder(tmpdir());
}

/** As root the database server runs as another user, who must get through. */
function makeFolder(parent) {
  const folder = join(parent, `energsys-run-${process.pid}`);
  mkdirSync(folder, { mode: 0o711 });
  return folder;
}

/** Tests unpack a browser, which some systems let nobody run from here. */
function runsPrograms(folder) {
  const path = join(folder, "try");
  writeFileSync(path, "#!/bin/sh\n", { mode: 0o700 });
  const { status } = spawnSync(path);
  rmSync(path);
  return status === 0;
}

/** A run that was killed left its folder, and memory is dear. */
function removeLeftovers() {
  for (const entry of readdirSync(memory)) {
    const pid = name.exec(entry)?.[1];
    if (pid !== undefined && !isAlive(Number(pid)))
      rmSync(join(memory, entry), { recursive: true, force: true });
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch ({ code }) {
    return code === "EPERM";
  }
}
