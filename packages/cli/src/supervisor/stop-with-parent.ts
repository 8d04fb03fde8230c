import { isMainThread } from "node:worker_threads";

// Preloaded into each supervised process: its standard input is a pipe that only the launcher holds open. When the
// launcher dies, whatever the way, the pipe ends and the process stops as if asked to. Threads of the process preload this, too: their
// own standard input ends as soon as they start, and means nothing.
if (isMainThread) {
  process.stdin.on("end", () => process.kill(process.pid, "SIGTERM"));
  process.stdin.on("error", () => process.kill(process.pid, "SIGTERM"));
  process.stdin.resume();
  process.stdin.unref?.();
}
