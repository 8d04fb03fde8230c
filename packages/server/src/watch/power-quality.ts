import {
  countWeek,
  dipDepths,
  dipDurationsMs,
  findAbsentPhase,
  findNeutralLoss,
  type JoinedDisturbance,
  joinDisturbances,
  judgePoint,
  judgeWeek,
  marketDay,
  type PhaseDisturbance,
  type PhaseSample,
  type PhaseWeek,
  starPointMoved,
  unbalanceOfPhases,
  type Verdict,
  type VoltageLimits,
} from "@energsys/metering";
import {
  limitsOn,
  listVoltageLimits,
  type PhaseVoltages,
  type PointCell,
  pointNames,
  readPointCells,
  readSupplyStories,
  readVoltages,
  type SupplyStory,
} from "@energsys/store";
import { Problem } from "../problem.ts";
import { pointIdsOf, type Watching } from "./kind.ts";
import { columnsOf, count, fixed, isoOf, seconds, type WatchPart, type WatchRow } from "./report.ts";
import { watchWord } from "./words.ts";

const weekDays = 7;
/** Weeks of one report; each point is judged by its worst. */
const weeksMax = 5;
/** Days of points whose voltages are in memory at the same time: 50 MB of means of ten minutes of three phases. */
const batchDays = 30_000;
const referenceV = 230;

interface JudgedPhase extends PhaseWeek {
  readonly phase: number;
  readonly source: PhaseVoltages["source"];
  readonly weekFrom: string;
  readonly lowest: number;
  readonly mean: number;
  readonly highest: number;
}

interface JudgedPoint {
  readonly pointId: number;
  readonly verdict: Verdict;
  readonly phases: readonly JudgedPhase[];
  readonly unbalance: { readonly p95: number; readonly above: number } | undefined;
  readonly finding: { readonly word: string; readonly bad: boolean } | undefined;
  readonly events: readonly JoinedDisturbance[];
}

/** Voltages of points of low voltage against the limits of their week, phase by phase, with the events that their meters told of. */
export async function powerQuality(
  watching: Watching,
): Promise<{ facts: [string, string][]; parts: WatchPart[] }> {
  const { services, counted, period, language } = watching;
  const { db, now, zone } = services;
  const days = Temporal.PlainDate.from(period.fromDay).until(period.toDay).days;
  if (days > weekDays * weeksMax)
    throw new Problem("input.invalid", { fields: { "/to": `At most ${weekDays * weeksMax} days` } });
  const span = {
    fromMs: marketDay(period.fromDay, zone).startMs,
    toMs: marketDay(period.toDay, zone).startMs,
  };
  const limits = limitsOn(await listVoltageLimits(db), period.fromDay);
  const cells = await readPointCells(db, watching.scope, pointIdsOf(counted), span);
  const low = cells.filter(({ voltage }) => voltage === "low");
  const judged: JudgedPoint[] = [];
  const batch = Math.ceil(batchDays / days);
  for (let first = 0; first < low.length; first += batch) {
    const some = low.slice(first, first + batch);
    const ids = some.map(({ pointId }) => pointId);
    const [voltages, stories] = [
      await readVoltages(db, ids, { ...period, nowMs: now() }),
      await readSupplyStories(db, ids, span),
    ];
    judged.push(...judge(some, voltages, stories, limits, period.fromDay, zone));
  }
  const rank: Record<Verdict, number> = { fail: 0, "not-assessed": 1, pass: 2 };
  const worst = ({ phases }: JudgedPoint) => Math.min(1, ...phases.map(({ inRangeShare }) => inRangeShare));
  judged.sort((a, b) => rank[a.verdict] - rank[b.verdict] || worst(a) - worst(b) || a.pointId - b.pointId);
  const named = await pointNames(
    db,
    judged.map(({ pointId }) => pointId),
  );
  const of = (verdict: Verdict) =>
    judged.filter((point) => point.phases.length > 0 && point.verdict === verdict).length;
  return {
    facts: [
      [
        watchWord("limits", language),
        watchWord("limitsText", language, {
          low: limits.lowV,
          high: limits.highV,
          wideLow: limits.wideLowV,
          wideHigh: limits.wideHighV,
          share: Math.round(limits.shareRequired * 10_000) / 100,
          unbalance: limits.unbalanceMaxPercent,
        }),
      ],
      [watchWord("weeks", language), watchWord("weeksText", language, { from: period.fromDay })],
      [
        watchWord("verdicts", language),
        watchWord("verdictsText", language, {
          pass: of("pass"),
          fail: of("fail"),
          unknown: of("not-assessed"),
          silent: low.length - judged.filter(({ phases }) => phases.length > 0).length,
          other: cells.length - low.length,
        }),
      ],
    ],
    parts: partsOf(judged, (pointId) => named.get(pointId)!, watching, limits),
  };
}

function judge(
  cells: readonly PointCell[],
  voltages: readonly PhaseVoltages[],
  stories: readonly SupplyStory[],
  limits: VoltageLimits,
  fromDay: string,
  zone: string,
): JudgedPoint[] {
  const ofPoint = Map.groupBy(voltages, ({ pointId }) => pointId);
  const storyOf = new Map(stories.map((story) => [story.pointId, story]));
  const moved = neighboursMoved(cells, ofPoint);
  return cells.flatMap(({ pointId, locationId }) => {
    const phases = ofPoint.get(pointId) ?? [];
    const story = storyOf.get(pointId);
    const events = joinDisturbances(story?.disturbances ?? [], (one) => percentOf(one, phases));
    if (phases.length === 0 && events.length === 0) return [];
    const judged = phases.map((one) => worstWeek(one, story, limits, fromDay, zone));
    const samples = samplesOf(phases);
    return [
      {
        pointId,
        verdict: judgePoint(judged),
        phases: judged,
        unbalance: samples && unbalanceOf(samples, limits.unbalanceMaxPercent),
        finding: samples && findingOf(samples, (moved.get(locationId) ?? 0) - 1),
        events,
      },
    ];
  });
}

/** Points of one location whose star point has moved in some sample: neighbours confirm each other. */
function neighboursMoved(
  cells: readonly PointCell[],
  ofPoint: ReadonlyMap<number, readonly PhaseVoltages[]>,
): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { pointId, locationId } of cells) {
    const samples = samplesOf(ofPoint.get(pointId) ?? []);
    if (samples?.some((sample) => starPointMoved(sample)))
      counts.set(locationId, (counts.get(locationId) ?? 0) + 1);
  }
  return counts;
}

/** Samples of all three phases at once; absent for a point that has not three phases of one kind. */
function samplesOf(phases: readonly PhaseVoltages[]): PhaseSample[] | undefined {
  const [a, b, c] = phases;
  if (!a || !b || !c || a.stepSeconds !== b.stepSeconds || a.stepSeconds !== c.stepSeconds) return undefined;
  const samples: PhaseSample[] = [];
  for (let slot = 0; slot < a.values.length; slot++) {
    const sample: PhaseSample = [a.values[slot]!, b.values[slot]!, c.values[slot]!];
    if (!sample.some(Number.isNaN)) samples.push(sample);
  }
  return samples;
}

function unbalanceOf(samples: readonly PhaseSample[], limit: number): JudgedPoint["unbalance"] {
  const all = samples.map((sample) => unbalanceOfPhases(...sample)).filter((one) => !Number.isNaN(one));
  if (all.length === 0) return undefined;
  all.sort((a, b) => a - b);
  const above = all.filter((one) => one > limit).length / all.length;
  return { p95: all[Math.ceil(0.95 * all.length) - 1]!, above };
}

function findingOf(samples: readonly PhaseSample[], neighbours: number): JudgedPoint["finding"] {
  const neutral = findNeutralLoss(samples, undefined, neighbours);
  if (neutral === "neutral-lost") return { word: neutral, bad: true };
  const absent = findAbsentPhase(samples);
  if (absent !== undefined) return { word: `absent-${absent}`, bad: true };
  return { word: neutral, bad: neutral !== "none" };
}

/** The week of a phase that is worst: first those that fail, then by what is within the limits. */
function worstWeek(
  one: PhaseVoltages,
  story: SupplyStory | undefined,
  limits: VoltageLimits,
  fromDay: string,
  zone: string,
): JudgedPhase {
  const flagged = flagsOf(one, story);
  const stepMs = one.stepSeconds * 1000;
  const weeks: JudgedPhase[] = [];
  for (let nth = 0; nth < weeksMax; nth++) {
    const weekFrom = Temporal.PlainDate.from(fromDay).add({ days: nth * weekDays });
    const startMs = marketDay(weekFrom.toString(), zone).startMs;
    const endMs = marketDay(weekFrom.add({ days: weekDays }).toString(), zone).startMs;
    const [from, to] = [(startMs - one.startMs) / stepMs, (endMs - one.startMs) / stepMs];
    if (from >= one.values.length) break;
    const values = one.values.subarray(from, to);
    const counts = countWeek(values, limits, { total: to - from, flagged: flagged.subarray(from, to) });
    const known = values.filter((volt) => !Number.isNaN(volt));
    weeks.push({
      ...judgeWeek(counts, limits),
      phase: one.phase,
      source: one.source,
      weekFrom: weekFrom.toString(),
      lowest: known.reduce((least, volt) => Math.min(least, volt), Number.POSITIVE_INFINITY),
      highest: known.reduce((most, volt) => Math.max(most, volt), Number.NEGATIVE_INFINITY),
      mean: known.reduce((sum, volt) => sum + volt, 0) / known.length,
    });
  }
  const rank = { fail: 0, pass: 1, "not-assessed": 2 } as const;
  return weeks.sort((a, b) => rank[a.verdict] - rank[b.verdict] || a.inRangeShare - b.inRangeShare)[0]!;
}

/** Intervals with an interruption, dip or swell in them do not count (IEC 61000-4-30); a voltage that is low for longer than a minute does. */
function flagsOf(one: PhaseVoltages, story: SupplyStory | undefined): Uint8Array {
  const flags = new Uint8Array(one.values.length);
  const stepMs = one.stepSeconds * 1000;
  const flag = (fromMs: number, toMs: number) =>
    flags.fill(
      1,
      Math.max(0, Math.floor((fromMs - one.startMs) / stepMs)),
      Math.max(0, Math.floor((toMs - one.startMs) / stepMs) + 1),
    );
  for (const { startMs, endMs } of story?.interruptions ?? [])
    flag(startMs, endMs ?? Number.POSITIVE_INFINITY);
  for (const { startMs, endMs, phase } of story?.disturbances ?? []) {
    const short = endMs !== undefined && endMs - startMs <= dipDurationsMs.at(-1)!;
    if (phase === one.phase && short) flag(startMs, endMs);
  }
  return flags;
}

/** The furthest voltage that the profile has in the time of a disturbance, percent; a log has none. */
function percentOf(
  { kind, phase, startMs, endMs }: PhaseDisturbance,
  phases: readonly PhaseVoltages[],
): number | undefined {
  const one = phases.find((each) => each.phase === phase);
  if (!one || endMs === undefined) return undefined;
  const stepMs = one.stepSeconds * 1000;
  // Only intervals that lie in it: a mean over more than the disturbance says nothing of it.
  const [from, to] = [
    Math.ceil((startMs - one.startMs) / stepMs),
    Math.floor((endMs - one.startMs) / stepMs),
  ];
  const inside = [...one.values.subarray(Math.max(0, from), Math.max(0, to))].filter(
    (volt) => !Number.isNaN(volt),
  );
  if (inside.length === 0) return undefined;
  return (100 * (kind === "over" ? Math.max(...inside) : Math.min(...inside))) / referenceV;
}

const pointsMax = 100;
const eventsMax = 1_000;

function partsOf(
  points: readonly JudgedPoint[],
  nameOf: (pointId: number) => { readonly pod: string; readonly name: string },
  { language, whole }: Watching,
  limits: VoltageLimits,
): WatchPart[] {
  const said = (key: Parameters<typeof watchWord>[0]) => watchWord(key, language);
  const verdicts = { pass: said("pass"), fail: said("fail"), "not-assessed": said("notAssessed") } as const;
  const states = { pass: "good", fail: "bad", "not-assessed": "unknown" } as const;
  const limited = (rows: WatchRow[], most: number) => ({
    rows: whole ? rows : rows.slice(0, most),
    more: whole ? 0 : Math.max(0, rows.length - most),
  });
  const phaseRows = points.flatMap(({ pointId, phases }) =>
    phases.map((phase): WatchRow => {
      const { pod, name } = nameOf(pointId);
      return {
        cells: [
          pod,
          name,
          `L${phase.phase + 1}`,
          phase.weekFrom,
          verdicts[phase.verdict],
          fixed(100 * phase.inRangeShare, 2),
          count(phase.outsideWide),
          fixed(100 * phase.unflaggedShare, 1),
          fixed(phase.lowest, 1),
          fixed(phase.mean, 1),
          fixed(phase.highest, 1),
          said(phase.source),
        ],
        pointId,
        state: states[phase.verdict],
      };
    }),
  );
  const threePhase = points.flatMap(({ pointId, unbalance, finding }): WatchRow[] => {
    if (!unbalance || !finding) return [];
    const { pod, name } = nameOf(pointId);
    const absent = /^absent-(\d)$/.exec(finding.word)?.[1];
    const bad = finding.bad || unbalance.p95 > limits.unbalanceMaxPercent;
    return [
      {
        cells: [
          pod,
          name,
          fixed(unbalance.p95, 3),
          fixed(100 * unbalance.above, 2),
          absent
            ? watchWord("absentPhase", language, { phase: `L${absent}` })
            : said(finding.word as "neutral-lost"),
        ],
        pointId,
        state: bad ? "bad" : "good",
      },
    ];
  });
  const events = points
    .flatMap(({ pointId, events: all }) => all.map((event) => ({ ...event, pointId })))
    .sort((a, b) => b.startMs - a.startMs);
  return [
    {
      key: "phases",
      title: said("phases"),
      columns: columnsOf(language, [
        ["point", "point"],
        ["name", "text"],
        ["phase", "text"],
        ["week", "day"],
        ["verdict", "mark"],
        ["inRange", "percent", "%"],
        ["outsideWide", "number"],
        ["known", "percent", "%"],
        ["lowest", "number", "V"],
        ["mean", "number", "V"],
        ["highest", "number", "V"],
        ["source", "text"],
      ]),
      ...limited(phaseRows, 3 * pointsMax),
    },
    {
      key: "threePhase",
      title: said("threePhase"),
      columns: columnsOf(language, [
        ["point", "point"],
        ["name", "text"],
        ["unbalance95", "percent", "%"],
        ["unbalanceAbove", "percent", "%"],
        ["neutral", "mark"],
      ]),
      ...limited(threePhase, pointsMax),
    },
    {
      key: "depths",
      title: said("depths"),
      columns: columnsOf(language, [
        ["depth", "text"],
        ["upTo200ms", "number"],
        ["upTo500ms", "number"],
        ["upTo1s", "number"],
        ["upTo5s", "number"],
        ["upTo1min", "number"],
        ["longer", "number"],
        ["lasting", "number"],
      ]),
      rows: depthRows(events, language),
      more: 0,
    },
    {
      key: "disturbances",
      title: said("disturbances"),
      columns: columnsOf(language, [
        ["start", "instant"],
        ["point", "point"],
        ["kind", "text"],
        ["phase", "text"],
        ["depth", "percent", "%"],
        ["duration", "duration"],
      ]),
      ...limited(
        events.map(
          ({ pointId, kind, phases, percent, startMs, endMs }): WatchRow => ({
            cells: [
              isoOf(startMs),
              nameOf(pointId).pod,
              said(kind),
              phases.map((phase) => `L${phase + 1}`).join(" "),
              fixed(percent, 1),
              endMs === undefined ? null : seconds(endMs - startMs),
            ],
            pointId,
          }),
        ),
        eventsMax,
      ),
    },
  ];
}

/** Rows by residual voltage, columns by duration; what a log did not say and no profile shows stands by itself. */
function depthRows(events: readonly JoinedDisturbance[], language: Watching["language"]): WatchRow[] {
  const bounds = ["90–80 %", "80–70 %", "70–40 %", "40–5 %", "< 5 %"];
  const rows = [...bounds, watchWord("depthUnknown", language), watchWord("swell", language)].map(
    (label) => ({
      label,
      counts: new Array<number>(dipDurationsMs.length + 2).fill(0),
    }),
  );
  for (const { kind, percent, startMs, endMs } of events) {
    const depth = percent === undefined ? bounds.length : dipDepths.findIndex((limit) => percent >= limit);
    const row = kind === "over" ? bounds.length + 1 : depth;
    const durationMs = endMs === undefined ? undefined : endMs - startMs;
    const place = durationMs === undefined ? -1 : dipDurationsMs.findIndex((limit) => durationMs <= limit);
    const column =
      durationMs === undefined ? dipDurationsMs.length + 1 : place < 0 ? dipDurationsMs.length : place;
    rows[row]!.counts[column]!++;
  }
  return rows.map(({ label, counts }) => ({ cells: [label, ...counts.map(count)] }));
}
