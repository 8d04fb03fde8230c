import { type LocalCalendar, type LocalDay, slotMs } from "../calendar.ts";
import { between, draws, hash, uniform, whole } from "../random.ts";
import { type Diversion, stolenOf, touchesDay } from "./diversion.ts";
import { type Likelihood, lostPhaseOf, type Outage, supplyOutagesOf } from "./happenings.ts";
import { phaseShares } from "./phases.ts";
import { type ProfileName, standardDay, standardDayWh } from "./profiles.ts";
import type { Panels, Sky } from "./sun.ts";

/** Who is behind the meter. Energies are what the meter registers (secondary, where it has transformers). */
export interface Customer {
  readonly key: number;
  readonly townKey: number;
  readonly transformerKey: number;
  readonly profile: ProfileName;
  readonly annualWh: number;
  /** Share of the day's energy that is moved into the night by storage heating or a boiler. */
  readonly nightShift: number;
  readonly panels?: Panels;
  /** Rate 2 (night) of the meter's own clock, hours [from, to) across midnight, without summer time when `fixedTime`. */
  readonly nightHours: { readonly from: number; readonly to: number };
  readonly fixedTime: boolean;
  /** The feeder of the transformer, where the network is modelled so far: its outages are the customer's too. */
  readonly feederKey?: number;
  /** Of a customer with one phase: which one, 0 to 2. A lost phase takes it alone. */
  readonly phase?: number;
  /** Of a customer with one phase: the key of a neutral that can come loose. */
  readonly neutralKey?: number;
  /** Of a customer in the network of a town: with three, a lost phase takes its part of what flows. */
  readonly phases?: 1 | 3;
  /** Street light: burns while the sun is below the horizon. */
  readonly lampsW?: number;
  /** What flows past the meter. */
  readonly diversion?: Diversion;
  /** Day of the calendar from which registers count; what flowed before is in their start. */
  readonly countsFromDay?: number;
}

/** What all customers of a town share. */
export interface Surroundings {
  readonly calendar: LocalCalendar;
  readonly likelihood: Likelihood;
  readonly sky: Sky;
  readonly days: DayCache;
}

/** Energies of one day in whole Wh, by quarter-hour. */
export interface DayLoad {
  readonly day: LocalDay;
  readonly importWh: Int32Array;
  readonly exportWh: Int32Array;
  /** 1 where rate 2 counts. */
  readonly night: Uint8Array;
  readonly totals: DayTotals;
  /** What flowed to the customer past the meter; absent where nothing did. */
  readonly stolenWh?: Int32Array;
  /** What would have been measured, on a day on which the relay stood open or something disturbed the meter for a time. */
  readonly uncut?: { readonly importWh: Int32Array; readonly exportWh: Int32Array };
}

/** How much of what flows a meter measures. */
export interface Measuring {
  /** 0 to 1. */
  readonly share: number;
  /** Import is measured as export, and export as import. */
  readonly reversed: boolean;
}
const undisturbed: Measuring = { share: 1, reversed: false };

/** Sums of a day: import in rate 1 and 2, and export. */
export interface DayTotals {
  readonly rate1Wh: number;
  readonly rate2Wh: number;
  readonly exportWh: number;
}

/** Sums from the first day of the calendar to an instant. */
export interface CumulatedWh {
  readonly rate1Wh: number;
  readonly rate2Wh: number;
  readonly importWh: number;
  readonly exportWh: number;
}

/** A quarter-hour has at most so many times the mean of its rate's hours (before what is cut off is spread again). */
const peakMost = 5;
const zero: DayTotals = { rate1Wh: 0, rate2Wh: 0, exportWh: 0 };
/** Days between two remembered sums: the price of a register is at most this many day sums. */
const stride = 32;

/**
 * The load of one customer as a pure function of the seed and the instant. A day's energy comes first, as whole Wh for
 * each rate; the curve then divides exactly that among the quarter-hours. So a register of any instant costs a few day
 * sums, not every quarter-hour since the beginning, and always equals the sum of the curve.
 */
export class LoadCurve {
  readonly #calendar: LocalCalendar;
  readonly #customer: Customer;
  readonly #likelihood: Likelihood;
  readonly #sky: Sky;
  readonly #days: DayCache;
  /** Sums before day 0, 32, 64 … */
  readonly #sums: DayTotals[] = [zero];
  #latest: { readonly index: number; readonly before: DayTotals } = { index: 0, before: zero };
  /** Times in which the relay stood open, in order; the last one may not have ended. */
  #cuts: { readonly fromMs: number; toMs: number }[] | undefined;
  /** How it measures from an instant on, in order; before the first one undisturbed. */
  #measuring: ({ readonly fromMs: number } & Measuring)[] | undefined;

  constructor(customer: Customer, surroundings: Surroundings) {
    this.#customer = customer;
    this.#calendar = surroundings.calendar;
    this.#likelihood = surroundings.likelihood;
    this.#sky = surroundings.sky;
    this.#days = surroundings.days;
  }

  /** From this instant on nothing flows. */
  cut(fromMs: number): void {
    this.#cuts ??= [];
    this.#cuts.push({ fromMs, toMs: Infinity });
    this.#forget(fromMs);
  }

  /** The relay closes again. */
  restore(atMs: number): void {
    const last = this.#cuts?.at(-1);
    if (!last || last.toMs !== Infinity) return;
    last.toMs = Math.max(atMs, last.fromMs);
    this.#forget(last.fromMs);
  }

  /** From this instant on the meter measures otherwise. */
  measure(fromMs: number, measuring: Measuring): void {
    this.#measuring ??= [];
    this.#measuring.push({ fromMs, ...measuring });
    this.#forget(fromMs);
  }

  /** How the meter measures at an instant. */
  measuringAt(ms: number): Measuring {
    return this.#measuring?.findLast(({ fromMs }) => fromMs <= ms) ?? undisturbed;
  }

  /** Whether the relay stands open at an instant. */
  isCut(ms: number): boolean {
    return this.#cuts?.some(({ fromMs, toMs }) => fromMs <= ms && ms < toMs) ?? false;
  }

  /** What was worked out for the day of an instant and all later ones holds no more. */
  #forget(fromMs: number): void {
    const index = Math.max(0, this.#calendar.dayAt(fromMs));
    this.#days.drop(this.#customer.key, index);
    this.#sums.length = Math.min(this.#sums.length, Math.floor(index / stride) + 1);
    if (this.#latest.index > index) this.#latest = { index: 0, before: zero };
  }

  /**
   * What of a quarter-hour's energy is measured in [fromMs, toMs): as itself, and in the other direction. Between two moves of the
   * relay, or changes of the measuring, it is one share.
   */
  #measuredShares(fromMs: number, toMs: number): { own: number; reversed: number } {
    const edges = [fromMs, toMs];
    for (const cut of this.#cuts ?? []) edges.push(cut.fromMs, cut.toMs);
    for (const change of this.#measuring ?? []) edges.push(change.fromMs);
    const inside = edges.filter((ms) => ms >= fromMs && ms <= toMs).sort((a, b) => a - b);
    const measuredMs = { own: 0, reversed: 0 };
    for (let n = 1; n < inside.length; n++) {
      const startMs = inside[n - 1] as number;
      if (this.isCut(startMs)) continue;
      const { share, reversed } = this.measuringAt(startMs);
      measuredMs[reversed ? "reversed" : "own"] += share * ((inside[n] as number) - startMs);
    }
    return { own: measuredMs.own / slotMs, reversed: measuredMs.reversed / slotMs };
  }

  #isTouched({ startMs, slots }: LocalDay): boolean {
    const endMs = startMs + slots * slotMs;
    const isCut = this.#cuts?.some(({ fromMs, toMs }) => fromMs < endMs && toMs > startMs) ?? false;
    const { share, reversed } = this.measuringAt(startMs);
    const disturbed = share !== 1 || reversed;
    return (
      isCut ||
      disturbed ||
      (this.#measuring?.some(({ fromMs }) => fromMs > startMs && fromMs < endMs) ?? false)
    );
  }

  /** Day of the calendar from which registers count. */
  get firstDay(): number {
    return this.#customer.countsFromDay ?? 0;
  }

  /** The quarter-hours of a day. */
  day(index: number): DayLoad {
    return this.#days.take(this.#customer.key, index, () => this.#compute(this.#calendar.day(index)));
  }

  /** Sums up to an instant; the quarter-hour under way counts by the share that has passed, rounded down. */
  cumulatedAt(ms: number): CumulatedWh {
    const index = this.#calendar.dayAt(ms);
    if (index < this.firstDay) {
      return { rate1Wh: 0, rate2Wh: 0, importWh: 0, exportWh: 0 };
    }
    let { rate1Wh, rate2Wh, exportWh } = this.#before(index);
    const load = this.day(index);
    const slot = Math.floor((ms - load.day.startMs) / slotMs);
    for (let i = 0; i <= slot; i++) {
      const underWay = i === slot;
      // A quarter-hour in which the relay moved is not spread evenly: it runs while the relay is closed.
      const flows = (underWay && load.uncut) || load;
      const shares = underWay ? this.#underWay(load, i, ms) : { own: 1, reversed: 0 };
      const { imported, exported } = measured(flows, i, shares);
      if (load.night[i]) rate2Wh += imported;
      else rate1Wh += imported;
      exportWh += exported;
    }
    return { rate1Wh, rate2Wh, importWh: rate1Wh + rate2Wh, exportWh };
  }

  #underWay(load: DayLoad, slot: number, ms: number): { own: number; reversed: number } {
    const startMs = load.day.startMs + slot * slotMs;
    // On an untouched day what is kept was measured already.
    return load.uncut ? this.#measuredShares(startMs, ms) : { own: (ms - startMs) / slotMs, reversed: 0 };
  }

  /** Sums up to the start of a day. */
  beforeDay(index: number): CumulatedWh {
    const { rate1Wh, rate2Wh, exportWh } = this.#before(Math.max(0, index));
    return { rate1Wh, rate2Wh, importWh: rate1Wh + rate2Wh, exportWh };
  }

  #before(index: number): DayTotals {
    if (index === this.#latest.index) return this.#latest.before;
    const block = Math.floor(index / stride);
    while (this.#sums.length <= block) {
      const known = this.#sums.length - 1;
      this.#sums.push(this.#addDays(this.#sums[known] as DayTotals, known * stride, (known + 1) * stride));
    }
    const near = this.#latest.index < index && this.#latest.index >= block * stride;
    const before = near
      ? this.#addDays(this.#latest.before, this.#latest.index, index)
      : this.#addDays(this.#sums[block] as DayTotals, block * stride, index);
    this.#latest = { index, before };
    return before;
  }

  #addDays(sum: DayTotals, from: number, to: number): DayTotals {
    let { rate1Wh, rate2Wh, exportWh } = sum;
    for (let index = Math.max(from, this.firstDay); index < to; index++) {
      const totals = this.#totals(this.#calendar.day(index));
      rate1Wh += totals.rate1Wh;
      rate2Wh += totals.rate2Wh;
      exportWh += totals.exportWh;
    }
    return { rate1Wh, rate2Wh, exportWh };
  }

  // Panels, outages and the relay act on quarter-hours, so their days have no shorter way.
  #totals(day: LocalDay): DayTotals {
    const customer = this.#customer;
    const panels = customer.panels !== undefined && day.index >= customer.panels.fromDay;
    const disturbed =
      supplyOutagesOf(customer, day, this.#likelihood).length > 0 ||
      lostPhaseOf(customer, day, this.#likelihood) !== undefined;
    const diverted = customer.diversion !== undefined && touchesDay(customer.diversion, day);
    if (panels || disturbed || diverted || customer.lampsW !== undefined || this.#isTouched(day)) {
      return this.day(day.index).totals;
    }
    return { ...this.#demand(day), exportWh: 0 };
  }

  /** What the customer takes on a day of undisturbed supply, in each rate. */
  #demand(day: LocalDay): { rate1Wh: number; rate2Wh: number } {
    const { key, townKey, profile, annualWh, nightShift } = this.#customer;
    const household = profile === "H0";
    const weather = between(0.93, 1.08, townKey, 0x3ea, day.index);
    const own = household
      ? between(0.72, 1.3, key, 0xda, day.index)
      : between(0.92, 1.08, key, 0xda, day.index);
    const away = household && this.#away(day.index) ? 0.22 : 1;
    const total = Math.round(standardDayWh(profile, day, annualWh) * weather * own * away * (day.slots / 96));
    const share = this.#nightShare(day);
    const night = Math.min(
      0.85,
      (share + nightShift * (1 - share)) * between(0.9, 1.1, key, 0x517, day.index),
    );
    const rate2Wh = Math.round(total * night);
    return { rate1Wh: total - rate2Wh, rate2Wh };
  }

  // Fortnights: in one of twelve a household is away for 4 to 11 days.
  #away(index: number): boolean {
    const { key } = this.#customer;
    const fortnight = Math.floor(index / 14);
    if (uniform(key, 0xa3a, fortnight) >= 1 / 12) return false;
    const from = whole(0, 3, key, 0xa3b, fortnight);
    const lasts = whole(4, 11, key, 0xa3c, fortnight);
    const at = index % 14;
    return at >= from && at < from + lasts;
  }

  readonly #shares = new Map<string, number>();
  #nightShare(day: LocalDay): number {
    const name = `${day.season}/${day.dayType}/${this.#nightOffset(day.startMs)}`;
    let share = this.#shares.get(name);
    if (share === undefined) {
      const { powerW, energyWh } = standardDay(this.#customer.profile, day.season, day.dayType);
      const offset = this.#nightOffset(day.startMs);
      let night = 0;
      for (let i = 0; i < 96; i++) if (this.#isNight(i * 15 - offset)) night += powerW[i] as number;
      share = night / 4 / energyWh;
      this.#shares.set(name, share);
    }
    return share;
  }

  // Minutes that the zone's clock is ahead of the meter's: 60 in summer for a meter that stays in standard time.
  #nightOffset(ms: number): number {
    if (!this.#customer.fixedTime) return 0;
    return this.#calendar.offsetAt(ms).minutes - this.#calendar.standardMinutes;
  }

  readonly #nights = new Map<number, Uint8Array>();
  #nightOf(day: LocalDay): Uint8Array {
    const offset = this.#nightOffset(day.startMs);
    const known = day.slots === 96 ? this.#nights.get(offset) : undefined;
    if (known) return known;
    const night = Uint8Array.from(day.minutes, (minute, i) => {
      return this.#isNight(minute - this.#nightOffset(day.startMs + i * slotMs)) ? 1 : 0;
    });
    if (day.slots === 96) this.#nights.set(offset, night);
    return night;
  }

  #isNight(minute: number): boolean {
    const hour = (((minute % 1440) + 1440) % 1440) / 60;
    const { from, to } = this.#customer.nightHours;
    return hour >= from || hour < to;
  }

  #compute(day: LocalDay): DayLoad {
    const customer = this.#customer;
    const { slots } = day;
    const night = this.#nightOf(day);
    const importWh = new Int32Array(slots);
    const exportWh = new Int32Array(slots);
    const weights = this.#weights(day);
    const demand = this.#demand(day);
    if (customer.lampsW === undefined) {
      divide(demand.rate1Wh, weights, night, 0, importWh);
      divide(demand.rate2Wh, weights, night, 1, importWh);
    } else {
      const dark = this.#sky.dark(day);
      for (let i = 0; i < slots; i++) importWh[i] = Math.round((customer.lampsW / 4) * (dark[i] as number));
    }

    if (customer.panels && day.index >= customer.panels.fromDay) {
      const output = this.#sky.output(day);
      for (let i = 0; i < slots; i++) {
        const made = Math.round((customer.panels.peakW / 4) * (output[i] as number));
        const net = (importWh[i] as number) - made;
        importWh[i] = Math.max(0, net);
        exportWh[i] = Math.max(0, -net);
      }
    }
    for (const outage of supplyOutagesOf(customer, day, this.#likelihood)) {
      for (let i = 0; i < slots; i++) {
        const startMs = day.startMs + i * slotMs;
        const lost = overlapMs(outage, startMs);
        if (lost <= 0) continue;
        importWh[i] = Math.floor((importWh[i] as number) * (1 - lost / slotMs));
        exportWh[i] = Math.floor((exportWh[i] as number) * (1 - lost / slotMs));
      }
    }
    const lostPhase = lostPhaseOf(customer, day, this.#likelihood);
    if (lostPhase) {
      const part = phaseShares(customer.key, 3)[lostPhase.phase] as number;
      for (let i = 0; i < slots; i++) {
        const share = 1 - (part * overlapMs(lostPhase, day.startMs + i * slotMs)) / slotMs;
        if (share === 1) continue;
        importWh[i] = Math.floor((importWh[i] as number) * share);
        exportWh[i] = Math.floor((exportWh[i] as number) * share);
      }
    }
    // A tap or a bridge does not mind the meter's relay.
    const stolenWh = customer.diversion && stolenOf(customer, customer.diversion, day, importWh);
    const uncut = this.#isTouched(day)
      ? { importWh: importWh.slice(), exportWh: exportWh.slice() }
      : undefined;
    for (let i = 0; uncut && i < slots; i++) {
      const startMs = day.startMs + i * slotMs;
      const { imported, exported } = measured(uncut, i, this.#measuredShares(startMs, startMs + slotMs));
      importWh[i] = imported;
      exportWh[i] = exported;
    }
    const totals = { rate1Wh: 0, rate2Wh: 0, exportWh: 0 };
    for (let i = 0; i < slots; i++) {
      totals[night[i] ? "rate2Wh" : "rate1Wh"] += importWh[i] as number;
      totals.exportWh += exportWh[i] as number;
    }
    return { day, importWh, exportWh, night, totals, ...(stolenWh && { stolenWh }), ...(uncut && { uncut }) };
  }

  /** How the day's energy lies in the day: the standard shape, and for a household its appliances on top. */
  #weights(day: LocalDay): Float64Array {
    const { key, profile } = this.#customer;
    const standard = standardDay(profile, day.season, day.dayType);
    const weights = new Float64Array(day.slots);
    const draw = draws(hash(key, 0x11e, day.index));
    const slotOf = (i: number) => Math.floor((day.minutes[i] as number) / 15);
    if (profile !== "H0") {
      for (let i = 0; i < day.slots; i++) {
        weights[i] = (standard.powerW[slotOf(i)] as number) * (0.94 + 0.12 * draw());
      }
      return weights;
    }
    const mean = standard.energyWh / 24;
    for (let i = 0; i < day.slots; i++) {
      // The refrigerator's cycle of about 50 minutes, and the part of the shape that never sleeps.
      const cooling = Math.sin(i * 1.9 + (key & 7)) > 0 ? 0.12 : 0.04;
      weights[i] = mean * cooling + 0.4 * (standard.powerW[slotOf(i)] as number) * (0.85 + 0.3 * draw());
    }
    const uses = 7 + Math.floor(10 * draw());
    for (let use = 0; use < uses; use++) {
      const first = Math.round((drawSlot(standard.cumulated, draw()) * day.slots) / 96);
      const lasts = [1, 1, 2, 2, 3, 4, 6, 8][Math.floor(8 * draw())] as number;
      const power = mean * (1.5 + 7.5 * draw()) * (lasts > 3 ? 0.45 : 1);
      for (let i = first; i < Math.min(day.slots, first + lasts); i++)
        weights[i] = (weights[i] as number) + power;
    }
    return weights;
  }
}

/** So much of the quarter-hour from `startMs` on lies in an outage. */
export const overlapMs = ({ fromMs, toMs }: Outage, startMs: number): number =>
  Math.max(0, Math.min(toMs, startMs + slotMs) - Math.max(fromMs, startMs));

// Rounds the running sum, not the parts: the parts then add up to the whole, to the last Wh.
function divide(
  energyWh: number,
  weights: Float64Array,
  group: Uint8Array,
  of: 0 | 1,
  into: Int32Array,
): void {
  let sum = 0;
  let slots = 0;
  for (let i = 0; i < weights.length; i++) {
    if (group[i] !== of) continue;
    sum += weights[i] as number;
    slots += 1;
  }
  // No appliance may stand out so far that the supply could not carry it.
  const most = (peakMost * sum) / slots;
  sum = 0;
  for (let i = 0; i < weights.length; i++) if (group[i] === of) sum += Math.min(most, weights[i] as number);
  let running = 0;
  let given = 0;
  for (let i = 0; i < weights.length; i++) {
    if (group[i] !== of) continue;
    running += Math.min(most, weights[i] as number);
    const due = Math.round(energyWh * (running / sum));
    into[i] = due - given;
    given = due;
  }
}

function drawSlot(cumulated: Float64Array, at: number): number {
  const wanted = at * (cumulated[95] as number);
  let low = 0;
  let high = 95;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cumulated[middle] as number) > wanted) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The days computed last, of all meters together: a profile is read day by day, several columns of each. */
export class DayCache {
  readonly #limit: number;
  readonly #days = new Map<number, DayLoad>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Forgets the days of one meter from `fromIndex` on. */
  drop(meterKey: number, fromIndex: number): void {
    const first = (meterKey >>> 0) * 65_536;
    for (const name of this.#days.keys()) {
      if (name >= first + fromIndex && name < first + 65_536) this.#days.delete(name);
    }
  }

  take(meterKey: number, index: number, compute: () => DayLoad): DayLoad {
    const name = (meterKey >>> 0) * 65_536 + index;
    const known = this.#days.get(name);
    if (known) return known;
    const computed = compute();
    if (this.#days.size >= this.#limit) {
      for (const oldest of this.#days.keys()) {
        this.#days.delete(oldest);
        break;
      }
    }
    this.#days.set(name, computed);
    return computed;
  }
}

/** Whole Wh of a quarter-hour that are measured as import and as export. */
function measured(
  flows: { readonly importWh: Int32Array; readonly exportWh: Int32Array },
  slot: number,
  { own, reversed }: { readonly own: number; readonly reversed: number },
): { imported: number; exported: number } {
  const [taken, given] = [flows.importWh[slot] as number, flows.exportWh[slot] as number];
  return {
    imported: Math.floor(taken * own + given * reversed),
    exported: Math.floor(given * own + taken * reversed),
  };
}
