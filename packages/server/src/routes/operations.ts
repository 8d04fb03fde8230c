import { dayBefore, marketDayOf } from "@energsys/metering";
import { findEventName } from "@energsys/metering/models";
import {
  type BranchCoverage,
  countDevices,
  countReadsByHour,
  findDevicePlaces,
  type Happening,
  listHappenings,
  listSilentDevices,
  listSilentGateways,
  readBranchCoverage,
  readBranches,
  type Scope,
} from "@energsys/store";
import type { Handlers } from "../handlers.ts";
import { iso } from "../instants.ts";
import type { LiveItem } from "../schemas/attempts.ts";
import type { Operations } from "../schemas/operations.ts";
import { scopeKey } from "../security/rights.ts";
import type { Services } from "../services.ts";
import { shared } from "../shared.ts";

const feedMax = 50;
const silentMax = 50;
// Control rooms have many screens; completeness of a past day looks at every point, so it may get older, and nobody waits for a newer one.
// Who sees the same part of the network shares one answer.
const figures = shared({ times: 5, msMin: 500, msMax: 10_000 }, readFigures);
const coverageFigures = shared({ times: 20, msMin: 500, msMax: 30_000, msLate: 60_000 }, readCoverage);

export const operationsHandlers: Handlers<"getOperations" | "openStream"> = {
  getOperations: ({ services, scope }) => figures(viewOf(services, scope)),

  async openStream({ request, reply, caller, scope, services }) {
    const id = Number(request.headers["last-event-id"]);
    const lastId = Number.isSafeInteger(id) && id > 0 ? id : undefined;
    services.stream.checkRoom();
    reply.hijack();
    reply.raw.writeHead(200, {
      ...(reply.getHeaders() as Record<string, string>),
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
      "x-accel-buffering": "no",
    });
    services.stream.open(reply.raw, { sessionSha256: caller.sessionSha256, scope }, lastId);
    return reply;
  },
};

interface View {
  readonly services: Services;
  readonly scope: Scope;
}
const viewsMax = 500;
// Each call has services of its own, with its caller; the stream is one per server.
const views = new WeakMap<Services["stream"], Map<string, View>>();

/** The same object for the same part of the network, for as long as there are not too many of them. */
function viewOf(services: Services, scope: Scope): View {
  const known = views.get(services.stream) ?? new Map<string, View>();
  views.set(services.stream, known);
  const key = scopeKey(scope);
  const found = known.get(key);
  if (found) return found;
  if (known.size >= viewsMax) known.clear();
  const view = { services, scope };
  known.set(key, view);
  return view;
}

async function readFigures(view: View): Promise<Operations> {
  const { services, scope } = view;
  const { db, zone } = services;
  const nowMs = services.now();
  const today = marketDayOf(nowMs, zone);
  const [counts, byHour, silent, gateways, happenings, coverage] = await Promise.all([
    countDevices(db, scope),
    countReadsByHour(db, scope, today.startMs),
    listSilentDevices(db, scope, silentMax),
    listSilentGateways(db, scope, silentMax),
    listHappenings(db, scope, feedMax, nowMs),
    coverageFigures(view),
  ]);
  const places = await findDevicePlaces(db, [
    ...new Set(happenings.flatMap(({ deviceId }) => deviceId ?? [])),
  ]);
  const done = byHour.reduce((sum, hour) => sum + hour.done, 0);
  const failed = byHour.reduce((sum, hour) => sum + hour.failed, 0);
  return {
    asOf: iso(nowMs),
    devices: counts.devices,
    attemptsOpen: counts.attemptsOpen,
    read: {
      done,
      failed,
      late: counts.late,
      total: done + failed,
      successPercent: done + failed === 0 ? null : Math.round((done / (done + failed)) * 1_000) / 10,
      byHour: byHour.map((hour) => ({ ...hour, hour: iso(hour.hour) })),
    },
    ...coverage,
    silent: {
      count: counts.silent,
      rows: silent.map((device) => ({
        ...device,
        lastContactAt: iso(device.lastContactAt),
        silentSeconds:
          device.lastContactAt === null ? null : Math.round((nowMs - device.lastContactAt) / 1_000),
      })),
    },
    concentrators: gateways.map((gateway) => ({
      ...gateway,
      branch: [...gateway.branch],
      lastContactAt: iso(gateway.lastContactAt),
      silentSeconds:
        gateway.lastContactAt === null ? null : Math.round((nowMs - gateway.lastContactAt) / 1_000),
    })),
    feed: happenings.map((happening) => feedItem(happening, places)),
  };
}

function feedItem(happening: Happening, places: Awaited<ReturnType<typeof findDevicePlaces>>): LiveItem {
  const place = happening.deviceId === null ? undefined : places.get(happening.deviceId);
  const where = {
    pointId: place?.pointId ?? null,
    gatewayId: place?.gatewayId ?? null,
    pod: place?.pod ?? null,
    name: place?.name ?? null,
  };
  const common = { at: iso(happening.at), deviceId: happening.deviceId, ...where };
  if (happening.type === "event")
    return {
      type: "event",
      ...common,
      code: happening.code,
      eventName: findEventName(happening.code) ?? null,
    };
  const { attemptId, state, cause, errorCode, intervals, registers, events } = happening;
  return { type: "attempt", ...common, attemptId, state, cause, errorCode, intervals, registers, events };
}

type Coverage = Pick<Operations, "coverage" | "branches">;

async function readCoverage({ services: { db, zone, now }, scope }: View): Promise<Coverage> {
  const day = dayBefore(marketDayOf(now(), zone), zone);
  const [branches, own] = await Promise.all([
    readBranches(db),
    readBranchCoverage(db, scope, {
      day: day.date,
      dayEndMs: day.endMs,
      dayHours: (day.endMs - day.startMs) / 3_600_000,
    }),
  ]);
  const totals = sumUpwards(branches, own);
  const all = own.reduce(add, nothing);
  // Above the branches that are one's own there is only the way to them, which their paths tell.
  const isShown = (branchId: number) =>
    scope.parts.some(
      (part) => part.supplierId === null && (part.branchIds === null || part.branchIds.includes(branchId)),
    ) || own.some((row) => row.branchId === branchId);
  const shown = [...branches.values()].filter(({ branchId }) => isShown(branchId));
  const shownIds = new Set(shown.map(({ branchId }) => branchId));
  return {
    coverage: { day: day.date, expected: all.expected, present: all.present, good: all.good },
    branches: shown.map(({ branchId, parentId: above, path }) => {
      const { points, silent, expected, present } = totals.get(branchId) ?? nothing;
      const parentId = above !== null && shownIds.has(above) ? above : null;
      return { branchId, parentId, path: [...path], points, silent, expected, present };
    }),
  };
}

type Totals = Omit<BranchCoverage, "branchId">;
const nothing: Totals = { points: 0, silent: 0, expected: 0, present: 0, good: 0 };
const add = (left: Totals, right: Totals): Totals => ({
  points: left.points + right.points,
  silent: left.silent + right.silent,
  expected: left.expected + right.expected,
  present: left.present + right.present,
  good: left.good + right.good,
});

/** Adds each branch's own figures to all branches above it. */
function sumUpwards(
  branches: Awaited<ReturnType<typeof readBranches>>,
  own: readonly BranchCoverage[],
): ReadonlyMap<number, Totals> {
  const totals = new Map<number, Totals>();
  for (const row of own) {
    for (let id: number | null | undefined = row.branchId; id; id = branches.get(id)?.parentId) {
      totals.set(id, add(totals.get(id) ?? nothing, row));
    }
  }
  return totals;
}
