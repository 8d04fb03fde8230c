import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const rounds = { few: 50, many: 1_050 } as const;
const runs = 5;

/**
 * Rows per second of a peer's program, `COMMAND FILE ROUNDS`: it decodes the profile buffer in FILE so many times and ends with 0.
 * Two lengths are timed and subtracted, so that its start does not count.
 */
export async function peerRate(command: string, profile: Uint8Array, rows: number): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "energsys-bench-"));
  try {
    const file = join(folder, "profile.bin");
    await writeFile(file, profile);
    let best = Number.POSITIVE_INFINITY;
    for (let run = 0; run < runs; run++) {
      const few = await timed(command, file, rounds.few);
      best = Math.min(best, (await timed(command, file, rounds.many)) - few);
    }
    return (rows * (rounds.many - rounds.few) * 1000) / best;
  } finally {
    await rm(folder, { recursive: true });
  }
}

function timed(command: string, file: string, count: number): Promise<number> {
  const [program = "", ...given] = command.split(" ");
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...given, file, String(count)], { stdio: ["ignore", "ignore", "inherit"] });
    child.on("error", reject);
    child.on("exit", (code) =>
      code === 0
        ? resolve(performance.now() - start)
        : reject(new Error(`the peer ${program} ended with ${code}`)),
    );
  });
}
