import { marketDay, marketDayOf } from "@energsys/metering";
import {
  type AttemptCount,
  type AttemptFilter,
  countAttempts,
  energies,
  type Language,
  listPlacedAttempts,
  listWorstDevices,
  readTotals,
} from "@energsys/store";
import { pointIdsOf, type Watching } from "./kind.ts";
import { columnsOf, count, fixed, isoOf, seconds, type WatchPart, type WatchRow } from "./report.ts";
import { type WatchWord, watchWord } from "./words.ts";

const rowsMax = 500;
const worstMax = 50;

function filterOf({ services, scope, counted, period, query }: Watching): AttemptFilter {
  const { zone } = services;
  return {
    ...{ scope, subject: counted.subject, pointIds: pointIdsOf(counted), zone },
    fromMs: marketDay(period.fromDay, zone).startMs,
    toMs: marketDay(period.toDay, zone).startMs,
    ...(query.device === undefined ? {} : { deviceId: query.device }),
  };
}

const share = (part: number, of: number): string | null => fixed(of === 0 ? undefined : (100 * part) / of, 2);

const readsFact = (attempts: number, done: number, language: Language): [string, string] => [
  watchWord("reads", language),
  watchWord("readsText", language, {
    attempts,
    done,
    share: attempts === 0 ? "–" : Math.round((10_000 * done) / attempts) / 100,
  }),
];

const figureColumns = [
  ["attempts", "number"],
  ["done", "number"],
  ["success", "percent", "%"],
  ["devices", "number"],
  ["devicesRead", "percent", "%"],
  ["tries", "number"],
  ["bytes", "number", "kB"],
  ["meanDuration", "number", "s"],
] as const;

/** Tries that a device needed on average: attempts of those that were read at all. */
const figuresOf = (row: AttemptCount): (string | null)[] => [
  count(row.attempts),
  count(row.done),
  share(row.done, row.attempts),
  count(row.devices),
  share(row.devicesDone, row.devices),
  fixed(row.done === 0 ? undefined : row.attempts / row.done, 2),
  fixed(row.bytes / 1000, 1),
  fixed(row.durationMs === null ? undefined : row.durationMs / 1000, 1),
];

const partOf = (
  { language }: Watching,
  key: WatchWord,
  first: readonly [WatchWord, "text" | "day" | "error"],
  rows: readonly AttemptCount[],
): WatchPart => ({
  key,
  title: watchWord(key, language),
  columns: columnsOf(language, [first, ...figureColumns]),
  rows: rows.map(
    (row): WatchRow => ({
      cells: [row.name || watchWord("withoutName", language), ...figuresOf(row)],
      ...(first[1] === "day"
        ? { narrow: { from: row.name, to: Temporal.PlainDate.from(row.name).add({ days: 1 }).toString() } }
        : {}),
    }),
  ),
  more: 0,
});

/** How reading goes: success by day, branch, concentrator and plan, what is missing by its age, and the devices that fail most. */
export async function acquisition(
  watching: Watching,
): Promise<{ facts: [string, string][]; parts: WatchPart[] }> {
  const { services, counted, period, language } = watching;
  const { db, now, zone } = services;
  const today = marketDayOf(now(), zone).date;
  const ageOf = (day: string) => Temporal.PlainDate.from(day).until(today).days;
  const filter = filterOf(watching);
  const by = await countAttempts(db, filter, ["day", "branch", "gateway", "plan"]);
  const attempts = by.day.reduce((sum, row) => sum + row.attempts, 0);
  const done = by.day.reduce((sum, row) => sum + row.done, 0);
  const totals = await readTotals(db, [counted], { ...period, obis: energies["A+"], by: "day" });
  const coverage = totals.buckets.map((day, nth) => ({ day, ...totals.rows[0]![nth]! })).reverse();
  return {
    facts: [readsFact(attempts, done, language)],
    parts: [
      partOf(watching, "byDay", ["day", "day"], by.day),
      partOf(watching, "byBranch", ["branch", "text"], by.branch),
      partOf(watching, "byGateway", ["gateway", "text"], by.gateway),
      partOf(watching, "byPlan", ["plan", "text"], by.plan),
      {
        key: "coverageByAge",
        title: watchWord("coverageByAge", language),
        columns: columnsOf(language, [
          ["day", "day"],
          ["age", "number", "d"],
          ["expected", "number"],
          ["present", "percent", "%"],
          ["good", "percent", "%"],
          ["estimated", "percent", "%"],
          ["missingValues", "number"],
        ]),
        rows: coverage.map(({ day, expected, present, good, estimated }) => ({
          cells: [
            day,
            count(ageOf(day)),
            count(expected),
            share(present, expected),
            share(good, expected),
            share(estimated, expected),
            count(expected - present),
          ],
        })),
        more: 0,
      },
      await worstPart(watching, filter),
    ],
  };
}

async function worstPart(watching: Watching, filter: AttemptFilter): Promise<WatchPart> {
  const { language, services, whole } = watching;
  const worst = await listWorstDevices(services.db, filter, whole ? services.limits.exportRowsMax : worstMax);
  return {
    key: "worst",
    title: watchWord("worst", language),
    columns: columnsOf(language, [
      ["device", "text"],
      ["point", "point"],
      ["attempts", "number"],
      ["failed", "number"],
      ["success", "percent", "%"],
      ["lastDone", "instant"],
      ["lastError", "error"],
    ]),
    rows: worst
      .filter(({ attempts, done }) => attempts > done)
      .map(({ deviceId, identity, pointId, pod, attempts, done, lastDoneAtMs, errorCode }) => ({
        cells: [
          identity,
          pod,
          count(attempts),
          count(attempts - done),
          share(done, attempts),
          isoOf(lastDoneAtMs),
          errorCode,
        ],
        ...(pointId === null ? {} : { pointId }),
        narrow: { device: String(deviceId) },
      })),
    more: 0,
  };
}

/** The history of attempts: each with its duration, bytes and result, by hour of the day, and the errors that there were. */
export async function communication(
  watching: Watching,
): Promise<{ facts: [string, string][]; parts: WatchPart[] }> {
  const { services, language, whole } = watching;
  const { db, limits } = services;
  const filter = filterOf(watching);
  const by = await countAttempts(db, filter, ["cause", "error", "hour"]);
  const errors = by.error.filter(({ name }) => name !== "");
  const attempts = by.cause.reduce((sum, row) => sum + row.attempts, 0);
  const done = by.cause.reduce((sum, row) => sum + row.done, 0);
  const listed = await listPlacedAttempts(db, filter, whole ? limits.exportRowsMax : rowsMax);
  const causes = ["plan", "read-now", "call-in", "push"] as const;
  const causeWord = (cause: string) => {
    const known = causes.find((one) => one === cause);
    return known ? watchWord(known, language) : cause;
  };
  return {
    facts: [readsFact(attempts, done, language)],
    parts: [
      {
        key: "errors",
        title: watchWord("errors", language),
        columns: columnsOf(language, [
          ["lastError", "error"],
          ["code", "text"],
          ["times", "number"],
          ["ofFailed", "percent", "%"],
          ["devices", "number"],
          ["meanDuration", "number", "s"],
        ]),
        rows: errors.map(({ name, attempts: times, devices, durationMs }) => ({
          cells: [
            name,
            name,
            count(times),
            share(times, attempts - done),
            count(devices),
            fixed(durationMs === null ? undefined : durationMs / 1000, 1),
          ],
        })),
        more: 0,
      },
      partOf(
        watching,
        "byCause",
        ["cause", "text"],
        by.cause.map((row) => ({ ...row, name: causeWord(row.name) })),
      ),
      partOf(
        watching,
        "byHour",
        ["hour", "text"],
        by.hour.map((row) => ({ ...row, name: `${row.name}:00` })),
      ),
      {
        key: "attemptList",
        title: watchWord("attemptList", language),
        columns: columnsOf(language, [
          ["start", "instant"],
          ["device", "text"],
          ["point", "point"],
          ["cause", "text"],
          ["duration", "duration"],
          ["bytes", "number", "kB"],
          ["intervals", "number"],
          ["registers", "number"],
          ["state", "mark"],
          ["lastError", "error"],
        ]),
        rows: listed.map((one) => ({
          cells: [
            isoOf(one.requestedAtMs),
            one.identity,
            one.pod,
            one.requestedBy === null ? causeWord(one.cause) : `${causeWord(one.cause)} (${one.requestedBy})`,
            one.durationMs === null ? null : seconds(one.durationMs),
            fixed(one.bytes / 1000, 1),
            count(one.intervals),
            count(one.registers),
            watchWord(one.state, language),
            one.errorCode,
          ],
          ...(one.pointId === null ? {} : { pointId: one.pointId }),
          state: one.state === "done" ? "good" : "bad",
        })),
        more: Math.max(0, attempts - listed.length),
      },
    ],
  };
}
