import { DriverError } from "./errors.ts";

/** The last turn of each port; whoever comes waits for it. */
const lastTurns = new Map<string, Promise<void>>();

/**
 * One reading at a time on a serial port: several meters of a bus are several devices. Resolves when the port is free;
 * the returned function frees it.
 * @throws DriverError `read.cancelled`
 */
export async function waitForTurn(path: string, signal?: AbortSignal): Promise<() => void> {
  const before = lastTurns.get(path) ?? Promise.resolve();
  let leave: () => void = () => {};
  const turn = new Promise<void>((resolve) => {
    leave = resolve;
  });
  const after = before.then(() => turn);
  lastTurns.set(path, after);
  void after.then(() => {
    if (lastTurns.get(path) === after) lastTurns.delete(path);
  });
  const cancelled = new Promise<"cancelled">((resolve) => {
    if (signal?.aborted) resolve("cancelled");
    else signal?.addEventListener("abort", () => resolve("cancelled"), { once: true });
  });
  if ((await Promise.race([before, cancelled])) === "cancelled") {
    leave();
    throw new DriverError("read.cancelled");
  }
  return leave;
}
