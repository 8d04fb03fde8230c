import { StoreError } from "../errors.ts";
import { readBackupConfig } from "./config.ts";
import { runBackups } from "./service.ts";

/** The process that backs up: one line when it is ready, JSON lines of what it does, an end on SIGTERM. */
const log = (message: string, facts: Readonly<Record<string, unknown>> = {}) =>
  process.stderr.write(`${JSON.stringify({ time: Date.now(), msg: message, ...facts })}\n`);

try {
  const config = readBackupConfig(process.env);
  const stop = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => stop.abort());
  process.stdout.write(`${JSON.stringify({ ready: true })}\n`);
  await runBackups({ ...config, now: Date.now, onLog: log }, stop.signal);
} catch (error) {
  const code = error instanceof StoreError ? error.code : "backup.interrupted";
  const message = error instanceof Error ? error.message : String(error);
  for (const line of message.split("\n")) process.stderr.write(`${code}: ${line}\n`);
  process.exitCode = 1;
}
