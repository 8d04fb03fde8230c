import type { DeviceEvent, ProfileReading, RawBlock, RegisterReading } from "@energsys/metering";
import { genericModel, type MeterModel } from "@energsys/metering/models";
import type { ByteStream, EpochMs, ObisCode } from "@energsys/protocols";
import type {
  DeviceReading,
  Portion,
  ProfileRange,
  ReadOptions,
  ReadRequest,
  ReadStage,
} from "./device-reading.ts";
import { DriverError } from "./errors.ts";
import { type ReadLimits, readLimits } from "./limits.ts";
import { openLine } from "./open-line.ts";
import { Tape } from "./tape.ts";
import type { DeviceUrl } from "./url.ts";

/** What one answer of a device gave, before it is handed on. */
export interface PortionParts {
  /** Cut already; absent: what is on the tape. */
  readonly blocks?: RawBlock[];
  readonly profiles?: ProfileReading[];
  readonly registers?: RegisterReading[];
  readonly events?: DeviceEvent[];
  readonly clockOffsetMs?: number;
  readonly answered?: Portion["answered"];
}

/**
 * What every driver needs around its protocol: the line, the tape, cancelling, stages, and handing parts on. A driver
 * reports what it learned by setting the fields; `finish` gives the reading.
 */
export class ReadSession {
  readonly tape: Tape;
  readonly request: ReadRequest;
  readonly options: ReadOptions;
  readonly stream: ByteStream;
  readonly limits: ReadLimits;
  /** The line is the caller's: it stays open when the session is over. */
  readonly keepsLine: boolean;
  model: MeterModel;
  identity = "";
  identification = "";
  manufacturer = "";
  clock: DeviceReading["clock"];
  profileDescription: DeviceReading["profileDescription"];
  objects: DeviceReading["objects"];
  readonly warnings: string[] = [];
  readonly missing: ObisCode[] = [];
  readonly #kept: {
    blocks: RawBlock[];
    profiles: ProfileReading[];
    registers: RegisterReading[];
    events: DeviceEvent[];
  } = { blocks: [], profiles: [], registers: [], events: [] };

  private constructor(stream: ByteStream, url: DeviceUrl, request: ReadRequest, options: ReadOptions) {
    this.stream = stream;
    this.keepsLine = options.stream !== undefined;
    this.request = request;
    this.options = options;
    this.model = request.model ?? genericModel(url.protocol);
    this.limits = options.limits ?? readLimits;
    this.tape = new Tape(options.recorder, this.limits.valueBytes);
  }

  /** Dials, or takes the stream that was given. @throws DriverError `dial.*`, `serial.*`, `read.cancelled`, `read.no-line` */
  static async open(url: DeviceUrl, request: ReadRequest, options: ReadOptions): Promise<ReadSession> {
    const stream = options.stream ?? (await openLine(url, options));
    const session = new ReadSession(stream, url, request, options);
    session.stage("connected");
    return session;
  }

  get zone(): string {
    return this.request.zone;
  }

  now(): EpochMs {
    return this.options.clock.now();
  }

  stage(stage: ReadStage): void {
    this.options.onStage?.(stage);
  }

  /** Called between exchanges. @throws DriverError `read.cancelled` */
  check(): void {
    if (this.options.signal?.aborted) throw new DriverError("read.cancelled");
  }

  warn(text: string): void {
    if (this.warnings.length < 100) this.warnings.push(text);
  }

  /** A register that was asked for by its code is not there, or not to be read. */
  lacks(obis: ObisCode, why: string): void {
    this.missing.push(obis);
    this.warn(`register.none: ${obis}: ${why}`);
  }

  /**
   * Runs `work` and closes the line after it, unless it is the caller's; when the caller cancels, the line is closed at once, which ends
   * whatever waits for an answer.
   * @throws DriverError `read.cancelled` in place of the broken link's error
   */
  async cancellable<Result>(work: () => Promise<Result>): Promise<Result> {
    const { signal } = this.options;
    const stop = () => this.stream.close();
    signal?.addEventListener("abort", stop, { once: true });
    try {
      this.check();
      return await work();
    } catch (error) {
      if (signal?.aborted) throw new DriverError("read.cancelled", undefined, error);
      throw error;
    } finally {
      signal?.removeEventListener("abort", stop);
      if (!this.keepsLine) this.stream.close();
    }
  }

  /**
   * Notes what the device claims to be. Nothing of a device with another identity than expected may be taken over.
   * @throws DriverError `identity.mismatch`, `identity.missing`
   */
  identify(identity: string | undefined): void {
    const expected = this.request.identity;
    if (identity === undefined || identity === "") {
      if (expected !== undefined) {
        throw new DriverError("identity.missing", `${expected} was expected, and the device says nothing`);
      }
      this.warn("identity.missing: the device does not say who it is");
    } else if (expected !== undefined && identity !== expected) {
      throw new DriverError("identity.mismatch", `expected ${expected}, found ${identity.slice(0, 64)}`);
    }
    this.identity = identity ?? "";
    this.stage("identified");
  }

  /**
   * Reads the profiles that are asked for. One that was asked for by its code must be there; the model's own may be missing
   * on a device, which then has registers only.
   */
  async readProfiles(read: (range: ProfileRange) => Promise<void>): Promise<void> {
    for (const range of this.request.profiles ?? []) {
      this.stage("profile");
      try {
        await read(range);
      } catch (error) {
        const none = error instanceof DriverError && error.code === "read.no-profile";
        if (!none || range.obis !== undefined) throw error;
        this.warn(`${error.code}: ${error.message}`);
        return;
      }
    }
  }

  /** Hands a part on, with the raw bytes since the last cut. */
  async hand(kind: string, parts: PortionParts): Promise<void> {
    this.check();
    const portion = {
      blocks: parts.blocks ?? this.tape.cut(kind),
      profiles: parts.profiles ?? [],
      registers: parts.registers ?? [],
      events: parts.events ?? [],
      ...(parts.clockOffsetMs === undefined ? {} : { clockOffsetMs: parts.clockOffsetMs }),
      ...(parts.answered === undefined ? {} : { answered: parts.answered }),
    };
    if (this.options.onPortion) {
      await this.options.onPortion(portion);
      return;
    }
    this.#kept.blocks.push(...portion.blocks);
    this.#kept.profiles.push(...portion.profiles);
    this.#kept.registers.push(...portion.registers);
    this.#kept.events.push(...portion.events);
  }

  finish(): DeviceReading {
    return {
      identity: this.identity,
      model: this.model,
      manufacturer: this.manufacturer || this.model.manufacturer,
      identification: this.identification,
      ...(this.clock ? { clock: this.clock, clockOffsetMs: this.clock.offsetMs } : {}),
      ...(this.profileDescription ? { profileDescription: this.profileDescription } : {}),
      ...(this.objects ? { objects: this.objects } : {}),
      warnings: this.warnings,
      missing: this.missing,
      bytesSent: this.tape.bytesSent,
      bytesReceived: this.tape.bytesReceived,
      ...this.#kept,
    };
  }
}
