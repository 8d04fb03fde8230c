import {
  continuityOf,
  type FoundIncident,
  type InterruptionCause,
  incidentsOf,
  incidentWithinMs,
  marketDay,
} from "@energsys/metering";
import {
  type AnnouncedWork,
  listPlannedWorks,
  type PointCell,
  pointNames,
  readPointCells,
  readSupplyStories,
} from "@energsys/store";
import { pointIdsOf, type Watching } from "./kind.ts";
import { columnsOf, count, fixed, isoOf, seconds, type WatchPart, type WatchRow } from "./report.ts";
import { type WatchWord, watchWord } from "./words.ts";

/** Points whose events are in memory at the same time. */
const batch = 1_000;
const rowsMax = 500;

interface Incident extends FoundIncident<number> {
  readonly work: AnnouncedWork | undefined;
  readonly longestMs: number;
  readonly minutes: number;
  readonly goesOn: boolean;
}

/** Interruptions of customers by the events of their meters, as incidents with their cause, and the indices of continuity. */
export async function continuity(
  watching: Watching,
): Promise<{ facts: [string, string][]; parts: WatchPart[] }> {
  const { services, scope, counted, period, language } = watching;
  const { db, now } = services;
  const span = {
    fromMs: marketDay(period.fromDay, period.zone).startMs,
    toMs: marketDay(period.toDay, period.zone).startMs,
  };
  // Balance meters of the network are nobody's supply.
  const cells = (await readPointCells(db, scope, pointIdsOf(counted), span)).filter(
    ({ category }) => category !== "network",
  );
  const cellOf = new Map(cells.map((cell) => [cell.pointId, cell]));
  const interruptions = [];
  for (let first = 0; first < cells.length; first += batch) {
    const ids = cells.slice(first, first + batch).map(({ pointId }) => pointId);
    for (const { pointId, interruptions: own } of await readSupplyStories(db, ids, span))
      for (const one of own) interruptions.push({ ...one, point: pointId, cell: cellOf.get(pointId)!.cell });
  }
  const workOf = explain(cells, await listPlannedWorks(db, scope, span));
  const open = new Map(
    interruptions.flatMap(({ point, startMs, endMs }) => (endMs === undefined ? [[point, startMs]] : [])),
  );
  const incidents = incidentsOf(
    interruptions,
    now(),
    (startMs, cell): InterruptionCause => workOf(startMs, cell)?.cause ?? "unplanned",
  ).map(
    (incident): Incident => ({
      ...incident,
      work: workOf(incident.startMs, incident.cell),
      longestMs: Math.max(...incident.steps.map(({ durationMs }) => durationMs)),
      minutes: incident.steps.reduce((sum, step) => sum + (step.customers * step.durationMs) / 60_000, 0),
      goesOn: incident.points.some((point) => {
        const since = open.get(point);
        return (
          since !== undefined && since - incident.startMs <= incidentWithinMs && since >= incident.startMs
        );
      }),
    }),
  );
  const byPoint = Map.groupBy(interruptions, ({ point }) => point);
  return {
    facts: [
      [
        watchWord("customers", language),
        watchWord("customersText", language, { count: cells.length, affected: byPoint.size }),
      ],
      [watchWord("indicesFrom", language), watchWord("indicesFromText", language)],
    ],
    parts: [
      indicesPart(incidents, cells.length, span, watching),
      cellsPart(incidents, cells, span, watching),
      incidentsPart(incidents, new Map(cells.map(({ cell, name }) => [cell, name])), watching),
      await pointsPart(byPoint, now(), watching),
    ],
  };
}

/** The works that explain what begins at an instant behind a cell: clocks of meters may be off by as much as incidents are apart. */
function explain(cells: readonly PointCell[], works: readonly AnnouncedWork[]) {
  const places = new Map<string, { groups: Set<number>; branches: Set<number> }>();
  for (const { cell, groupIds, branchIds } of cells) {
    const place = places.get(cell) ?? { groups: new Set(), branches: new Set() };
    for (const id of groupIds) place.groups.add(id);
    for (const id of branchIds) place.branches.add(id);
    places.set(cell, place);
  }
  return (startMs: number, cell: string): AnnouncedWork | undefined => {
    const place = places.get(cell);
    return works.find(
      ({ branchId, groupId, fromMs, toMs }) =>
        startMs >= fromMs - incidentWithinMs &&
        startMs <= toMs + incidentWithinMs &&
        (groupId === null ? place?.branches.has(branchId ?? 0) : place?.groups.has(groupId)),
    );
  };
}

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

const indexColumns = [
  ["saifi", "number"],
  ["saidi", "number", "min"],
  ["caidi", "number", "min"],
  ["maifi", "number"],
  ["asai", "percent", "%"],
] as const;

function indexCells(incidents: readonly Incident[], customers: number, { fromMs, toMs }: Span) {
  const found = continuityOf(incidents, customers, toMs - fromMs);
  return [
    fixed(found.saifi, 3),
    fixed(found.saidiMinutes, 1),
    fixed(found.caidiMinutes, 1),
    fixed(found.maifi, 3),
    fixed(100 * found.asai, 6),
  ];
}

function indicesPart(
  incidents: readonly Incident[],
  customers: number,
  span: Span,
  { language }: Watching,
): WatchPart {
  const of = (cause: WatchWord & (InterruptionCause | "all")): WatchRow => {
    const own = cause === "all" ? incidents : incidents.filter((incident) => incident.cause === cause);
    return { cells: [watchWord(cause, language), count(own.length), ...indexCells(own, customers, span)] };
  };
  return {
    key: "indices",
    title: watchWord("indices", language),
    columns: columnsOf(language, [["cause", "text"], ["incidents", "number"], ...indexColumns]),
    rows: (["all", "unplanned", "planned", "force-majeure"] as const).map(of),
    more: 0,
  };
}

const cut = ({ whole }: Watching, rows: WatchRow[]) => ({
  rows: whole ? rows : rows.slice(0, rowsMax),
  more: whole ? 0 : Math.max(0, rows.length - rowsMax),
});

function cellsPart(
  incidents: readonly Incident[],
  cells: readonly PointCell[],
  span: Span,
  watching: Watching,
): WatchPart {
  const { language } = watching;
  const ofCell = Map.groupBy(incidents, ({ cell }) => cell);
  const sizes = Map.groupBy(cells, ({ cell }) => cell);
  const minutes = (cell: string) => (ofCell.get(cell) ?? []).reduce((sum, one) => sum + one.minutes, 0);
  const rows = [...sizes]
    .sort(([a, ownA], [b, ownB]) => minutes(b) / ownB.length - minutes(a) / ownA.length)
    .map(([cell, own]): WatchRow => {
      const found = ofCell.get(cell) ?? [];
      return {
        cells: [own[0]!.name, count(own.length), count(found.length), ...indexCells(found, own.length, span)],
        narrow: { of: cell },
      };
    });
  return {
    key: "cells",
    title: watchWord("cells", language),
    columns: columnsOf(language, [
      ["cell", "text"],
      ["customers", "number"],
      ["incidents", "number"],
      ...indexColumns,
    ]),
    ...cut(watching, rows),
  };
}

function incidentsPart(
  incidents: readonly Incident[],
  nameOf: ReadonlyMap<string, string>,
  watching: Watching,
): WatchPart {
  const { language } = watching;
  const rows = [...incidents]
    .sort((a, b) => b.startMs - a.startMs)
    .map(
      ({ startMs, cell, cause, work, points, longestMs, minutes, goesOn }): WatchRow => ({
        cells: [
          isoOf(startMs),
          nameOf.get(cell) ?? cell,
          watchWord(cause, language),
          work ? `${work.reason} (${work.enteredBy})` : null,
          count(points.length),
          seconds(longestMs),
          fixed(minutes, 0),
          watchWord(goesOn ? "lasting" : "ended", language),
        ],
        state: goesOn ? "bad" : "good",
        ...(points.length === 1 ? { pointId: points[0] } : {}),
      }),
    );
  return {
    key: "incidentList",
    title: watchWord("incidentList", language),
    columns: columnsOf(language, [
      ["start", "instant"],
      ["cell", "text"],
      ["cause", "text"],
      ["reason", "text"],
      ["affected", "number"],
      ["longest", "duration"],
      ["customerMinutes", "number"],
      ["state", "mark"],
    ]),
    ...cut(watching, rows),
  };
}

async function pointsPart(
  byPoint: ReadonlyMap<number, readonly { readonly startMs: number; readonly endMs: number | undefined }[]>,
  nowMs: number,
  watching: Watching,
): Promise<WatchPart> {
  const { language, whole, services } = watching;
  const rows = [...byPoint]
    .map(([pointId, own]) => {
      const durations = own.map(({ startMs, endMs }) => (endMs ?? nowMs) - startMs);
      return {
        pointId,
        times: own.length,
        totalMs: durations.reduce((sum, ms) => sum + ms, 0),
        longestMs: Math.max(...durations),
      };
    })
    .sort((a, b) => b.totalMs - a.totalMs || a.pointId - b.pointId);
  const shown = whole ? rows : rows.slice(0, rowsMax);
  const names = await pointNames(
    services.db,
    shown.map(({ pointId }) => pointId),
  );
  return {
    key: "affectedPoints",
    title: watchWord("affectedPoints", language),
    columns: columnsOf(language, [
      ["point", "point"],
      ["name", "text"],
      ["times", "number"],
      ["without", "duration"],
      ["longest", "duration"],
    ]),
    rows: shown.map(({ pointId, times, totalMs, longestMs }) => ({
      cells: [
        names.get(pointId)?.pod ?? null,
        names.get(pointId)?.name ?? null,
        count(times),
        seconds(totalMs),
        seconds(longestMs),
      ],
      pointId,
    })),
    more: rows.length - shown.length,
  };
}
