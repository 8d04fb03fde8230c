import { marketDay } from "@energsys/metering";
import {
  type Database,
  type Energy,
  energies,
  findCounted,
  type Language,
  type Period,
  readSeries,
  readSubjectNames,
  type Scope,
  type Series,
} from "@energsys/store";
import { type CsvCell, type CsvTime, decimal, localTime, scaledText } from "../csv.ts";
import { localTimes } from "../local-times.ts";
import { qualityText } from "../quality-text.ts";
import { word } from "../words.ts";
import type { Named } from "./asked.ts";
import type { ReportTable, Row } from "./table.ts";

/** Days of points that are read at once, the next ones while these are written: few, so that they are forgotten again before they are kept. */
const pointDaysAtOnce = 150;
const pointsAtOnceMax = 500;
const quarterHourMs = 900_000;

export interface ValuesAsked {
  readonly subject: Named;
  readonly energy: Energy;
  readonly period: Period;
  readonly scope: Scope;
  readonly language: Language;
}

const daysOf = ({ fromDay, toDay }: Period): number => Temporal.PlainDate.from(fromDay).until(toDay).days;

/** What a table of values will hold: its points, and at most so many rows. */
export function sizeOfValues({ subject, period }: Pick<ValuesAsked, "subject" | "period">) {
  const points = new Set(subject.counted.sources.map(({ pointId }) => pointId)).size;
  const [startMs, endMs] = [period.fromDay, period.toDay].map((day) => marketDay(day, period.zone).startMs);
  return { points, rows: points * ((endMs! - startMs!) / quarterHourMs) };
}

/**
 * Every value of every point of a subject, one line each: of a group while the point was a member, of points that the scope holds. Read
 * some points at a time. `told` hears how many points are written, and how many rows.
 */
export function valuesTable(
  db: Database,
  asked: ValuesAsked,
  told: (points: number, rows: number) => void,
): ReportTable {
  const { subject, energy, period, language } = asked;
  const lastDay = Temporal.PlainDate.from(period.toDay).subtract({ days: 1 }).toString();
  return {
    name: `values-${period.fromDay}-${period.toDay}`,
    title: word("intervalValues", language),
    facts: [
      [
        word("subject", language),
        [subject.name.name || word("wholeSystem", language), subject.name.detail]
          .filter((part) => part !== "")
          .join(" · "),
      ],
      [word("period", language), period.fromDay, lastDay],
      [word("zone", language), period.zone],
      [word("energy", language), energy],
    ],
    columns: [
      word("pod", language),
      word("intervalStart", language),
      word("offset", language),
      word("intervalSeconds", language),
      word("value", language),
      word("unit", language),
      word("quality", language),
    ],
    fields: [
      { name: "pod", kind: "text" },
      { name: "interval_start_local", kind: "time" },
      { name: "utc_offset", kind: "text" },
      { name: "interval_seconds", kind: "number" },
      { name: "value", kind: "number" },
      { name: "unit", kind: "text" },
      { name: "quality", kind: "text" },
    ],
    rows: valueRows(db, asked, told),
  };
}

async function* valueRows(
  db: Database,
  asked: ValuesAsked,
  told: (points: number, rows: number) => void,
): AsyncGenerator<Iterable<Row>> {
  const { subject, period, language } = asked;
  const times = Map.groupBy(subject.counted.sources, ({ pointId }) => pointId);
  const pointIds = [...times.keys()].sort((a, b) => a - b);
  const atOnce = Math.max(1, Math.min(pointsAtOnceMax, Math.floor(pointDaysAtOnce / daysOf(period))));
  const clocks = new Map<string, SlotClock>();
  const qualities = new Qualities(language);
  const written = { points: 0, rows: 0 };
  const read = (at: number) => {
    const reading = readPoints(db, asked, pointIds.slice(at, at + atOnce));
    // Whoever waits for it hears of a failure; until then, or when the file is given up, it is nobody's.
    reading.catch(() => undefined);
    return reading;
  };
  let next = read(0);
  for (let at = 0; at < pointIds.length; at += atOnce) {
    const found = await next;
    next = read(at + atOnce);
    for (const { pointId, pod, series } of found) {
      const { startMs, stepSeconds } = series;
      const clock = clocks.get(`${startMs} ${stepSeconds}`) ?? new SlotClock(period.zone, series);
      clocks.set(`${startMs} ${stepSeconds}`, clock);
      yield rowsOf(series, { pod, during: times.get(pointId)!, clock, qualities, written });
      told(++written.points, written.rows);
    }
  }
}

/** Series of some points. A group may hold points that the reader does not see: they are not among them. */
async function readPoints(db: Database, { energy, period, scope }: ValuesAsked, pointIds: readonly number[]) {
  if (pointIds.length === 0) return [];
  const subjects = pointIds.map((pointId) => ({ kind: "point" as const, pointId }));
  const names = await readSubjectNames(db, scope, subjects, period.nowMs);
  const found = await findCounted(db, scope, subjects, period);
  const seen = found.flatMap((counted, nth) => {
    const name = names[nth];
    return counted && name ? [{ counted, pointId: pointIds[nth]!, pod: name.name }] : [];
  });
  // Nothing is remembered: a file is written once, and others' results shall not be forgotten for it.
  const series = await readSeries(
    { db },
    seen.map(({ counted }) => counted),
    { ...period, obis: energies[energy] },
  );
  return seen.map(({ pointId, pod }, nth) => ({ pointId, pod, series: series[nth]! }));
}

/** Times on the wall of the slots of a series, made once for all points of that step. */
class SlotClock {
  readonly #timeOf: ReturnType<typeof localTimes>;
  readonly #series: Pick<Series, "startMs" | "stepSeconds">;
  readonly #made: { readonly local: CsvTime; readonly offset: string }[] = [];

  constructor(zone: string, series: Pick<Series, "startMs" | "stepSeconds">) {
    this.#timeOf = localTimes(zone, series.startMs);
    this.#series = series;
  }

  at(slot: number) {
    for (let next = this.#made.length; next <= slot; next++) {
      const { local, offset } = this.#timeOf(this.#series.startMs + next * this.#series.stepSeconds * 1000);
      this.#made.push({ local: localTime(local), offset });
    }
    return this.#made[slot]!;
  }
}

/** Words for bits of quality, each made once. */
class Qualities {
  readonly #language: Language;
  readonly #words = new Map<number, string>();
  readonly missing: string;

  constructor(language: Language) {
    this.#language = language;
    this.missing = word("missing", language);
  }

  of(flags: number): string {
    let text = this.#words.get(flags);
    if (text === undefined) {
      text = qualityText(flags, this.#language);
      this.#words.set(flags, text);
    }
    return text;
  }
}

interface Written {
  readonly pod: string;
  readonly during: readonly { readonly fromMs: number; readonly toMs: number }[];
  readonly clock: SlotClock;
  readonly qualities: Qualities;
  /** How many rows there are so far. */
  readonly written: { rows: number };
}

function* rowsOf(series: Series, { pod, during, clock, qualities, written }: Written): Generator<CsvCell[]> {
  const seconds = decimal(String(series.stepSeconds));
  for (let slot = 0; slot < series.values.length; slot++) {
    const value = series.values[slot]!;
    const missing = Number.isNaN(value);
    if (missing && series.expected[slot] === 0) continue;
    const ms = series.startMs + slot * series.stepSeconds * 1000;
    if (!during.some(({ fromMs, toMs }) => fromMs <= ms && ms < toMs)) continue;
    const { local, offset } = clock.at(slot);
    written.rows++;
    yield [
      pod,
      local,
      offset,
      seconds,
      missing ? null : decimal(scaledText(BigInt(value), series.scale)),
      series.unit,
      missing ? qualities.missing : qualities.of(series.flags[slot]!),
    ];
  }
}
