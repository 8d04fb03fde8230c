import { type Evidence, type LossMember, lossLaw, type NamedCell } from "@energsys/metering";
import { findMeterModel, noticedBy } from "@energsys/metering/models";
import {
  billedYearWh,
  capacityOf,
  categoryOf,
  type GridPoint,
  GridTown,
  labels,
  TownLedger,
} from "@energsys/simulator";

/** Who is guilty in the month of a town, by the ledger. */
export interface GuiltyPoint {
  readonly point: number;
  readonly transformer: number;
  readonly kind: string;
  /** Wh that were not counted, or counted at the wrong place, in the month. */
  readonly wh: number;
}

export interface LossesTown {
  readonly cells: readonly NamedCell<number, number>[];
  readonly guilty: readonly GuiltyPoint[];
  readonly town: GridTown;
  readonly ledger: TownLedger;
}

/** Line data are never exact: by a fifth too much or too little. */
export const lineDataPart = (transformer: number): number => (transformer % 2 ? 1.2 : 0.8);

const slotMs = 900_000;
/** How long before the month the logs of meters are read: half a year. */
export const historyMs = 182 * 86_400_000;

export interface LossesTownOptions {
  readonly seed: number;
  readonly points: number;
  readonly begin: string;
  readonly days: number;
}

/**
 * A month of a town as a system has it: of every meter the differences of what its register shows, in its steps and by its own clock, times
 * the factor in the books; of the balance meter what flowed; who is in which group by the books. Pulses do not tell what is fed back.
 */
export function lossesTown({ seed, points, begin, days }: LossesTownOptions): LossesTown {
  const town = new GridTown({ points, seed, begin, daysKept: 20_000 });
  const ledger = new TownLedger(town);
  const { calendar, beginDay } = town;
  const fromMs = calendar.day(beginDay).startMs;
  const toMs = calendar.day(beginDay + days).startMs;
  const daySlots = Array.from({ length: days }, (_, day) => calendar.day(beginDay + day).slots);
  const booked: Float64Array[] = [];
  const stolen: number[] = [];
  const taken: Float64Array[] = [];
  const curves = town.points.map((point) => {
    const { startsMs, exportWh, registerWh } = ledger.recorded(point.index, fromMs, toMs);
    const wh = risesOf(point, ledger, fromMs, startsMs, registerWh);
    taken.push(wh.slice());
    if (point.attachment.kind !== "pulses") for (let i = 0; i < wh.length; i++) wh[i] = wh[i]! - exportWh[i]!;
    stolen.push(sumOf(ledger.point(point.index, fromMs, toMs).stolenWh));
    return wh;
  });
  const members: LossMember<number>[] = town.points.map((point) => {
    const { bookError, ratio, meter, index } = point;
    const other = bookError?.kind === "swapped" ? town.points[bookError.other ?? -1] : undefined;
    const mutual = other?.bookError?.other === index ? other : undefined;
    const factor = bookError?.enteredRatio ?? ratio;
    const wh = curves[mutual?.index ?? index]!.map((value) => value * factor);
    booked[index] = wh;
    const { meter: its, index: itsIndex, attachment } = mutual ?? point;
    const expectedYearWh = billedYearWh(point);
    const notices = attachment.kind === "pulses" ? [] : noticedBy(findMeterModel(labels[its.kind].model)!);
    return {
      id: index,
      netWh: wh,
      takenWh: taken[mutual?.index ?? index]!.map((value) => value * factor),
      factor,
      indirect: its.currentRatio !== undefined,
      phases: its.phases,
      ...(notices.length > 0 && {
        evidence: {
          notices,
          events: eventsOf(ledger, itsIndex, fromMs - historyMs, toMs),
          watchedFromMs: fromMs - historyMs,
        },
      }),
      books: {
        phases: meter.phases,
        household: categoryOf(meter.customer) === "household",
        mayExport: point.exports,
        ...(expectedYearWh !== undefined && { expectedYearWh }),
      },
    };
  });
  const missing = (point: GridPoint) => point.bookError?.kind === "not-in-group";
  const cells = town.transformers.map((transformer) => {
    const { number, feeder, firstPoint, points: count, kva, ironW, copperW, lineOhm } = transformer;
    const own = town.points.slice(firstPoint, firstPoint + count);
    const ohm = lineOhm * lineDataPart(number);
    return {
      name: number,
      neighbourhood: String(feeder),
      cell: {
        daySlots,
        startMs: fromMs,
        balanceWh: ledger.transformer(number, fromMs, toMs).netWh,
        members: own.filter((point) => !missing(point)).map(({ index }) => members[index]!),
        outsiders: town.points
          .filter((point) => missing(point) && town.transformers[point.transformer]!.feeder === feeder)
          .map(({ index }) => members[index]!),
        technical: lossLaw({ ratedKva: kva, noLoadLossW: ironW, loadLossW: copperW }, { ohm, volts: 400 }),
      },
    };
  });
  const guilty: GuiltyPoint[] = [];
  for (const { index: point, transformer, meter, bookError } of town.points) {
    const { diversion } = meter.customer;
    if (diversion && stolen[point]! > 0)
      guilty.push({ point, transformer, kind: diversion.mode, wh: stolen[point]! });
    if (!bookError) continue;
    const truth = sumOf(ledger.point(point, fromMs, toMs).meteredWh);
    guilty.push({
      point,
      transformer,
      kind: bookError.kind,
      wh: Math.abs(truth - sumOf(booked[point]!)) || truth,
    });
  }
  return { cells, guilty, town, ledger };
}

type TamperEvent = NonNullable<Evidence["events"]>[number];

/** What the log of a meter says of somebody at it. */
function eventsOf(ledger: TownLedger, index: number, fromMs: number, toMs: number): TamperEvent[] {
  const found: TamperEvent[] = [];
  for (const { kind, atMs } of ledger.tampering(index, fromMs, toMs)) {
    if (kind === "magnet-on") found.push({ kind: "magnet", atMs });
    else if (kind.endsWith("-removed")) found.push({ kind: "cover", atMs });
  }
  return found;
}

const sumOf = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0);

/** Differences of what the register in use shows, over roll-over and exchange. */
function risesOf(
  point: GridPoint,
  ledger: TownLedger,
  fromMs: number,
  startsMs: Float64Array,
  registerWh: Float64Array,
): Float64Array {
  const rises = new Float64Array(registerWh.length);
  const capacity = capacityOf(point);
  const exchange = ledger.exchange(point.index);
  let before = ledger.register(point.index, fromMs);
  for (let i = 0; i < rises.length; i++) {
    const now = registerWh[i]!;
    const startMs = startsMs[i]!;
    if (exchange && exchange.atMs > startMs && exchange.atMs <= startMs + slotMs)
      rises[i] = exchange.oldWh - before + (now - exchange.newWh);
    else rises[i] = now >= before ? now - before : now - before + capacity;
    before = now;
  }
  return rises;
}
