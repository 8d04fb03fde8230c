import { slotMs } from "../calendar.ts";
import type { CumulatedWh } from "../load/curve.ts";
import { type Happening, happeningsOf as logOf, type Outage, supplyOutagesOf } from "../load/happenings.ts";
import { trueTime } from "../meter/drifted-curve.ts";
import type { CellDay } from "./balance-curve.ts";
import type { GridPoint, GridTown } from "./grid-town.ts";
import { happeningsOf, type TownHappening } from "./happenings.ts";
import { quantised, startOf } from "./registers.ts";

/** What one point truly did in the quarter-hours of an interval; Wh, primary. */
export interface PointTruth {
  readonly startsMs: Float64Array;
  /** What the meter let pass: imported and exported. */
  readonly meteredWh: Float64Array;
  readonly exportWh: Float64Array;
  /** What flowed past it. */
  readonly stolenWh: Float64Array;
  /** What the register in use shows at the end of each, in the meter's own (secondary) Wh and steps. */
  readonly registerWh: Float64Array;
  /** Serial number of that meter. */
  readonly serials: readonly string[];
}

/** What a meter wrote, by its own clock. */
export interface RecordedTruth {
  readonly startsMs: Float64Array;
  readonly importWh: Float64Array;
  readonly exportWh: Float64Array;
  readonly registerWh: Float64Array;
}

/** Truth of a transformer or feeder, in whole Wh: net = flows of its parts + loss. */
export interface CellTruth {
  readonly startsMs: Float64Array;
  readonly netWh: Float64Array;
  readonly lossWh: Float64Array;
  readonly stolenWh: Float64Array;
}

/** One that steals, or one that is booked wrongly. */
export interface Guilt {
  readonly point: number;
  readonly pod: string;
  readonly transformer: string;
  readonly kind: string;
  /** Part of the energy that the meter does not see. */
  readonly share?: number;
  readonly from?: string;
  readonly to?: string;
  readonly enteredRatio?: number;
  readonly trueRatio?: number;
  readonly otherPod?: string;
}

/** The ledger of a town: what really flowed where, what was stolen, and what each register shows. Computed when it is asked for. */
export class TownLedger {
  readonly #town: GridTown;

  constructor(town: GridTown) {
    this.#town = town;
  }

  /** Quarter-hours that lie in [fromMs, toMs); both at quarter-hours, not before the town begins. */
  point(index: number, fromMs: number, toMs: number): PointTruth {
    const { calendar } = this.#town;
    const point = this.#point(index);
    const curve = this.#town.curveOf(index);
    const truth = emptyTruth((toMs - fromMs) / slotMs);
    const serials: string[] = [];
    let n = 0;
    for (let dayIndex = calendar.dayAt(fromMs); calendar.day(dayIndex).startMs < toMs; dayIndex++) {
      const { day, importWh, exportWh, stolenWh } = curve.day(dayIndex);
      let sum = curve.beforeDay(dayIndex).importWh;
      for (let i = 0; i < day.slots; i++) {
        const startMs = day.startMs + i * slotMs;
        sum += importWh[i] as number;
        if (startMs < fromMs || startMs >= toMs) continue;
        truth.startsMs[n] = startMs;
        truth.meteredWh[n] = (importWh[i] as number) * point.ratio;
        truth.exportWh[n] = (exportWh[i] as number) * point.ratio;
        truth.stolenWh[n] = (stolenWh?.[i] ?? 0) * point.ratio;
        truth.registerWh[n] = this.#shown(point, sum, startMs + slotMs);
        serials.push(this.meterAt(index, startMs + slotMs));
        n++;
      }
    }
    return { ...truth, serials };
  }

  /**
   * What the meter of a point itself writes for the quarter-hours of an interval, by the stamps of its own clock: the same as `point`, but for one
   * whose clock runs away. Its own Wh; the register at the end of each is of the meter in use then.
   */
  recorded(index: number, fromMs: number, toMs: number): RecordedTruth {
    const { meter, ratio } = this.#point(index);
    const truth = this.point(index, fromMs, toMs);
    const own = (wh: Float64Array) => wh.map((value) => value / ratio);
    const { startsMs, registerWh } = truth;
    if (!meter.drift) {
      return { startsMs, importWh: own(truth.meteredWh), exportWh: own(truth.exportWh), registerWh };
    }
    const { drift } = meter;
    const curve = this.#town.curveOf(index);
    const borders = [fromMs, ...startsMs.map((startMs) => startMs + slotMs)].map((ms) => trueTime(drift, ms));
    const sums = borders.map((ms) => curve.cumulatedAt(ms));
    const rise = (of: "importWh" | "exportWh") =>
      startsMs.map((_, n) => (sums[n + 1] as CumulatedWh)[of] - (sums[n] as CumulatedWh)[of]);
    return {
      startsMs,
      importWh: rise("importWh"),
      exportWh: rise("exportWh"),
      registerWh: startsMs.map((_, n) => this.register(index, borders[n + 1] as number)),
    };
  }

  /** When a point had no supply, in order and apart; what touches [fromMs, toMs). */
  *outages(index: number, fromMs: number, toMs: number): Generator<Outage> {
    const { calendar, surroundings } = this.#town;
    const { customer } = this.#point(index).meter;
    for (let at = calendar.dayAt(fromMs); calendar.day(at).startMs < toMs; at++) {
      for (const outage of supplyOutagesOf(customer, calendar.day(at), surroundings.likelihood))
        if (outage.fromMs < toMs && outage.toMs > fromMs) yield { fromMs: outage.fromMs, toMs: outage.toMs };
    }
  }

  /** Covers and magnets in [fromMs, toMs), as the log of the meter has them; one that gives pulses has no log. */
  *tampering(index: number, fromMs: number, toMs: number): Generator<Happening> {
    const { calendar, surroundings } = this.#town;
    const { meter, attachment } = this.#point(index);
    if (attachment.kind === "pulses") return;
    const { key, customer, followsSummerTime } = meter;
    for (let at = calendar.dayAt(fromMs); calendar.day(at).startMs < toMs; at++) {
      const day = calendar.day(at);
      for (const one of logOf(
        calendar,
        { ...customer, key, followsSummerTime },
        day,
        surroundings.likelihood,
      ))
        if (one.atMs >= fromMs && one.atMs < toMs && /cover|magnet/.test(one.kind)) yield one;
    }
  }

  /** What happened in the town; what begins in [fromMs, toMs). */
  happenings(fromMs: number, toMs: number): Generator<TownHappening> {
    return happeningsOf(this.#town, fromMs, toMs);
  }

  /** Serial number of the meter at a point; at the instant of an exchange, the new one. */
  meterAt(index: number, atMs: number): string {
    const { exchange, meter } = this.#point(index);
    return exchange && exchange.atMs <= atMs ? exchange.serial : meter.serial;
  }

  /** What the register of the meter at a point shows at an instant, in its own Wh. */
  register(index: number, atMs: number): number {
    return this.#shown(this.#point(index), this.#town.curveOf(index).cumulatedAt(atMs).importWh, atMs);
  }

  /** Both registers at an exchange: the last of the old meter, the first of the new one. */
  exchange(
    index: number,
  ): { atMs: number; oldSerial: string; newSerial: string; oldWh: number; newWh: number } | undefined {
    const point = this.#point(index);
    if (!point.exchange) return undefined;
    const { atMs, serial } = point.exchange;
    const sum = this.#sumAtExchange(index, atMs);
    return {
      atMs,
      oldSerial: point.meter.serial,
      newSerial: serial,
      oldWh: quantised(point, startOf(point) + sum),
      newWh: this.#shown(point, sum, atMs),
    };
  }

  transformer(number: number, fromMs: number, toMs: number): CellTruth {
    const cell = this.#town.cellOf(number);
    return this.#cell((index) => cell.day(index), fromMs, toMs);
  }

  feeder(number: number, fromMs: number, toMs: number): CellTruth {
    const cell = this.#town.feederCellOf(number);
    return this.#cell((index) => cell.day(index), fromMs, toMs);
  }

  /** Everybody who passes the meter, and everything that is booked wrongly. */
  *guilty(): Generator<Guilt> {
    for (const point of this.#town.points) {
      const { diversion } = point.meter.customer;
      const common = {
        point: point.index,
        pod: point.pod,
        transformer: this.#town.transformers[point.transformer]?.name ?? "",
      };
      if (diversion) {
        const { mode, share, fromMs, toMs } = diversion;
        yield {
          ...common,
          kind: mode,
          share,
          from: new Date(fromMs).toISOString(),
          ...(toMs !== Number.POSITIVE_INFINITY && { to: new Date(toMs).toISOString() }),
        };
      }
      if (point.bookError) {
        const { kind, enteredRatio, other } = point.bookError;
        const otherPod = other === undefined ? undefined : this.#town.points[other]?.pod;
        yield {
          ...common,
          kind,
          ...(enteredRatio !== undefined && { enteredRatio, trueRatio: point.ratio }),
          ...(otherPod !== undefined && { otherPod }),
        };
      }
    }
  }

  #cell(dayOf: (index: number) => CellDay, fromMs: number, toMs: number): CellTruth {
    const { calendar } = this.#town;
    const count = (toMs - fromMs) / slotMs;
    const truth = {
      startsMs: new Float64Array(count),
      netWh: new Float64Array(count),
      lossWh: new Float64Array(count),
      stolenWh: new Float64Array(count),
    };
    let n = 0;
    for (let index = calendar.dayAt(fromMs); calendar.day(index).startMs < toMs; index++) {
      const day = dayOf(index);
      for (let i = 0; i < day.slots; i++) {
        const startMs = day.startMs + i * slotMs;
        if (startMs < fromMs || startMs >= toMs) continue;
        truth.startsMs[n] = startMs;
        truth.netWh[n] = day.netWh[i] as number;
        truth.lossWh[n] = day.lossWh[i] as number;
        truth.stolenWh[n] = day.stolenWh[i] as number;
        n++;
      }
    }
    return truth;
  }

  #point(index: number): GridPoint {
    const point = this.#town.points[index];
    if (!point) throw new RangeError(`no point ${index}`);
    return point;
  }

  /** @param sum what flowed through the point's meters since the town began */
  #shown(point: GridPoint, sum: number, atMs: number): number {
    const { exchange } = point;
    if (!exchange || atMs < exchange.atMs) return quantised(point, startOf(point) + sum);
    return quantised(point, sum - this.#sumAtExchange(point.index, exchange.atMs));
  }

  readonly #exchangeSums = new Map<number, number>();
  #sumAtExchange(index: number, atMs: number): number {
    let sum = this.#exchangeSums.get(index);
    if (sum === undefined) {
      sum = this.#town.curveOf(index).cumulatedAt(atMs).importWh;
      this.#exchangeSums.set(index, sum);
    }
    return sum;
  }
}

function emptyTruth(count: number) {
  return {
    startsMs: new Float64Array(count),
    meteredWh: new Float64Array(count),
    exportWh: new Float64Array(count),
    stolenWh: new Float64Array(count),
    registerWh: new Float64Array(count),
  };
}
