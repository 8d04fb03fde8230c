import type { EpochMs } from "@energsys/protocols";
import type { PlanTimes } from "@energsys/store";
import type { Limits } from "../limits.ts";
import { nextMoment, within } from "./moments.ts";

/** After the end of a period meters need a moment to write the row. */
const settleMs = 10_000;
const spreadMaxMs = 120_000;

/** A number from 0 to 1 that stays the same for a device (Knuth's multiplicative hash). */
function shareOf(deviceId: number): number {
  return ((deviceId * 2_654_435_761) % 4_294_967_296) / 4_294_967_296;
}

/**
 * When a plan is due after a success: just after its next period, each device at its own moment of the first fifth of it (two
 * minutes at most), so that a network does not answer in one second.
 */
export function nextAfterSuccess(nowMs: EpochMs, everySeconds: number, deviceId: number): EpochMs {
  const everyMs = everySeconds * 1000;
  const offsetMs = Math.min(settleMs, everyMs / 10) + shareOf(deviceId) * Math.min(everyMs / 5, spreadMaxMs);
  return Math.ceil((nowMs + 1 - offsetMs) / everyMs) * everyMs + offsetMs;
}

/** The spread of a device from the moment at which many are due: always the same. */
const spreadOf = (deviceId: number): number => settleMs + shareOf(deviceId) * spreadMaxMs;

/** When a plan is due after a success: at its next moment of the day, or by its period and within its window. */
export function nextByPlan(
  nowMs: EpochMs,
  { everySeconds, times, deviceId }: { everySeconds: number; times: PlanTimes; deviceId: number },
  zone: string,
): EpochMs {
  const spreadMs = spreadOf(deviceId);
  return times.moments.length > 0
    ? nextMoment(nowMs - spreadMs, times.moments, zone) + spreadMs
    : within(nextAfterSuccess(nowMs, everySeconds, deviceId), times, zone, spreadMs);
}

/** When to try again after `failures` failures in a row (1 = the first): exponential with full jitter, never above the cap. */
export function nextAfterFailure(
  nowMs: EpochMs,
  failures: number,
  random: () => number,
  bounds: Pick<Limits, "retryFirstMs" | "retryMaxMs">,
): EpochMs {
  const most = Math.min(bounds.retryMaxMs, bounds.retryFirstMs * 2 ** Math.min(failures - 1, 30));
  return nowMs + random() * most;
}
