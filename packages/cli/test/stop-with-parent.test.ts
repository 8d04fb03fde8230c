import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const preload = fileURLToPath(new URL("../src/supervisor/stop-with-parent.ts", import.meta.url));

/** A supervised process that runs this program, and how it ended. */
function supervised(program: string) {
  const child = spawn(process.execPath, ["--import", preload, "--input-type=module", "--eval", program], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  const ended = new Promise<{ code: number | null; signal: string | null; said: string }>((resolve) =>
    child.once("close", (code, signal) => resolve({ code, signal, said })),
  );
  return { child, ended };
}

test("a thread that starts does not end the process that it works in", async () => {
  const { ended } = supervised(`
    import { Worker } from "node:worker_threads";
    const code = \`
      const { parentPort } = process.getBuiltinModule("node:worker_threads");
      parentPort.on("message", () => undefined);
      process.stdin.on("end", () => setImmediate(() => parentPort.postMessage(1))).resume();\`;
    new Worker(code, { eval: true }).on("message", () => {
      console.log("still here");
      process.exit(7);
    });`);
  expect(await ended).toEqual({ code: 7, signal: null, said: "still here\n" });
});

test("a process whose launcher is gone stops as if asked to", async () => {
  const { child, ended } = supervised(`console.log("runs"); setInterval(() => undefined, 1_000);`);
  child.stdout.once("data", () => child.stdin.end());
  expect(await ended).toMatchObject({ code: null, signal: "SIGTERM", said: "runs\n" });
});
