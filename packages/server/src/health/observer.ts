import { statfs } from "node:fs/promises";
import { monitorEventLoopDelay } from "node:perf_hooks";
import {
  appendActs,
  type Database,
  forgetHealthSamples,
  readBackupState,
  readHealthFacts,
  readLastRuns,
  readReplicas,
  storeHealthSamples,
} from "@energsys/store";
import type { Logger } from "pino";
import type { LiveStream } from "../stream/live-stream.ts";
import type { TlsState } from "../tls/https-server.ts";
import { certificateAlarm, type Measure, measuresOf, type Observed, type ProcessFacts } from "./measures.ts";
import type { Traffic } from "./traffic.ts";
import { askUps, type UpsCode, type UpsPlace, type UpsState } from "./ups.ts";

export interface ObserverOptions {
  readonly db: Database;
  readonly traffic: Traffic;
  readonly stream: LiveStream;
  readonly tls: TlsState | undefined;
  readonly dataFolder: string | undefined;
  readonly ups: UpsPlace | undefined;
  readonly now: () => number;
  readonly logger: Logger;
}

const minuteMs = 60_000;
const keptMs = 2 * 86_400_000;

/** Looks at the system once a minute for the history, and whenever somebody asks. */
export class HealthObserver {
  readonly #options: ObserverOptions;
  readonly #loop: ReturnType<typeof monitorEventLoopDelay>;
  #lastMs: number;
  #last = { calls: 0, bytesIn: 0, bytesOut: 0 };
  #rates = { calls: 0, bytesIn: 0, bytesOut: 0 };
  #timer: NodeJS.Timeout | undefined;
  #alarmed = "";
  #ups: UpsState | undefined;
  #upsTold: UpsCode | null = null;

  constructor(options: ObserverOptions) {
    this.#options = options;
    this.#lastMs = options.now();
    this.#loop = monitorEventLoopDelay({ resolution: 20 });
    this.#loop.enable();
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#sample().catch((error: unknown) => {
        // The database is away; the minute is missing in the history, which shows it.
        this.#options.logger.warn({ err: error }, "no sample of the health");
      });
    }, minuteMs);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#loop.disable();
  }

  get db(): Database {
    return this.#options.db;
  }

  async observe(): Promise<Observed> {
    const { db, now } = this.#options;
    const [facts, backup, runs, replicas, process] = await Promise.all([
      readHealthFacts(db),
      readBackupState(db),
      readLastRuns(db),
      readReplicas(db),
      this.process(),
    ]);
    return { nowMs: now(), facts, process, backup, ...runs, replicas };
  }

  async measures(): Promise<Measure[]> {
    return measuresOf(await this.observe());
  }

  async process(): Promise<ProcessFacts> {
    const { stream, tls, dataFolder, ups } = this.#options;
    // Whoever asks first asks the unit; after that the sample of each minute does.
    if (ups && !this.#ups) this.#ups = await askUps(ups);
    const disk = dataFolder === undefined ? undefined : await statfs(dataFolder).catch(() => undefined);
    return {
      streams: stream.clients,
      httpCallsPerMinute: this.#rates.calls,
      httpBytesInPerMinute: this.#rates.bytesIn,
      httpBytesOutPerMinute: this.#rates.bytesOut,
      loopDelayP99Ms: Math.round(this.#loop.percentile(99) / 1e5) / 10,
      memoryBytes: process.memoryUsage.rss(),
      diskFreeBytes: disk ? disk.bavail * disk.bsize : null,
      diskFreePercent: disk ? Math.round((disk.bavail / disk.blocks) * 1_000) / 10 : null,
      certificateEndsAtMs: tls?.identity.notAfterMs ?? null,
      certificateError: tls?.reloadError ?? null,
      ups: this.#ups ?? null,
    };
  }

  async #sample(): Promise<void> {
    const { db, traffic, now } = this.#options;
    const nowMs = now();
    const minutes = Math.max(0.1, (nowMs - this.#lastMs) / minuteMs);
    const { calls, bytesIn, bytesOut } = traffic;
    this.#rates = {
      calls: Math.round((calls - this.#last.calls) / minutes),
      bytesIn: Math.round((bytesIn - this.#last.bytesIn) / minutes),
      bytesOut: Math.round((bytesOut - this.#last.bytesOut) / minutes),
    };
    this.#lastMs = nowMs;
    this.#last = { calls, bytesIn, bytesOut };
    const { ups } = this.#options;
    if (ups) this.#ups = await askUps(ups);
    const measures = await this.measures();
    this.#loop.reset();
    const values = measures.flatMap(({ name, value }) => (value === null ? [] : [[name, value] as const]));
    await storeHealthSamples(db, nowMs, new Map(values));
    await forgetHealthSamples(db, nowMs - keptMs);
    await this.#alarm(nowMs);
    await this.#tellUps();
  }

  /** A supply that fails is told once, and so is its return. */
  async #tellUps(): Promise<void> {
    const { ups, db, logger } = this.#options;
    const code = this.#ups?.code ?? null;
    if (!ups || code === this.#upsTold) return;
    this.#upsTold = code;
    logger.warn({ ups: ups.name, code }, "the supply of the central office changed");
    await appendActs(db, [
      {
        severity: code === null ? "normal" : "alarm",
        action: code === null ? "ups-good" : "ups-failed",
        objectType: "ups",
        objectId: ups.name,
        ...(code !== null && { after: { code } }),
      },
    ]);
  }

  /** 30, 7 and 1 days before a certificate ends, once each, where security events are looked for. */
  async #alarm(nowMs: number): Promise<void> {
    const identity = this.#options.tls?.identity;
    const days = identity && certificateAlarm(identity.notAfterMs, nowMs);
    if (!identity || days === undefined) return;
    const objectId = `${identity.fingerprint.slice(0, 23)} ${days}`;
    if (this.#alarmed === objectId) return;
    this.#alarmed = objectId;
    this.#options.logger.error({ fingerprint: identity.fingerprint, days }, "the certificate ends soon");
    await appendActs(this.#options.db, [
      { severity: "alarm", action: "certificate-ends", objectType: "certificate", objectId },
    ]);
  }
}
