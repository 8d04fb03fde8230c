import {
  type DeviceKeys,
  errorCode,
  type Portion,
  parseDeviceUrl,
  type ReadOptions,
  type ReadRequest,
  type RecordOptions,
  readDevice,
  recordAttempt,
  withoutSecrets,
} from "@energsys/drivers";
import type { MeterModel } from "@energsys/metering/models";
import type { ByteStream, Clock, EpochMs } from "@energsys/protocols";
import {
  type AskedDay,
  type AttemptCause,
  type Database,
  type Delivery,
  type DeviceRow,
  finishKeyRoll,
  type KeyRing,
  type LinkLease,
  type NetworkRules,
  type PlanTimes,
  type RollKind,
  recordSystemEvent,
  rollKinds,
} from "@energsys/store";
import type { Logger } from "pino";
import type { RunningAttempt } from "./attempt-journal.ts";
import type { CallInLine } from "./call-in-line.ts";
import type { DeliveryQueue } from "./delivery-queue.ts";
import { HeadendError } from "./errors.ts";
import { rollKeys } from "./key-roll.ts";
import type { Limits } from "./limits.ts";
import type { PlannedProfile } from "./planning/coverage.ts";
import { within } from "./planning/moments.ts";
import { askedMarks } from "./planning/ranges.ts";
import { nextAfterFailure, nextByPlan } from "./planning/schedule.ts";
import { type KeySource, openDeviceKeys } from "./secrets.ts";

/** One device to read in one attempt. */
export interface DeviceWork extends DeviceRow {
  readonly attemptId: number;
  readonly cause: AttemptCause;
  readonly lease: LinkLease;
  readonly planIds: readonly number[];
  readonly everySeconds: number;
  readonly profile: boolean;
  readonly registers: boolean;
  readonly events: boolean;
  readonly backfillDays: number;
  readonly failures: number;
  readonly times: PlanTimes;
  readonly logsReadAtMs: EpochMs | null;
  /** Of a change of keys: which, and who asked for it. */
  readonly keys?: readonly RollKind[];
  readonly requestedBy?: string;
}

export interface DeviceContext {
  readonly db: Database;
  readonly keyRing?: KeyRing;
  readonly zone: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly limits: Limits;
  readonly queue: DeliveryQueue;
  readonly model: MeterModel;
  readonly record?: RecordOptions;
  readonly networks?: NetworkRules;
  readonly random: () => number;
  /** What is missing of its profile. */
  readonly plan?: PlannedProfile;
  /** The line of a device that called in. */
  readonly line?: CallInLine;
}

/**
 * Reads one device and stores what it gives, part by part. Never throws: however it ends, the attempt, the device's contact,
 * the plan's next time and the link are written in one transaction, and only after everything read is durable.
 */
export async function runDevice(
  work: DeviceWork,
  attempt: RunningAttempt,
  context: DeviceContext,
): Promise<void> {
  const { clock, log } = context;
  const startedMs = clock.now();
  const intake = new Intake(work, attempt, context);
  let failure: unknown;
  try {
    if (work.cause === "key-change") await changeKeys(work, attempt, context, intake);
    else await read(work, attempt, context, intake);
    attempt.stage("storing", "storing");
    await intake.committed();
  } catch (error) {
    failure = error ?? new Error("no reason given");
    // What came before the failure is good, and is stored.
    await intake.committed().catch(() => {});
  }
  const code = failure === undefined ? undefined : attempt.codeOf(failure);
  if (code?.startsWith("identity.")) await reportIdentity(work, context, failure);
  const facts = { attemptId: work.attemptId, deviceId: work.deviceId, durationMs: clock.now() - startedMs };
  if (code === undefined) log.info({ ...facts, intervals: attempt.intervals }, "device read");
  else log.info({ ...facts, code, detail: withoutSecrets(messageOf(failure)) }, "device not read");

  await attempt.end({
    state: code === undefined ? "done" : attempt.cancelled ? "cancelled" : "failed",
    ...(code === undefined ? {} : { errorCode: code, errorDetail: withoutSecrets(messageOf(failure)) }),
    asked: intake.asked(),
    ...(context.line ? {} : { lease: work.lease }),
    outcome: {
      deviceId: work.deviceId,
      planIds: work.planIds,
      ok: code === undefined,
      ...(code === undefined ? {} : { errorCode: code }),
      ...(intake.contactMs === undefined ? {} : { contactAtMs: intake.contactMs }),
      ...(intake.clockOffsetMs === undefined ? {} : { clockOffsetMs: intake.clockOffsetMs }),
      nextAtMs: nextAt(work, context, code, attempt.cancelled),
    },
  });
}

function nextAt(
  work: DeviceWork,
  { clock, random, limits, plan, zone }: DeviceContext,
  code: string | undefined,
  cancelled: boolean,
): EpochMs {
  const nowMs = clock.now();
  if (code === undefined || cancelled) {
    // More was missing than fits one attempt: the others have their turn, then it goes on.
    if (code === undefined && (plan?.leftRows ?? 0) > 0) return nowMs + 1000;
    return cancelled && code === "attempt.stopped" ? nowMs : nextByPlan(nowMs, work, zone);
  }
  return within(nextAfterFailure(nowMs, work.failures + 1, random, limits), work.times, zone, 0);
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const keySourceOf = (context: DeviceContext): KeySource =>
  context.line ? { ...context, counters: context.line.counters } : context;

async function read(
  work: DeviceWork,
  attempt: RunningAttempt,
  context: DeviceContext,
  intake: Intake,
): Promise<void> {
  const { clock, zone, model, line, plan } = context;
  if (work.meterId === null) throw new HeadendError("device.no-meter", "no meter belongs to this device");
  const request: Omit<ReadRequest, "keys"> = {
    identity: work.identity,
    model,
    zone,
    clock: true,
    registers: work.registers,
    profiles: (plan?.ranges ?? []).map(({ fromMs, toMs }) => ({ fromMs, toMs })),
    ...(work.events
      ? { events: { fromMs: work.logsReadAtMs ?? clock.now() - work.backfillDays * 86_400_000 } }
      : {}),
  };
  const sets = await openDeviceKeys(keySourceOf(context), work.deviceId);
  const mayDial = await context.networks?.for("devices");
  const recording = recordAttempt(context.record, work, clock);
  let associated = false;
  const options: ReadOptions = {
    clock,
    ...(mayDial ? { mayDial } : {}),
    limits: context.limits,
    signal: attempt.abort.signal,
    onStage: (stage) => {
      associated ||= stage === "associated";
      intake.heard(stage);
      attempt.stage(stage, "reading");
    },
    onPortion: (portion) => intake.take(portion),
    ...(line ? { onUnsolicited: line.takePush } : {}),
    recorder: {
      sent: (bytes) => {
        attempt.bytesSent += bytes.length;
        recording?.recorder.sent(bytes);
      },
      received: (bytes) => {
        attempt.bytesReceived += bytes.length;
        recording?.recorder.received(bytes);
      },
    },
  };
  const readWith = async (keys: DeviceKeys) => {
    if (work.direction === "dial") {
      await readDevice(work.url, { ...request, keys }, options);
      return;
    }
    if (!line?.open) throw new HeadendError("read.no-line", "the device has not called in");
    const result = await line.use(async () => {
      await readDevice(work.url, { ...request, keys }, { ...options, stream: line.line.stream() });
      return true;
    });
    if (!result) throw new HeadendError("read.line-busy", "the line is in use");
  };
  try {
    for (const [nth, { state, keys }] of sets.entries()) {
      try {
        await readWith(keys);
      } catch (error) {
        // A key change was cut: nobody knows which keys the meter has, so those in use are tried, then the new ones.
        const last = nth === sets.length - 1;
        if (last || associated || attempt.abort.signal.aborted || isNoLine(error)) throw error;
        continue;
      }
      if (state === "NEW") await finishKeyRoll(context.db, work.deviceId);
      return;
    }
  } finally {
    recording?.end();
  }
}

/** Changes the device's keys over one line or several: one that called in has but the one. */
async function changeKeys(
  work: DeviceWork,
  attempt: RunningAttempt,
  context: DeviceContext,
  intake: Intake,
): Promise<void> {
  const { clock, zone, model, limits, line } = context;
  const url = parseDeviceUrl(work.url);
  if (url.protocol !== "dlms")
    throw new HeadendError("key.no-transfer", "only DLMS meters take keys over the line");
  const mayDial = await context.networks?.for("devices");
  const options: ReadOptions = {
    clock,
    ...(mayDial ? { mayDial } : {}),
    limits,
    signal: attempt.abort.signal,
    onStage: (stage) => {
      intake.heard(stage);
      attempt.stage(stage, "reading");
    },
    recorder: {
      sent: (bytes) => {
        attempt.bytesSent += bytes.length;
      },
      received: (bytes) => {
        attempt.bytesReceived += bytes.length;
      },
    },
  };
  const roll = (stream?: ByteStream) =>
    rollKeys(
      { deviceId: work.deviceId, url, kinds: work.keys ?? rollKinds, by: work.requestedBy },
      { identity: work.identity, model, zone },
      stream ? { ...options, stream } : options,
      keySourceOf(context),
    );
  if (work.direction === "dial") return roll();
  if (!line?.open) throw new HeadendError("read.no-line", "the device has not called in");
  const result = await line.use(async () => {
    await roll(line.line.stream());
    return true;
  });
  if (!result) throw new HeadendError("read.line-busy", "the line is in use");
}

/** The device was not reached at all: other keys would not change that. */
const isNoLine = (error: unknown): boolean => /^(dial|serial|read)\./.test(errorCode(error));

/** Takes the parts of a reading to the store, and remembers what may be said when they are durable. */
class Intake {
  contactMs: EpochMs | undefined;
  clockOffsetMs: number | undefined;
  readonly #work: DeviceWork;
  readonly #attempt: RunningAttempt;
  readonly #context: DeviceContext;
  readonly #committed: Promise<void>[] = [];
  readonly #asked: AskedDay[] = [];
  #refused: { readonly error: unknown } | undefined;
  #newestEndMs: EpochMs | undefined;

  constructor(work: DeviceWork, attempt: RunningAttempt, context: DeviceContext) {
    this.#work = work;
    this.#attempt = attempt;
    this.#context = context;
  }

  /** From the identity on it is known that it was this device that was heard. */
  heard(stage: string): void {
    if (stage !== "connected" && stage !== "associated") this.contactMs = this.#context.clock.now();
  }

  /** @throws what the store refused of an earlier part: the device need not be asked on */
  async take(portion: Portion): Promise<void> {
    if (this.#refused) throw this.#refused.error;
    const { clock, queue } = this.#context;
    const delivery: Delivery = {
      deviceId: this.#work.deviceId,
      meterId: this.#work.meterId as number,
      attemptId: this.#work.attemptId,
      receivedAtMs: clock.now(),
      blocks: portion.blocks,
      profiles: portion.profiles,
      registers: portion.registers,
      events: portion.events,
      fence: this.#work.lease.fence,
      linkDeviceId: this.#work.lease.deviceId,
      ...(portion.clockOffsetMs === undefined ? {} : { clockOffsetMs: portion.clockOffsetMs }),
    };
    this.clockOffsetMs = portion.clockOffsetMs ?? this.clockOffsetMs;
    const { committed } = await queue.put(delivery);
    const counted = committed.then((events) => {
      const { intervals, registers } = countsOf(delivery);
      this.#attempt.intervals += intervals;
      this.#attempt.registers += registers;
      this.#attempt.events += events;
      this.#mark(portion);
    });
    // Heard at once: a rejection that nobody hears until the device is read would end the process.
    counted.catch((error: unknown) => {
      this.#refused ??= { error };
    });
    this.#committed.push(counted);
  }

  /** @throws what the store refused */
  async committed(): Promise<void> {
    const results = await Promise.allSettled(this.#committed);
    const refused = results.find((result) => result.status === "rejected");
    if (refused) throw refused.reason;
  }

  asked(): AskedDay[] {
    return this.#asked;
  }

  #mark({ profiles, answered }: Portion): void {
    if (!answered) return;
    const { clock, plan } = this.#context;
    for (const { startsMs, periodSeconds } of profiles) {
      const last = startsMs.at(-1);
      if (last !== undefined)
        this.#newestEndMs = Math.max(this.#newestEndMs ?? 0, last + periodSeconds * 1000);
    }
    if (!plan) return;
    const marks = askedMarks(answered, this.#newestEndMs, clock.now(), plan.calendar);
    for (const mark of marks) this.#asked.push({ deviceId: this.#work.deviceId, obis: plan.obis, ...mark });
  }
}

/** Intervals are counted once for each column: that is what is stored. */
function countsOf(delivery: Delivery): { intervals: number; registers: number } {
  const intervals = delivery.profiles.reduce(
    (sum, { startsMs, columns }) => sum + startsMs.length * columns.length,
    0,
  );
  return { intervals, registers: delivery.registers.length };
}

async function reportIdentity(work: DeviceWork, context: DeviceContext, failure: unknown): Promise<void> {
  const { db, clock, log } = context;
  try {
    await recordSystemEvent(db, {
      deviceId: work.deviceId,
      atMs: clock.now(),
      code: "system:identity.mismatch",
      detail: { expected: work.identity, message: messageOf(failure).slice(0, 200) },
    });
  } catch (error) {
    log.warn({ code: errorCode(error), err: error }, "system event not written");
  }
}
