import type { EpochMs } from "@energsys/protocols";
import { encodeProfileBody, encodeRegistersBody, intervalQuality, intervalsPerEntry } from "./bodies.ts";
import type { Database } from "./database.ts";
import { entryKinds, type SqliteJournal } from "./journal.ts";
import type { LocalTime } from "./zone.ts";

/** Every offset of a zone is a multiple of it, so that the borders of UTC are those of the market. */
export const quarterMs = 900_000;
/** A counter that is read later than this after a border does not tell what it was there. */
export const lateMs = 300_000;
/** One that is read later than this still tells it, but the intervals on both sides are marked: what flowed meanwhile counts before the border. */
const notableLateMs = 60_000;
const counterTurn = 10_000_000_000;
const profileObis = "1-0:99.1.0*255";
const energyObis = "1-0:1.8.0*255";

export interface CounterReading {
  readonly logicalDevice: number;
  readonly readMs: EpochMs;
  readonly count: number;
  /** `intervalQuality` of the interval that ends here. */
  readonly flags: number;
}

export interface PulseConstant {
  /** Exact decimal, such as 0.625. */
  readonly whPerPulse: string;
  /** Register when the counter stood at `counterStart`. */
  readonly indexStartWh: string;
  readonly counterStart: number;
}

interface Row {
  boundary_ms: number;
  read_ms: number;
  count: number;
  flags: number;
}

/**
 * What pulse counters showed at the borders of quarter-hours. A reading is in the store before its module hears anything more; sealing
 * makes entries of the journal of it and forgets it, in one transaction.
 */
export class Counters {
  readonly #journal: SqliteJournal;
  readonly #time: LocalTime;
  readonly #insert;
  readonly #of;
  readonly #forget;
  readonly #shift;
  readonly #devices;

  constructor(database: Database, journal: SqliteJournal, time: LocalTime) {
    const { sqlite } = database;
    this.#journal = journal;
    this.#time = time;
    this.#insert = sqlite.prepare("insert or ignore into counter_reading values (?, ?, ?, ?, ?)");
    this.#of = sqlite.prepare("select * from counter_reading where device = ? order by boundary_ms");
    this.#forget = sqlite.prepare("delete from counter_reading where device = ? and boundary_ms < ?");
    this.#shift = sqlite.prepare("select * from counter_reading");
    this.#devices = sqlite.prepare("select distinct device from counter_reading");
    this.#clear = sqlite.prepare("delete from counter_reading");
  }
  readonly #clear;

  /** Keeps what was read soon enough after a border; the first reading of a border counts. */
  keep(readings: readonly CounterReading[]): void {
    this.#journal.together(() => {
      for (const { logicalDevice, readMs, count, flags } of readings) {
        const boundary = Math.floor(readMs / quarterMs) * quarterMs;
        if (readMs - boundary <= lateMs)
          this.#insert.run(logicalDevice, boundary, Math.round(readMs), count, flags);
      }
    });
  }

  /** Border of the last reading that is kept of a counter. */
  lastOf(logicalDevice: number): EpochMs | undefined {
    const rows = this.#of.all(logicalDevice) as unknown as Row[];
    return rows.at(-1)?.boundary_ms;
  }

  devices(): number[] {
    return this.#devices.all().map((row) => (row as { device: number }).device);
  }

  /**
   * The clock was set: readings are stamped anew by as much, since the machine's own time between them was right. What then lies too far
   * from a border is dropped; the registers hold its energy. `flags` marks what is left.
   */
  restamp(shiftMs: number, flags: number): void {
    this.#journal.together(() => {
      const rows = this.#shift.all() as unknown as (Row & { device: number })[];
      this.#clear.run();
      for (const { device, read_ms, count, flags: before } of rows) {
        const readMs = read_ms + shiftMs;
        const boundary = Math.floor(readMs / quarterMs) * quarterMs;
        if (readMs - boundary <= lateMs)
          this.#insert.run(
            device,
            boundary,
            Math.round(readMs),
            count,
            (before & ~intervalQuality.clockNotReliable) | flags,
          );
      }
    });
  }

  /** Makes an entry of the finished intervals of one counter. The last reading stays: the next interval begins there. Returns how many. */
  seal(logicalDevice: number, constant: PulseConstant): number {
    const rows = this.#of.all(logicalDevice) as unknown as Row[];
    if (rows.length < 2) return 0;
    const { integer, scaler } = decimalOf(constant.whPerPulse);
    const first = rows[0]!.boundary_ms;
    const values: number[] = [];
    const quality: number[] = [];
    let last = rows[0]!;
    for (const row of rows.slice(1)) {
      const gap = (row.boundary_ms - last.boundary_ms) / quarterMs;
      if (values.length + gap > intervalsPerEntry) break;
      for (let missing = 0; gap > 1 && missing < gap; missing++) {
        values.push(0);
        quality.push(intervalQuality.missing | (missing === gap - 1 ? row.flags : 0));
      }
      if (gap === 1) {
        const turned = row.count < last.count;
        values.push((row.count - last.count + (turned ? counterTurn : 0)) * integer);
        const late = [last, row].some(({ read_ms, boundary_ms }) => read_ms - boundary_ms > notableLateMs);
        quality.push(
          row.flags | (turned ? intervalQuality.rolledOver : 0) | (late ? intervalQuality.partial : 0),
        );
      }
      last = row;
    }
    if (values.length === 0) {
      // A gap longer than an entry: nothing is known of it but the register at its end.
      last = rows[1]!;
    }
    const body = (from: number, to: number) => ({
      logicalDevice,
      kind: entryKinds.profile,
      fromMs: first + from * quarterMs,
      toMs: first + to * quarterMs,
      body: encodeProfileBody(
        {
          obis: profileObis,
          periodSeconds: 900,
          startMs: first + from * quarterMs,
          columns: [{ obis: energyObis, kind: "delta", scaler, unit: "Wh", values: values.slice(from, to) }],
          quality: quality.slice(from, to),
        },
        this.#time,
      ),
    });
    this.#journal.together(() => {
      if (values.length > 0) this.#journal.append([body(0, values.length)]);
      if (quality.some((bits) => bits !== 0) || values.length === 0)
        this.register(
          logicalDevice,
          last.read_ms,
          last.count,
          constant,
          (last.flags & intervalQuality.clockNotReliable) !== 0,
        );
      this.#forget.run(logicalDevice, last.boundary_ms);
    });
    return values.length;
  }

  /** The register of a pulse meter as an entry: start, and the pulses since then by Wh per pulse, exact. */
  register(
    logicalDevice: number,
    readMs: EpochMs,
    count: number,
    constant: PulseConstant,
    doubtful = false,
  ): void {
    const value = indexOf(count, constant);
    this.#journal.append([
      {
        logicalDevice,
        kind: entryKinds.registers,
        fromMs: readMs,
        body: encodeRegistersBody(readMs, [{ obis: energyObis, value, unit: "Wh" }], this.#time, doubtful),
      },
    ]);
  }
}

/** `5.000` is 5 and 0, `0.625` is 625 and -3: as few places as hold it. */
export function decimalOf(text: string): { readonly integer: number; readonly scaler: number } {
  const [, whole = "1", part = ""] = /^(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  const places = part.replace(/0+$/, "");
  return { integer: Number(whole + places), scaler: places === "" ? 0 : -places.length };
}

/** Exact decimal in Wh. A counter below its start has turned over once. */
export function indexOf(count: number, { whPerPulse, indexStartWh, counterStart }: PulseConstant): string {
  const pulses = BigInt(count < counterStart ? count - counterStart + counterTurn : count - counterStart);
  const [step, start] = [decimalOf(whPerPulse), decimalOf(indexStartWh)];
  const scaler = Math.min(step.scaler, start.scaler);
  const total =
    pulses * BigInt(step.integer) * 10n ** BigInt(step.scaler - scaler) +
    BigInt(start.integer) * 10n ** BigInt(start.scaler - scaler);
  const digits = total.toString().padStart(1 - scaler, "0");
  return scaler === 0 ? digits : `${digits.slice(0, scaler)}.${digits.slice(scaler)}`;
}
