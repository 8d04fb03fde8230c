import {
  byPersons,
  dayAfter,
  dayBefore,
  emptyOverlay,
  estimate,
  isBilled,
  isEmptyOverlay,
  type MarketDay,
  type MethodCode,
  marketDay,
  methodCodes,
  methodMark,
  missingBit,
  notGood,
  type Overlay,
  overlaid,
  quality,
  referenceDaysMax,
  type SeriesDay,
  type StandardProfileName,
  seriesDay,
  standardProfile,
  unpackDay,
} from "@energsys/metering";
import { numbers } from "../arrays.ts";
import type { Queryable } from "../database.ts";
import type { Channel, Network } from "../network.ts";
import { sql } from "../sql.ts";
import type { DueDay } from "./change-list.ts";
import { checkRatio, findCheckDay } from "./check-meters.ts";
import { dateOf, readFirstDays } from "./day-digests.ts";
import { peersOf, readUnexpected } from "./expected-days.ts";
import { keyOf, type MeasuredDay, measuredDays, standingAt } from "./measured-days.ts";
import { readOverlays, type StoredOverlay } from "./overlays.ts";
import { pointRegister } from "./register-steps.ts";
import { isExpected, outagesAt, type Surroundings, windowDaysMax } from "./surroundings.ts";

/** A day whose rules have run: what is laid over it now, and what they refuse. */
export interface MarkedDay extends MeasuredDay {
  readonly stored: StoredOverlay | undefined;
  readonly marks: Uint16Array;
}

export interface EstimatedOverlay extends MeasuredDay {
  readonly stored: StoredOverlay | undefined;
  readonly overlay: Overlay;
  /** Dates of the days that its estimates were made from. */
  readonly sources: ReadonlySet<string>;
}

export interface EstimationContext {
  readonly zone: string;
  readonly nowMs: number;
  /** A day is estimated so long after its end: what is late may still come. */
  readonly estimateAfterMs: number;
}

/**
 * What is to be laid over these days and over the days around them that a gap reaches into: marks, what persons gave, and estimates of
 * what is over and not measured; and the time that it took to read what estimates are made from.
 */
export async function estimateDays(
  db: Queryable,
  network: Network,
  days: readonly MarkedDay[],
  surroundings: Surroundings,
  context: EstimationContext,
): Promise<{ readonly overlays: EstimatedOverlay[]; readonly loadingMs: number }> {
  const results: EstimatedOverlay[] = [];
  const needing: MarkedDay[] = [];
  for (const day of days) {
    if (
      isExpected(surroundings, day.channel, day.day) &&
      isDue(day.day, context) &&
      (lacks(day) || hasEstimates(day.stored))
    )
      needing.push(day);
    else results.push(withoutEstimates(day));
  }
  if (needing.length === 0) return { overlays: results, loadingMs: 0 };
  // A window reaches into days that need nothing: those are as they were found above.
  const settled = new Set(results.map(({ channel, day }) => keyOf(channel.channelId, day.date)));
  const beganMs = performance.now();
  const { windows, around, history } = await readGround(db, network, needing, days, surroundings, context);
  const loadingMs = performance.now() - beganMs;
  for (const window of windows) {
    const series = window.dates.flatMap((date) => around.get(keyOf(window.channel.channelId, date)) ?? []);
    const estimated = estimateWindow(
      window,
      series,
      history.get(window.channel.channelId) ?? [],
      network,
      surroundings,
      context,
    );
    results.push(...estimated.filter(({ channel, day }) => !settled.has(keyOf(channel.channelId, day.date))));
  }
  const targets = new Set(days.map(({ channel, day }) => keyOf(channel.channelId, day.date)));
  // Days beside that nothing is different for are not of concern.
  const overlays = results.filter(
    ({ channel, day, stored, overlay }) =>
      targets.has(keyOf(channel.channelId, day.date)) || stored !== undefined || !isEmptyOverlay(overlay),
  );
  return { overlays, loadingMs };
}

/** What each method would give for a day, each tried before the others. */
export async function estimatesByMethod(
  db: Queryable,
  network: Network,
  day: MarkedDay,
  surroundings: Surroundings,
  context: EstimationContext,
): Promise<Map<MethodCode, EstimatedOverlay>> {
  const { windows, around, history } = await readGround(db, network, [day], [day], surroundings, context);
  const [window] = windows;
  const byMethod = new Map<MethodCode, EstimatedOverlay>();
  if (!window) return byMethod;
  const series = window.dates.flatMap((date) => around.get(keyOf(window.channel.channelId, date)) ?? []);
  const past = history.get(window.channel.channelId) ?? [];
  for (const method of methodCodes) {
    const order = [method, ...methodCodes.filter((other) => other !== method)];
    const made = estimateWindow(window, series, past, network, surroundings, context, order);
    const ours = made.find(({ day: { date } }) => date === day.day.date);
    if (ours) byMethod.set(method, ours);
  }
  return byMethod;
}

/** What estimates are made from: which days are estimated together, those days and the ones beside them, and the days before. */
async function readGround(
  db: Queryable,
  network: Network,
  needing: readonly MarkedDay[],
  days: readonly MarkedDay[],
  surroundings: Surroundings,
  context: EstimationContext,
) {
  await readReach(db, network, needing, surroundings);
  const known = knownOf(days);
  const windows = windowsOf(needing, known, network, surroundings, context);
  const around = await loadAround(db, network, known, windows, context);
  return { windows, around, history: await readHistory(db, known, windows, context.zone) };
}

/** Days whose rules ran in this round: the database does not know yet what they refuse. */
type KnownDays = ReadonlyMap<string, MarkedDay>;

const knownOf = (days: readonly MarkedDay[]): KnownDays =>
  new Map(days.map((day) => [keyOf(day.channel.channelId, day.day.date), day]));

const isDue = ({ endMs }: MarketDay, { nowMs, estimateAfterMs }: EstimationContext): boolean =>
  endMs + estimateAfterMs <= nowMs;

const hasEstimates = (stored: StoredOverlay | undefined): boolean =>
  stored?.methods.some((method) => (method & methodMark.number) !== 0 && !isBilled(method)) ?? false;

/** Some interval is neither measured and valid nor given by a person. */
function lacks({ slots, stored, marks }: MarkedDay): boolean {
  const base = baseOf(slots, stored, marks);
  return base.values.some((value, slot) => Number.isNaN(value) || (base.flags[slot]! & notGood) !== 0);
}

/** The measured day with what persons gave and what rules refuse, without estimates. */
function baseOf(
  slots: { readonly values: Float64Array; readonly flags: Uint16Array },
  stored: StoredOverlay | undefined,
  marks: Uint16Array,
) {
  const given = stored ? byPersons(stored) : emptyOverlay(slots.values.length);
  return overlaid(slots, { ...given, marks });
}

function withoutEstimates({ marks, ...day }: MarkedDay): EstimatedOverlay {
  const given = day.stored ? byPersons(day.stored) : emptyOverlay(marks.length);
  return { ...day, overlay: { ...given, marks }, sources: new Set() };
}

/** Consecutive days of one channel that are estimated together. */
interface Window {
  readonly channel: Channel;
  readonly pointId: number;
  readonly dates: readonly string[];
}

/** Digests as far as gaps may reach, the first day, and where nothing is expected: of the few channels that have some. */
async function readReach(
  db: Queryable,
  network: Network,
  needing: readonly MarkedDay[],
  { digests, firstDays, unexpected }: Surroundings,
): Promise<void> {
  const channelIds = [...new Set(needing.map(({ channel }) => channel.channelId))];
  const unknown = channelIds.filter((channelId) => !firstDays.has(channelId));
  for (const [channelId, day] of await readFirstDays(db, unknown)) firstDays.set(channelId, day);
  const numbersOf = needing.map(({ day }) => Date.parse(`${day.date}T00:00:00Z`) / 86_400_000);
  await digests.read(
    db,
    channelIds,
    dateOf(Math.min(...numbersOf) - windowDaysMax - 1),
    dateOf(Math.max(...numbersOf) + windowDaysMax + 1),
  );
  const reach = new Map<string, DueDay>();
  needing.forEach(({ channel: { channelId }, pointId }, nth) => {
    if (peersOf(network, { channelId, pointId }).length < 2) return;
    for (let far = -windowDaysMax - 1; far <= windowDaysMax + 1; far++) {
      const date = dateOf(numbersOf[nth]! + far);
      reach.set(keyOf(channelId, date), { channelId, pointId, date });
    }
  });
  for (const key of await readUnexpected(db, network, [...reach.values()])) unexpected.add(key);
}

/** From each day as far as days lack something, one more on each side; windows that touch are one. */
function windowsOf(
  needing: readonly MarkedDay[],
  known: KnownDays,
  network: Network,
  surroundings: Surroundings,
  context: EstimationContext,
): Window[] {
  const windows: Window[] = [];
  const needed = new Set(needing.map(({ channel, day }) => keyOf(channel.channelId, day.date)));
  for (const [channelId, days] of Map.groupBy(needing, ({ channel }) => channel.channelId)) {
    const [{ channel, pointId }] = days as [MarkedDay];
    const wanted = new Map<string, MarketDay>();
    const holed = (day: MarketDay) => {
      if (standingAt(network, pointId, day).length === 0 || !isDue(day, context)) return false;
      if (!isExpected(surroundings, channel, day)) return false;
      const key = keyOf(channelId, day.date);
      return known.has(key)
        ? needed.has(key)
        : (surroundings.digests.flagsOf(channelId, day.date) & (missingBit | notGood | quality.estimated)) !==
            0;
    };
    for (const { day } of days) {
      wanted.set(day.date, day);
      for (const step of [dayBefore, dayAfter]) {
        let next = step(day, context.zone);
        for (let far = 0; far < windowDaysMax && holed(next); far++) {
          wanted.set(next.date, next);
          next = step(next, context.zone);
        }
        // What another channel measures is no day of this one, not even one to look at.
        if (!surroundings.unexpected.has(keyOf(channelId, next.date))) wanted.set(next.date, next);
      }
    }
    let dates: string[] = [];
    let endMs = Number.NaN;
    for (const day of [...wanted.values()].sort((a, b) => a.startMs - b.startMs)) {
      if (day.startMs !== endMs && dates.length > 0) {
        windows.push({ channel, pointId, dates });
        dates = [];
      }
      dates.push(day.date);
      endMs = day.endMs;
    }
    windows.push({ channel, pointId, dates });
  }
  return windows;
}

/** The days of all windows with their marks: those whose rules ran just now, and the others as they were left. */
async function loadAround(
  db: Queryable,
  network: Network,
  known: KnownDays,
  windows: readonly Window[],
  context: EstimationContext,
): Promise<Map<string, MarkedDay>> {
  const around = new Map(known);
  const others: DueDay[] = windows.flatMap(({ channel: { channelId }, pointId, dates }) =>
    dates.filter((date) => !known.has(keyOf(channelId, date))).map((date) => ({ channelId, pointId, date })),
  );
  const measured = [...(await measuredDays(db, network, others, context)).values()];
  const stored = await readOverlays(
    db,
    measured.map(({ channel, day }) => ({ channelId: channel.channelId, date: day.date })),
  );
  measured.forEach((day, nth) => {
    const overlay = stored[nth];
    const marks = overlay?.marks ?? new Uint16Array(day.slots.values.length);
    around.set(keyOf(day.channel.channelId, day.day.date), { ...day, stored: overlay, marks });
  });
  return around;
}

/** Days before the windows as they count, by channel: only whole and measured ones become references. */
async function readHistory(
  db: Queryable,
  known: KnownDays,
  windows: readonly Window[],
  zone: string,
): Promise<Map<number, SeriesDay[]>> {
  const zoneDays = new Map<number, SeriesDay[]>();
  const first = windows.map(({ dates }) => dates[0]!).sort()[0]!;
  const last = windows
    .map(({ dates }) => dates[0]!)
    .sort()
    .at(-1)!;
  const earliest = dateOf(Date.parse(`${first}T00:00:00Z`) / 86_400_000 - referenceDaysMax);
  const { rows } = await db.query<{
    channel_id: number;
    day: string;
    slots: number;
    v: Buffer;
    q: Buffer | null;
  }>(sql`
    select channel_id, day, slots, v, q from load_day
    where channel_id = any(${numbers(windows.map(({ channel }) => channel.channelId))}::int[])
      and day >= ${earliest}::date and day < ${last}::date and flags >= 0`);
  for (const { channel_id, day, slots, v, q } of rows) {
    const into = zoneDays.get(channel_id) ?? [];
    const ofRound = known.get(keyOf(channel_id, day));
    const counts = ofRound ? baseOf(ofRound.slots, ofRound.stored, ofRound.marks) : unpackDay(v, q, slots);
    into.push(seriesDay(marketDay(day, zone), counts));
    zoneDays.set(channel_id, into);
  }
  return zoneDays;
}

/** Standard profiles (BDEW 1999) by category: what a point of that kind usually looks like. */
const profiles: Readonly<Partial<Record<string, StandardProfileName>>> = {
  household: "H0",
  business: "G0",
  public: "G1",
  industry: "G3",
};

/** A check meter's days, and the profile by which the expected energy of a year spreads: where the point has such. */
function othersOf(
  channel: Channel,
  pointId: number,
  days: readonly MarkedDay[],
  { points, checks }: Surroundings,
  { zone }: EstimationContext,
): Pick<Parameters<typeof estimate>[0], "check" | "profile"> {
  const then = points.at(pointId, days[0]!.day.startMs);
  if (!then || channel.unit !== "Wh") return {};
  const profileName = profiles[then.category];
  const annual = then.expectedYearWh === null ? undefined : then.expectedYearWh / 10 ** channel.scale;
  const isImport = !/^1-\d+:2\./.test(channel.obis);
  const profile =
    profileName !== undefined && annual !== undefined && Number.isSafeInteger(annual) && isImport
      ? { profile: standardProfile(profileName, annual, { zone, periodSeconds: channel.periodSeconds }) }
      : {};
  const checked = days.map(({ day }) => findCheckDay(checks, then.checkPointId, channel, day.date));
  const one = checked.find((day) => day !== undefined);
  if (!one) return profile;
  const none = { values: new Float64Array(0), flags: new Uint16Array(0) };
  return {
    ...profile,
    check: {
      days: checked.map((day) => day?.slots ?? none),
      ratio: checkRatio(one.scale, channel.scale),
    },
  };
}

function estimateWindow(
  { channel, pointId }: Window,
  days: readonly MarkedDay[],
  history: readonly SeriesDay[],
  network: Network,
  surroundings: Surroundings,
  context: EstimationContext,
  order?: readonly MethodCode[],
): EstimatedOverlay[] {
  const [first] = days;
  const last = days.at(-1);
  if (!first || !last) return [];
  const standing = days.flatMap(({ day }) => standingAt(network, pointId, day));
  const lastDue = days.findLast(({ day }) => isDue(day, context));
  const series = days.map(({ day, slots, stored, marks }) => seriesDay(day, baseOf(slots, stored, marks)));
  const input = {
    kind: channel.kind,
    periodSeconds: channel.periodSeconds,
    zone: context.zone,
    days: series,
    history: history.filter(({ date }) => date < first.day.date),
    registers: registersOf(channel, standing, surroundings, first.day.startMs, last.day.endMs),
    outages: days.flatMap(({ day }) => outagesAt(surroundings, network, pointId, day) ?? []),
    fromMs: Math.max(
      marketDay(surroundings.firstDays.get(channel.channelId) ?? first.day.date, context.zone).startMs,
      Math.min(...standing.map(({ installation }) => installation.fromMs)),
    ),
    toMs: Math.min(
      lastDue?.day.endMs ?? Number.NEGATIVE_INFINITY,
      Math.max(...standing.map(({ installation }) => installation.toMs)),
    ),
    reachDays: windowDaysMax,
  };
  const { days: estimated, used } = estimate(
    { ...input, ...othersOf(channel, pointId, days, surroundings, context) },
    order,
  );
  return days.map((day, nth) => {
    const made = estimated[nth];
    const { overlay } = withoutEstimates(day);
    if (made) {
      made.methods.forEach((method, slot) => {
        // What was billed stands as it was billed.
        if (method === methodMark.none || isBilled(overlay.methods[slot]!)) return;
        overlay.values[slot] = made.values[slot]!;
        overlay.methods[slot] = (overlay.methods[slot]! & methodMark.refused) | method;
      });
    }
    const { marks: _, ...measured } = day;
    return { ...measured, overlay, sources: used.get(day.day.date) ?? new Set() };
  });
}

/** The longest run of the register of the meters that stood there, within the window, without a test of the meter in it. */
function registersOf(
  channel: Channel,
  standing: ReturnType<typeof standingAt>,
  { registers, tested }: Surroundings,
  fromMs: number,
  toMs: number,
) {
  const runs = [...new Map(standing.map((stands) => [stands.installation, stands])).values()].flatMap(
    ({ installation, meter }) =>
      (tested.get(meter.meterId) ?? []).reduce(
        (parts, test) =>
          parts.flatMap((readings) => [
            readings.filter(({ atMs }) => atMs <= test.fromMs),
            readings.filter(({ atMs }) => atMs >= test.toMs),
          ]),
        (pointRegister(registers, channel, installation, meter)?.runs ?? []).map(({ readings }) => readings),
      ),
  );
  const within = runs.map((readings) => readings.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs));
  return within.sort((a, b) => b.length - a.length)[0] ?? [];
}
