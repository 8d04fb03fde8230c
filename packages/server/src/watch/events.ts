import { marketDay } from "@energsys/metering";
import {
  alarmCodes,
  alarms,
  eventTables,
  findEventName,
  type Severity,
  severities,
} from "@energsys/metering/models";
import {
  countEvents,
  countUnexplained,
  type EventCount,
  type EventFilter,
  listPlacedEvents,
  readBranches,
} from "@energsys/store";
import { pointIdsOf, type Watching } from "./kind.ts";
import { columnsOf, count, isoOf, type WatchPart, type WatchRow } from "./report.ts";
import { watchWord } from "./words.ts";

const rowsMax = 500;

/** What somebody does who has no business there: doors, covers, magnets, strange devices and wrong passwords. */
const unauthorised = [
  "door-opened",
  "tamper-opened",
  "terminal-cover-removed",
  "meter-cover-removed",
  "module-cover-opened",
  "strong-dc-field-on",
  "current-reversal",
  "identity-mismatch",
  "identity-duplicate",
  "authentication-failed-repeatedly",
  "mbus-1-fraud-attempt",
] as const;

const codesNamed = (wanted: (name: string) => boolean): string[] =>
  Object.entries(eventTables).flatMap(([table, names]) =>
    Object.entries(names).flatMap(([code, name]) => (wanted(name) ? [`${table}:${code}`] : [])),
  );
const severityOf = new Map<string, Severity>(alarmCodes.map(({ code, severity }) => [code, severity]));
const endings = new Map(
  alarmCodes.flatMap(({ code, endedBy }) => (endedBy ? [[code, endedBy] as const] : [])),
);
const nameOf = (code: string): string => findEventName(code) ?? code;

/** Events of all devices of a subject: what there was, how often, day by day; and apart from them what looks like somebody's hands. */
export async function systemEvents(
  watching: Watching,
): Promise<{ facts: [string, string][]; parts: WatchPart[] }> {
  const { services, scope, counted, period, query, language, whole } = watching;
  const { db, zone, limits } = services;
  const span = {
    fromMs: marketDay(period.fromDay, zone).startMs,
    toMs: marketDay(period.toDay, zone).startMs,
  };
  const { event, severity, device } = query;
  const narrowed = event !== undefined || severity !== undefined;
  const asked = codesNamed(
    (name) =>
      (event === undefined || name === event) &&
      (severity === undefined || alarms[name]?.severity === severity),
  );
  const places: EventFilter = {
    ...{ scope, subject: counted.subject, pointIds: pointIdsOf(counted) },
    ...span,
    zone,
    ...(device === undefined ? {} : { deviceId: device }),
  };
  const filter = narrowed ? { ...places, codes: asked } : places;
  const most = whole ? limits.exportRowsMax : rowsMax;
  const counts = await countEvents(db, filter);
  const listed = await listPlacedEvents(db, filter, { limit: most, endings });
  const suspicious = {
    ...places,
    codes: codesNamed((name) => unauthorised.some((one) => one === name)),
  };
  const hands = await listPlacedEvents(db, suspicious, { limit: most, endings });
  const unauthorisedCount = await countUnexplained(db, suspicious);
  const branches = await readBranches(db);
  const branchOf = (branchId: number | null) => branches.get(branchId ?? -1)?.path.join(" › ") ?? null;
  const total = counts.reduce((sum, row) => sum + row.count, 0);
  return {
    facts: [
      [
        watchWord("events", language),
        watchWord("eventsText", language, {
          count: total,
          kinds: new Set(counts.map(({ code }) => nameOf(code))).size,
          hands: unauthorisedCount.count,
          alone: unauthorisedCount.alone,
        }),
      ],
    ],
    parts: [
      {
        key: "unauthorised",
        title: watchWord("unauthorised", language),
        columns: columnsOf(language, [
          ["start", "instant"],
          ["event", "event"],
          ["point", "point"],
          ["device", "text"],
          ["branch", "text"],
          ["endedAt", "instant"],
          ["explainedBy", "mark"],
          ["acknowledgedBy", "text"],
        ]),
        rows: hands.map(
          (one): WatchRow => ({
            cells: [
              isoOf(one.atMs),
              nameOf(one.code),
              one.pod,
              one.identity,
              branchOf(one.branchId),
              isoOf(one.endedAtMs),
              one.works ?? watchWord("noWorks", language),
              one.acknowledgedBy === null ? null : [one.acknowledgedBy, one.note].filter(Boolean).join(": "),
            ],
            ...(one.pointId === null ? {} : { pointId: one.pointId }),
            state: one.works === null ? "bad" : "good",
          }),
        ),
        more: unauthorisedCount.count - hands.length,
      },
      kindsPart(counts, watching),
      daysPart(counts, watching),
      {
        key: "eventList",
        title: watchWord("eventList", language),
        columns: columnsOf(language, [
          ["start", "instant"],
          ["event", "event"],
          ["code", "text"],
          ["point", "point"],
          ["device", "text"],
          ["branch", "text"],
          ["receivedAt", "instant"],
        ]),
        rows: listed.map(
          (one): WatchRow => ({
            cells: [
              isoOf(one.atMs),
              nameOf(one.code),
              one.code,
              one.pod,
              one.identity,
              branchOf(one.branchId),
              isoOf(one.receivedAtMs),
            ],
            ...(one.pointId === null ? {} : { pointId: one.pointId }),
          }),
        ),
        more: Math.max(0, total - listed.length),
      },
    ],
  };
}

function kindsPart(counts: readonly EventCount[], { language }: Watching): WatchPart {
  const rows = [...Map.groupBy(counts, ({ code }) => nameOf(code))]
    .map(([name, own]) => ({
      name,
      severity: severityOf.get(own[0]!.code),
      total: own.reduce((sum, row) => sum + row.count, 0),
      days: new Set(own.map(({ day }) => day)).size,
      busiest: Math.max(...own.map((row) => row.count)),
    }))
    .sort((a, b) => b.total - a.total);
  return {
    key: "kinds",
    title: watchWord("kinds", language),
    columns: columnsOf(language, [
      ["event", "event"],
      ["severity", "text"],
      ["times", "number"],
      ["daysWithIt", "number"],
      ["mostPerDay", "number"],
    ]),
    rows: rows.map(({ name, severity, total, days, busiest }) => ({
      cells: [
        name,
        severity ? watchWord(severity, language) : null,
        count(total),
        count(days),
        count(busiest),
      ],
      narrow: { event: name },
    })),
    more: 0,
  };
}

function daysPart(counts: readonly EventCount[], { language }: Watching): WatchPart {
  const rows = [...Map.groupBy(counts, ({ day }) => day)].map(([day, own]): WatchRow => {
    const of = (severity: Severity | undefined) =>
      count(own.reduce((sum, row) => sum + (severityOf.get(row.code) === severity ? row.count : 0), 0));
    const next = Temporal.PlainDate.from(day).add({ days: 1 }).toString();
    return {
      cells: [
        day,
        count(own.reduce((sum, row) => sum + row.count, 0)),
        ...severities.map((severity) => of(severity)),
        of(undefined),
      ],
      narrow: { from: day, to: next },
    };
  });
  return {
    key: "byDay",
    title: watchWord("byDay", language),
    columns: columnsOf(language, [
      ["day", "day"],
      ["times", "number"],
      ["critical", "number"],
      ["medium", "number"],
      ["low", "number"],
      ["noAlarm", "number"],
    ]),
    rows,
    more: 0,
  };
}
