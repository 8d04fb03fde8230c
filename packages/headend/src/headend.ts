import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { errorCode, type RecordOptions } from "@energsys/drivers";
import { findMeterModel, type MeterModel } from "@energsys/metering/models";
import type { Clock } from "@energsys/protocols";
import {
  anyTime,
  type Database,
  endOrphanedAttempts,
  findMessage,
  type GatewayRequest,
  isConnectionLost,
  type KeyRing,
  makePartitions,
  type NetworkRules,
  nextDueInMs,
  readDevices,
  readWindows,
  readWorkOf,
  renewAttempts,
  renewLinks,
  requeueAttempts,
  spreadOverdue,
  startAttempts,
  storeDeliveries,
  type TakenAttempt,
  takeDueDevices,
  takeLinks,
  takeQueuedAttempts,
  waitForWindow,
} from "@energsys/store";
import type { Logger } from "pino";
import { AttemptJournal, type RunningAttempt } from "./attempt-journal.ts";
import type { CallInLine } from "./call-in-line.ts";
import { CallIns } from "./call-ins.ts";
import { DeliveryQueue } from "./delivery-queue.ts";
import { type DeviceWork, runDevice } from "./device-attempt.ts";
import { runGateway } from "./gateway/gateway-attempt.ts";
import { limits as defaultLimits, type Limits } from "./limits.ts";
import type { PlainCallers } from "./plain-callers.ts";
import { planProfiles } from "./planning/coverage.ts";
import { mayRead, nextMoment } from "./planning/moments.ts";
import { nextAfterFailure } from "./planning/schedule.ts";
import { runTrial } from "./trial.ts";

export interface HeadendOptions {
  readonly db: Database;
  /** Opens the keys of devices; without it devices that have any are not read. */
  readonly keyRing?: KeyRing;
  /** Zone of the market days and of devices whose stamps have none. */
  readonly zone: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** Where devices may call in, `host:port`; port 0 is any. Absent: nobody can call. */
  readonly listen?: string;
  /** Where devices call in that show certificates, `host:port`. */
  readonly listenTls?: string;
  /** From where concentrators are taken in the clear; see `parsePlainCallers`. */
  readonly plainCallers?: PlainCallers;
  /** Devices read at the same time. */
  readonly parallel?: number;
  readonly leaseSeconds?: number;
  readonly limits?: Limits;
  /** Addresses behind which many devices call in. */
  readonly sharedAddresses?: readonly string[];
  /** Devices whose readings are recorded to files. */
  readonly record?: RecordOptions;
  /** Where devices may be dialled; absent: anywhere. */
  readonly networks?: NetworkRules;
  readonly random?: () => number;
  /** Name of this run in links and attempts; drawn unless told. */
  readonly owner?: string;
}

/** Devices that waited for a window are read within so long of its opening. */
const openingSpreadSeconds = 120;
/** How long a meter may take to close an interval and to write it. */
const settleMs = 10_000;
const tickMs = 1000;
const monthMs = 31 * 86_400_000;
const tlsEveryMs = 60_000;
/** Without any plan a *read now* looks back so far. */
const readNowBackfillDays = 7;

/**
 * Reads devices: takes what is due, asks for what is missing, stores it, and only then calls it done. All state is in the
 * database, so it may be killed at any instant; several may run beside each other.
 */
export class Headend {
  readonly #options: HeadendOptions;
  readonly #owner: string;
  readonly #limits: Limits;
  readonly #leaseSeconds: number;
  readonly #parallel: number;
  readonly #journal: AttemptJournal;
  readonly queue: DeliveryQueue;
  readonly callIns: CallIns;
  readonly #running = new Map<number, RunningAttempt>();
  /** Ends the timer that breaks off an attempt which takes too long. */
  readonly #overtimes = new Map<number, () => void>();
  /** Links of devices that are being dialled: they are renewed with those of the call-ins. */
  readonly #leases = new Map<number, { deviceId: number; fence: number }>();
  readonly #tasks = new Set<Promise<void>>();
  readonly #ends: (() => void | Promise<void>)[] = [];
  #stopping = false;
  #taking: Promise<void> | undefined;
  #takeAgain = false;
  #orphansCheckedMs = 0;
  /** Counts since the start, for the bench and the metrics. */
  readonly counts = { done: 0, failed: 0, cancelled: 0, intervals: 0 };

  constructor(options: HeadendOptions) {
    this.#options = options;
    this.#owner = options.owner ?? `${hostname()}:${process.pid}:${randomBytes(4).toString("hex")}`;
    this.#limits = options.limits ?? defaultLimits;
    this.#leaseSeconds = options.leaseSeconds ?? 30;
    this.#parallel = options.parallel ?? 64;
    const { db, clock, log } = options;
    this.#journal = new AttemptJournal(db, {
      owner: this.#owner,
      clock,
      waitMs: this.#limits.batchWaitMs,
      onTrouble: (error) => log.warn({ code: errorCode(error), err: error }, "attempts not written"),
    });
    this.queue = new DeliveryQueue({
      store: async (deliveries) => {
        const outcome = await storeDeliveries(db, deliveries, { nowMs: clock.now(), zone: options.zone });
        this.counts.intervals += outcome.intervals;
        return outcome.eventsOf;
      },
      isTransient: (error) =>
        isConnectionLost(error) || errorCode(error) === "store.conflict" || isTimeout(error),
      clock,
      rowsMax: this.#limits.queueRows,
      batchDeliveries: this.#limits.batchDeliveries,
      batchWaitMs: this.#limits.batchWaitMs,
      writers: 2,
      onTrouble: ({ code, error, transient, deliveries }) =>
        log.warn({ code, transient, deliveries, err: error }, "deliveries not stored"),
    });
    this.callIns = new CallIns({
      ...options,
      limits: this.#limits,
      owner: this.#owner,
      leaseSeconds: this.#leaseSeconds,
      queue: this.queue,
      onReady: () => this.#take(),
    });
  }

  /** Begins to work. Returns the addresses that devices may call. @throws Error when the address is taken */
  async start(): Promise<{ listen: string | undefined; listenTls: string | undefined }> {
    const { db, clock, log } = this.#options;
    // A caller that is refused before anything was stored is an event of this month, too.
    const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);
    const nowMs = clock.now();
    await makePartitions(db, { from: dayOf(nowMs), to: dayOf(nowMs + monthMs), nowMs });
    const orphans = await endOrphanedAttempts(db);
    const spread = await spreadOverdue(db, {
      perSecond: 50,
      spreadSecondsMax: this.#limits.restartSpreadSeconds,
    });
    log.info({ owner: this.#owner, ...orphans, overdue: spread }, "head-end starts");
    const addresses = await this.callIns.start();
    this.#ends.push(
      await db.listen(
        "energsys_work",
        (payload) => this.#hear(payload),
        () => {
          // What was said in the meantime is lost: each concentrator is looked at as if it had changed.
          this.#lookAtGateways(this.callIns.gatewayIds());
          this.#take();
        },
      ),
    );
    this.#every(tickMs, () => this.#take());
    this.#every((this.#leaseSeconds * 1000) / 3, () => this.#renew());
    this.#every(tlsEveryMs, () => this.callIns.refreshTls());
    this.#orphansCheckedMs = clock.now();
    this.#take();
    return addresses;
  }

  /** Takes nothing more, ends what runs, writes what came, gives the links back; at most 10 s in all. */
  async stop(): Promise<void> {
    if (this.#stopping) return;
    this.#stopping = true;
    const { clock, log } = this.#options;
    for (const end of this.#ends) await end();
    await this.#taking;
    for (const attempt of this.#running.values()) attempt.abort.abort("stopping");
    const all = Promise.allSettled([...this.#tasks])
      .then(() => this.callIns.stop())
      .then(() => this.queue.idle())
      .then(() => this.#journal.flush());
    await Promise.race([all, new Promise<void>((resolve) => clock.after(9000, resolve))]);
    log.info(this.counts, "head-end stopped");
  }

  #every(delayMs: number, work: () => void | Promise<void>): void {
    let cancel = () => {};
    const next = () => {
      cancel = this.#options.clock.after(delayMs, async () => {
        try {
          await work();
        } catch (error) {
          this.#options.log.warn({ code: errorCode(error), err: error }, "background work failed");
        }
        if (!this.#stopping) next();
      });
    };
    next();
    this.#ends.push(() => cancel());
  }

  #hear(payload: string): void {
    const message = findMessage<"energsys_work">(payload);
    if (message?.type === "gateway-changed") {
      this.#lookAtGateways([message.gatewayId]);
    } else if (message?.type === "certificate-revoked") this.callIns.endCertificate(message.fingerprint);
    else if (message?.type === "cancel") this.#running.get(message.attemptId)?.abort.abort();
    else if (message) this.#take();
  }

  #lookAtGateways(gatewayIds: readonly number[]): void {
    for (const gatewayId of gatewayIds)
      this.callIns.gatewayChanged(gatewayId).catch((error: unknown) => {
        this.#options.log.warn(
          { gatewayId, code: errorCode(error), err: error },
          "concentrator not looked at",
        );
      });
  }

  /** Fills the free places with work. One at a time: a second call while the first runs makes it go round again. */
  #take(): void {
    if (this.#stopping) return;
    if (this.#taking) {
      this.#takeAgain = true;
      return;
    }
    this.#taking = this.#takeOnce()
      .catch((error: unknown) => {
        this.#options.log.warn({ code: errorCode(error), err: error }, "no work taken");
      })
      .finally(() => {
        this.#taking = undefined;
        if (this.#takeAgain) {
          this.#takeAgain = false;
          this.#take();
        }
      });
  }

  async #takeOnce(): Promise<void> {
    const { db, clock } = this.#options;
    if (clock.now() - this.#orphansCheckedMs > this.#leaseSeconds * 1000) {
      this.#orphansCheckedMs = clock.now();
      await endOrphanedAttempts(db);
    }
    // A few places are kept for people, so that *read now* does not wait behind a whole network.
    const free = this.#parallel + 4 - this.#running.size;
    if (free <= 0) return;
    const taker = { owner: this.#owner, leaseSeconds: this.#leaseSeconds };
    const queued = await takeQueuedAttempts(db, {
      ...taker,
      limit: free,
      lineDeviceIds: this.callIns.idleLines().map((line) => line.lease.deviceId),
    });
    if (queued.length > 0) await this.#startQueued(queued);
    await this.#startDrains(this.#parallel - this.#running.size);
    const room = this.#parallel - this.#running.size;
    if (room <= 0) return;
    await this.#waitForWindows();
    const due = await takeDueDevices(db, {
      ...taker,
      limit: room,
      lines: this.callIns.idleLines().map((line) => line.lease),
    });
    if (due.length === 0) return;
    await this.#startDevices(
      due.map((work) => ({
        ...work,
        lease: { deviceId: work.deviceId, fence: work.fence },
        cause: "plan" as const,
      })),
    );
    if (due.length === room) this.#takeAgain = true;
  }

  /** What fell due while its plan may not read waits until it may: after an outage, or because a device called in. */
  async #waitForWindows(): Promise<void> {
    const { db, zone, clock } = this.#options;
    const nowMs = clock.now();
    for (const { planId, ...times } of await readWindows(db)) {
      if (mayRead(nowMs, times, zone)) continue;
      await waitForWindow(db, planId, nextMoment(nowMs, [times.windowFrom!], zone), openingSpreadSeconds);
    }
  }

  /** Work that people asked for: trials run by themselves, a *read now* needs the link of its device. */
  async #startQueued(queued: readonly TakenAttempt[]): Promise<void> {
    const { db } = this.#options;
    for (const attempt of queued.filter((each) => each.deviceId === null)) this.#startTrial(attempt);
    const asked = queued.filter(
      (each): each is TakenAttempt & { deviceId: number } => each.deviceId !== null,
    );
    const reads: typeof asked = [];
    for (const work of asked) {
      const line = this.callIns.lineOf(work.deviceId);
      // Whatever is asked of a concentrator itself, its journal is read with it.
      if (line?.gatewayId === undefined) reads.push(work);
      else this.#startGateway(work.attemptId, line, work.request.gateway ?? { action: "drain" });
    }
    if (reads.length === 0) return;
    const devices = new Map(
      (
        await readDevices(
          db,
          reads.map((read) => read.deviceId),
        )
      ).map((device) => [device.deviceId, device]),
    );
    const dialled = [...devices.values()].filter((device) => device.direction === "dial");
    const leases = await takeLinks(
      db,
      this.#owner,
      dialled.map((device) => device.deviceId),
      { leaseSeconds: this.#leaseSeconds, state: "connecting" },
    );
    const lines = this.callIns.idleLines().map((line) => line.lease);
    const held = new Map([...leases, ...lines].map((lease) => [lease.deviceId, lease]));
    const works: DeviceWork[] = [];
    const later: number[] = [];
    for (const { attemptId, deviceId, cause, request, requestedBy } of reads) {
      const device = devices.get(deviceId);
      const through = device && this.#lineTo(device);
      const lease = held.get(through?.lease.deviceId ?? deviceId);
      const plan = device && lease ? await readWorkOf(db, deviceId, readNowBackfillDays) : undefined;
      if (!device || !lease || !plan) {
        later.push(attemptId);
        continue;
      }
      held.delete(lease.deviceId);
      const everything = {
        profile: true,
        registers: true,
        events: true,
        planIds: [],
        failures: 0,
        times: anyTime,
      };
      const change = {
        profile: false,
        ...(request.keys ? { keys: request.keys } : {}),
        ...(requestedBy === null ? {} : { requestedBy }),
      };
      const kind = cause === "key-change" ? { ...everything, ...change } : everything;
      // Through a concentrator only what the meter shows now is asked: the rest is in the journal.
      const behind = device.gatewayId === null ? {} : { profile: false, events: false };
      works.push({ ...device, ...plan, ...kind, ...behind, attemptId, lease, cause });
    }
    await requeueAttempts(db, this.#owner, later);
    await this.#startDevices(works);
  }

  /** Journals that hold more than is stored, of concentrators whose line is free. */
  async #startDrains(room: number): Promise<void> {
    if (room <= 0) return;
    const wanted = this.callIns
      .idleLines()
      .filter(
        ({ device, gatewayId, drainFromMs }) =>
          gatewayId !== undefined &&
          this.callIns.drainsWanted.has(device.deviceId) &&
          drainFromMs <= this.#options.clock.now(),
      )
      .slice(0, room);
    if (wanted.length === 0) return;
    const taker = { owner: this.#owner, leaseSeconds: this.#leaseSeconds };
    const attempts = await startAttempts(
      this.#options.db,
      taker,
      wanted.map(({ device }) => device.deviceId),
    );
    for (const line of wanted) {
      const attemptId = attempts.get(line.device.deviceId);
      if (attemptId === undefined) continue;
      this.callIns.drainsWanted.delete(line.device.deviceId);
      this.#startGateway(attemptId, line, { action: "drain" });
    }
  }

  #startGateway(attemptId: number, line: CallInLine, request: GatewayRequest): void {
    const attempt = this.#begin(attemptId);
    this.#run(attempt, async () => {
      await runGateway(line, attempt, request, { ...this.#options, limits: this.#limits });
      this.#wantRest(line, attempt);
    });
  }

  /** What is left of a journal whose reading broke off is read over the same line, when that stands: nobody else would ask for it. */
  #wantRest(line: CallInLine, attempt: RunningAttempt): void {
    const { clock, random = Math.random } = this.#options;
    const { state, errorCode: code } = attempt.ending ?? {};
    if (state === "done" || code === "attempt.too-long") {
      line.drainFailures = 0;
      line.drainFromMs = 0;
    } else {
      line.drainFailures++;
      line.drainFromMs = nextAfterFailure(clock.now(), line.drainFailures, random, this.#limits);
    }
    if (state !== "done") this.callIns.drainsWanted.add(line.device.deviceId);
  }

  /** What is missing is found out for all of them at once, then each is read by itself. */
  async #startDevices(works: readonly DeviceWork[]): Promise<void> {
    const { db, clock, zone } = this.#options;
    const coverage = works.flatMap((work) =>
      work.profile && work.meterId !== null
        ? [
            {
              deviceId: work.deviceId,
              meterId: work.meterId,
              model: modelOf(work),
              backfillDays: work.backfillDays,
            },
          ]
        : [],
    );
    const profiles = await planProfiles(db, coverage, {
      nowMs: clock.now(),
      zone,
      settleMs,
      limits: this.#limits,
    });
    for (const work of works) {
      const attempt = this.#begin(work.attemptId);
      const line = this.#lineTo(work);
      if (!line) this.#leases.set(work.deviceId, work.lease);
      const profile = profiles.get(work.deviceId);
      this.#run(attempt, async () => {
        try {
          await runDevice(work, attempt, {
            ...this.#options,
            limits: this.#limits,
            queue: this.queue,
            model: modelOf(work),
            random: this.#options.random ?? Math.random,
            ...(profile ? { plan: profile } : {}),
            ...(line ? { line } : {}),
          });
        } finally {
          this.#leases.delete(work.deviceId);
        }
      });
    }
  }

  /** The line to a device: its own, or that of the concentrator that reads it. */
  #lineTo(device: { readonly deviceId: number; readonly gatewayId: number | null }): CallInLine | undefined {
    return device.gatewayId === null
      ? this.callIns.lineOf(device.deviceId)
      : this.callIns.lineOfGateway(device.gatewayId);
  }

  #startTrial(taken: TakenAttempt): void {
    const attempt = this.#begin(taken.attemptId);
    this.#run(attempt, () => runTrial(taken.request, attempt, this.#options));
  }

  #begin(attemptId: number): RunningAttempt {
    const attempt = this.#journal.start(attemptId);
    this.#running.set(attemptId, attempt);
    const cancel = this.#options.clock.after(this.#limits.attemptMs, () => attempt.abort.abort("too-long"));
    this.#overtimes.set(attemptId, cancel);
    return attempt;
  }

  #run(attempt: RunningAttempt, work: () => Promise<void>): void {
    const task = work()
      .catch((error: unknown) => {
        this.#options.log.error({ attemptId: attempt.attemptId, err: error }, "attempt broke");
      })
      .finally(() => {
        this.#running.delete(attempt.attemptId);
        this.#overtimes.get(attempt.attemptId)?.();
        this.#overtimes.delete(attempt.attemptId);
        this.#tasks.delete(task);
        const state = attempt.ending?.state;
        if (state) this.counts[state]++;
        this.#take();
      });
    this.#tasks.add(task);
  }

  /** Lengthens what we hold. A link that was lost is not ours to talk on, nor to write from. */
  async #renew(): Promise<void> {
    const { db, log } = this.#options;
    const leases = [...this.#leases.values(), ...this.callIns.leases()];
    const held = await renewLinks(db, this.#owner, leases, this.#leaseSeconds);
    for (const { deviceId } of leases) {
      if (held.has(deviceId)) continue;
      log.warn({ deviceId, code: "link.lost" }, "link lost to another head-end");
      this.callIns.lose(deviceId);
    }
    for (const attemptId of await renewAttempts(db, this.#owner, this.#leaseSeconds)) {
      this.#running.get(attemptId)?.abort.abort();
    }
  }

  /** Attempts under way. */
  get running(): number {
    return this.#running.size;
  }

  /** Milliseconds until the next plan is due; for health. */
  nextDueInMs(): Promise<number | undefined> {
    return nextDueInMs(this.#options.db);
  }
}

function modelOf(work: { readonly model: string }): MeterModel {
  const model = findMeterModel(work.model);
  if (!model) return findMeterModel("generic-dlms") as MeterModel;
  return model;
}

const isTimeout = (error: unknown): boolean =>
  error instanceof Error && error.message === "Query read timeout";
