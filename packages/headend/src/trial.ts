import { type DeviceReading, parseDeviceUrl, readDevice, withoutSecrets } from "@energsys/drivers";
import type { AttemptRequest, NetworkRules, TrialResult } from "@energsys/store";
import type { RunningAttempt } from "./attempt-journal.ts";
import { HeadendError } from "./errors.ts";
import type { Limits } from "./limits.ts";
import { type KeySource, openTrialKeys } from "./secrets.ts";

/** A piece of the profile that is read only to learn its columns. */
const profileSampleMs = 2 * 3_600_000;

export interface TrialContext extends KeySource {
  readonly zone: string;
  readonly limits?: Limits;
  readonly networks?: NetworkRules;
}

/** Tries a URL before it becomes a device: who answers, and what it has. Nothing is stored but the attempt's result. */
export async function runTrial(
  request: AttemptRequest,
  attempt: RunningAttempt,
  context: TrialContext,
): Promise<void> {
  try {
    const result = await tryDevice(request, attempt, context);
    await attempt.end({ state: "done", result, asked: [] });
  } catch (error) {
    await attempt.end({
      state: attempt.cancelled ? "cancelled" : "failed",
      errorCode: attempt.codeOf(error),
      errorDetail: withoutSecrets(error instanceof Error ? error.message : String(error)),
      asked: [],
    });
  }
}

async function tryDevice(
  request: AttemptRequest,
  attempt: RunningAttempt,
  context: TrialContext,
): Promise<TrialResult> {
  const url = parseDeviceUrl(request.url ?? "");
  if (url.line.kind === "call-in") {
    throw new HeadendError(
      "trial.call-in",
      "a device that calls in cannot be tried: it is seen when it calls",
    );
  }
  const { zone, clock, limits } = context;
  const mayDial = await context.networks?.for("devices");
  const nowMs = clock.now();
  const reading = await readDevice(
    url,
    {
      zone,
      clock: true,
      registers: true,
      profiles: [{ fromMs: nowMs - profileSampleMs, toMs: nowMs }],
      keys: await openTrialKeys(context, request.secret),
    },
    {
      clock,
      ...(mayDial ? { mayDial } : {}),
      ...(limits ? { limits } : {}),
      signal: attempt.abort.signal,
      onStage: (stage) => attempt.stage(stage, "reading"),
      recorder: {
        sent: (bytes) => {
          attempt.bytesSent += bytes.length;
        },
        received: (bytes) => {
          attempt.bytesReceived += bytes.length;
        },
      },
    },
  );
  attempt.registers = reading.registers.length;
  return resultOf(reading);
}

function resultOf(reading: DeviceReading): TrialResult {
  return {
    identity: reading.identity,
    model: reading.model.name,
    manufacturer: reading.manufacturer,
    clockOffsetMs: reading.clock?.offsetMs ?? null,
    registers: reading.registers.map(({ obis, value, unit }) => ({ obis, value, unit })),
    profile: reading.profileDescription ?? null,
  };
}
